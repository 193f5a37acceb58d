//! The log of supervision of makers.

use crate::list::{Lists, Placed, by_name, of_maker, place};
use crate::record::record;
use yinxin_registry::supervision::SupervisionEntry;

record! {
    SupervisionEntry, "supervision", key: |entry| entry.id.as_str(),
    columns: {
        maker_id = 5: |entry| entry.maker.as_str().into(),
        area_path = 6: |entry| entry.area_path.as_str().into(),
        name = 7: |entry| entry.maker_name.as_str().into(),
        kind = 8: |entry| entry.kind.as_str().into(),
        state = 9: |entry| entry.state().into(),
    },
    find: {
        PLACE = place!("state", "kind");
        NAME = by_name!("state", "kind");
        OF_MAKER = of_maker!();
    }
}

impl Placed for SupervisionEntry {
    const LISTS: &'static Lists =
        &Lists { name: Some(&NAME), maker: Some([&OF_MAKER, &OF_MAKER]), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path.as_str()
    }

    fn name(&self) -> &str {
        &self.maker_name
    }
}

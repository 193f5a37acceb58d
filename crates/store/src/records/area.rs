//! Areas.

use crate::list::{Lists, Placed, by_name, place};
use crate::record::record;
use yinxin_registry::area::Area;

record! {
    Area, "area", key: |area| area.code.as_str(),
    columns: {
        area_path = 5: |area| area.path.as_str().into(),
        name = 6: |area| area.name.as_str().into(),
    },
    find: {
        PLACE = place!("'area'", "'area'");
        NAME = by_name!("'area'", "'area'");
    }
}

impl Placed for Area {
    const LISTS: &'static Lists = &Lists {
        place: &PLACE,
        place_state: None,
        place_kind: None,
        place_kind_state: None,
        name: Some(&NAME),
        unit: None,
        maker: None,
    };

    fn place(&self) -> &str {
        self.path.as_str()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

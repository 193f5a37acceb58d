//! Drills of emergency measures.

use crate::list::{Lists, Placed, place};
use crate::record::record;
use crate::time::micros;
use yinxin_registry::drill::Drill;

record! {
    Drill, "drill", key: |drill| drill.id.as_str(),
    columns: {
        area_path = 5: |drill| drill.area_path.as_str().into(),
        target = 6: |drill| drill.target.as_str().into(),
        state = 7: |drill| if drill.carried_out.is_empty() { "held" } else { "carried_out" }.into(),
        at = 8: |drill| micros(drill.at).into(),
    },
    find: {
        PLACE = place!("state", "target");
    }
}

impl Placed for Drill {
    const LISTS: &'static Lists = &Lists::by_place(&PLACE);

    fn place(&self) -> &str {
        self.area_path.as_str()
    }
}

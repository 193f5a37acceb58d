//! Custody of seals, one row for a seal under the seal's own key.

use crate::list::{Lists, Placed, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use yinxin_registry::custody::keeping::Keeping;
use yinxin_registry::lifecycle::State as _;

record! {
    Keeping, "custody", key: |keeping| keeping.seal().as_str(),
    columns: {
        state = 5: |keeping| keeping.state().as_str().into(),
        area_path = 6: |keeping| keeping.area_path().as_str().into(),
        unit_id = 7: |keeping| keeping.unit().as_str().into(),
        parent_unit_id = 8: |keeping| keeping.parent_unit().map(|unit| unit.as_str()).into(),
        keeper_id = 9: |keeping| keeping.keeper().map(|keeper| keeper.account.as_str()).into(),
        check_due = 10: |keeping| keeping.check_due().map(micros).into(),
    },
    find: {
        PLACE = place!("state", "'custody'");
        PLACE_STATE = place_state!("'custody'");
        OF_UNIT = of_unit!("custody", "'custody'", "''");
    }
}

impl Placed for Keeping {
    const LISTS: &'static Lists =
        &Lists { place_state: Some(&PLACE_STATE), unit: Some(&OF_UNIT), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }
}

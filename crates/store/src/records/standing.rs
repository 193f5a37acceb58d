//! Standing authorizations.

use crate::list::{Lists, Placed, of_seal, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use yinxin_registry::approval::standing::Standing;
use yinxin_registry::lifecycle::State as _;

record! {
    Standing, "standing", key: |standing| standing.id().as_str(),
    columns: {
        state = 5: |standing| standing.state().as_str().into(),
        area_path = 6: |standing| standing.area_path().as_str().into(),
        unit_id = 7: |standing| standing.unit().as_str().into(),
        parent_unit_id = 8: |standing| standing.parent_unit().map(|unit| unit.as_str()).into(),
        seal_id = 9: |standing| standing.seal().as_str().into(),
        client_id = 10: |standing| standing.terms().client.as_str().into(),
        until = 11: |standing| micros(standing.terms().limits.until).into(),
    },
    find: {
        OF_SEAL = of_seal!();
        PLACE = place!("state", "'standing'");
        PLACE_STATE = place_state!("'standing'");
        OF_UNIT = of_unit!("standing", "'standing'", "''");
    }
}

impl Placed for Standing {
    const LISTS: &'static Lists = &Lists {
        place_state: Some(&PLACE_STATE),
        unit: Some(&OF_UNIT),
        seal: Some(&OF_SEAL),
        ..Lists::by_place(&PLACE)
    };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }
}

//! Requests to use a seal.

use crate::list::{Lists, Placed, of_seal, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::usage::request::UseRequest;

record! {
    UseRequest, "use_request", key: |request| request.id().as_str(),
    columns: {
        state = 5: |request| request.state().as_str().into(),
        area_path = 6: |request| request.area_path().as_str().into(),
        unit_id = 7: |request| request.unit().as_str().into(),
        parent_unit_id = 8: |request| request.parent_unit().map(|unit| unit.as_str()).into(),
        seal_id = 9: |request| request.seal().as_str().into(),
        number = 10: |request| request.number().into(),
        asked_by = 11: |request| request.asked_by().id.as_str().into(),
        created_at = 12: |request| micros(request.created_at()).into(),
    },
    find: {
        OF_SEAL = of_seal!();
        PLACE = place!("state", "'use_request'");
        PLACE_STATE = place_state!("'use_request'");
        OF_UNIT = of_unit!("use_request", "'use_request'", "''");
    }
}

impl Placed for UseRequest {
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

//! Rights to use a seal.

use crate::list::{Lists, Placed, of_seal, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use yinxin_registry::custody::grant::UseGrant;
use yinxin_registry::lifecycle::State as _;

record! {
    UseGrant, "use_grant", key: |grant| grant.id().as_str(),
    columns: {
        state = 5: |grant| grant.state().as_str().into(),
        area_path = 6: |grant| grant.area_path().as_str().into(),
        unit_id = 7: |grant| grant.unit().as_str().into(),
        parent_unit_id = 8: |grant| grant.parent_unit().map(|unit| unit.as_str()).into(),
        seal_id = 9: |grant| grant.seal().as_str().into(),
        grantee = 10: |grant| grant.to().into(),
        until = 11: |grant| micros(grant.limits().until).into(),
    },
    find: {
        OF_SEAL = of_seal!();
        PLACE = place!("state", "'use_grant'");
        PLACE_STATE = place_state!("'use_grant'");
        OF_UNIT = of_unit!("use_grant", "'use_grant'", "''");
    }
}

impl Placed for UseGrant {
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

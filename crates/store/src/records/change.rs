//! Change cases.

use crate::list::{Lists, Placed, of_unit, place, place_state};
use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::lifecycle::change::ChangeCase;

record! {
    ChangeCase, "change_case", key: |case| case.id().as_str(),
    columns: {
        state = 5: |case| case.state().as_str().into(),
        area_path = 6: |case| case.area_path().as_str().into(),
        unit_id = 7: |case| case.unit().as_str().into(),
        seal_id = 8: |case| case.seal().as_str().into(),
        application_id = 9: |case| case.application().as_str().into(),
        parent_unit_id = 10: |case| case.parent_unit().map(|unit| unit.as_str()).into(),
    },
    find: {
        BY_APPLICATION = "WHERE application_id = $1";
        BY_SEAL = "WHERE seal_id = $1 AND state <> 'withdrawn'";
        PLACE = place!("state", "'change'");
        PLACE_STATE = place_state!("'change'");
        OF_UNIT = of_unit!("change_case", "'change'", "''");
    }
}

impl Placed for ChangeCase {
    const LISTS: &'static Lists =
        &Lists { place_state: Some(&PLACE_STATE), unit: Some(&OF_UNIT), ..Lists::by_place(&PLACE) };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }
}

impl Access {
    /// The change case an application belongs to.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn change_of_application(
        &mut self,
        application: &str,
    ) -> Result<Option<Versioned<ChangeCase>>, StoreError> {
        self.find(&BY_APPLICATION, values![application]).await
    }

    /// The change case of a seal, withdrawn ones left out.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn change_of_seal(&mut self, seal: &str) -> Result<Option<Versioned<ChangeCase>>, StoreError> {
        self.find(&BY_SEAL, values![seal]).await
    }
}

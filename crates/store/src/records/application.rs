//! Applications.

use crate::list::{
    Lists, Placed, by_name, of_maker, of_unit, place, place_kind, place_kind_state, place_state,
};
use crate::record::{Versioned, record};
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::lifecycle::application::Application;

record! {
    Application, "application", key: |application| application.id().as_str(),
    columns: {
        number = 5: |application| application.number().into(),
        name = 6: |application| application.content().seal_name.as_str().into(),
        kind = 7: |application| application.content().kind.as_str().into(),
        state = 8: |application| application.state().as_str().into(),
        area_path = 9: |application| application.area_path().as_str().into(),
        unit_id = 10: |application| application.unit().as_str().into(),
        parent_unit_id = 11: |application| application.parent_unit().map(|unit| unit.as_str()).into(),
        maker_id = 12: |application| application.maker().map(|maker| maker.as_str()).into(),
        approval_digest = 13: |application| application.approval().map(|proof| proof.digest.as_str()).into(),
        approved_by = 14: |application| application.approved_by().into(),
        follows = 15: |application| application.basis().previous().map(|seal| seal.as_str()).into(),
        created_at = 16: |application| micros(application.created_at()).into(),
        due = 17: |application| application.due().map(micros).into(),
    },
    find: {
        BY_NUMBER = "WHERE number = $1";
        PLACE = place!("application_place", "state", "kind"), postgres: place!("state", "kind");
        PLACE_STATE = place_state!("application_place_state", "kind"), postgres: place_state!("kind");
        PLACE_KIND = place_kind!("application_place_kind"), postgres: place_kind!();
        PLACE_KIND_STATE = place_kind_state!("application_place_kind_state"), postgres: place_kind_state!();
        NAME = by_name!("state", "kind");
        NAME_IN_PROVINCE = by_name!("application_name_province", in "15", "state", "kind"), postgres: by_name!(in "15", "state", "kind");
        NAME_IN_CITY = by_name!("application_name_city", in "22", "state", "kind"), postgres: by_name!(in "22", "state", "kind");
        NAME_IN_DISTRICT = by_name!("application_name_district", in "29", "state", "kind"), postgres: by_name!(in "29", "state", "kind");
        OF_UNIT = of_unit!("application", "kind", "name");
        OF_MAKER = of_maker!();
        OF_MAKER_STATE = of_maker!(state);
    }
}

impl Placed for Application {
    const LISTS: &'static Lists = &Lists {
        place_state: Some(&PLACE_STATE),
        place_kind: Some(&PLACE_KIND),
        place_kind_state: Some(&PLACE_KIND_STATE),
        name: Some(&NAME),
        name_in: Some([&NAME_IN_PROVINCE, &NAME_IN_CITY, &NAME_IN_DISTRICT]),
        unit: Some(&OF_UNIT),
        maker: Some([&OF_MAKER, &OF_MAKER_STATE]),
        ..Lists::by_place(&PLACE)
    };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }

    fn name(&self) -> &str {
        &self.content().seal_name
    }
}

impl Access {
    /// The application with a number.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn application_by_number(
        &mut self,
        number: &str,
    ) -> Result<Option<Versioned<Application>>, StoreError> {
        self.find(&BY_NUMBER, values![number]).await
    }
}

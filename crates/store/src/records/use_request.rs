//! Requests to use a seal.

use crate::list::{ListFilter, Lists, Page, Placed, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
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
        OF_SEAL = "WHERE seal_id = $1 AND id > $2 AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY id LIMIT $3";
        PLACE = place!("state", "'use_request'");
        PLACE_STATE = place_state!("'use_request'");
        OF_UNIT = of_unit!("use_request", "'use_request'", "''");
    }
}

impl Placed for UseRequest {
    const LISTS: &'static Lists = &Lists {
        place: &PLACE,
        place_state: Some(&PLACE_STATE),
        place_kind: None,
        place_kind_state: None,
        name: None,
        name_in: None,
        unit: Some(&OF_UNIT),
        maker: None,
    };

    fn place(&self) -> &str {
        self.area_path().as_str()
    }

    fn name(&self) -> &str {
        ""
    }
}

impl Access {
    /// Requests for the use of a seal, the oldest first; of the filter state, cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn use_requests_of_seal(
        &mut self,
        seal: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<UseRequest>, StoreError> {
        let size = filter.size();
        let after = filter.position()?.map_or("", |(_, id)| id);
        let items = self.find_all(&OF_SEAL, values![seal, after, size + 1, filter.state]).await?;
        Ok(Page::cut(items, size, |last: &UseRequest| format!("~{}", last.id())))
    }
}

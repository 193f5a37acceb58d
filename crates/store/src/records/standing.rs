//! Standing authorizations.

use crate::list::{ListFilter, Lists, Page, Placed, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
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
        OF_SEAL = "WHERE seal_id = $1 AND id > $2 AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY id LIMIT $3";
        PLACE = place!("state", "'standing'");
        PLACE_STATE = place_state!("'standing'");
        OF_UNIT = of_unit!("standing", "'standing'", "''");
    }
}

impl Placed for Standing {
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
    /// Standing authorizations of a seal, the oldest first; of the filter state, cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn standings_of_seal(
        &mut self,
        seal: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<Standing>, StoreError> {
        let size = filter.size();
        let after = filter.position()?.map_or("", |(_, id)| id);
        let items = self.find_all(&OF_SEAL, values![seal, after, size + 1, filter.state]).await?;
        Ok(Page::cut(items, size, |last: &Standing| format!("~{}", last.id())))
    }
}

//! Rights to use a seal.

use crate::list::{ListFilter, Lists, Page, Placed, of_unit, place, place_state};
use crate::record::record;
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
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
        OF_SEAL = "WHERE seal_id = $1 AND id > $2 AND (CAST($4 AS TEXT) IS NULL OR state = $4) ORDER BY id LIMIT $3";
        PLACE = place!("state", "'use_grant'");
        PLACE_STATE = place_state!("'use_grant'");
        OF_UNIT = of_unit!("use_grant", "'use_grant'", "''");
    }
}

impl Placed for UseGrant {
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
    /// Rights to use of a seal, the oldest first; of the filter state, cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn grants_of_seal(
        &mut self,
        seal: &str,
        filter: &ListFilter<'_>,
    ) -> Result<Page<UseGrant>, StoreError> {
        let size = filter.size();
        let after = filter.position()?.map_or("", |(_, id)| id);
        let items = self.find_all(&OF_SEAL, values![seal, after, size + 1, filter.state]).await?;
        Ok(Page::cut(items, size, |last: &UseGrant| format!("~{}", last.id())))
    }
}

//! Units.

use crate::list::{
    ListFilter, Lists, Page, Placed, by_name, of_unit, place, place_kind, place_kind_state, place_state,
};
use crate::record::{Versioned, record};
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::area::AreaPath;
use yinxin_registry::unit::Unit;

record! {
    Unit, "unit", key: |unit| unit.id.as_str(),
    columns: {
        credit_code = 5: |unit| unit.credit_code.as_ref().map(|code| code.to_string()).into(),
        name = 6: |unit| unit.name.as_str().into(),
        kind = 7: |unit| unit.applicant_kind.as_str().into(),
        state = 8: |unit| if unit.dissolved_at.is_some() { "dissolved" } else { "active" }.into(),
        area_path = 9: |unit| unit.area_path.as_str().into(),
        unit_id = 10: |unit| unit.id.as_str().into(),
        parent_unit_id = 11: |unit| unit.parent.as_ref().map(|parent| parent.as_str()).into(),
    },
    find: {
        BY_CREDIT_CODE = "WHERE credit_code = $1";
        PLACE = place!("unit_place", "state", "kind"), postgres: place!("state", "kind");
        PLACE_STATE = place_state!("unit_place_state", "kind"), postgres: place_state!("kind");
        PLACE_KIND = place_kind!("unit_place_kind"), postgres: place_kind!();
        PLACE_KIND_STATE = place_kind_state!("unit_place_kind_state"), postgres: place_kind_state!();
        NAME = by_name!("state", "kind");
        NAME_IN_PROVINCE = by_name!("unit_name_province", in "15", "state", "kind"), postgres: by_name!(in "15", "state", "kind");
        NAME_IN_CITY = by_name!("unit_name_city", in "22", "state", "kind"), postgres: by_name!(in "22", "state", "kind");
        NAME_IN_DISTRICT = by_name!("unit_name_district", in "29", "state", "kind"), postgres: by_name!(in "29", "state", "kind");
        OF_UNIT = of_unit!("unit", "kind", "name");
        /// Bodies and branches go by the rules of the unit above them.
        WITHOUT_RULES = "INDEXED BY unit_place_state WHERE state = 'active' AND (area_path, id) > ($1, $2) AND area_path < $3 \
                         AND parent_unit_id IS NULL AND NOT EXISTS (SELECT 1 FROM use_rules r WHERE r.id = unit.id) \
                         ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)",
            postgres: "WHERE state = 'active' AND (area_path, id) > ($1, $2) AND area_path < $3 \
                       AND parent_unit_id IS NULL AND NOT EXISTS (SELECT 1 FROM use_rules r WHERE r.id = unit.id) \
                       ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)";
    }
}

impl Placed for Unit {
    const LISTS: &'static Lists = &Lists {
        place_state: Some(&PLACE_STATE),
        place_kind: Some(&PLACE_KIND),
        place_kind_state: Some(&PLACE_KIND_STATE),
        name: Some(&NAME),
        name_in: Some([&NAME_IN_PROVINCE, &NAME_IN_CITY, &NAME_IN_DISTRICT]),
        unit: Some(&OF_UNIT),
        ..Lists::by_place(&PLACE)
    };

    fn place(&self) -> &str {
        self.area_path.as_str()
    }

    fn name(&self) -> &str {
        &self.name
    }
}

impl Access {
    /// Units of an area, and of what lies in it, that have no rules of use; by place. Of the filter cursor and limit count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn units_without_rules(
        &mut self,
        area: &AreaPath,
        filter: &ListFilter<'_>,
    ) -> Result<Page<Unit>, StoreError> {
        let begin = (area.as_str(), "");
        let (path, id) = filter.position()?.filter(|(path, _)| *path >= area.as_str()).unwrap_or(begin);
        let size = filter.size();
        let found = self.find_all(&WITHOUT_RULES, values![path, id, &area.end(), size + 1]).await?;
        Ok(Page::cut(found, size, |last: &Unit| format!("{}~{}", last.area_path, last.id)))
    }

    /// The unit with a credit code.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn unit_by_credit_code(&mut self, code: &str) -> Result<Option<Versioned<Unit>>, StoreError> {
        self.find(&BY_CREDIT_CODE, values![code]).await
    }
}

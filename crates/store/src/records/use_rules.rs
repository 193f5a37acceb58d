//! Rules of use of units, and which units have none.

use crate::list::{ListFilter, Page};
use crate::record::record;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::civil::Date;
use yinxin_registry::area::AreaPath;
use yinxin_registry::use_rules::UseRules;

record! {
    UseRules, "use_rules", key: |rules| rules.unit().as_str(),
    columns: {
        area_path = 5: |rules| rules.area_path().as_str().into(),
        unit_id = 6: |rules| rules.unit().as_str().into(),
        parent_unit_id = 7: |rules| rules.parent_unit().map(|unit| unit.as_str()).into(),
        reviewed_on = 8: |rules| rules.reviewed_on().to_string().into(),
    },
    find: {
        /// By place, those reviewed within two days (`$5` included, `$6` not): `$1`, `$2` behind which row to begin, `$3` where the area ends.
        REVIEWED = "WHERE (area_path, id) > ($1, $2) AND area_path < $3 AND CASE WHEN reviewed_on >= $5 AND reviewed_on < $6 THEN TRUE ELSE \
                    FALSE END ORDER BY area_path, id LIMIT CAST($4 AS BIGINT)";
    }
}

impl Access {
    /// Rules in an area, and in what lies in it, that were last looked at from `from` on and before `before`; by place.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn use_rules_reviewed(
        &mut self,
        area: &AreaPath,
        (from, before): (Date, Date),
        filter: &ListFilter<'_>,
    ) -> Result<Page<UseRules>, StoreError> {
        let (path, id) =
            filter.position()?.filter(|(path, _)| *path >= area.as_str()).unwrap_or((area.as_str(), ""));
        let size = filter.size();
        let (from, before) = (from.to_string(), before.to_string());
        let found =
            self.find_all(&REVIEWED, values![path, id, &area.end(), size + 1, &from, &before]).await?;
        Ok(Page::cut(found, size, |last: &UseRules| format!("{}~{}", last.area_path(), last.unit())))
    }
}

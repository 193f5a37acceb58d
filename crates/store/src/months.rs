//! What was done month by month: noted by triggers like the other figures, so that a chart costs the same however much there is.

use crate::statement::statements;
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::area::AreaPath;

statements! {
    /// `$3`: the first month.
    MONTHS = "SELECT thing, state, CAST(SUM(count) AS BIGINT) FROM (\
              SELECT thing, state, count FROM tally_above WHERE thing IN ('month.filed', 'month.sealed', 'month.refused', 'month.failed', \
              'month.strange', 'month.valid', 'month.invalid', 'month.indeterminate', 'month.unsigned') AND area_path = $1 AND state >= $3 \
              UNION ALL SELECT thing, state, count FROM tally_change \
              WHERE area_path >= $1 AND area_path < $2 AND thing LIKE 'month.%' AND state >= $3\
              ) AS part GROUP BY thing, state";
}

/// How often something was done in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthFigure {
    /// `filed` of seals; `sealed`, `refused`, `failed`, `strange` of uses; `valid`, `invalid`, `indeterminate`, `unsigned` of verifications.
    pub what: String,
    /// Month in Beijing time: `2026-11`.
    pub month: String,
    /// How often.
    pub count: u64,
}

impl Access {
    /// What was done in an area and what lies in it from `first` (`2026-11`) on; months without anything are left out.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn months(&mut self, area: &AreaPath, first: &str) -> Result<Vec<MonthFigure>, StoreError> {
        let rows = self.rows(&MONTHS, values![area.as_str(), &area.end(), first]).await?;
        let mut figures = Vec::with_capacity(rows.len());
        for row in &rows {
            let thing = row.text(0)?;
            let what = thing.strip_prefix("month.").unwrap_or(&thing).to_owned();
            figures.push(MonthFigure {
                what,
                month: row.text(1)?,
                count: u64::try_from(row.int(2)?).unwrap_or(0),
            });
        }
        Ok(figures)
    }
}

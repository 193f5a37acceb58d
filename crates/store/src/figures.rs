//! Figures of an area: how many of what are in which state. Triggers note each change in the transaction of its step; when changes are
//! added up, triggers keep the sum for every area above. So a figure costs the same however much there is and however wide the area; it
//! carries no MAC, because nothing is decided by it.

use crate::statement::statements;
use crate::value::values;
use crate::{Access, StoreError, Tx};
use std::collections::BTreeMap;
use yinxin_registry::area::AreaPath;

statements! {
    /// The sum for the area, and what changed in it since.
    FIGURES = "SELECT thing, state, CAST(SUM(count) AS BIGINT) FROM (\
               SELECT thing, state, count FROM tally_above \
               WHERE thing IN ('application', 'change_case', 'seal', 'unit') AND area_path = $1 \
               UNION ALL SELECT thing, state, count FROM tally_change WHERE area_path >= $1 AND area_path < $2 AND thing NOT LIKE 'month.%'\
               ) AS part GROUP BY thing, state";
    TAKE_CHANGES = "DELETE FROM tally_change WHERE seq IN (SELECT seq FROM tally_change ORDER BY seq LIMIT CAST($1 AS BIGINT)) \
                    RETURNING thing, area_path, state, count";
    ADD_UP = "INSERT INTO tally (thing, area_path, state, count) VALUES ($1, $2, $3, $4) \
              ON CONFLICT (thing, area_path, state) DO UPDATE SET count = tally.count + $4";
}

/// How many things of a kind are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// `application`, `change_case`, `seal` or `unit`.
    pub thing: String,
    /// State, by its stable name.
    pub state: String,
    /// How many; states nobody is in are left out.
    pub count: u64,
}

impl Access {
    /// Figures of an area and what lies in it, in one round trip.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn figures(&mut self, area: &AreaPath) -> Result<Vec<Figure>, StoreError> {
        let rows = self.rows(&FIGURES, values![area.as_str(), &area.end()]).await?;
        let mut figures = Vec::with_capacity(rows.len());
        for row in &rows {
            let count = u64::try_from(row.int(2)?).unwrap_or(0);
            if count > 0 {
                figures.push(Figure { thing: row.text(0)?, state: row.text(1)?, count });
            }
        }
        Ok(figures)
    }
}

impl Tx {
    /// Adds up at most `limit` of the changes that wait, so that figures stay quick to read; how many they were. Figures are the same
    /// before and after.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn add_up_figures(&mut self, limit: u32) -> Result<u64, StoreError> {
        let mut sums: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        let changes = self.rows(&TAKE_CHANGES, values![i64::from(limit)]).await?;
        for row in &changes {
            *sums.entry((row.text(0)?, row.text(1)?, row.text(2)?)).or_default() += row.int(3)?;
        }
        // In one order everywhere: two nodes that do this at once wait for each other and not in a circle.
        for ((thing, area, state), sum) in sums.iter().filter(|(_, sum)| **sum != 0) {
            self.execute(&ADD_UP, values![thing, area, state, *sum]).await?;
        }
        Ok(u64::try_from(changes.len()).unwrap_or(u64::MAX))
    }
}

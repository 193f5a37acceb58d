//! Figures of an area: how many of what are in which state. They are counted in an index, not kept: a figure of the whole country
//! takes as long as there are things to count.

use crate::statement::statements;
use crate::value::values;
use crate::{Access, StoreError};
use yinxin_registry::area::AreaPath;

/// Counts a table by state; naming the states lets both engines count in the index alone.
macro_rules! count {
    ($table:literal, $states:literal) => {
        concat!(
            "SELECT '",
            $table,
            "', state, COUNT(*) FROM ",
            $table,
            " WHERE state IN (",
            $states,
            ") AND area_path >= $1 AND area_path < $2 GROUP BY state"
        )
    };
}

statements! {
    FIGURES = concat!(
        count!("application", "'draft', 'submitted', 'returned', 'refused', 'approved', 'making', 'completed', 'withdrawn', 'lapsed'"),
        " UNION ALL ",
        count!("change_case", "'open', 'canceled', 'completed', 'withdrawn'"),
        " UNION ALL ",
        count!("seal", "'making', 'made', 'filed', 'delivered', 'active', 'suspended', 'expired', 'canceled', 'replaced', 'void', \
                        'lapsed', 'abandoned'"),
        " UNION ALL ",
        count!("unit", "'active', 'dissolved'")
    );
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
        rows.iter()
            .map(|row| {
                let count = u64::try_from(row.int(2)?).unwrap_or(0);
                Ok(Figure { thing: row.text(0)?, state: row.text(1)?, count })
            })
            .collect()
    }
}

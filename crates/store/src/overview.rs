//! What waits in an area: overdue decisions and filings, seals that end soon. Counted in an index by time, no further than anybody
//! reads.

use crate::statement::statements;
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;

/// Counts rows of an index by time, at most `$5` of them; `$3` and `$4` bound the area, which both engines compare in the index.
macro_rules! up_to {
    ($what:literal, $table:literal, $state:literal, $time:literal) => {
        concat!(
            "SELECT '",
            $what,
            "', COUNT(*) FROM (SELECT 1 FROM ",
            $table,
            " WHERE ",
            $state,
            " AND ",
            $time,
            " AND area_path >= $3 AND area_path < $4 LIMIT $5) AS part"
        )
    };
}

statements! {
    WAITING = concat!(
        up_to!("reviews", "application", "state = 'submitted'", "due < $1"),
        " UNION ALL ",
        up_to!("filings", "seal", "state = 'made'", "filing_due < $1"),
        " UNION ALL ",
        up_to!("ending", "seal", "state IN ('active', 'suspended')", "valid_until >= $1 AND valid_until < $2")
    );
}

/// A count that stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounded {
    /// How many, at most [`Bounded::MOST`].
    pub count: u32,
    /// Whether there are more.
    pub more: bool,
}

impl Bounded {
    /// Where counting stops.
    pub const MOST: u32 = 1000;

    fn of(found: i64) -> Self {
        let found = u32::try_from(found).unwrap_or(0);
        Self { count: found.min(Self::MOST), more: found > Self::MOST }
    }
}

/// What waits in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Applications whose decision is overdue.
    pub reviews: Bounded,
    /// Made seals whose filing is overdue.
    pub filings: Bounded,
    /// Seals in force that end before the horizon.
    pub ending: Bounded,
}

impl Access {
    /// What waits in an area and what lies in it at `now`, in one round trip; seals that end are looked for until `horizon`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn waiting(
        &mut self,
        area: &AreaPath,
        now: Timestamp,
        horizon: Timestamp,
    ) -> Result<Waiting, StoreError> {
        let most = i64::from(Bounded::MOST) + 1;
        let end = area.end();
        let rows =
            self.rows(&WAITING, values![micros(now), micros(horizon), area.as_str(), &end, most]).await?;
        let mut waiting = Waiting::default();
        for row in &rows {
            let found = Bounded::of(row.int(1)?);
            match row.text(0)?.as_str() {
                "reviews" => waiting.reviews = found,
                "filings" => waiting.filings = found,
                _ => waiting.ending = found,
            }
        }
        Ok(waiting)
    }
}

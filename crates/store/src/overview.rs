//! What waits in an area: overdue decisions and filings, seals that end soon. Counted no further than anybody reads, for the nation in
//! an index by time, for less place by place: in a small area nearly all that is due elsewhere would be walked over.

use crate::statement::statements;
use crate::time::micros;
use crate::value::values;
use crate::{Access, StoreError};
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;

/// Counts rows of an index by time, at most `$5` of them; `$3` and `$4` bound the area. `$index` is for SQLite alone, which keeps no
/// statistics and would take the index by state, however many are in that state.
macro_rules! up_to {
    ($what:literal, $table:literal, $index:expr, $state:literal, $time:literal) => {
        concat!(
            "SELECT '",
            $what,
            "', COUNT(*) FROM (SELECT 1 FROM ",
            $table,
            $index,
            " WHERE ",
            $state,
            " AND ",
            $time,
            " AND area_path >= $3 AND area_path < $4 LIMIT $5) AS part"
        )
    };
}

/// The same from place to place: the next place with anything in it is looked up, then its own part of the time.
macro_rules! up_to_below {
    ($what:literal, $table:literal, $index:expr, $state:literal, $time:literal) => {
        concat!(
            "SELECT '",
            $what,
            "', COUNT(*) FROM (WITH RECURSIVE place (path) AS (SELECT MIN(area_path) FROM ",
            $table,
            " WHERE area_path >= $3 AND area_path < $4 UNION ALL SELECT (SELECT MIN(area_path) FROM ",
            $table,
            " WHERE area_path > place.path AND area_path < $4) FROM place WHERE place.path IS NOT NULL) ",
            "SELECT 1 FROM place CROSS JOIN ",
            $table,
            $index,
            " WHERE area_path = place.path AND ",
            $state,
            " AND ",
            $time,
            " LIMIT $5) AS part"
        )
    };
}

/// The three counts.
macro_rules! waiting {
    ($count:ident, $reviews:expr, $filings:expr, $ending:expr) => {
        concat!(
            $count!("reviews", "application", $reviews, "state = 'submitted'", "due < $1"),
            " UNION ALL ",
            $count!("filings", "seal", $filings, "state = 'made'", "filing_due < $1"),
            " UNION ALL ",
            $count!(
                "ending",
                "seal",
                $ending,
                "state IN ('active', 'suspended')",
                "valid_until >= $1 AND valid_until < $2"
            )
        )
    };
}

statements! {
    WAITING = waiting!(up_to, " INDEXED BY application_overdue", " INDEXED BY seal_unfiled", " INDEXED BY seal_ends"),
        postgres: waiting!(up_to, "", "", "");
    WAITING_BELOW = waiting!(
            up_to_below, " INDEXED BY application_overdue_place", " INDEXED BY seal_unfiled_place", " INDEXED BY seal_ends_place"
        ),
        postgres: waiting!(up_to_below, "", "", "");
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
    pub const MOST: u32 = 100;

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
        let statement = if area.parent().is_none() { &WAITING } else { &WAITING_BELOW };
        let rows =
            self.rows(statement, values![micros(now), micros(horizon), area.as_str(), &end, most]).await?;
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

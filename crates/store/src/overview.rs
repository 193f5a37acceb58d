//! What waits in an area: overdue decisions and filings, seals that end soon. Counted no further than anybody reads, in an index by time
//! for the nation and one for each province, city and district: in the nation's, nearly all that is walked over would lie elsewhere.

use crate::list::LEVELS;
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
            " AND area_path >= $3 AND area_path < $4 LIMIT CAST($5 AS BIGINT)) AS part"
        )
    };
}

/// The same within a province, city or district, whose path (the first so many characters of all paths in it) is `$3`, at most `$4`.
macro_rules! up_to_in {
    ($length:literal, $what:literal, $table:literal, $index:expr, $state:literal, $time:literal) => {
        concat!(
            "SELECT '",
            $what,
            "', COUNT(*) FROM (SELECT 1 FROM ",
            $table,
            $index,
            " WHERE substr(area_path, 1, ",
            $length,
            ") = $3 AND ",
            $state,
            " AND ",
            $time,
            " LIMIT CAST($4 AS BIGINT)) AS part"
        )
    };
}

/// The three counts.
macro_rules! waiting {
    ([$count:ident $($length:literal)?], $reviews:expr, $filings:expr, $ending:expr) => {
        concat!(
            $count!($($length,)? "reviews", "application", $reviews, "state = 'submitted'", "due < $1"),
            " UNION ALL ",
            $count!($($length,)? "filings", "seal", $filings, "state = 'made'", "filing_due < $1"),
            " UNION ALL ",
            $count!(
                $($length,)?
                "ending",
                "seal",
                $ending,
                "state IN ('active', 'suspended')",
                "valid_until >= $1 AND valid_until < $2"
            )
        )
    };
}

/// With the indexes of one level.
macro_rules! waiting_in {
    ($length:literal, $level:literal) => {
        waiting!(
            [up_to_in $length],
            concat!(" INDEXED BY application_overdue_", $level),
            concat!(" INDEXED BY seal_unfiled_", $level),
            concat!(" INDEXED BY seal_ends_", $level)
        )
    };
}

statements! {
    WAITING = waiting!([up_to], " INDEXED BY application_overdue", " INDEXED BY seal_unfiled", " INDEXED BY seal_ends"),
        postgres: waiting!([up_to], "", "", "");
    WAITING_IN_PROVINCE = waiting_in!(15, "province"), postgres: waiting!([up_to_in 15], "", "", "");
    WAITING_IN_CITY = waiting_in!(22, "city"), postgres: waiting!([up_to_in 22], "", "", "");
    WAITING_IN_DISTRICT = waiting_in!(29, "district"), postgres: waiting!([up_to_in 29], "", "", "");
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

    pub(crate) fn of(found: i64) -> Self {
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
        let (now, horizon, path) = (micros(now), micros(horizon), area.as_str());
        let levels = [&WAITING_IN_PROVINCE, &WAITING_IN_CITY, &WAITING_IN_DISTRICT];
        let end = area.end();
        let within = LEVELS.iter().position(|length| *length == path.len());
        let rows = match within.and_then(|level| levels.get(level)) {
            Some(statement) => self.rows(statement, values![now, horizon, path, most]).await?,
            None => self.rows(&WAITING, values![now, horizon, path, &end, most]).await?,
        };
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

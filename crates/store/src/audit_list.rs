//! Searching the audit log, newest first.

use crate::audit::{columns, number, read};
use crate::statement::{Statement, statements};
use crate::value::{Value, values};
use crate::{Access, StoreError};
use jiff::{SignedDuration, Timestamp};
use yinxin_registry::area::AreaPath;
use yinxin_registry::audit::Row;

/// Rows one call looks at before it gives what it found: bounds the cost of a filter that fits rarely.
const WINDOW: i64 = 5_000;

/// Rows stand in the order in which they were committed; clocks of several nodes may differ by this much from that order.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// A window of rows below number `$1` that an index finds, and the filters on it. `$2` to `$9`: window, area from, area to, actor,
/// action, unit, from, until; `$10`: limit.
macro_rules! search {
    ($key:literal) => {
        concat!(
            "SELECT ", columns!(), " FROM (SELECT ", columns!(), " FROM audit WHERE seq < $1 ", $key,
            " ORDER BY seq DESC LIMIT CAST($2 AS BIGINT)) AS part WHERE area_path >= $3 AND area_path < $4 ",
            "AND (CAST($5 AS TEXT) IS NULL OR actor = $5) AND (CAST($6 AS TEXT) IS NULL OR action = $6) ",
            "AND (CAST($7 AS TEXT) IS NULL OR unit = $7) AND at >= $8 AND at <= $9 ORDER BY seq DESC LIMIT CAST($10 AS BIGINT)"
        )
    };
}

/// The last row of the same window: where to go on. `$3` is the filter that the index serves.
macro_rules! reached {
    ($key:literal) => {
        concat!(
            "SELECT seq, at FROM (SELECT seq, at FROM audit WHERE seq < $1 ",
            $key,
            " ORDER BY seq DESC LIMIT CAST($2 AS BIGINT)) AS part ORDER BY seq LIMIT 1"
        )
    };
}

statements! {
    BY_ANY = search!("");
    BY_SUBJECT = search!("AND subject = $11");
    BY_ACTOR = search!("AND actor = $11");
    BY_UNIT = search!("AND unit = $11");
    BY_ACTION = search!("AND action = $11");
    REACHED_ANY = reached!("");
    REACHED_SUBJECT = reached!("AND subject = $3");
    REACHED_ACTOR = reached!("AND actor = $3");
    REACHED_UNIT = reached!("AND unit = $3");
    REACHED_ACTION = reached!("AND action = $3");
    START = "SELECT seq FROM audit WHERE at <= $1 ORDER BY at DESC, seq DESC LIMIT 1";
}

/// What to look for; absent parts fit everything.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter<'a> {
    /// Rows of this area and what lies in it. Required in fact: an auditor's scope is never wider than his grant.
    pub area: Option<&'a AreaPath>,
    /// Identifier of the thing acted on.
    pub subject: Option<&'a str>,
    /// Identifier of the account or client.
    pub actor: Option<&'a str>,
    /// Unit the thing belongs to.
    pub unit: Option<&'a str>,
    /// Code of the action.
    pub action: Option<&'a str>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Not after.
    pub until: Option<Timestamp>,
}

/// Part of the audit log.
#[derive(Debug, Clone)]
pub struct AuditPage {
    /// Rows, newest first. May be fewer than asked for, even none, though `next` tells that there may be more.
    pub rows: Vec<Row>,
    /// To be given as `before` for the next part; `None` at the end.
    pub next: Option<u64>,
}

impl Access {
    /// Rows that fit `filter` with numbers below `before`, newest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn search_audit(
        &mut self,
        filter: &AuditFilter<'_>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<AuditPage, StoreError> {
        let limit = i64::from(limit.clamp(1, 200));
        let before = match before {
            Some(before) => number(before)?,
            None => self.audit_start(filter.until).await?,
        };
        let (search, reached, key): (&'static Statement, &'static Statement, _) = match filter {
            AuditFilter { subject: Some(key), .. } => (&BY_SUBJECT, &REACHED_SUBJECT, Some(*key)),
            AuditFilter { actor: Some(key), .. } => (&BY_ACTOR, &REACHED_ACTOR, Some(*key)),
            AuditFilter { unit: Some(key), .. } => (&BY_UNIT, &REACHED_UNIT, Some(*key)),
            AuditFilter { action: Some(key), .. } => (&BY_ACTION, &REACHED_ACTION, Some(*key)),
            _ => (&BY_ANY, &REACHED_ANY, None),
        };
        let (area_from, area_to) = match filter.area {
            Some(area) => (area.as_str(), area.end()),
            None => ("", char::MAX.to_string()),
        };
        let from = filter.from.map_or(i64::MIN, Timestamp::as_microsecond);
        let until = filter.until.map_or(i64::MAX, Timestamp::as_microsecond);
        let mut values: Vec<Value<'_>> = values![
            before,
            WINDOW,
            area_from,
            &area_to,
            filter.actor,
            filter.action,
            filter.unit,
            from,
            until,
            limit
        ]
        .to_vec();
        values.extend(key.map(Value::from));
        let rows = self.rows(search, &values).await?.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if i64::try_from(rows.len()).is_ok_and(|found| found == limit) {
            let next = rows.last().map(|row| row.seq);
            return Ok(AuditPage { rows, next });
        }
        let mut values: Vec<Value<'_>> = values![before, WINDOW].to_vec();
        values.extend(key.map(Value::from));
        let next = match self.row(reached, &values).await? {
            Some(row) => {
                let (seq, at) = (row.int(0)?, row.int(1)?);
                let earliest = filter.from.map_or(i64::MIN, |from| {
                    from.checked_sub(SKEW).unwrap_or(Timestamp::MIN).as_microsecond()
                });
                (seq > 1 && at >= earliest).then(|| u64::try_from(seq).unwrap_or(0))
            }
            None => None,
        };
        Ok(AuditPage { rows, next })
    }

    /// The number below which the search begins.
    async fn audit_start(&mut self, until: Option<Timestamp>) -> Result<i64, StoreError> {
        let Some(until) = until else { return Ok(i64::MAX) };
        let latest = until.checked_add(SKEW).unwrap_or(Timestamp::MAX).as_microsecond();
        let row = self.row(&START, values![latest]).await?;
        row.map_or(Ok(0), |row| Ok(row.int(0)?.saturating_add(1)))
    }
}

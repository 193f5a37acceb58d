//! What a side says it received, by day and message by message; and what the other side has receipts for.

use crate::proof::IssuingAuthority;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use yinxin_registry::exchange::reconciliation::{Day, Line, MOST_DAYS, MOST_LINES};
use yinxin_store::{Access, StoreError};

/// Mark of a summary.
pub const SUMMARY_FORMAT: &str = "yinxin-exchange-summary-1";
/// Mark of the messages of a day.
pub const RECEIVED_FORMAT: &str = "yinxin-exchange-received-1";

/// What was received, by day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SummaryStatement {
    /// Who received.
    pub authority: IssuingAuthority,
    /// Code of the system that sent.
    pub system: String,
    /// When this was said.
    pub at: Timestamp,
    /// Every day of the window.
    pub days: Vec<Day>,
}

/// What was received on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedStatement {
    /// Who received.
    pub authority: IssuingAuthority,
    /// Code of the system that sent.
    pub system: String,
    /// When this was said.
    pub at: Timestamp,
    /// The day, UTC.
    pub day: String,
    /// Every message, in the order in which they came; at most 10,000.
    pub messages: Vec<Line>,
}

/// Days from one to another, at most 31; `None` for a window that is none.
pub(crate) fn window(from: Date, to: Date) -> Option<Vec<Date>> {
    let mut days = Vec::new();
    let mut day = from;
    while day <= to {
        days.push(day);
        if days.len() > MOST_DAYS {
            return None;
        }
        day = day.tomorrow().ok()?;
    }
    (!days.is_empty()).then_some(days)
}

/// The day before a moment, UTC.
pub(crate) fn yesterday(now: Timestamp) -> Option<Date> {
    now.to_zoned(TimeZone::UTC).date().checked_sub(1.day()).ok()
}

/// Beginning and end of a day, UTC.
fn bounds(day: Date) -> Option<(Timestamp, Timestamp)> {
    let at = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    Some((at(day)?, at(day.tomorrow().ok()?)?))
}

/// Messages of a system that were received on a day.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn received(access: &mut Access, system: &str, day: Date) -> Result<Vec<Line>, StoreError> {
    let Some((from, until)) = bounds(day) else { return Ok(Vec::new()) };
    let most = i64::try_from(MOST_LINES).unwrap_or(i64::MAX);
    let found = access.received_messages(system, from, until, most).await?;
    let line = |message: yinxin_registry::exchange::foreign::ReceivedMessage| Line {
        message: message.id,
        code: message.code,
        sequence: message.sequence,
        digest: message.digest,
    };
    Ok(found.into_iter().map(|found| line(found.value)).collect())
}

/// Messages to a system whose receipts are of a day.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn receipted(access: &mut Access, peer: &str, day: Date) -> Result<Vec<Line>, StoreError> {
    let Some((from, until)) = bounds(day) else { return Ok(Vec::new()) };
    let most = i64::try_from(MOST_LINES).unwrap_or(i64::MAX);
    let found = access.receipted_deliveries(peer, from, until, most).await?;
    let line = |sent: yinxin_registry::exchange::delivery::ExchangeDelivery| Line {
        message: sent.id,
        code: sent.code,
        sequence: sent.sequence,
        digest: sent.digest,
    };
    Ok(found.into_iter().map(|found| line(found.value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_window_has_its_days_and_no_more_than_a_month() {
        let days = window(date(2026, 2, 27), date(2026, 3, 1)).unwrap();
        assert_eq!(days, [date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1)]);
        assert_eq!(window(date(2026, 3, 2), date(2026, 3, 1)), None);
        assert_eq!(window(date(2026, 1, 1), date(2026, 1, 31)).unwrap().len(), 31);
        assert_eq!(window(date(2026, 1, 1), date(2026, 2, 1)), None);
        let midnight: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        assert_eq!(yesterday(midnight), Some(date(2026, 2, 28)));
        assert_eq!(bounds(date(2026, 2, 28)).unwrap().1, midnight);
    }
}

//! Moments in requests: what lies outside the life of a registry is a slip of the pen.

use crate::http::Faults;
use jiff::{SignedDuration, Timestamp};

/// 1970-01-01: no paper a registry holds begins earlier.
const FIRST: Timestamp = Timestamp::UNIX_EPOCH;
/// How far ahead papers end.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 366 * 100);

/// Notes a moment before 1970 or more than a hundred years ahead.
pub fn check(pointer: &str, moment: Timestamp, now: Timestamp, faults: &mut Faults) {
    let last = now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX);
    if !(FIRST..=last).contains(&moment) {
        faults.push(
            pointer,
            "TIME",
            "时间应在 1970 年以后、一百年以内",
            "a time after 1970 and within a hundred years",
        );
    }
}

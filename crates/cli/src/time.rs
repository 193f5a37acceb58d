//! Times on the command line.

use jiff::Timestamp;

use crate::failure::Failure;

/// Reads RFC 3339.
pub fn parse(text: &str) -> Result<Timestamp, Failure> {
    text.parse().map_err(|e| {
        Failure::new("TIME_FORMAT", format!("“{text}”: RFC 3339, 2026-11-21T12:00:00+08:00 ({e})"))
    })
}

/// Now, in whole seconds.
pub fn now() -> Timestamp {
    let t = Timestamp::now();
    Timestamp::from_second(t.as_second()).unwrap_or(t)
}

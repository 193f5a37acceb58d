//! The moments at which everything in the fixtures happens. Nothing reads a real clock.

use jiff::{SignedDuration, Timestamp};

/// Reads a moment written as RFC 3339.
///
/// # Panics
/// Where the text is no moment: the test is wrong.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The moment of judging.
pub fn now() -> Timestamp {
    at("2026-11-22T00:00:00Z")
}

/// When documents are signed.
pub fn signed() -> Timestamp {
    at("2026-11-20T08:00:00Z")
}

/// When seals are made, and the first moment of their validity.
pub fn made() -> Timestamp {
    at("2026-11-01T00:00:00Z")
}

/// The last moment of a seal's validity.
pub fn seal_end() -> Timestamp {
    at("2027-11-01T00:00:00Z")
}

/// A clock that stands still until it is moved.
#[derive(Debug, Clone, Copy)]
pub struct FakeClock(Timestamp);

impl FakeClock {
    /// A clock that shows [`now`].
    pub fn new() -> Self {
        Self(now())
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        self.0
    }

    /// Moves it.
    pub fn advance(&mut self, by: SignedDuration) {
        self.0 = self.0.saturating_add(by).unwrap();
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

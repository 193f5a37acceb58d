//! Time for everything in the server: one source, refused when it runs backward.

use crate::http::{Code, Problem};
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicI64, Ordering};

/// Where time comes from.
pub trait Source: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct System;

impl Source for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's clock with an offset that can be changed: for tests, and for demonstrations that look months ahead.
#[derive(Debug, Default)]
pub struct Shifted(AtomicI64);

impl Shifted {
    /// Puts the clock this many seconds ahead of (or, negative, behind) the machine's.
    pub fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl Source for Shifted {
    fn now(&self) -> Timestamp {
        let shift = SignedDuration::from_secs(self.0.load(Ordering::SeqCst));
        Timestamp::now().saturating_add(shift).unwrap_or(Timestamp::MAX)
    }
}

/// A clock that notices when it is set back. What was recorded must not appear to lie in the future.
pub struct Clock {
    source: Box<dyn Source>,
    highest: AtomicI64,
    tolerance: SignedDuration,
}

impl Clock {
    /// Guards `source`; `highest` is the latest time the database has seen.
    pub fn new(source: Box<dyn Source>, highest: Timestamp, tolerance: SignedDuration) -> Self {
        Self { source, highest: AtomicI64::new(highest.as_microsecond()), tolerance }
    }

    /// Now, to the microsecond. Within the tolerance a clock that was set back seems to stand still.
    ///
    /// # Errors
    /// `CLOCK_WENT_BACK` while the clock stands more than the tolerance behind a time seen before.
    pub fn now(&self) -> Result<Timestamp, Problem> {
        let now = self.source.now().as_microsecond();
        let before = self.highest.fetch_max(now, Ordering::SeqCst);
        let behind = SignedDuration::from_micros(before.saturating_sub(now));
        if behind > self.tolerance {
            return Err(Problem::new(Code::ClockWentBack));
        }
        Timestamp::from_microsecond(now.max(before)).map_err(|_| Problem::new(Code::Internal))
    }

    /// Takes note of a time another node has seen.
    pub fn saw(&self, other: Timestamp) {
        self.highest.fetch_max(other.as_microsecond(), Ordering::SeqCst);
    }

    /// The latest time seen.
    pub fn highest(&self) -> Timestamp {
        Timestamp::from_microsecond(self.highest.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clock").field("highest", &self.highest()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    struct Steps(Arc<AtomicI64>);
    impl Source for Steps {
        fn now(&self) -> Timestamp {
            Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
        }
    }

    #[test]
    fn a_clock_set_back_is_refused_until_it_has_caught_up() {
        let hand = Arc::new(AtomicI64::new(1_000));
        let clock = Clock::new(
            Box::new(Steps(Arc::clone(&hand))),
            Timestamp::UNIX_EPOCH,
            SignedDuration::from_secs(2),
        );
        assert!(clock.now().is_ok());
        hand.store(998, Ordering::SeqCst);
        assert_eq!(clock.now().unwrap().as_second(), 1_000, "within the tolerance it stands still");
        hand.store(997, Ordering::SeqCst);
        assert_eq!(clock.now().unwrap_err().code(), Code::ClockWentBack);
        hand.store(1_001, Ordering::SeqCst);
        assert!(clock.now().is_ok(), "healthy again without hands");
    }
}

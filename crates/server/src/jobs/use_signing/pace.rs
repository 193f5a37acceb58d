//! How many documents are worked on together.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Documents worked on together at first, and where a key or a timestamp service is slow: they must be done before the lease is over.
const FEW: u32 = 16;
/// The same once it is known to go quickly.
pub(super) const MANY: u32 = 64;
/// What is quick for some documents.
const QUICK: Duration = Duration::from_secs(3);

/// How quickly documents went last in this process: the next request begins so.
#[derive(Debug, Default)]
pub struct Pace(AtomicBool);

impl Pace {
    /// Documents to take next.
    pub(super) fn documents(&self) -> u32 {
        if self.0.load(Ordering::Relaxed) { MANY } else { FEW }
    }

    /// Some documents took so long.
    pub(super) fn took(&self, time: Duration) {
        self.0.store(time < QUICK, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_taken_only_after_some_went_quickly() {
        let pace = Pace::default();
        assert_eq!(pace.documents(), FEW);
        pace.took(Duration::from_secs(1));
        assert_eq!(pace.documents(), MANY);
        pace.took(Duration::from_secs(30));
        assert_eq!(pace.documents(), FEW);
    }
}

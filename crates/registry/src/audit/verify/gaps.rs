//! Numbers not seen yet below the highest one seen.

use std::collections::BTreeMap;

/// Most gaps kept open; with more, the lowest is taken for final.
const MAX: usize = 4096;

/// Ranges of missing numbers, apart from each other.
#[derive(Debug, Default)]
pub(super) struct Gaps(BTreeMap<u64, u64>);

impl Gaps {
    /// Opens `from..=to`; returns a range given up on when there are too many.
    pub(super) fn open(&mut self, from: u64, to: u64) -> Option<(u64, u64)> {
        if from <= to {
            self.0.insert(from, to);
        }
        if self.0.len() > MAX { self.0.pop_first() } else { None }
    }

    pub(super) fn contains(&self, number: u64) -> bool {
        self.around(number).is_some()
    }

    /// Takes one number out; false when it was not missing.
    pub(super) fn fill(&mut self, number: u64) -> bool {
        let Some((from, to)) = self.around(number) else { return false };
        self.0.remove(&from);
        if from < number {
            self.0.insert(from, number - 1);
        }
        if number < to {
            self.0.insert(number + 1, to);
        }
        true
    }

    /// The ranges still open, in order.
    pub(super) fn into_ranges(self) -> impl Iterator<Item = (u64, u64)> {
        self.0.into_iter()
    }

    fn around(&self, number: u64) -> Option<(u64, u64)> {
        let (from, to) = self.0.range(..=number).next_back()?;
        (number <= *to).then_some((*from, *to))
    }
}

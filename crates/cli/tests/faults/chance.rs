//! Choices that follow from a seed.

use std::time::{SystemTime, UNIX_EPOCH};

/// A generator (SplitMix64).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The seed of this run: from `YINXIN_FAULT_SEED`, or a new one; printed, so that a failing run can be played again.
    pub fn of_run(test: &str) -> Self {
        let seed = match std::env::var("YINXIN_FAULT_SEED") {
            Ok(text) => text.parse().unwrap_or_else(|_| panic!("YINXIN_FAULT_SEED={text} is no number")),
            Err(_) => {
                SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64 % 1_000_000_007
            }
        };
        println!("{test}: YINXIN_FAULT_SEED={seed}");
        Self(seed)
    }

    /// One with this seed.
    pub fn fixed(seed: u64) -> Self {
        Self(seed)
    }

    /// Another one that follows from this.
    pub fn branch(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// One of so many.
    pub fn one_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    /// A key for `Idempotency-Key`.
    pub fn key(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }
}

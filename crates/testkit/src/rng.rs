//! Random numbers that are the same on every run. For tests only.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng};
use yinxin_crypto::Sm3;

/// SM3 over a seed and a counter.
#[derive(Debug, Clone)]
pub struct SeededRng {
    seed: Vec<u8>,
    counter: u64,
    ready: Vec<u8>,
}

impl SeededRng {
    /// A generator for this seed.
    pub fn new(seed: &str) -> Self {
        Self { seed: seed.as_bytes().to_vec(), counter: 0, ready: Vec::new() }
    }

    fn byte(&mut self) -> u8 {
        if self.ready.is_empty() {
            let mut h = Sm3::new();
            h.update(&self.counter.to_be_bytes());
            h.update(&self.seed);
            self.counter += 1;
            self.ready = h.finalize().to_vec();
        }
        self.ready.pop().unwrap_or_default()
    }
}

impl TryRng for SeededRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from(self.try_next_u32()?) << 32 | u64::from(self.try_next_u32()?))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.iter_mut().for_each(|b| *b = self.byte());
        Ok(())
    }
}

/// Predictable, so of no use outside tests.
impl TryCryptoRng for SeededRng {}

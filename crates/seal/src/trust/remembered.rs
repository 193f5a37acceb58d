//! Signatures that held, remembered from one verification to the next: a service meets the same certificates and seals in one document
//! after another, and the signature that it has just put into one.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yinxin_crypto::{DigestMemory, sm3};

/// Most signatures of a generation; at most twice as many are remembered.
const GENERATION: usize = 4096;

/// Signatures that held (验签结果缓存), each by the SM3 of everything that was signed, the signature, and the key. What did not hold is not
/// remembered, so that whatever anybody brings costs him no more and spoils nothing. Nothing is remembered by default.
#[derive(Clone, Default)]
pub struct Remembered {
    held: Option<Arc<Mutex<Generations>>>,
    met: DigestMemory,
}

#[derive(Default)]
struct Generations {
    young: HashSet<[u8; 32]>,
    old: HashSet<[u8; 32]>,
}

impl Generations {
    fn contains(&self, key: &[u8; 32]) -> bool {
        self.young.contains(key) || self.old.contains(key)
    }

    fn insert(&mut self, key: [u8; 32]) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key);
    }
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembered").field("shared", &self.held.is_some()).finish()
    }
}

impl Remembered {
    /// A memory that clones share.
    pub fn shared() -> Self {
        Self { held: Some(Arc::default()), met: DigestMemory::shared() }
    }

    /// Digests of seals, and of what begins with a seal.
    pub fn met(&self) -> &DigestMemory {
        &self.met
    }

    /// Whether it held before, or holds by `check`. `whole` is what was signed together with its signature: a certificate, a seal.
    pub(crate) fn holds(&self, whole: &[u8], spki: &[u8], check: impl FnOnce() -> bool) -> bool {
        let Some(memory) = &self.held else { return check() };
        held(memory, sm3(&[self.met.sm3(b"", whole), sm3(spki)].concat()), check)
    }

    /// The same for a signature over a digest that depends on the key: e of SM2.
    pub(crate) fn holds_digest(&self, e: &[u8; 32], signature: &[u8], check: impl FnOnce() -> bool) -> bool {
        let Some(memory) = &self.held else { return check() };
        // A word before the digests: nothing else is remembered under such a text.
        held(memory, sm3(&[b"e".as_slice(), e, &sm3(signature)].concat()), check)
    }
}

fn lock(memory: &Mutex<Generations>) -> MutexGuard<'_, Generations> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

fn held(memory: &Mutex<Generations>, key: [u8; 32], check: impl FnOnce() -> bool) -> bool {
    if lock(memory).contains(&key) {
        return true;
    }
    let holds = check();
    if holds {
        lock(memory).insert(key);
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_held_is_not_checked_again_and_what_did_not_is() {
        let memory = Remembered::shared();
        assert!(!memory.holds(b"a", b"k", || false));
        assert!(memory.holds(b"a", b"k", || true));
        assert!(memory.clone().holds(b"a", b"k", || unreachable!()));
        for (whole, key) in [(b"b", b"k"), (b"a", b"l")] {
            assert!(!memory.holds(whole, key, || false));
        }
        assert!(!Remembered::default().holds(b"a", b"k", || false));
        assert!(memory.holds_digest(&[1; 32], b"s", || true));
        assert!(memory.holds_digest(&[1; 32], b"s", || unreachable!()));
        assert!(!memory.holds_digest(&[2; 32], b"s", || false));
        assert!(!memory.holds_digest(&[1; 32], b"t", || false));
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let memory = Remembered::shared();
        for number in 0..3 * GENERATION {
            assert!(memory.holds(&number.to_be_bytes(), b"k", || true));
        }
        let kept = memory.held.as_ref().unwrap().lock().unwrap();
        assert!(kept.young.len() + kept.old.len() <= 2 * GENERATION);
    }
}

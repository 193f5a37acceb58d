//! Signatures that held, remembered from one verification to the next: a service meets the same certificates and seals in one document
//! after another.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use yinxin_crypto::sm3;

/// Most signatures of a generation; at most twice as many are remembered.
const GENERATION: usize = 4096;

/// Signatures that held (验签结果缓存), each by the SM3 of everything that was signed, the signature, and the key. What did not hold is not
/// remembered, so that whatever anybody brings costs him no more and spoils nothing. Nothing is remembered by default.
#[derive(Clone, Default)]
pub struct Remembered(Option<Arc<Mutex<Generations>>>);

#[derive(Default)]
struct Generations {
    young: HashSet<[u8; 32]>,
    old: HashSet<[u8; 32]>,
}

impl fmt::Debug for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembered").field("shared", &self.0.is_some()).finish()
    }
}

impl Remembered {
    /// A memory that clones share.
    pub fn shared() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether it held before, or holds by `check`. `whole` is what was signed together with its signature: a certificate, a seal.
    pub(crate) fn holds(&self, whole: &[u8], spki: &[u8], check: impl FnOnce() -> bool) -> bool {
        let Some(memory) = &self.0 else { return check() };
        let key = sm3(&[sm3(whole), sm3(spki)].concat());
        let lock = || memory.lock().unwrap_or_else(PoisonError::into_inner);
        let known = {
            let found = lock();
            found.young.contains(&key) || found.old.contains(&key)
        };
        if known {
            return true;
        }
        let holds = check();
        if holds {
            let mut found = lock();
            if found.young.len() >= GENERATION {
                found.old = std::mem::take(&mut found.young);
            }
            found.young.insert(key);
        }
        holds
    }
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
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let memory = Remembered::shared();
        for number in 0..3 * GENERATION {
            assert!(memory.holds(&number.to_be_bytes(), b"k", || true));
        }
        let kept = memory.0.as_ref().unwrap().lock().unwrap();
        assert!(kept.young.len() + kept.old.len() <= 2 * GENERATION);
    }
}

//! Signatures that held, remembered from one verification to the next: a service meets the same certificates and seals in one document
//! after another, and the signature that it has just put into one.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yinxin_crypto::sm3;

/// Most signatures of a generation; at most twice as many are remembered.
const GENERATION: usize = 4096;
/// What is at least so long costs more to digest than to compare: the latest of them are kept whole. Bytes.
const LONG: usize = 4 << 10;
/// Longest that is kept whole, bytes.
const LONGEST: usize = 512 << 10;
/// How many are kept whole.
const WHOLE: usize = 8;

/// Signatures that held (验签结果缓存), each by the SM3 of everything that was signed, the signature, and the key. What did not hold is not
/// remembered, so that whatever anybody brings costs him no more and spoils nothing. Nothing is remembered by default.
#[derive(Clone, Default)]
pub struct Remembered(Option<Arc<Mutex<Generations>>>);

#[derive(Default)]
struct Generations {
    young: HashSet<[u8; 32]>,
    old: HashSet<[u8; 32]>,
    /// The latest long ones that held, with their SM3; the newest first.
    whole: VecDeque<(Arc<[u8]>, [u8; 32])>,
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
        let digest = digest_of(memory, whole);
        let key = sm3(&[digest, sm3(spki)].concat());
        if !held(memory, key, check) {
            return false;
        }
        if (LONG..=LONGEST).contains(&whole.len()) {
            let kept = &mut lock(memory).whole;
            if !kept.iter().any(|(_, known)| *known == digest) {
                kept.truncate(WHOLE.saturating_sub(1));
                kept.push_front((whole.into(), digest));
            }
        }
        true
    }

    /// The same for a signature over a digest that depends on the key: e of SM2.
    pub(crate) fn holds_digest(&self, e: &[u8; 32], signature: &[u8], check: impl FnOnce() -> bool) -> bool {
        let Some(memory) = &self.0 else { return check() };
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

/// SM3 of bytes, which is known of the latest long ones.
fn digest_of(memory: &Mutex<Generations>, bytes: &[u8]) -> [u8; 32] {
    if bytes.len() >= LONG {
        let same = |(kept, digest): &(Arc<[u8]>, [u8; 32])| (**kept == *bytes).then_some(*digest);
        if let Some(digest) = lock(memory).whole.iter().find_map(same) {
            return digest;
        }
    }
    sm3(bytes)
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
    fn the_latest_long_ones_are_kept_whole() {
        let memory = Remembered::shared();
        let long = |first: usize| {
            let mut bytes = vec![0; LONG];
            bytes[..8].copy_from_slice(&first.to_be_bytes());
            bytes
        };
        for number in 0..2 * WHOLE {
            assert!(memory.holds(&long(number), b"k", || true));
            assert!(memory.holds(&long(number), b"k", || unreachable!()));
            assert!(!memory.holds(&long(number + 1), b"k", || false));
        }
        let kept = &memory.0.as_ref().unwrap().lock().unwrap().whole;
        assert_eq!(kept.len(), WHOLE);
        assert!(kept.iter().all(|(bytes, digest)| sm3(bytes) == *digest));
        assert_eq!(*kept[0].0, *long(2 * WHOLE - 1));
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

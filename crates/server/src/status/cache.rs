//! Answers that were signed, until their seals change.

use super::{Envelope, StatusStatement};
use axum::body::Bytes;
use axum::http::HeaderValue;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use yinxin_crypto::sm3;

/// Parts with a lock each.
const SHARDS: usize = 16;
/// What an entry costs beside its bytes, about.
const OVERHEAD: usize = 300;

/// A signed answer, ready to be sent.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The whole answer, JSON.
    pub body: Bytes,
    /// Its tag.
    pub etag: HeaderValue,
    /// To be sent again until then.
    pub until: Timestamp,
}

impl Kept {
    /// Of a signed answer.
    pub fn new(statement: &StatusStatement, envelope: &Envelope) -> Self {
        let digest = sm3(envelope.statement.as_bytes());
        let tag = format!("\"{}\"", hex::encode(digest.get(..16).unwrap_or(&digest)));
        Self {
            body: serde_json::to_vec(envelope).unwrap_or_default().into(),
            etag: HeaderValue::from_str(&tag).unwrap_or_else(|_| HeaderValue::from_static("\"0\"")),
            until: statement.keep_until(),
        }
    }
}

/// Which changes had been heard of when a seal was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// Answers by code, in a bounded amount of memory; the ones not asked for go first.
#[derive(Debug)]
pub struct Cache {
    shards: Vec<Mutex<Shard>>,
    bytes_per_generation: usize,
    drops: std::sync::atomic::AtomicU64,
}

/// Two generations: when the younger is full, the older is forgotten. What is asked for again is carried over.
#[derive(Debug, Default)]
struct Shard {
    young: HashMap<String, Kept>,
    old: HashMap<String, Kept>,
    bytes: usize,
}

impl Cache {
    /// One that takes about so many bytes; 0 keeps nothing.
    pub fn new(bytes: usize) -> Self {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Self { shards, bytes_per_generation: bytes / SHARDS / 2, drops: Default::default() }
    }

    /// The answer that was kept for a code, if it is still good.
    pub fn get(&self, code: &str, now: Timestamp) -> Option<Kept> {
        let mut shard = self.shard(code)?;
        if let Some(kept) = shard.young.get(code) {
            return (now < kept.until).then(|| kept.clone());
        }
        let (code, kept) = shard.old.remove_entry(code)?;
        if now >= kept.until {
            return None;
        }
        shard.insert(code, kept.clone(), self.bytes_per_generation);
        Some(kept)
    }

    /// To be taken before a seal is read.
    pub fn mark(&self) -> Mark {
        Mark(self.drops.load(std::sync::atomic::Ordering::SeqCst))
    }

    /// Keeps an answer, unless anything was dropped since the mark: it might be the older state.
    pub fn put(&self, code: &str, kept: Kept, mark: Mark) {
        let Some(mut shard) = self.shard(code) else { return };
        // Under the lock that dropping takes too.
        if self.mark() == mark {
            shard.insert(code.to_owned(), kept, self.bytes_per_generation);
        }
    }

    /// Forgets what was kept for these codes.
    pub fn forget<'a>(&self, codes: impl Iterator<Item = &'a str>) {
        let mut codes = codes.peekable();
        if codes.peek().is_none() {
            return;
        }
        self.drops.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        for code in codes {
            if let Some(mut shard) = self.shard(code) {
                shard.young.remove(code);
                shard.old.remove(code);
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.drops.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        for shard in &self.shards {
            *shard.lock().unwrap_or_else(PoisonError::into_inner) = Shard::default();
        }
    }

    /// Number of answers kept.
    pub fn len(&self) -> usize {
        let count = |shard: &Mutex<Shard>| {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.young.len() + shard.old.len()
        };
        self.shards.iter().map(count).sum()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shard(&self, code: &str) -> Option<std::sync::MutexGuard<'_, Shard>> {
        // The last characters of a code tell most: they count.
        let hash =
            code.bytes().fold(0_usize, |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(byte)));
        let shard = self.shards.get(hash % SHARDS)?;
        // Whoever panicked while holding it left whole entries.
        Some(shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Shard {
    fn insert(&mut self, code: String, kept: Kept, limit: usize) {
        let size = OVERHEAD + 2 * code.len() + kept.body.len();
        if size > limit {
            return;
        }
        self.old.remove(&code);
        if self.bytes + size > limit {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        // A replaced one is counted twice until the generation ends: the bound stays a bound.
        self.bytes += size;
        self.young.insert(code, kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Kept {
        let body = Bytes::from(text.to_owned());
        Kept { body, etag: HeaderValue::from_static("\"1\""), until: Timestamp::from_second(100).unwrap() }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn keeps_an_answer_until_its_time_or_until_its_seal_changes() {
        let cache = Cache::new(1 << 20);
        cache.put("a", answer("one"), cache.mark());
        assert_eq!(cache.get("a", at(99)).unwrap().body, "one");
        assert!(cache.get("a", at(100)).is_none(), "its time is over");
        assert!(cache.get("b", at(1)).is_none());
        cache.forget(["a"].into_iter());
        assert!(cache.get("a", at(1)).is_none());
    }

    #[test]
    fn what_was_read_before_a_change_is_not_kept_after_it() {
        let cache = Cache::new(1 << 20);
        let mark = cache.mark();
        cache.forget(["a"].into_iter());
        cache.put("a", answer("older"), mark);
        assert!(cache.get("a", at(1)).is_none());
    }

    #[test]
    fn memory_is_bounded_and_what_is_asked_for_stays() {
        let cache = Cache::new(SHARDS * 40_000);
        cache.put("wanted", answer("wanted"), cache.mark());
        for number in 0..20_000 {
            cache.put(&format!("{number:06}"), answer("other"), cache.mark());
            assert!(cache.get("wanted", at(1)).is_some(), "after {number} others");
        }
        assert!(cache.len() * (OVERHEAD + 17) <= SHARDS * 40_000, "{}", cache.len());
        let nothing = Cache::new(0);
        nothing.put("a", answer("one"), nothing.mark());
        assert!(nothing.is_empty());
    }
}

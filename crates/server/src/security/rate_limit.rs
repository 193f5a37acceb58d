//! How often something may be asked (限流): a token bucket per key, in memory, with a bounded number of keys.
//!
//! Each node counts for itself. What was forgotten when memory is short starts with a full bucket: the limiter slows attackers down,
//! [lockout](super::lockout) stops them.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

use super::lockout::whole_seconds;

/// A burst of requests, and the time after which it may be had again: `burst` 20 and `period` one minute let 20 pass at once and then one
/// every three seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Size of the bucket; 0 counts as 1.
    pub burst: u32,
    /// Time in which an empty bucket fills.
    pub period: SignedDuration,
}

/// Too many requests: `RATE_LIMITED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("请求过于频繁，请 {} 秒后再试 / too many requests: try again in {} seconds", .retry_after.as_secs(), .retry_after.as_secs())]
pub struct RateLimited {
    /// Wait so long, in whole seconds, for `Retry-After`.
    pub retry_after: SignedDuration,
}

impl RateLimited {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        "RATE_LIMITED"
    }
}

/// Buckets by key, each kept as the moment in µs at which it will be full again.
///
/// Keys live in two generations. When the younger is full, the older is forgotten and the younger takes its place: constant work per
/// request, and a key in use is carried over.
#[derive(Debug)]
pub struct RateLimiter {
    /// µs per request.
    interval: i64,
    /// µs that a full bucket is worth.
    capacity: i64,
    per_generation: usize,
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<String, i64>,
    old: HashMap<String, i64>,
}

impl RateLimiter {
    /// A limiter that remembers at most `max_keys` keys (at least two).
    pub fn new(rate: Rate, max_keys: usize) -> Self {
        let burst = i64::from(rate.burst.max(1));
        let period = i64::try_from(rate.period.as_micros()).unwrap_or(i64::MAX / 4).clamp(1, i64::MAX / 4);
        let interval = (period / burst).max(1);
        Self {
            interval,
            capacity: interval.saturating_mul(burst),
            per_generation: (max_keys / 2).max(1),
            generations: Mutex::default(),
        }
    }

    /// Whether a request of this key would pass; takes nothing. For throttles that count failures only.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn check(&self, key: &str, now: Timestamp) -> Result<(), RateLimited> {
        self.ask(key, now, false)
    }

    /// Lets a request of this key pass and counts it, or refuses it. What is refused is not counted.
    ///
    /// # Errors
    /// [`RateLimited`].
    pub fn take(&self, key: &str, now: Timestamp) -> Result<(), RateLimited> {
        self.ask(key, now, true)
    }

    /// Number of keys remembered.
    pub fn len(&self) -> usize {
        let generations = self.lock();
        generations.young.len() + generations.old.len()
    }

    /// Whether no key is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn ask(&self, key: &str, now: Timestamp, count: bool) -> Result<(), RateLimited> {
        let now = now.as_microsecond();
        let mut generations = self.lock();
        let known = generations.young.get(key).or_else(|| generations.old.get(key)).copied();
        // No bucket is emptier than empty: a moment further off means that the clock was set back. That is corrected at once, or the
        // key would be refused until the clock has caught up.
        let emptiest = now.saturating_add(self.capacity);
        if known.is_some_and(|full_at| full_at > emptiest) {
            generations.put(key, emptiest, self.per_generation);
        }
        let full_at = known.unwrap_or(now).clamp(now, emptiest);
        let after = full_at.saturating_add(self.interval);
        let too_much = after.saturating_sub(now).saturating_sub(self.capacity);
        if too_much > 0 {
            return Err(RateLimited { retry_after: whole_seconds(SignedDuration::from_micros(too_much)) });
        }
        if count {
            generations.put(key, after, self.per_generation);
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations> {
        // Whoever panicked while holding it left whole entries: each is one number.
        self.generations.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Generations {
    fn put(&mut self, key: &str, full_at: i64, limit: usize) {
        if let Some(known) = self.young.get_mut(key) {
            *known = full_at;
            return;
        }
        if self.young.len() >= limit {
            self.old = std::mem::take(&mut self.young);
        }
        self.old.remove(key);
        self.young.insert(key.to_owned(), full_at);
    }
}

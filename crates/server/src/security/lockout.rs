//! Lockout after failed logins (登录失败锁定): GB/T 22239 level 3, 8.1.4.1.
//!
//! While an account is locked its password is not looked at, so the lock cannot be used to try on. Whoever locks others out by
//! failing on purpose is slowed down by the throttle per address ([`address_key`] with a
//! [`RateLimiter`](super::rate_limit::RateLimiter)), and a security administrator may release an account.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

/// When and for how long an account is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockoutPolicy {
    /// So many failures in a row lock; never 0.
    pub failures: u32,
    /// Length of the first lock; each further one is twice as long.
    pub first: SignedDuration,
    /// No lock is longer.
    pub longest: SignedDuration,
    /// So long after the end of a lock the count starts anew.
    pub forget_after: SignedDuration,
}

impl Default for LockoutPolicy {
    /// 5 failures, 15 minutes, doubling up to 24 hours, forgotten a day after the last lock.
    fn default() -> Self {
        Self {
            failures: 5,
            first: SignedDuration::from_mins(15),
            longest: SignedDuration::from_hours(24),
            forget_after: SignedDuration::from_hours(24),
        }
    }
}

/// Failed tries of an account. A success sets it back to [`Tally::default`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Failures in a row.
    pub count: u32,
    /// Locked until this moment.
    pub until: Option<Timestamp>,
}

/// The account is locked: `ACCOUNT_LOCKED`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "连续登录失败次数过多，账号已锁定至 {until}；请稍后再试或联系安全管理员 / too many failed logins: the account is locked until {until}; try later or ask a security administrator"
)]
pub struct Locked {
    /// First moment at which it may try again.
    pub until: Timestamp,
    /// Time until then, rounded up to whole seconds, for `Retry-After`.
    pub retry_after: SignedDuration,
}

impl Locked {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        "ACCOUNT_LOCKED"
    }
}

impl Tally {
    /// Whether a login may be tried.
    ///
    /// # Errors
    /// [`Locked`].
    pub fn check(self, now: Timestamp) -> Result<(), Locked> {
        match self.until {
            Some(until) if now < until => {
                Err(Locked { until, retry_after: whole_seconds(until.duration_since(now)) })
            }
            _ => Ok(()),
        }
    }
}

impl LockoutPolicy {
    /// The tally after a failed try (wrong password, wrong code, wrong certificate). A failure while locked changes nothing.
    #[must_use]
    pub fn after_failure(&self, tally: Tally, now: Timestamp) -> Tally {
        let tally = match tally.until {
            Some(until) if now < until => return tally,
            Some(until) if now.duration_since(until) > self.forget_after => Tally::default(),
            _ => tally,
        };
        let count = tally.count.saturating_add(1);
        let threshold = self.failures.max(1);
        if count % threshold != 0 {
            return Tally { count, ..tally };
        }
        let doublings = (count / threshold).saturating_sub(1);
        let length = 1_i32
            .checked_shl(doublings)
            .filter(|factor| *factor > 0)
            .and_then(|factor| self.first.checked_mul(factor))
            .map_or(self.longest, |length| length.min(self.longest));
        Tally { count, until: Some(now.saturating_add(length).unwrap_or(Timestamp::MAX)) }
    }
}

/// The key under which tries from an address are counted: the address of IPv4, the /64 network of IPv6, as a house has at least one.
pub fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// Rounded up, at least one.
pub(super) fn whole_seconds(wait: SignedDuration) -> SignedDuration {
    let up = if wait.subsec_nanos() > 0 { 1 } else { 0 };
    SignedDuration::from_secs(wait.as_secs().saturating_add(up).max(1))
}

//! Failed tries of an account, and the lock they lead to.

use crate::app::App;
use crate::http::{Code, Problem};
use crate::security::lockout::{Locked, LockoutPolicy, Tally};
use jiff::{SignedDuration, Timestamp};
use yinxin_registry::account::Failures;

/// The policy of the configuration.
pub(super) fn policy(app: &App) -> LockoutPolicy {
    let security = &app.config.security;
    LockoutPolicy {
        failures: security.lockout_failures,
        first: SignedDuration::from_mins(i64::from(security.lockout_minutes)),
        ..LockoutPolicy::default()
    }
}

/// As the lockout counts.
pub(super) fn tally(failures: &Failures) -> Tally {
    Tally { count: failures.count, until: failures.until }
}

/// As the account keeps it.
pub(super) fn failures(tally: Tally) -> Failures {
    Failures { count: tally.count, until: tally.until }
}

/// `LOCKED_OUT`, with how long.
pub(super) fn locked_out(locked: &Locked) -> Problem {
    let seconds = u32::try_from(locked.retry_after.as_secs()).unwrap_or(u32::MAX).max(1);
    Problem::new(Code::LockedOut).retry_after(seconds)
}

/// What a try that failed makes of the failures, and the answer to it.
pub(super) fn after_failure(policy: &LockoutPolicy, before: &Failures, now: Timestamp) -> Failures {
    failures(policy.after_failure(tally(before), now))
}

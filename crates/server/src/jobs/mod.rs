//! Work left for later (后台任务): deadlines that come due, notices, long measures. Every job may be begun more than once, by any node,
//! and its effect comes about once.

pub(crate) mod announce;
mod clock;
mod custody;
mod disposal;
mod effect;
mod fault;
mod notice;
mod system_work;
mod use_signing;

pub(crate) use clock::peer::LIST_ENDS;
pub use clock::run_clock;
pub use disposal::DISPOSE;
pub use effect::job_of;
pub use fault::Fault;
pub use system_work::{Author, SystemWork};
pub use use_signing::Pace;
pub(crate) use use_signing::tally;

use crate::api::keys::{JOB as RENEW_KEYS, run_renewal};
use crate::api::seals::run_bulk_suspension;
use crate::api::use_requests::{JOB as SIGN_USE, SETTLE as SETTLE_USE};
use crate::app::Shared;
use crate::telemetry::metrics;
use jiff::{SignedDuration, Timestamp};
use std::time::Instant;
use yinxin_store::{Job, StoreError};

/// Queue of deadlines.
pub const CLOCK: &str = "clock";
/// Queue of mails.
pub const MAIL: &str = "mail";
/// Queue of events on their way to programs.
pub const HOOK: &str = "webhook";
/// Queue of messages to other seal systems.
pub const EXCHANGE: &str = "exchange";
/// Queue of everything else.
pub const WORK: &str = "work";
/// How long a worker has a job before another may take it.
pub const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Jobs taken at once.
const BATCH: u32 = 20;
/// How often a job is begun before it is given up.
const TRIES: i64 = 10;

/// Takes the jobs that are due and works through them; how many there were. Jobs that fail are tried again later, ever more rarely,
/// and given up after ten times.
///
/// # Errors
/// The database cannot answer. Jobs taken come back by themselves when their lease ends.
pub async fn tick(app: &Shared, now: Timestamp) -> Result<usize, StoreError> {
    // As the database keeps it.
    let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
    let mut done = 0;
    for queue in [CLOCK, WORK] {
        for job in claim(app, queue, now).await? {
            done += 1;
            let begun = Instant::now();
            let result = match run(app, &job, now).await {
                Ok(()) => "done",
                Err(fault) => failed(app, &job, now, &fault).await?,
            };
            metrics::job_done(&job.kind, result, begun.elapsed());
        }
    }
    Ok(done)
}

pub(crate) async fn claim(app: &Shared, queue: &str, now: Timestamp) -> Result<Vec<Job>, StoreError> {
    let next = app.store.read().await?.next_due(queue).await?;
    if next.is_none_or(|due| due > now) {
        return Ok(Vec::new());
    }
    let mut tx = app.store.begin().await?;
    let lease = now.saturating_add(LEASE).unwrap_or(now);
    let jobs = tx.claim_jobs(queue, now, lease, BATCH, app.node_name()).await?;
    tx.commit().await?;
    Ok(jobs)
}

async fn run(app: &Shared, job: &Job, now: Timestamp) -> Result<(), Fault> {
    match job.kind.as_str() {
        "clock" => run_clock(app, job, now).await,
        "notify" => notice::run(app, job, now).await,
        "announce" => announce::run(app, job, now).await,
        "publish_status" => custody::follow_status(app, job, now).await,
        "bulk_suspend" => run_bulk_suspension(app, job).await,
        SIGN_USE => use_signing::run(app, job).await,
        SETTLE_USE => use_signing::settle(app, job).await,
        DISPOSE => disposal::run(app, job).await,
        RENEW_KEYS => run_renewal(app, job).await,
        other => Err(Fault::hopeless(format!("unknown kind {other}"))),
    }
}

/// Settles a job that failed; `retry` or `failed`.
async fn failed(app: &Shared, job: &Job, now: Timestamp, fault: &Fault) -> Result<&'static str, StoreError> {
    let mut tx = app.store.begin().await?;
    let words: String = fault.to_string().chars().take(500).collect();
    let given_up = fault.is_hopeless() || job.attempts >= TRIES;
    let settled = if given_up {
        tracing::error!(
            job = job.id,
            kind = job.kind,
            subject = job.subject,
            error = words,
            "a job was given up"
        );
        tx.bury_job(job, now, &words).await
    } else {
        tracing::warn!(job = job.id, kind = job.kind, attempts = job.attempts, error = words, "a job failed");
        tx.retry_job(job, now.saturating_add(pause(job.attempts)).unwrap_or(now), &words).await
    };
    match settled {
        Ok(()) => {
            tx.commit().await?;
        }
        // Another worker has it by now.
        Err(StoreError::Stale { .. }) => {}
        Err(error) => return Err(error),
    }
    Ok(if given_up { "failed" } else { "retry" })
}

/// How long to wait after so many tries: 10 s, 20 s, 40 s, … at most an hour.
fn pause(attempts: i64) -> SignedDuration {
    let doublings = u32::try_from(attempts.clamp(1, 10)).unwrap_or(1).saturating_sub(1);
    SignedDuration::from_secs((10_i64 << doublings).min(3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds: Vec<i64> = (1..=10).map(|tries| pause(tries).as_secs()).collect();
        assert_eq!(seconds, [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]);
        assert_eq!(pause(0).as_secs(), 10);
        assert_eq!(pause(i64::MAX).as_secs(), 3600);
    }
}

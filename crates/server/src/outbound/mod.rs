//! What leaves the building (外发): mails to people, events to programs, messages to other seal systems. Each is a job that was left in the transaction of what brought it
//! about; it is sent at least once, tried again ever more rarely, and given up after days, never lost in between.

mod address;
mod exchange;
mod hook;
mod mail;
mod message;
mod reconcile;
mod signature;

pub use address::{Destination, Refusal};
pub use hook::{JOB as HOOK_JOB, may_know};
pub use mail::{MailFault, check_relay, is_address};
pub use signature::{header, signed_text};

use crate::app::Shared;
use crate::config::Config;
use crate::exchange::{OUTBOX_JOB, RECONCILE_JOB};
use crate::jobs::{EXCHANGE, HOOK, MAIL, claim};
use crate::notices::MAIL_JOB;
use crate::telemetry::metrics;
use futures_util::future::join_all;
use hook::Sender;
use jiff::Timestamp;
use mail::Relay;
use std::sync::Arc;
use std::time::Instant;
use yinxin_store::{Job, StoreError};

/// What sends, as the configuration says.
pub struct Outbound {
    relay: Option<Arc<Relay>>,
    sender: Arc<Sender>,
}

impl Outbound {
    /// By a configuration. Nothing is opened yet.
    pub fn new(config: &Config) -> Self {
        let relay = Relay::new(&config.mail, config.public_url.as_deref()).map(Arc::new);
        Self { relay, sender: Arc::new(Sender::new(&config.webhooks)) }
    }

    /// Whether mails are sent.
    pub fn mails(&self) -> bool {
        self.relay.is_some()
    }

    /// The guard of where events may be sent.
    pub fn destinations(&self) -> &Destination {
        self.sender.destinations()
    }
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").field("mails", &self.mails()).finish_non_exhaustive()
    }
}

/// Sends what is due, many at once; how many there were.
///
/// # Errors
/// The database cannot answer. What was taken comes back by itself when its lease ends.
pub async fn tick(app: &Shared, now: Timestamp) -> Result<usize, StoreError> {
    let now = Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now);
    let mut jobs = claim(app, HOOK, now).await?;
    jobs.extend(claim(app, MAIL, now).await?);
    jobs.extend(claim(app, EXCHANGE, now).await?);
    let done = jobs.len();
    for outcome in join_all(jobs.iter().map(|job| send(app, job))).await {
        match outcome {
            // Another node has it by now: its word counts.
            Ok(()) | Err(StoreError::Stale { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

async fn send(app: &Shared, job: &Job) -> Result<(), StoreError> {
    let begun = Instant::now();
    let result = match job.kind.as_str() {
        HOOK_JOB => hook::run(app, &app.outbound.sender, job).await?,
        OUTBOX_JOB => exchange::run(app, &app.outbound.sender, job).await?,
        RECONCILE_JOB => reconcile::run(app, &app.outbound.sender, job).await?,
        MAIL_JOB => mail::run(app, app.outbound.relay.as_deref(), job).await?,
        _ => {
            let now = app.now().unwrap_or_else(|_| app.clock.highest());
            let mut tx = app.store.begin().await?;
            tx.bury_job(job, now, "unknown kind").await?;
            tx.commit().await?;
            "failed"
        }
    };
    metrics::job_done(&job.kind, result, begun.elapsed());
    Ok(())
}

//! Notices to people. Today they end in the log; the place where they will be handed on is here.

use super::Fault;
use super::effect::thing_of;
use crate::app::Shared;
use jiff::Timestamp;
use yinxin_store::Job;

/// Hands a notice on and ends its job.
///
/// # Errors
/// [`Fault`] when the database cannot answer.
pub async fn run(app: &Shared, job: &Job, now: Timestamp) -> Result<(), Fault> {
    tracing::info!(job = job.id, kind = job.kind, subject = thing_of(&job.subject), "notice");
    let mut tx = app.store.begin().await?;
    tx.finish_job(job, now).await?;
    tx.commit().await?;
    Ok(())
}

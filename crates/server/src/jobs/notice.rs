//! Notices to people, told when their job comes: who is concerned is looked up then.

use super::effect::thing_of;
use super::{Fault, SystemWork};
use crate::app::Shared;
use crate::notices::{Audience, tell};
use jiff::{SignedDuration, Timestamp};
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::Effect;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_store::Job;

/// Kind of the reminder that a seal ends.
const ENDS: &str = "seal.renewal_reminder";

/// Tells those concerned and ends the job.
///
/// # Errors
/// [`Fault`]; nothing has happened then.
pub async fn run(app: &Shared, job: &Job, now: Timestamp) -> Result<(), Fault> {
    let effect: Effect =
        serde_json::from_str(&job.payload).map_err(|error| Fault::hopeless(format!("payload: {error}")))?;
    let (audience, kind) = match effect {
        Effect::NotifyUnit { template } => (Audience::Unit, template),
        Effect::NotifyAuthority { template } => (Audience::Authority, template),
        Effect::NotifyMaker { template } => (Audience::Maker, template),
        Effect::NotifySystem { template } => (Audience::System, template),
        _ => return Err(Fault::hopeless("payload: not a notice")),
    };
    let subject = thing_of(&job.subject);
    let mut work = SystemWork::begin(app, now).await?;
    let event = event(&mut work, job, &kind, subject).await?;
    let told = tell(&mut work, audience, &kind, subject, &event).await?;
    work.finish(job).await?;
    tracing::info!(job = job.id, kind, subject, told, "notice");
    Ok(())
}

/// What a person is told of once: the step that left the job; for the end of a seal, that it ends at this moment in so many days.
async fn event(work: &mut SystemWork, job: &Job, kind: &str, subject: &str) -> Result<String, Fault> {
    if kind != ENDS || SealId::parse(subject).is_err() {
        return Ok(job.id.clone());
    }
    let seal = work.tx.get::<Seal>(subject).await?.value;
    let Some(made) = seal.made() else { return Ok(job.id.clone()) };
    let left = made.valid_until.duration_since(job.created_at);
    let days = (left + SignedDuration::from_hours(12)).as_hours() / 24;
    Ok(format!("{subject}/ends/{}/{days}", made.valid_until.as_second()))
}

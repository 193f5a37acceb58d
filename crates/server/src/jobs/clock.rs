//! Deadlines that have come. Each looks at the thing as it stands now: what has been done in time is left alone.

mod application;
mod approval;
mod custody;
pub(crate) mod peer;
mod retention;
mod seal;
mod ticket;

use super::Fault;
use super::effect::thing_of;
use super::system_work::{Author, SystemWork};
use crate::app::Shared;
use jiff::Timestamp;
use yinxin_registry::ids::{ApplicationId, PeerId, SealId, StandingId, TicketId, UseGrantId, UseRequestId};
use yinxin_registry::lifecycle::Effect;
use yinxin_store::Job;

/// A deadline as the job carries it.
struct Deadline<'a> {
    name: &'a str,
    at: Timestamp,
    author: Author,
}

/// Runs a deadline's job to its end.
///
/// # Errors
/// [`Fault`]; nothing has happened then.
pub async fn run_clock(app: &Shared, job: &Job, now: Timestamp) -> Result<(), Fault> {
    let effect: Effect =
        serde_json::from_str(&job.payload).map_err(|error| Fault::hopeless(format!("payload: {error}")))?;
    let Effect::Clock { name, at } = effect else {
        return Err(Fault::hopeless("payload: not a deadline"));
    };
    let deadline = Deadline { name: &name, at, author: Author::clock(job) };
    let mut work = SystemWork::begin(app, now).await?;
    let thing = thing_of(&job.subject);
    if SealId::parse(thing).is_ok() {
        if !custody::come(&mut work, thing, &deadline).await? {
            seal::come(&mut work, thing, deadline).await?;
        }
    } else if ApplicationId::parse(thing).is_ok() {
        application::come(&mut work, thing, deadline).await?;
    } else if UseGrantId::parse(thing).is_ok() {
        custody::grant_over(&mut work, thing, deadline).await?;
    } else if StandingId::parse(thing).is_ok() {
        approval::standing(&mut work, thing, deadline).await?;
    } else if UseRequestId::parse(thing).is_ok() {
        if !retention::come(&mut work, thing, &deadline).await? {
            approval::request(&mut work, thing, deadline).await?;
        }
    } else if TicketId::parse(thing).is_ok() {
        ticket::come(&mut work, thing, deadline).await?;
    } else if PeerId::parse(thing).is_ok() {
        peer::come(&mut work, thing, &deadline).await?;
    } else {
        return Err(Fault::hopeless(format!("a deadline of {thing}")));
    }
    work.finish(job).await?;
    Ok(())
}

/// Tells the unit.
fn unit(template: &str) -> Effect {
    Effect::NotifyUnit { template: template.to_owned() }
}

/// Tells the authority.
fn authority(template: &str) -> Effect {
    Effect::NotifyAuthority { template: template.to_owned() }
}

/// Tells the maker.
fn maker(template: &str) -> Effect {
    Effect::NotifyMaker { template: template.to_owned() }
}

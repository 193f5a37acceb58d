//! What a change of a seal's status means for its custody: one in force has one, with an ended seal it ends.

use super::system_work::{Author, SystemWork};
use super::{Fault, effect::thing_of};
use crate::api::custody::belongs;
use crate::api::seals;
use crate::app::Shared;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::custody::keeping::{Keeping, KeepingEvent, KeepingState};
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::{Seal, SealState};
use yinxin_registry::lifecycle::{By, State as _};
use yinxin_store::{Job, StoreError};

/// Follows a change of status and ends its job.
///
/// # Errors
/// [`Fault`]; nothing has happened then.
pub async fn follow_status(app: &Shared, job: &Job, now: Timestamp) -> Result<(), Fault> {
    let mut work = SystemWork::begin(app, now).await?;
    let thing = thing_of(&job.subject);
    if SealId::parse(thing).is_ok() {
        match follow(&mut work, thing, job).await {
            Ok(()) => {}
            // Somebody took a step at the same moment: once more.
            Err(StoreError::Stale { .. } | StoreError::Conflict { .. }) => {
                return Err(Fault::passing("the custody changed meanwhile"));
            }
            Err(error) => return Err(error.into()),
        }
    }
    work.finish(job).await?;
    Ok(())
}

async fn follow(work: &mut SystemWork, id: &str, job: &Job) -> Result<(), StoreError> {
    let seal = work.tx.get::<Seal>(id).await?.value;
    let found = work.tx.load::<Keeping>(id).await?;
    match (seal.state(), found) {
        (SealState::Active, None) => {
            let own = belongs(&seal);
            let keeping = Keeping::open(own.seal, own.unit, own.parent_unit, own.area_path, work.now);
            work.tx.insert(&keeping).await?;
        }
        (SealState::Expired | SealState::Canceled | SealState::Replaced | SealState::Void, Some(found))
            if found.value.state() != KeepingState::Ended =>
        {
            let ended = found.value.apply(KeepingEvent::End, &By::system(), work.now);
            let (ended, effects) = ended.map_err(|refused| StoreError::Internal(Box::new(refused)))?;
            work.tx.save(&ended, found.version).await?;
            let about = seals::subject(&seal);
            let details = json!({ "seal": seal.state().as_str() });
            work.record(Author::clock(job), "custody.end", &about, None, details);
            work.enact(&about, &effects);
        }
        _ => {}
    }
    Ok(())
}

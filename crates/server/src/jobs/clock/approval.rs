//! Deadlines of approvals: a step nobody decided in time, an authorization or a request whose time is over.

use super::Deadline;
use crate::api::standings;
use crate::api::use_requests::{self, SETTLE};
use crate::jobs::{Fault, SystemWork, tally};
use serde_json::json;
use yinxin_registry::approval::course::Course;
use yinxin_registry::approval::standing::{Standing, StandingEvent, StandingState};
use yinxin_registry::lifecycle::By;
use yinxin_registry::usage::request::{RequestEvent, RequestState, UseRequest};

/// Whether the step reached is the one whose deadline this is.
pub(super) fn is_due(course: &Course, deadline: &Deadline<'_>) -> bool {
    let stage = course.stages().get(course.reached());
    stage.is_some_and(|stage| stage.due == Some(deadline.at) && stage.escalated_at.is_none())
}

/// A deadline of a standing authorization has come.
pub(super) async fn standing(work: &mut SystemWork, id: &str, deadline: Deadline<'_>) -> Result<(), Fault> {
    let found = work.tx.get::<Standing>(id).await?;
    let state = found.value.state();
    let (event, action) = match deadline.name {
        "approval_overdue" => {
            if state != StandingState::Proposed || !is_due(found.value.course(), &deadline) {
                return Ok(());
            }
            (StandingEvent::Escalate, "standing.escalate")
        }
        "standing_over" => {
            if !matches!(state, StandingState::Proposed | StandingState::Live | StandingState::UsedUp) {
                return Ok(());
            }
            (StandingEvent::Expire, "standing.expire")
        }
        other => return Err(Fault::hopeless(format!("unknown deadline {other}"))),
    };
    let (standing, effects) = found.value.apply(event, &By::system(), work.now)?;
    work.tx.save(&standing, found.version).await?;
    let about = standings::subject(&standing);
    work.record(deadline.author, action, &about, None, json!({ "due": deadline.at }));
    work.enact(&about, &effects);
    Ok(())
}

/// A deadline of a request to use a seal has come.
pub(super) async fn request(work: &mut SystemWork, id: &str, deadline: Deadline<'_>) -> Result<(), Fault> {
    let found = work.tx.get::<UseRequest>(id).await?;
    let before = found.value.state();
    let (event, action) = match deadline.name {
        "approval_overdue" => {
            let due = found.value.course().is_some_and(|course| is_due(course, &deadline));
            if before != RequestState::Pending || !due {
                return Ok(());
            }
            (RequestEvent::Escalate, "use.escalate")
        }
        "use_draft_over" if before != RequestState::Draft => return Ok(()),
        "use_lapses" if found.value.good_until() != Some(deadline.at) || !ends(before) => return Ok(()),
        "use_draft_over" | "use_lapses" => {
            let tally = tally(&mut work.tx, id).await?;
            (RequestEvent::Lapse { tally }, "use.lapse")
        }
        other => return Err(Fault::hopeless(format!("unknown deadline {other}"))),
    };
    let (request, effects) = found.value.apply(event, &By::system(), work.now)?;
    work.tx.save(&request, found.version).await?;
    let about = use_requests::subject(&request);
    work.record(deadline.author, action, &about, None, json!({ "due": deadline.at }));
    work.enact(&about, &effects);
    if action == "use.lapse" {
        let settling = use_requests::settlement(&request, before);
        let payload = serde_json::to_string(&settling).map_err(|e| Fault::hopeless(e.to_string()))?;
        work.leave(SETTLE, id, payload);
    }
    Ok(())
}

/// Whether a request that stands so ends when its approval is over.
fn ends(state: RequestState) -> bool {
    matches!(state, RequestState::Approved | RequestState::Signing | RequestState::Partial)
}

//! What is kept and for how long: a request has ended, and the time of its documents is over.

use super::Deadline;
use crate::api::retention::practice;
use crate::api::use_requests;
use crate::jobs::{Fault, SystemWork};
use crate::notices::{Audience, tell};
use serde_json::json;
use yinxin_registry::lifecycle::{By, Effect};
use yinxin_registry::profile::day_of;
use yinxin_registry::retention::dossier::{Dossier, DossierEvent, DossierState};
use yinxin_registry::retention::rule::{RetentionRule, kept_until};
use yinxin_registry::usage::request::UseRequest;

/// Told when the time of documents is over.
const DUE: &str = "retention.due";

/// A deadline of what is kept; `false` where it is none of these.
pub(super) async fn come(work: &mut SystemWork, id: &str, deadline: &Deadline<'_>) -> Result<bool, Fault> {
    match deadline.name {
        "use_kept" => kept(work, id, deadline).await?,
        "use_due" => due(work, id).await?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// A request has ended: until when its documents are kept is fixed, by the rule of the unit as it is now.
async fn kept(work: &mut SystemWork, id: &str, deadline: &Deadline<'_>) -> Result<(), Fault> {
    let request = work.tx.get::<UseRequest>(id).await?.value;
    let Some(ended) = request.history().last().map(|step| step.at).filter(|_| request.state().has_ended())
    else {
        // Tried once more meanwhile: it ends anew.
        return Ok(());
    };
    let found = work.tx.load::<Dossier>(id).await?;
    let (dossier, version) = found.map_or_else(|| (Dossier::open(&request), 0), |f| (f.value, f.version));
    let open = matches!(dossier.state(), DossierState::Current | DossierState::Kept);
    if !open || dossier.ended_at() == Some(ended) {
        return Ok(());
    }
    let app = work.app().clone();
    let profile = practice(&app, &mut work.tx, request.area_path()).await?;
    let rule = work.tx.load::<RetentionRule>(request.unit().as_str()).await?.map(|found| found.value);
    let until = kept_until(rule.as_ref(), &request.asked().document_kind, &profile, ended);
    let event = DossierEvent::End { at: ended, kept_until: until };
    let dossier = dossier.apply(event, &By::system(), work.now)?;
    match version {
        0 => work.tx.insert(&dossier).await?,
        version => work.tx.save(&dossier, version).await?,
    };
    let about = use_requests::subject(&request);
    let details = json!({ "ended_at": ended, "kept_until": until });
    work.record(deadline.author.clone(), "retention.keep", &about, None, details);
    let clock = until.map(|at| Effect::Clock { name: "use_due".to_owned(), at });
    work.enact(&about, clock.as_slice());
    Ok(())
}

/// The time of some documents is over: the unit's people are told once a month, however many there are.
async fn due(work: &mut SystemWork, id: &str) -> Result<(), Fault> {
    let dossier = work.tx.get::<Dossier>(id).await?.value;
    let is_due = dossier.kept_until().is_some_and(|until| until <= work.now);
    if dossier.state() == DossierState::Kept && is_due && !dossier.is_held() {
        let (unit, day) = (dossier.unit().as_str(), day_of(work.now));
        let event = format!("{unit}/{DUE}/{}-{:02}", day.year(), day.month());
        tell(work, Audience::Unit, DUE, unit, &event).await?;
    }
    Ok(())
}

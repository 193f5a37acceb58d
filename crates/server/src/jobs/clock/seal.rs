//! Deadlines of seals.

use super::{Deadline, authority, maker, unit};
use crate::api::{applications, seals};
use crate::jobs::{Author, Fault, SystemWork};
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::ids::TicketId;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, ApplicationState};
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, SealState};
use yinxin_registry::lifecycle::{By, Effect, State as _};
use yinxin_store::Versioned;

/// A deadline of the seal has come.
pub(super) async fn come(work: &mut SystemWork, seal: &str, deadline: Deadline<'_>) -> Result<(), Fault> {
    let found = work.tx.get::<Seal>(seal).await?;
    let (state, now) = (found.value.state(), work.now);
    match deadline.name {
        "unclaimed" => {
            let due = found.value.claim_due().is_some_and(|due| due <= now);
            if due && matches!(state, SealState::Filed | SealState::Delivered) {
                lapse(work, found, deadline).await?;
            }
        }
        "expire" => {
            let over = found.value.made().is_some_and(|made| made.valid_until <= now);
            if over && found.value.is_in_force() {
                let (expired, effects) = found.value.apply(SealEvent::Expire, &By::system(), now)?;
                work.tx.save(&expired, found.version).await?;
                work.record(deadline.author, "seal.expire", &seals::subject(&expired), None, json!({}));
                work.enact(&seals::subject(&expired), &effects);
            }
        }
        "filing_overdue" if state == SealState::Made => {
            let effects = [authority("seal.filing_overdue"), maker("seal.filing_overdue")];
            remark(work, &found.value, deadline, "seal.filing_overdue", &effects);
        }
        "suspension_ends" => {
            let mut over = found.value.suspensions().iter().filter(|s| s.until == Some(deadline.at));
            let ticket = over.clone().find_map(|ground| ground.ticket.clone());
            if let Some(ticket) = ticket {
                let freed = let_go(work, found, &ticket, "停用期限届满", &deadline.author).await?;
                if let Some(seal) = freed.filter(|seal| seal.state() == SealState::Active) {
                    work.enact(&seals::subject(&seal), &[authority("seal.resumed")]);
                }
            } else if over.next().is_some() && state == SealState::Suspended {
                let effects = [authority("seal.suspension_ends"), unit("seal.suspension_ends")];
                remark(work, &found.value, deadline, "seal.suspension_ends", &effects);
            }
        }
        "filing_soon" if state == SealState::Made => {
            let effects = [authority("seal.filing_soon"), maker("seal.filing_soon")];
            work.enact(&seals::subject(&found.value), &effects);
        }
        "claim_soon" if matches!(state, SealState::Filed | SealState::Delivered) => {
            work.enact(&seals::subject(&found.value), &[unit("seal.claim_soon")]);
        }
        "renewal_reminder" if found.value.is_in_force() => {
            let effects = [unit("seal.renewal_reminder"), ends(&found.value, now)];
            remark(work, &found.value, deadline, "seal.renewal_reminder", &effects);
        }
        "filing_overdue" | "filing_soon" | "claim_soon" | "renewal_reminder" => {}
        other => return Err(Fault::hopeless(format!("unknown deadline {other}"))),
    }
    Ok(())
}

/// A ticket keeps the seal suspended no longer; the seal afterwards, where anything changed.
pub(super) async fn let_go(
    work: &mut SystemWork,
    found: Versioned<Seal>,
    ticket: &TicketId,
    why: &str,
    author: &Author,
) -> Result<Option<Seal>, Fault> {
    let Some(event) = found.value.end_of_ticket(ticket, why) else { return Ok(None) };
    let action = format!("seal.{}", event.name());
    let (seal, effects) = found.value.apply(event, &By::system(), work.now)?;
    work.tx.save(&seal, found.version).await?;
    let about = seals::subject(&seal);
    work.record(author.clone(), &action, &about, Some(why), json!({ "ticket": ticket }));
    work.enact(&about, &effects);
    Ok(Some(seal))
}

/// Tells programs that the seal ends soon.
fn ends(seal: &Seal, now: Timestamp) -> Effect {
    let state = seal.state().as_str().to_owned();
    Effect::Announce {
        event: "seal.ends".to_owned(),
        from: state.clone(),
        to: state,
        at: now,
        due: seal.made().map(|made| made.valid_until),
    }
}

/// A mark in the audit log and a word to people; the seal stays as it is.
fn remark(work: &mut SystemWork, seal: &Seal, deadline: Deadline<'_>, action: &str, effects: &[Effect]) {
    let about = seals::subject(seal);
    work.record(deadline.author, action, &about, None, json!({ "due": deadline.at }));
    work.enact(&about, effects);
}

/// Nobody came for it: the seal lapses, and the application with it.
async fn lapse(work: &mut SystemWork, found: Versioned<Seal>, deadline: Deadline<'_>) -> Result<(), Fault> {
    let (by, now) = (By::system(), work.now);
    let (seal, effects) = found.value.apply(SealEvent::Lapse, &by, now)?;
    work.tx.save(&seal, found.version).await?;
    work.enact(&seals::subject(&seal), &effects);
    let case = work.tx.get::<Application>(seal.application().as_str()).await?;
    if case.value.state() == ApplicationState::Making {
        let event = ApplicationEvent::Lapse { reason: "逾期未领取印章".to_owned() };
        let (application, effects) = case.value.apply(event, &by, now)?;
        work.tx.save(&application, case.version).await?;
        work.enact(&applications::subject(&application), &effects);
    }
    let details = json!({ "due": deadline.at, "application": seal.application() });
    work.record(deadline.author, "seal.lapse", &seals::subject(&seal), None, details);
    Ok(())
}

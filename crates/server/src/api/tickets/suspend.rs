//! Seals are suspended by an order: until a day, or until the order is carried out.

use super::open::is_of;
use super::{TicketView, answered, place, subject};
use crate::api::seals::{self, without_authority};
use crate::api::text::{check_line, check_reason};
use crate::api::times;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::correction::{MOST_SEALS, Ticket, TicketEvent};
use yinxin_registry::ids::{SealId, TicketId};
use yinxin_registry::lifecycle::reasons::SuspensionReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, Suspension};
use yinxin_registry::permission::Action;
use yinxin_store::Versioned;

/// A suspension by a ticket.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendByTicket {
    /// Which seals of the unit; those the ticket is about and that are in force when absent.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, min_items = 1, max_items = 100, example = json!(["seal_01k0000000000000000000000a"]))]
    pub seals: Option<Vec<SealId>>,
    /// Until which day; until the ticket is accepted or closed when absent. They resume by themselves then.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "逾期未整改，暂停使用印章")]
    pub detail: String,
    /// Number of the decision.
    #[schema(min_length = 1, max_length = 200, example = "示例停〔2026〕1号")]
    pub document: String,
}

impl SuspendByTicket {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/detail", &self.detail, &mut faults);
        check_line("/document", &self.document, 1..=200, &mut faults);
        if let Some(until) = self.until {
            times::check("/until", until, now, &mut faults);
            if until <= now {
                faults.push("/until", "PAST", "期限应晚于现在", "the term lies in the past");
            }
        }
        if self.seals.as_ref().is_some_and(|seals| !(1..=MOST_SEALS).contains(&seals.len())) {
            faults.push("/seals", "OUT_OF_RANGE", "应列 1 至 100 枚印章", "one to a hundred seals");
        }
        faults.into_result()
    }
}

/// 责令整改期间停用印章。 Suspends seals of the unit upon an order that is overdue, or at once where the breach is grave: false materials, forgery,
/// seals sold or lent. They resume on the day that was named, at the latest when the ticket is accepted or closed; what was suspended for
/// another reason as well stays suspended.
#[utoipa::path(
    post, path = "/tickets/{id}/suspend", tag = "tickets", operation_id = "tickets.suspend", summary = "整改期间停用印章 · Suspend seals by a ticket",
    params(("id" = String, Path, description = "监管单 · ticket"), IdempotencyKey, IfMatch), request_body = SuspendByTicket,
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn suspend(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    if_match: IfMatch,
    command: Command<SuspendByTicket>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let found = work.tx.get::<Ticket>(id.as_str()).await?;
    let by = work.permit(Action::TicketWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let chosen = choose(&mut work, &found.value, body.seals.as_deref()).await?;
    let event = TicketEvent::Suspend {
        seals: chosen.iter().map(|seal| seal.value.id().clone()).collect(),
        until: body.until,
        detail: body.detail.clone(),
        document: body.document.trim().to_owned(),
    };
    let (ticket, effects) = found.value.apply(event, &by, work.now)?;
    for Versioned { value: seal, version } in chosen {
        work.permit(Action::SealSuspend, &seals::place(&seal))?;
        let suspension = Suspension {
            reason: SuspensionReason::Correction,
            detail: body.detail.clone(),
            effective_at: work.now,
            until: body.until,
            document: Some(body.document.trim().to_owned()),
            ticket: Some(id.clone()),
        };
        let (seal, effects) = seal.apply(SealEvent::Suspend { suspension }, &by, work.now)?;
        work.tx.save(&seal, version).await.map_err(seals::raced)?;
        let about = seals::subject(&seal);
        let details = json!({
            "reason": SuspensionReason::Correction, "document": body.document, "until": body.until, "ticket": id,
        });
        work.record(&by, "seal.suspend", &about, Some(&body.detail), details);
        work.enact(&about, &without_authority(effects));
    }
    let version = work.tx.save(&ticket, found.version).await?;
    let last = ticket.suspensions().last();
    let details = json!({ "seals": last.map(|ordered| &ordered.seals), "until": body.until, "document": body.document });
    work.record(&by, "ticket.suspend", &subject(&ticket), Some(&body.detail), details);
    work.enact(&subject(&ticket), &effects);
    let answer = answered(&work, &ticket, version)?;
    work.finish(answer).await
}

/// The seals that are meant. Of those that were named each has to fit; of those the ticket is about what does not fit is left out.
async fn choose(
    work: &mut Work,
    ticket: &Ticket,
    named: Option<&[SealId]>,
) -> Result<Vec<Versioned<Seal>>, Stop> {
    let mut faults = Faults::new();
    let mut chosen: Vec<Versioned<Seal>> = Vec::new();
    for (place, id) in named.unwrap_or_else(|| ticket.seals()).iter().enumerate() {
        let found = work.tx.load::<Seal>(id.as_str()).await?;
        let found = found.filter(|found| is_of(&found.value, ticket.unit()));
        let fault = match &found {
            None => Some(("UNKNOWN", "该单位没有这枚印章", "the unit has no such seal")),
            Some(found) if !found.value.is_in_force() => {
                Some(("NOT_IN_FORCE", "该印章未生效或者已经终止", "the seal is not in force"))
            }
            Some(found) if is_suspended_by(&found.value, ticket.id()) => {
                Some(("ALREADY", "该监管单已停用这枚印章", "the ticket keeps this seal suspended already"))
            }
            Some(found) if chosen.iter().any(|other| other.value.id() == found.value.id()) => {
                Some(("TWICE", "这枚印章列了两次", "this seal is named twice"))
            }
            Some(_) => None,
        };
        match (fault, found) {
            (None, Some(found)) => chosen.push(found),
            (Some((code, zh, en)), _) if named.is_some() => {
                faults.push(&format!("/seals/{place}"), code, zh, en);
            }
            _ => {}
        }
    }
    faults.into_result()?;
    Ok(chosen)
}

fn is_suspended_by(seal: &Seal, ticket: &TicketId) -> bool {
    seal.suspensions().iter().any(|ground| ground.ticket.as_ref() == Some(ticket))
}

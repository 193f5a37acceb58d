//! The department looks into an answer, gives more time, ends a ticket in another way.

use super::{Noted, TicketView, step};
use crate::api::applications::Reason;
use crate::api::seals::{reasoned, reasoned_at};
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
use yinxin_registry::correction::TicketEvent;
use yinxin_registry::ids::TicketId;
use yinxin_registry::permission::Action;

/// The department is satisfied.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptTicket {
    /// 2 to 2000 characters; the unit reads them.
    #[schema(min_length = 2, max_length = 2000, example = "复查合格，整改完成")]
    pub remark: String,
}

/// 复查合格。 Accepts what the unit corrected. Seals that the ticket suspended are resumed, those that something else keeps suspended stay so.
#[utoipa::path(
    post, path = "/tickets/{id}/accept", tag = "tickets", operation_id = "tickets.accept", summary = "复查合格 · Accept a correction",
    params(("id" = String, Path, description = "监管单 · ticket"), IdempotencyKey, IfMatch), request_body = AcceptTicket,
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn accept(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    if_match: IfMatch,
    command: Command<AcceptTicket>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    reasoned_at("/remark", &body.remark)?;
    let event = TicketEvent::Accept { remark: body.remark.clone() };
    let noted = Noted { action: "ticket.accept", reason: Some(body.remark.trim()), details: json!({}) };
    step(work, (&id, &if_match), Action::TicketWrite, event, noted).await
}

/// The department is not satisfied.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBackTicket {
    /// What is missing, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "未附整改前后的用印审批记录")]
    pub reason: String,
    /// Another day, for an order; the old one stays when absent, as long as it lies ahead.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
}

/// 退回整改。 Sends an answer back; the unit answers once more.
#[utoipa::path(
    post, path = "/tickets/{id}/send-back", tag = "tickets", operation_id = "tickets.send_back", summary = "退回整改 · Send an answer back",
    params(("id" = String, Path, description = "监管单 · ticket"), IdempotencyKey, IfMatch), request_body = SendBackTicket,
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn send_back(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    if_match: IfMatch,
    command: Command<SendBackTicket>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    due_fits(body.due, work.now)?;
    let event = TicketEvent::SendBack { reason: body.reason.clone(), due: body.due };
    let details = json!({ "due": body.due });
    let noted = Noted { action: "ticket.send_back", reason: Some(body.reason.trim()), details };
    step(work, (&id, &if_match), Action::TicketWrite, event, noted).await
}

/// More time.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendTicket {
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "设备采购需要时间，同意延期")]
    pub reason: String,
}

/// 延长整改期限。 Gives the unit more time for an order.
#[utoipa::path(
    post, path = "/tickets/{id}/extend", tag = "tickets", operation_id = "tickets.extend", summary = "延长整改期限 · Give more time",
    params(("id" = String, Path, description = "监管单 · ticket"), IdempotencyKey, IfMatch), request_body = ExtendTicket,
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn extend(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    if_match: IfMatch,
    command: Command<ExtendTicket>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    due_fits(Some(body.due), work.now)?;
    let event = TicketEvent::Extend { due: body.due, reason: body.reason.clone() };
    let details = json!({ "due": body.due });
    let noted = Noted { action: "ticket.extend", reason: Some(body.reason.trim()), details };
    step(work, (&id, &if_match), Action::TicketWrite, event, noted).await
}

/// 结案。 Ends a ticket in another way: it was passed on, the unit is gone, it was opened by mistake. What it suspended is resumed as upon
/// acceptance.
#[utoipa::path(
    post, path = "/tickets/{id}/close", tag = "tickets", operation_id = "tickets.close", summary = "结案 · Close a ticket",
    params(("id" = String, Path, description = "监管单 · ticket"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn close(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let event = TicketEvent::Close { reason: body.reason.clone() };
    let noted = Noted { action: "ticket.close", reason: Some(body.reason.trim()), details: json!({}) };
    step(work, (&id, &if_match), Action::TicketWrite, event, noted).await
}

fn due_fits(due: Option<Timestamp>, now: Timestamp) -> Result<(), Problem> {
    let mut faults = Faults::new();
    if let Some(due) = due {
        times::check("/due", due, now, &mut faults);
    }
    faults.into_result()
}

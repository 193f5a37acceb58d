//! The unit answers a ticket.

use super::{Noted, TicketView, step};
use crate::api::seals::reasoned_at;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::correction::TicketEvent;
use yinxin_registry::ids::TicketId;
use yinxin_registry::permission::Action;

/// What the unit did.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerTicket {
    /// 2 to 2000 characters; the department reads them.
    #[schema(min_length = 2, max_length = 2000, example = "已收回借出的密码钥匙，修订用印审批流程")]
    pub text: String,
}

/// 反馈整改。 Answers a ticket with the files that were brought before; the department then looks into it.
#[utoipa::path(
    post, path = "/tickets/{id}/answer", tag = "tickets", operation_id = "tickets.answer", summary = "反馈整改 · Answer a ticket",
    params(("id" = String, Path, description = "监管单 · ticket"), IdempotencyKey, IfMatch), request_body = AnswerTicket,
    responses((status = 200, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn answer(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<TicketId>,
    if_match: IfMatch,
    command: Command<AnswerTicket>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    reasoned_at("/text", &body.text)?;
    let event = TicketEvent::Answer { text: body.text.clone() };
    let noted = Noted { action: "ticket.answer", reason: Some(body.text.trim()), details: json!({}) };
    step(work, (&id, &if_match), Action::TicketAnswer, event, noted).await
}

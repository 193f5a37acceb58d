//! A periodic check that the seal is where it should be.

use super::{CustodyView, days, load, step};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::custody::keeping::KeepingEvent;
use yinxin_registry::ids::SealId;
use yinxin_registry::permission::Action;

/// What a check found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordCheck {
    /// Whether everything was in order; otherwise unit and authority are told.
    pub in_order: bool,
    /// What was found, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "账实相符")]
    pub note: String,
    /// Days until the next; 90 when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 366, example = 90)]
    pub check_days: Option<u16>,
}

/// 定期核查。 The custodian records a periodic check.
#[utoipa::path(
    post, path = "/seals/{id}/custody/check", tag = "custody", operation_id = "custody.check", summary = "定期核查 · Record a periodic check",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = RecordCheck,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn check(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<RecordCheck>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    check_reason("/note", &body.note, &mut faults);
    faults.into_result()?;
    let check_days = days(body.check_days)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyKeep, &kept.place())?;
    if_match.check(kept.version)?;
    let event = KeepingEvent::Check { in_order: body.in_order, note: body.note.clone(), check_days };
    step(work, kept, event, &by, Some(&body.note), json!({ "in_order": body.in_order })).await
}

//! A unit asks for its seal to be canceled; the authority decides.

use super::cancel::CancelSeal;
use super::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::{Seal, TABLE};
use yinxin_registry::lifecycle::{Effect, next};
use yinxin_registry::permission::Action;

/// What was asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CancelRequested {
    /// The seal.
    pub seal: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// In words.
    pub detail: String,
}

/// 申请缴销。 Asks for it; the seal stays as it is until the authority decides.
#[utoipa::path(
    post, path = "/seals/{id}/request-cancel", tag = "seals", operation_id = "seals.request_cancel", summary = "申请缴销 · Ask for cancellation",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = CancelSeal,
    responses((status = 202, description = "已受理 · passed on to the authority", body = CancelRequested))
)]
pub async fn request_cancel(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<CancelSeal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check()?;
    let seal = work.tx.get::<Seal>(id.as_str()).await?.value;
    let by = work.permit(Action::SealRequestCancel, &place(&seal))?;
    next(TABLE, seal.state(), "cancel")?;
    let details = json!({ "reason": body.reason });
    work.record(&by, "seal.request_cancel", &subject(&seal), Some(&body.detail), details);
    let template = "seal.cancel_requested".to_owned();
    work.enact(&subject(&seal), &[Effect::NotifyAuthority { template }]);
    let answer = StoredResponse::accepted(&CancelRequested {
        seal: seal.id().to_string(),
        at: work.now,
        reason: body.reason.as_str().to_owned(),
        detail: body.detail,
    })?;
    work.finish(answer).await
}

//! The history of a seal's status.

use super::{check_code, find};
use crate::api::applications::StepView;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Json, Path};
use crate::status::{Asked, Envelope, not_ours};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The history of a seal's status.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StatusHistory {
    /// The signed answer; its statement holds every status with its time.
    pub answer: Envelope,
    /// Every step with who took it and why: for those who may read the seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<StepView>>,
}

/// 印章状态历史。 Every status a seal has had, signed; with the steps for those who may read the seal.
#[utoipa::path(
    get, path = "/status/{code}/history", tag = "status", operation_id = "status.history",
    summary = "印章状态历史 · History of a seal's status",
    params(("code" = String, Path, description = "印章编码 · code of the seal", min_length = 1, max_length = 64, pattern = "^[!-~]{1,64}$")),
    responses((status = 200, description = "历史 · the history", body = StatusHistory)),
    security(())
)]
pub async fn history(
    State(app): State<Shared>,
    caller: Option<axum::Extension<Caller>>,
    Path(code): Path<String>,
) -> Result<Json<StatusHistory>, Stop> {
    check_code(&code)?;
    let now = app.now()?;
    let caller = caller.map(|extension| extension.0);
    let (seal, reads) = find(&app, &code, caller.as_ref(), now).await?;
    let asked = Asked { code: &code, at: None, nonce: None };
    let (_, answer) = match &seal {
        Some(_) => app.status_answer(&asked, seal.as_ref(), now)?,
        None => not_ours(&app, &asked, now).await?,
    };
    let steps = seal.filter(|_| reads).map(|seal| seal.history().iter().map(StepView::from).collect());
    Ok(Json(StatusHistory { answer, steps }))
}

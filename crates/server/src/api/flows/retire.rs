//! A flow is retired: no new approval begins by it.

use super::{FlowView, place, subject};
use crate::api::applications::Reason;
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::ids::FlowId;
use yinxin_registry::permission::Action;

/// 停用审批流程。 Retires a flow; approvals under way are finished by it.
#[utoipa::path(
    post, path = "/flows/{id}/retire", tag = "approval", operation_id = "flows.retire", summary = "停用审批流程 · Retire a flow of approval",
    params(("id" = String, Path, description = "流程 · flow"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "流程 · the flow", body = FlowView))
)]
pub async fn retire(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<FlowId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<Flow>(id.as_str()).await?;
    let by = work.permit(Action::FlowWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let flow = found.value.retire()?;
    let version = work.tx.save(&flow, found.version).await?;
    work.record(
        &by,
        "flow.retire",
        &subject(&flow),
        Some(&body.reason),
        json!({ "version": flow.version() }),
    );
    work.finish(StoredResponse::ok(&FlowView::of(&flow, version))?.version(version)).await
}

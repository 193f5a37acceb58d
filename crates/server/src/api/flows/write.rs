//! The unit's agent writes a flow, or a new version of it.

use super::body::FlowBody;
use super::{FlowView, place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::ids::{FlowId, UnitId};
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::unit::Unit;

/// 新建审批流程。 Writes a flow of a unit.
#[utoipa::path(
    post, path = "/units/{id}/flows", tag = "approval", operation_id = "flows.open", summary = "新建审批流程 · Write a flow of approval",
    params(("id" = String, Path, description = "单位 · unit"), IdempotencyKey), request_body = FlowBody,
    responses((status = 201, description = "流程 · the flow", body = FlowView))
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    command: Command<FlowBody>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let unit = work.tx.get::<Unit>(id.as_str()).await?.value;
    let place = Place::unit(&unit.id, unit.parent.as_ref(), &unit.area_path);
    let by = work.permit(Action::FlowWrite, &place)?;
    let draft = body.draft(&mut work, &place).await?;
    let id = FlowId::new(work.now, &mut app.rng());
    let flow = Flow::open(id, unit.id, unit.parent, unit.area_path, draft, work.now)?;
    let version = work.tx.insert(&flow).await?;
    work.record(&by, "flow.open", &subject(&flow), None, details(&flow));
    let path = format!("/api/v1/flows/{}", flow.id());
    let answer = StoredResponse::created(path, &FlowView::of(&flow, version))?;
    work.finish(answer.version(version)).await
}

/// 修订审批流程。 Writes a new version; approvals under way go on by the version they began with.
#[utoipa::path(
    put, path = "/flows/{id}", tag = "approval", operation_id = "flows.revise", summary = "修订审批流程 · Revise a flow of approval",
    params(("id" = String, Path, description = "流程 · flow"), IdempotencyKey, IfMatch), request_body = FlowBody,
    responses((status = 200, description = "流程 · the flow", body = FlowView))
)]
pub async fn revise(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<FlowId>,
    if_match: IfMatch,
    command: Command<FlowBody>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Flow>(id.as_str()).await?;
    let place = place(&found.value);
    let by = work.permit(Action::FlowWrite, &place)?;
    if_match.check(found.version)?;
    let draft = body.draft(&mut work, &place).await?;
    let flow = found.value.revise(draft)?;
    let version = work.tx.save(&flow, found.version).await?;
    work.record(&by, "flow.revise", &subject(&flow), None, details(&flow));
    work.finish(StoredResponse::ok(&FlowView::of(&flow, version))?.version(version)).await
}

/// The whole flow, so that the log tells by which rules was decided at any time.
fn details(flow: &Flow) -> Value {
    json!({ "version": flow.version(), "name": flow.name(), "covers": flow.covers(), "steps": flow.steps() })
}

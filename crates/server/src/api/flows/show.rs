//! One flow, by its key or by what it would approve.

use super::{FlowView, applicable, place};
use crate::api::filter::check_length;
use crate::api::seals;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Path, Query, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::ids::{FlowId, SealId};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;

/// 查看审批流程。 Reads one.
#[utoipa::path(
    get, path = "/flows/{id}", tag = "approval", operation_id = "flows.show", summary = "查看审批流程 · Read a flow of approval",
    params(("id" = String, Path, description = "流程 · flow")),
    responses((status = 200, description = "流程 · the flow", body = FlowView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<FlowId>,
) -> Result<Versioned<FlowView>, Stop> {
    let found = app.store.read().await?.get::<Flow>(id.as_str()).await?;
    caller.permit(Action::FlowRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: FlowView::of(&found.value, found.version) })
}

/// Which documents.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FlowQuery {
    /// Kind of document.
    #[param(min_length = 1, max_length = 64, example = "合同")]
    pub document_kind: String,
}

/// 适用的审批流程。 Tells by which flow the use of a seal on a kind of document is approved.
#[utoipa::path(
    get, path = "/seals/{id}/flow", tag = "approval", operation_id = "flows.of_seal", summary = "适用的审批流程 · The flow that applies",
    params(("id" = String, Path, description = "印章 · seal"), FlowQuery),
    responses(
        (status = 200, description = "流程 · the flow", body = FlowView),
        (status = 409, description = "没有适用的流程 · no flow applies")
    )
)]
pub async fn of_seal(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    Query(query): Query<FlowQuery>,
) -> Result<Versioned<FlowView>, Stop> {
    check_length("document_kind", Some(&query.document_kind), 1..=64)?;
    let mut read = app.store.read().await?;
    let seal = read.get::<Seal>(id.as_str()).await?.value;
    caller.permit(Action::FlowRead, &seals::place(&seal), app.now()?)?;
    let (flow, version) = applicable(&mut read, &seal, &query.document_kind).await?;
    Ok(Versioned { version, body: FlowView::of(&flow, version) })
}

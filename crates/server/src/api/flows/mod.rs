//! Flows of approval (审批流程): data of a unit. What has begun goes on by the version it began with.

pub mod body;
mod list;
mod retire;
mod show;
mod view;
mod write;

pub use view::{ApproverView, CourseView, FlowView};

use crate::app::{Shared, Stop, Subject};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::approval::flow::Flow;
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Place;
use yinxin_store::Access;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(write::open))
        .routes(routes!(show::show, write::revise))
        .routes(routes!(retire::retire))
        .routes(routes!(show::of_seal))
}

/// Where a flow stands, for permissions.
pub fn place(flow: &Flow) -> Place {
    Place::unit(flow.unit(), flow.parent_unit(), flow.area_path())
}

/// What the audit log says it is about.
pub fn subject(flow: &Flow) -> Subject {
    Subject::unit(flow.id().as_str(), flow.area_path(), flow.unit())
}

/// The flow by which documents of a kind are approved for a seal: the closest of the unit's, else of the unit above it.
///
/// # Errors
/// `CONFLICT` by `NO_FLOW`; problems of the database.
pub async fn applicable(access: &mut Access, seal: &Seal, document_kind: &str) -> Result<(Flow, i64), Stop> {
    for unit in std::iter::once(seal.unit()).chain(seal.parent_unit()) {
        let flows = access.live_flows(unit.as_str()).await?;
        let chosen = Flow::choose(flows.iter().map(|found| &found.value), seal.kind(), document_kind);
        let chosen = chosen.map(|flow| flow.id().clone());
        if let Some(found) = flows.into_iter().find(|found| Some(found.value.id()) == chosen.as_ref()) {
            return Ok((found.value, found.version));
        }
    }
    Err(Refused::rule(
        "NO_FLOW",
        "本单位没有适用的审批流程",
        "the unit has no flow of approval for this seal and kind of document",
    )
    .into())
}

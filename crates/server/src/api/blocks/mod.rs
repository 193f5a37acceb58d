//! Agents who may not apply (限制申请名单).

mod add;
mod lift;
mod list;
mod show;
mod view;

pub use view::BlockView;

use crate::app::{Shared, Subject};
use crate::http::{Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, add::add))
        .routes(routes!(show::show))
        .routes(routes!(lift::lift))
}

/// Where an entry stands, for permissions.
pub fn place(block: &BlockedAgent) -> Place {
    Place::area(&block.area_path)
}

/// What the audit log says it is about.
pub fn subject(block: &BlockedAgent) -> Subject {
    Subject::area(block.id.as_str(), &block.area_path)
}

/// The answer to a step.
///
/// # Errors
/// `INTERNAL` when it cannot be written.
pub fn answer(block: &BlockedAgent, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&BlockView::of(block, version))?.version(version))
}

//! Drills of emergency measures (应急演练): a suspension in bulk is rehearsed, what it would touch is written down, nothing is changed.

mod hold;
mod list;
mod view;

pub use view::DrillView;

use crate::app::{Shared, Subject};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::drill::Drill;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list::list, hold::hold)).routes(routes!(list::show))
}

/// Where a drill stands, for permissions.
pub fn place(drill: &Drill) -> Place {
    Place::area(&drill.area_path)
}

/// What the audit log says it is about.
pub fn subject(drill: &Drill) -> Subject {
    Subject::area(drill.id.as_str(), &drill.area_path)
}

//! Designations (指定): an area names the department that issues seals for it and files that with the area above (XA-7).

mod end;
mod file;
mod list;
mod make;
mod show;
mod view;

pub use view::DesignationView;

use crate::app::{Shared, Subject};
use crate::http::{Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::area::{Designation, DesignationState};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, make::make))
        .routes(routes!(show::show))
        .routes(routes!(file::file))
        .routes(routes!(end::end))
}

/// What the audit log says it is about.
pub fn subject(designation: &Designation) -> Subject {
    Subject::area(designation.id.as_str(), &designation.area_path)
}

/// The answer to a step.
///
/// # Errors
/// `INTERNAL` when it cannot be written.
pub fn answer(designation: &Designation, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&DesignationView::of(designation, version))?.version(version))
}

/// A step that the designation's state does not allow.
pub fn state_conflict(state: DesignationState, event: &str) -> Problem {
    let (name, allowed): (_, &[&str]) = match state {
        DesignationState::Made => ("made", &["file", "end"]),
        DesignationState::Filed => ("filed", &["end"]),
        DesignationState::Ended => ("ended", &[]),
    };
    Problem::state_conflict(name, event, allowed.iter().copied())
}

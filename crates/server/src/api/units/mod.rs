//! Units (用章单位) that own seals, with their internal bodies and branches.

mod body;
mod change;
mod dissolve;
mod list;
mod people;
mod register;
mod reveal;
mod show;
mod view;

pub use view::{UnitSummary, UnitView};

use crate::app::{Shared, Subject};
use crate::http::{Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::permission::Place;
use yinxin_registry::unit::Unit;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, register::register))
        .routes(routes!(show::show, change::change))
        .routes(routes!(dissolve::dissolve))
        .routes(routes!(reveal::reveal))
        .routes(routes!(people::people))
}

/// Where a unit stands, for permissions.
pub fn place(unit: &Unit) -> Place {
    Place::unit(&unit.id, unit.parent.as_ref(), &unit.area_path)
}

/// What the audit log says it is about.
pub fn subject(unit: &Unit) -> Subject {
    Subject::unit(unit.id.as_str(), &unit.area_path, &unit.id)
}

/// The answer to a change.
///
/// # Errors
/// `INTERNAL` when it cannot be written.
pub fn answer(unit: &Unit, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&UnitView::of(unit, version))?.version(version))
}

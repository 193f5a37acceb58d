//! Areas (行政区划) and the authorities in charge of them.

mod change;
mod list;
mod make;
mod profile;
mod show;
mod view;

pub use view::AreaView;

use crate::app::{Shared, Stop, Subject};
use crate::auth::Caller;
use crate::http::{Code, Problem, StoredResponse};
use jiff::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::area::Area;
use yinxin_registry::permission::Action;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list::list, make::make)).routes(routes!(show::show, change::change))
}

/// Whoever holds a role now may read what is no secret among officials and units: areas, profiles.
///
/// # Errors
/// `FORBIDDEN` without a role, or what a restricted session lacks first.
pub fn any_role(caller: &Caller, now: Timestamp) -> Result<(), Stop> {
    // Of programs this asks that they may read units: areas are where units are.
    caller.unrestricted(Action::UnitRead)?;
    if caller.grants().iter().any(|grant| grant.is_live(now)) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).into())
}

/// What the audit log says it is about.
pub fn subject(area: &Area) -> Subject {
    Subject::area(area.code.as_str(), &area.path)
}

/// The answer to a change.
///
/// # Errors
/// `INTERNAL` when it cannot be written.
pub fn answer(area: &Area, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&AreaView::of(area, version))?.version(version))
}

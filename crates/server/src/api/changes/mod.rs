//! Change cases (变更): the old seal is canceled by the approval of the new one, both carried by one case.

mod list;
mod open;
mod show;
mod view;
mod withdraw;

pub use view::ChangeView;

use crate::app::{Shared, Subject};
use crate::http::{Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::lifecycle::change::ChangeCase;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, open::open))
        .routes(routes!(show::show))
        .routes(routes!(withdraw::withdraw))
}

/// Where a case stands, for permissions.
pub fn place(case: &ChangeCase) -> Place {
    Place::unit(case.unit(), case.parent_unit(), case.area_path())
}

/// What the audit log says it is about.
pub fn subject(case: &ChangeCase) -> Subject {
    Subject::unit(case.id().as_str(), case.area_path(), case.unit())
}

/// The answer to a step.
pub fn answer(case: &ChangeCase, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&ChangeView::of(case, version))?.version(version))
}

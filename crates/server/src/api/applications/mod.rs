//! Applications for seals (制章申请): written and handed in by units, decided by the issuing department.

mod approve;
mod body;
mod edit;
mod facts;
mod imprint;
mod list;
mod materials;
mod open;
mod proof;
mod refuse;
mod reopen;
mod show;
mod submit;
mod trial;
mod truth;
mod view;
mod withdraw;

pub use body::ContentBody;
pub use facts::{check_facts, profile_in_force};
pub use materials::FileName;
pub(crate) use materials::{claim, download, is_file_name, media_type};
pub use open::opening;
pub use view::{ApplicationSummary, ApplicationView, StepView};
pub use withdraw::Reason;

use crate::app::{Shared, Subject};
use crate::http::StoredResponse;
use crate::http::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, open::open))
        .routes(routes!(show::show, edit::edit))
        .routes(routes!(show::checks))
        .routes(routes!(materials::put, materials::remove, materials::get))
        .routes(routes!(imprint::imprint))
        .routes(routes!(imprint::difference))
        .routes(routes!(trial::picture))
        .routes(routes!(trial::trial_checks))
        .routes(routes!(submit::submit))
        .routes(routes!(refuse::give_back))
        .routes(routes!(refuse::refuse))
        .routes(routes!(approve::approve))
        .routes(routes!(withdraw::withdraw))
        .routes(routes!(reopen::reopen))
        .routes(routes!(show::approval))
        .routes(routes!(truth::truth))
}

/// Where an application stands, for permissions.
pub fn place(application: &Application) -> Place {
    Place::unit(application.unit(), application.parent_unit(), application.area_path())
        .with_maker(application.maker())
}

/// What the audit log says it is about.
pub fn subject(application: &Application) -> Subject {
    Subject::unit(application.id().as_str(), application.area_path(), application.unit())
}

/// The answer to a step.
pub fn answer(application: &Application, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&ApplicationView::of(application, version))?.version(version))
}

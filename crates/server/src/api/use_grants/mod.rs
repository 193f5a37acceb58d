//! Rights to use a seal (用印授权): given by its custodian to a person or a program, for a time, for kinds of document, so many times.

mod give;
mod revoke;
mod show;
mod view;

pub use view::{HoursBody, LimitsView, UseGrantView};

use crate::app::{Shared, Subject};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::custody::grant::UseGrant;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(show::of_seal, give::give))
        .routes(routes!(show::show))
        .routes(routes!(revoke::revoke))
}

/// Where a right stands, for permissions.
pub fn place(grant: &UseGrant) -> Place {
    Place::unit(grant.unit(), grant.parent_unit(), grant.area_path())
}

/// What the audit log says it is about: its seal.
pub fn subject(grant: &UseGrant) -> Subject {
    Subject::unit(grant.seal().as_str(), grant.area_path(), grant.unit())
}

//! The audit log (审计): read, verified, exported. Whoever reads it is recorded too.

mod export;
mod heads;
mod list;
mod show;
mod verify;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(heads::list))
        .routes(routes!(show::show))
        .routes(routes!(verify::verify))
        .routes(routes!(export::export))
}

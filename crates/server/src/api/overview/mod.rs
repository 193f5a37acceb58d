//! Figures of an area (概览): what is in which state, what is overdue, what ends soon.

mod months;
mod show;
mod view;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(show::show)).routes(routes!(months::months))
}

//! The use register (用印登记): every try to use a seal, the newest first; signed copies of it for others.

mod export;
mod list;
mod view;

pub use view::UseRecordView;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::of_seal))
        .routes(routes!(export::export))
}

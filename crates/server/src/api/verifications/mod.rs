//! Verification of sealed documents for everybody, and the records of it.

mod asker;
mod digest;
mod list;
mod make;
mod show;
mod view;

pub(crate) use asker::Asker;
pub use view::{KnownUseView, SealSeenView, VerificationView};

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(make::make, list::list))
        .routes(routes!(digest::digest))
        .routes(routes!(show::show))
}

//! Placeholder.

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
}

//! The endpoints under `/api/v1`: one folder for each resource, one file for each thing that can be done with it.

pub mod applications;
pub mod people;
pub mod scope;
pub mod seals;
pub mod words;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;

/// Every endpoint, without the frame.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .nest("/api/v1", OpenApiRouter::new().merge(applications::routes()).merge(seals::routes()))
}

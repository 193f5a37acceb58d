//! Data keys (数据密钥): which there are, and a new one in place of the old. No answer holds key material.

mod list;
mod ring;
mod rotate;

pub use ring::{reload, ring_of};
pub use rotate::RotatedKey;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(rotate::rotate))
}

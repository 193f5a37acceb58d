//! Data keys (数据密钥): which there are, a new one in place of the old, and how far what was written under the old one has been
//! renewed. No answer holds key material.

mod list;
mod renewal;
mod ring;
mod rotate;
mod show;

pub use renewal::{JOB, Progress, run as run_renewal};
pub use ring::reload;
pub use rotate::RotatedKey;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(rotate::rotate))
        .routes(routes!(show::show))
}

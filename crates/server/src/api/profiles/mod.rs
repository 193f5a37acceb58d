//! Profiles of practice (地区配置), and the procedures they describe for everybody to read before applying (NM-~11).

mod list;
mod procedure_view;
mod procedures;
mod publish;
mod reload;
mod show;
mod view;

pub use reload::reload;
pub use view::TextView;

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, publish::publish))
        .routes(routes!(show::show))
        .routes(routes!(procedures::offered))
        .routes(routes!(procedures::show))
}

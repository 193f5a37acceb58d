//! How long documents are kept (保管期限): the rule of a unit, and the dossier of each request with what holds it.

mod dossier;
mod rule;
mod view;

pub use view::{DossierView, PeriodBody};

use crate::app::Shared;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::profile::Profile;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(rule::show, rule::set))
        .routes(routes!(dossier::show))
        .routes(routes!(dossier::hold))
        .routes(routes!(dossier::lift))
}

/// The profile in force in an area.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn practice(
    app: &crate::app::App,
    access: &mut yinxin_store::Access,
    path: &AreaPath,
) -> Result<std::sync::Arc<Profile>, crate::app::Stop> {
    let area = access.get::<Area>(path.code()).await?.value;
    Ok(app.profiles.in_force(area.profile.as_deref())?)
}

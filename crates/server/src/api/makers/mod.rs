//! Makers (制作管理单位): who may make seals, by which license and for which areas.

mod body;
mod certificate;
mod change;
mod list;
mod register;
mod show;
mod stop;
mod view;

pub use view::MakerView;

use crate::app::{Shared, Subject};
use crate::http::{Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, register::register))
        .routes(routes!(show::show, change::change))
        .routes(routes!(stop::stop))
        .routes(routes!(stop::resume))
}

/// Where a maker stands, for permissions.
pub fn place(maker: &Maker) -> Place {
    Place::maker(&maker.id, &maker.area_path)
}

/// What the audit log says it is about.
pub fn subject(maker: &Maker) -> Subject {
    Subject::area(maker.id.as_str(), &maker.area_path)
}

/// The answer to a step.
///
/// # Errors
/// `INTERNAL` when it cannot be written.
pub fn answer(maker: &Maker, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&MakerView::of(maker, version))?.version(version))
}

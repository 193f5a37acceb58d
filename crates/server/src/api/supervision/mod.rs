//! Supervision of makers (制作单位监管): a log of its own, written by the issuing department, read by supervisors and by the maker itself.

mod list;
mod settle;
mod show;
mod view;
mod write;

pub use view::SupervisionView;

use crate::app::{Shared, Subject};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::permission::Place;
use yinxin_registry::supervision::SupervisionEntry;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::of_maker, write::write))
        .routes(routes!(show::show))
        .routes(routes!(settle::settle))
}

/// Where an entry stands, for permissions.
pub fn place(entry: &SupervisionEntry) -> Place {
    Place::maker(&entry.maker, &entry.area_path)
}

/// What the audit log says it is about: the maker, so that an export of its case holds its supervision.
pub fn subject(entry: &SupervisionEntry) -> Subject {
    Subject::area(entry.maker.as_str(), &entry.area_path)
}

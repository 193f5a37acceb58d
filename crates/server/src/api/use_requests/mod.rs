//! Requests to use a seal (用印申请): opened with their documents, approved by exactly what they hold, carried out, recorded.

mod archive;
mod arrange;
mod content;
mod elsewhere;
mod items;
mod list;
mod metadata;
mod open;
mod package;
pub mod register;
mod rights;
mod sign;
mod submit;
mod templates;
mod view;
mod vote;
mod withdraw;
mod zip;

pub(crate) use content::{item_of, may_be_sealed, not_disposed, not_going, sealed_media_type};
pub use rights::{approvers, give_back};
pub use sign::{JOB, Signing};
pub use view::{PlacementBody, UseItemView, UseRequestView, places};
pub use withdraw::{SETTLE, Settling, settlement};

use crate::app::{Shared, Subject};
use crate::http::{Problem, StoredResponse};
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::permission::Place;
use yinxin_registry::usage::request::UseRequest;

/// Most bytes of a list of documents: five hundred with a hundred places each.
const ITEMS_BODY: usize = 8 << 20;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    let add = OpenApiRouter::new()
        .routes(routes!(items::list, items::add))
        .layer(DefaultBodyLimit::max(ITEMS_BODY));
    OpenApiRouter::new()
        .routes(routes!(list::list, open::open))
        .routes(routes!(list::show))
        .merge(add)
        .routes(routes!(arrange::place_items))
        .routes(routes!(arrange::remove_items))
        .routes(routes!(templates::show, templates::put))
        .routes(routes!(content::put, content::get))
        .routes(routes!(content::sealed))
        .routes(routes!(archive::archive))
        .routes(routes!(package::package))
        .routes(routes!(submit::submit))
        .routes(routes!(vote::approve))
        .routes(routes!(vote::refuse))
        .routes(routes!(vote::delegate))
        .routes(routes!(withdraw::withdraw))
        .routes(routes!(sign::sign))
        .routes(routes!(sign::retry))
        .routes(routes!(elsewhere::prepare))
        .routes(routes!(elsewhere::complete))
}

/// Where a request stands, for permissions.
pub fn place(request: &UseRequest) -> Place {
    Place::unit(request.unit(), request.parent_unit(), request.area_path())
}

/// What the audit log says it is about.
pub fn subject(request: &UseRequest) -> Subject {
    Subject::unit(request.id().as_str(), request.area_path(), request.unit())
}

/// The answer to a step.
fn answer(request: &UseRequest, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&UseRequestView::of(request, version))?.version(version))
}

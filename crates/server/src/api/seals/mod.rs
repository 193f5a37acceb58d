//! Seals (电子印章) from making to their end.

pub mod cancel;

use crate::app::{Shared, Subject};
use utoipa_axum::router::OpenApiRouter;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
}

/// Where a seal stands, for permissions.
pub fn place(seal: &Seal) -> Place {
    Place::unit(seal.unit(), seal.parent_unit(), seal.area_path()).with_maker(Some(seal.maker()))
}

/// What the audit log says it is about.
pub fn subject(seal: &Seal) -> Subject {
    Subject::unit(seal.id().as_str(), seal.area_path(), seal.unit())
}

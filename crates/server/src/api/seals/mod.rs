//! Seals (电子印章) from making to their end.

mod accept;
mod bulk;
pub mod cancel;
mod certificate;
mod deliver;
mod file;
mod list;
mod loss;
mod made;
mod made_facts;
mod papers;
mod request_cancel;
mod resume;
mod show;
mod status;
mod succession;
mod suspend;
mod view;
mod void;

pub use bulk::{
    ImpactView, Wanted, WhichSeals, areas_for, look, run as run_bulk_suspension, without_authority,
};
pub(crate) use view::is_internal;
pub use view::{SealSummary, SealView};

use crate::api::text::check_reason;
use crate::app::{App, Shared, Stop, Subject, Work};
use crate::http::{Code, Faults, Problem, StoredResponse};
use axum::extract::DefaultBodyLimit;
use std::ops::RangeInclusive;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::area::{Area, AreaPath};
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Place;
use yinxin_registry::profile::Profile;
use yinxin_store::StoreError;

/// Most bytes of a made seal as it is handed in: the picture may have 4 MiB, and base64 adds a third twice over.
const MADE_BODY: usize = 16 << 20;

/// Characters of the number of a decision or letter.
const DOCUMENT: RangeInclusive<usize> = 1..=200;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    let made = OpenApiRouter::new().routes(routes!(made::made)).layer(DefaultBodyLimit::max(MADE_BODY));
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(show::by_code))
        .routes(routes!(bulk::suspend))
        .routes(routes!(bulk::show))
        .routes(routes!(show::show))
        .routes(routes!(status::status))
        .routes(routes!(papers::data))
        .routes(routes!(papers::proof))
        .routes(routes!(certificate::request, certificate::download))
        .routes(routes!(certificate::import))
        .merge(made)
        .routes(routes!(made::abandon))
        .routes(routes!(file::file))
        .routes(routes!(deliver::deliver))
        .routes(routes!(accept::accept))
        .routes(routes!(accept::decline))
        .routes(routes!(loss::report_loss))
        .routes(routes!(suspend::suspend))
        .routes(routes!(resume::resume))
        .routes(routes!(request_cancel::request_cancel))
        .routes(routes!(cancel::cancel))
        .routes(routes!(void::void))
}

/// Where a seal stands, for permissions.
pub fn place(seal: &Seal) -> Place {
    Place::unit(seal.unit(), seal.parent_unit(), seal.area_path()).with_maker(Some(seal.maker()))
}

/// What the audit log says it is about.
pub fn subject(seal: &Seal) -> Subject {
    let subject = Subject::unit(seal.id().as_str(), seal.area_path(), seal.unit());
    Subject { seal_code: Some(seal.code().to_owned()), ..subject }
}

/// The answer to a step.
pub fn answer(seal: &Seal, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&SealView::of(seal, version))?.version(version))
}

/// The profile an application is treated by, whatever has come into force since.
///
/// # Errors
/// `INTERNAL` when that version is not there: versions are never taken away.
pub fn profile_of_case(app: &App, application: &Application) -> Result<Arc<Profile>, Problem> {
    let profile = application.profile();
    app.profiles.version(&profile.id, profile.version).ok_or_else(|| {
        tracing::error!(id = profile.id, version = profile.version, "an application names a missing profile");
        Problem::new(Code::Internal)
    })
}

/// The profile in force in an area now.
///
/// # Errors
/// `NOT_FOUND` when the area is gone; `INTERNAL` when its profile is.
pub async fn profile_here(work: &mut Work, path: &AreaPath) -> Result<Arc<Profile>, Stop> {
    let area = work.tx.get::<Area>(path.code()).await?.value;
    Ok(work.app().profiles.in_force(area.profile.as_deref())?)
}

/// `VALIDATION` for a reason that says nothing or too much.
///
/// # Errors
/// See above.
pub fn reasoned(reason: &str) -> Result<(), Problem> {
    reasoned_at("/reason", reason)
}

/// The same for a member of another name.
///
/// # Errors
/// See above.
pub fn reasoned_at(pointer: &str, reason: &str) -> Result<(), Problem> {
    let mut faults = Faults::new();
    check_reason(pointer, reason, &mut faults);
    faults.into_result()
}

/// Somebody else was quicker, in a step that names no version of its own.
pub fn raced(error: StoreError) -> Stop {
    match error {
        StoreError::Stale { .. } => Problem::new(Code::Conflict).into(),
        other => other.into(),
    }
}

//! Standing authorizations (常设授权): a program may have documents of one template sealed without a vote on each, within limits that
//! people voted on beforehand.

mod list;
mod propose;
mod revoke;
mod view;
mod vote;

pub use view::StandingView;
pub use vote::{Approve, DelegateVote, Refuse};

use crate::app::{Shared, Stop, Subject, Work};
use crate::http::StoredResponse;
use axum::response::Response;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::approval::standing::{Standing, StandingEvent};
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::Place;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::of_seal, propose::propose))
        .routes(routes!(list::list))
        .routes(routes!(list::show))
        .routes(routes!(vote::approve))
        .routes(routes!(vote::refuse))
        .routes(routes!(vote::delegate))
        .routes(routes!(revoke::revoke))
}

/// Where an authorization stands, for permissions.
pub fn place(standing: &Standing) -> Place {
    Place::unit(standing.unit(), standing.parent_unit(), standing.area_path())
}

/// What the audit log says it is about.
pub fn subject(standing: &Standing) -> Subject {
    Subject::unit(standing.id().as_str(), standing.area_path(), standing.unit())
}

/// Takes a step of an authorization, with its record and what it leaves to do.
async fn step(
    mut work: Work,
    found: yinxin_store::Versioned<Standing>,
    event: StandingEvent<'_>,
    by: &By,
    reason: Option<&str>,
    details: Value,
) -> Result<Response, Stop> {
    let (standing, effects) = found.value.apply(event, by, work.now)?;
    let version = work.tx.save(&standing, found.version).await?;
    let taken = standing.history().last().map(|step| step.event.clone()).unwrap_or_default();
    work.record(by, &format!("standing.{taken}"), &subject(&standing), reason, details);
    work.enact(&subject(&standing), &effects);
    work.finish(StoredResponse::ok(&StandingView::of(&standing, version))?.version(version)).await
}

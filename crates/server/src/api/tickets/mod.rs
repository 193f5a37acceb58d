//! Supervision of units (用章单位监管): inspections, findings and orders to correct, what the unit answers, what comes of it.

mod answer;
mod body;
mod decide;
mod files;
mod list;
mod open;
mod suspend;
mod view;

pub use view::TicketView;

use crate::app::{Shared, Stop, Subject, Work};
use crate::http::{IfMatch, Problem, StoredResponse};
use axum::response::Response;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::correction::{Ticket, TicketEvent};
use yinxin_registry::ids::TicketId;
use yinxin_registry::permission::{Action, Place};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::of_unit, open::open))
        .routes(routes!(list::show))
        .routes(routes!(files::put, files::remove, files::get))
        .routes(routes!(answer::answer))
        .routes(routes!(decide::accept))
        .routes(routes!(decide::send_back))
        .routes(routes!(decide::extend))
        .routes(routes!(decide::close))
        .routes(routes!(suspend::suspend))
}

/// Where a ticket stands, for permissions.
pub fn place(ticket: &Ticket) -> Place {
    Place::unit(ticket.unit(), ticket.parent_unit(), ticket.area_path())
}

/// What the audit log says it is about.
pub fn subject(ticket: &Ticket) -> Subject {
    Subject::unit(ticket.id().as_str(), ticket.area_path(), ticket.unit())
}

/// The answer to a step.
fn answered(work: &Work, ticket: &Ticket, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&TicketView::of(ticket, version, work.now))?.version(version))
}

/// What a step is called, and what is written down of it.
struct Noted<'a> {
    action: &'a str,
    reason: Option<&'a str>,
    details: Value,
}

/// A step that changes nothing besides the ticket.
async fn step(
    mut work: Work,
    (id, if_match): (&TicketId, &IfMatch),
    may: Action,
    event: TicketEvent,
    noted: Noted<'_>,
) -> Result<Response, Stop> {
    let found = work.tx.get::<Ticket>(id.as_str()).await?;
    let by = work.permit(may, &place(&found.value))?;
    if_match.check(found.version)?;
    let (ticket, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&ticket, found.version).await?;
    work.record(&by, noted.action, &subject(&ticket), noted.reason, noted.details);
    work.enact(&subject(&ticket), &effects);
    let answer = answered(&work, &ticket, version)?;
    work.finish(answer).await
}

//! The department in charge opens a ticket.

use super::body::OpenTicket;
use super::{TicketView, subject};
use crate::api::units;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::correction::{Opening, Ticket};
use yinxin_registry::ids::{TicketId, UnitId};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;

/// 开具监管单。 Opens a ticket about a unit and tells the unit: an inspection, a finding, or an order to correct (责令整改) with its day.
#[utoipa::path(
    post, path = "/units/{id}/tickets", tag = "tickets", operation_id = "tickets.open", summary = "开具监管单 · Open a ticket about a unit",
    params(("id" = String, Path, description = "单位 · unit"), IdempotencyKey), request_body = OpenTicket,
    responses((status = 201, description = "监管单 · the ticket", body = TicketView))
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    command: Command<OpenTicket>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let unit = work.tx.get::<Unit>(id.as_str()).await?.value;
    let by = work.permit(Action::TicketWrite, &units::place(&unit))?;
    concerned(&mut work, &unit, &body).await?;
    let opening = Opening {
        id: TicketId::new(work.now, &mut app.rng()),
        of: (unit.id.clone(), unit.parent.clone(), unit.area_path.clone()),
        unit_name: unit.name.clone(),
        kind: body.kind,
        breaches: body.breaches,
        text: body.text,
        basis: body.basis.map(|text| text.trim().to_owned()),
        document: body.document.map(|text| text.trim().to_owned()),
        seals: body.seals,
        due: body.due,
        follows: body.follows,
    };
    let (ticket, effects) = Ticket::open(opening, &by, work.now)?;
    let version = work.tx.insert(&ticket).await?;
    let details = json!({
        "unit": unit.id, "kind": ticket.kind(), "breaches": ticket.breaches(), "basis": ticket.basis(),
        "document": ticket.document(), "seals": ticket.seals(), "due": ticket.due(), "follows": ticket.follows(),
    });
    work.record(&by, "ticket.open", &subject(&ticket), Some(ticket.text()), details);
    work.enact(&subject(&ticket), &effects);
    let path = format!("/api/v1/tickets/{}", ticket.id());
    let view = TicketView::of(&ticket, version, work.now);
    work.finish(StoredResponse::created(path, &view)?.version(version)).await
}

/// Notes seals and a ticket before it that are not this unit's.
async fn concerned(work: &mut Work, unit: &Unit, body: &OpenTicket) -> Result<(), Stop> {
    let mut faults = Faults::new();
    for (place, id) in body.seals.iter().enumerate() {
        let found = work.tx.load::<Seal>(id.as_str()).await?;
        if found.is_none_or(|found| !is_of(&found.value, &unit.id)) {
            let (zh, en) = ("该单位没有这枚印章", "the unit has no such seal");
            faults.push(&format!("/seals/{place}"), "UNKNOWN", zh, en);
        }
    }
    if let Some(follows) = &body.follows {
        let before = work.tx.load::<Ticket>(follows.as_str()).await?;
        if before.is_none_or(|before| before.value.unit() != &unit.id) {
            let (zh, en) = ("该单位没有这份监管单", "there is no such ticket about this unit");
            faults.push("/follows", "UNKNOWN", zh, en);
        }
    }
    Ok(faults.into_result()?)
}

/// Whether a seal is a unit's own, or of a body or branch under it.
pub(super) fn is_of(seal: &Seal, unit: &UnitId) -> bool {
    seal.unit() == unit || seal.parent_unit() == Some(unit)
}

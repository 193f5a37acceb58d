//! Deadlines of tickets: the day is near, it has passed, what a ticket that has ended had suspended is let go.

use super::seal::let_go;
use super::{Deadline, unit};
use crate::api::tickets::subject;
use crate::jobs::{Fault, SystemWork};
use serde_json::json;
use yinxin_registry::correction::ticket::{AHEAD, OVER, OVERDUE, SOON};
use yinxin_registry::correction::{Ticket, TicketEvent, TicketState};
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_store::Versioned;

/// A deadline of the ticket has come.
pub(super) async fn come(work: &mut SystemWork, id: &str, deadline: Deadline<'_>) -> Result<(), Fault> {
    let found = work.tx.get::<Ticket>(id).await?;
    match deadline.name {
        SOON => {
            let ticket = &found.value;
            let near =
                ticket.due().is_some_and(|due| due > work.now && due.duration_since(work.now) <= AHEAD);
            if near && ticket.state() == TicketState::Open {
                work.enact(&subject(ticket), &[unit("ticket.soon")]);
            }
        }
        OVERDUE if found.value.due() == Some(deadline.at) && found.value.is_overdue(work.now) => {
            let (ticket, effects) = found.value.apply(TicketEvent::Overdue, &By::system(), work.now)?;
            work.tx.save(&ticket, found.version).await?;
            let details = json!({ "due": deadline.at });
            work.record(deadline.author, "ticket.overdue", &subject(&ticket), None, details);
            work.enact(&subject(&ticket), &effects);
        }
        OVER => release(work, found, deadline).await?,
        // There is another day by now, or an answer.
        OVERDUE => {}
        other => return Err(Fault::hopeless(format!("unknown deadline {other}"))),
    }
    Ok(())
}

/// Every seal that it suspended and that nothing else keeps suspended is in force again.
async fn release(
    work: &mut SystemWork,
    found: Versioned<Ticket>,
    deadline: Deadline<'_>,
) -> Result<(), Fault> {
    let ticket = found.value;
    let why = match ticket.state() {
        TicketState::Accepted => "整改合格",
        TicketState::Closed => "监管单已结案",
        _ => return Ok(()),
    };
    for id in ticket.suspended_seals() {
        let seal = work.tx.get::<Seal>(id.as_str()).await?;
        let_go(work, seal, ticket.id(), why, &deadline.author).await?;
    }
    Ok(())
}

//! Other seal systems: a trust list runs out soon, and the daily comparison.

use super::Deadline;
use crate::exchange::{RECONCILE_JOB, ReconcileOrder, yesterday};
use crate::jobs::{EXCHANGE, Fault, SystemWork};
use crate::notices::{Audience, tell};
use jiff::SignedDuration;
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::{Peer, PeerState, RECONCILE};
use yinxin_registry::lifecycle::{By, Effect};

/// Name of the deadline of a list.
pub(crate) const LIST_ENDS: &str = "peer_list_ends";

/// A deadline of a system.
pub(super) async fn come(work: &mut SystemWork, id: &str, deadline: &Deadline<'_>) -> Result<(), Fault> {
    match deadline.name {
        LIST_ENDS => list_ends(work, id, deadline).await,
        RECONCILE => reconcile(work, id).await,
        other => Err(Fault::hopeless(format!("a deadline {other} of {id}"))),
    }
}

/// Tells administrators, where no newer list came meanwhile.
async fn list_ends(work: &mut SystemWork, id: &str, deadline: &Deadline<'_>) -> Result<(), Fault> {
    let peer = work.tx.get::<Peer>(id).await?.value;
    let list = work.tx.load::<PeerList>(id).await?.map(|found| found.value);
    let Some(list) = list.filter(|list| list.reminder() <= deadline.at) else { return Ok(()) };
    if peer.state() == PeerState::Confirmed {
        let event = format!("{id}/list/{}", list.number);
        tell(work, Audience::System, "peer.list_ends", id, &event).await?;
    }
    Ok(())
}

/// Leaves the comparison of the day before, and the deadline of the next day.
async fn reconcile(work: &mut SystemWork, id: &str) -> Result<(), Fault> {
    let peer = work.tx.get::<Peer>(id).await?.value;
    if peer.state() == PeerState::Ended {
        return Ok(());
    }
    let about = crate::api::peers::subject(&peer);
    let tomorrow = work.now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(work.now);
    work.enact(&about, &[Effect::Clock { name: RECONCILE.to_owned(), at: tomorrow }]);
    if let Some(day) = yesterday(work.now).filter(|_| peer.state() == PeerState::Confirmed) {
        let order = ReconcileOrder { peer: peer.id().clone(), from: day, to: day, by: By::system() };
        let payload = serde_json::to_string(&order).map_err(|error| Fault::hopeless(error.to_string()))?;
        work.leave_in(EXCHANGE, RECONCILE_JOB, &format!("{id}/reconcile"), payload);
    }
    Ok(())
}

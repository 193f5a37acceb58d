//! Deadlines of custody: a handover nobody confirmed, a check nobody made, a right whose time is over.

use super::{Deadline, authority, unit};
use crate::api::{seals, use_grants};
use crate::jobs::{Fault, SystemWork};
use serde_json::json;
use yinxin_registry::custody::grant::{GrantEvent, GrantState, UseGrant};
use yinxin_registry::custody::keeping::Keeping;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::seal::Seal;

/// A deadline of a seal's custody has come; `false` where it is none.
pub(super) async fn come(work: &mut SystemWork, seal: &str, deadline: &Deadline<'_>) -> Result<bool, Fault> {
    if !matches!(deadline.name, "handover_overdue" | "custody_check_due") {
        return Ok(false);
    }
    let Some(found) = work.tx.load::<Keeping>(seal).await? else { return Ok(true) };
    let (action, stands) = match deadline.name {
        "handover_overdue" => {
            ("custody.handover_overdue", found.value.handover().is_some_and(|h| h.due == deadline.at))
        }
        _ => ("custody.check_due", found.value.check_due() == Some(deadline.at)),
    };
    if stands {
        let seal = work.tx.get::<Seal>(seal).await?.value;
        let about = seals::subject(&seal);
        work.record(deadline.author.clone(), action, &about, None, json!({ "due": deadline.at }));
        work.enact(&about, &[unit(action), authority(action)]);
    }
    Ok(true)
}

/// The time of a right is over.
pub(super) async fn grant_over(work: &mut SystemWork, id: &str, deadline: Deadline<'_>) -> Result<(), Fault> {
    let found = work.tx.get::<UseGrant>(id).await?;
    if !matches!(found.value.state(), GrantState::Live | GrantState::UsedUp) {
        return Ok(());
    }
    let (grant, _) = found.value.apply(GrantEvent::Expire, &By::system(), work.now)?;
    work.tx.save(&grant, found.version).await?;
    let details = json!({ "grant": grant.id(), "to": grant.to() });
    work.record(deadline.author, "use_grant.over", &use_grants::subject(&grant), None, details);
    Ok(())
}

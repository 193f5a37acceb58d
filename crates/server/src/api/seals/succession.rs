//! What a new seal does to the one before it, as part of its acceptance.

use super::{cancel, subject};
use crate::app::{Stop, Work};
use serde_json::json;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, Basis};
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeEvent, ChangeState};
use yinxin_registry::lifecycle::reasons::CancelReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, SealState};
use yinxin_store::Versioned;

/// Ends the seal that the application's basis names, where it has not ended, and the change case it belongs to.
///
/// # Errors
/// Problems of the database, of the key for a certificate.
pub async fn succeed(work: &mut Work, application: &Application, new: &SealId, by: &By) -> Result<(), Stop> {
    match application.basis() {
        Basis::New => return Ok(()),
        Basis::Renewal { seal } => replace(work, seal, new, by).await?,
        Basis::Remake { seal } => remade(work, application, seal, by).await?,
        // Canceled by the approval.
        Basis::Change { .. } => {}
    }
    match application.basis() {
        Basis::Change { case, .. } => {
            let case = work.tx.get::<ChangeCase>(case.as_str()).await?;
            complete(work, case, new, by).await
        }
        // A unit whose change came to nothing after the old seal was canceled has the seal made anew: that ends the case too.
        Basis::Remake { seal } => match work.tx.change_of_seal(seal.as_str()).await? {
            Some(case) => complete(work, case, new, by).await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

async fn replace(work: &mut Work, seal: &SealId, new: &SealId, by: &By) -> Result<(), Stop> {
    let old = work.tx.get::<Seal>(seal.as_str()).await?;
    if !matches!(old.value.state(), SealState::Active | SealState::Suspended | SealState::Expired) {
        return Ok(());
    }
    let (replaced, effects) = old.value.apply(SealEvent::Replace { by: new.clone() }, by, work.now)?;
    work.tx.save(&replaced, old.version).await?;
    work.record(by, "seal.replace", &subject(&replaced), None, json!({ "by": new }));
    work.enact(&subject(&replaced), &effects);
    Ok(())
}

/// Still in force or suspended: canceled, with a certificate in the name of who approved the making of the new one.
async fn remade(work: &mut Work, application: &Application, seal: &SealId, by: &By) -> Result<(), Stop> {
    let old = work.tx.get::<Seal>(seal.as_str()).await?;
    if !old.value.is_in_force() {
        return Ok(());
    }
    let decided = application.decisions().iter().rev().find(|decision| decision.outcome == "approve");
    let decided_by = decided.map_or(by, |decision| &decision.by);
    let statement = cancel::statement(work, &old.value, CancelReason::Remade, decided_by);
    let proof = work.issue(statement).await?;
    let detail = "新印章已签收".to_owned();
    let event = SealEvent::Cancel { reason: CancelReason::Remade, detail, proof };
    let (canceled, effects) = old.value.apply(event, by, work.now)?;
    work.tx.save(&canceled, old.version).await?;
    let details = json!({ "decided_by": decided_by.id });
    work.record(by, "seal.cancel", &subject(&canceled), Some(CancelReason::Remade.as_str()), details);
    work.enact(&subject(&canceled), &effects);
    Ok(())
}

async fn complete(work: &mut Work, case: Versioned<ChangeCase>, new: &SealId, by: &By) -> Result<(), Stop> {
    if case.value.state() != ChangeState::Canceled {
        return Ok(());
    }
    let done = case.value.apply(ChangeEvent::Complete { seal: new.clone() }, by, work.now)?;
    work.tx.save(&done, case.version).await?;
    Ok(())
}

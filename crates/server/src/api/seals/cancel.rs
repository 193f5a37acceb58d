//! Cancellation (缴销), with its certificate.

use super::{place, subject};
use crate::app::{Stop, Work};
use crate::proof::{OwningUnit, ProofKind, SealFacts, Statement, Subjects};
use serde_json::json;
use yinxin_registry::ids::{ChangeId, SealId};
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeEvent};
use yinxin_registry::lifecycle::reasons::CancelReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent};
use yinxin_registry::permission::Action;

/// Cancels the seal of a change case, as part of the decision that approves the application for the new one. A seal that the case
/// has canceled before stays as it is.
///
/// # Errors
/// `STATE_CONFLICT` when the seal can no longer be canceled; problems of the database.
pub async fn cancel_for_change(work: &mut Work, seal: &SealId, case: &ChangeId, by: &By) -> Result<(), Stop> {
    let found_case = work.tx.get::<ChangeCase>(case.as_str()).await?;
    if found_case.value.state() == yinxin_registry::lifecycle::change::ChangeState::Canceled {
        return Ok(());
    }
    let found = work.tx.get::<Seal>(seal.as_str()).await?;
    work.permit(Action::SealCancel, &place(&found.value))?;
    let detail = found_case.value.reason().to_owned();
    let statement = statement(work, &found.value, CancelReason::Change, by);
    let proof = work.issue(statement).await?;
    let event = SealEvent::Cancel { reason: CancelReason::Change, detail, proof };
    let (canceled, effects) = found.value.apply(event, by, work.now)?;
    work.tx.save(&canceled, found.version).await?;
    let about = subject(&canceled);
    work.record(by, "seal.cancel", &about, Some("change"), json!({ "case": case.as_str() }));
    work.enact(&about, &effects);
    let moved = found_case.value.apply(ChangeEvent::CancelOld, by, work.now)?;
    work.tx.save(&moved, found_case.version).await?;
    Ok(())
}

/// What a cancellation certificate states.
pub fn statement(work: &Work, seal: &Seal, reason: CancelReason, by: &By) -> Statement {
    Statement {
        kind: ProofKind::CancellationCertificate,
        number: format!("JX-{}", seal.code()),
        issued_at: work.now,
        area: seal.area_path().as_str().to_owned(),
        authority: work.app().authority.party(),
        subjects: Subjects {
            application: Some(seal.application().to_string()),
            seal: Some(seal.id().to_string()),
            unit: Some(seal.unit().to_string()),
            maker: Some(seal.maker().to_string()),
        },
        application_digest: None,
        unit: OwningUnit {
            name: seal.unit_name().to_owned(),
            credit_code: seal.credit_code().map(str::to_owned),
        },
        seal: SealFacts {
            kind: seal.kind().as_str().to_owned(),
            name: seal.name().to_owned(),
            holder: None,
            code: Some(seal.code().to_owned()),
            number: seal.number(),
            years: None,
        },
        imprint_digest: None,
        seal_digest: seal.made().map(|made| made.digest.clone()),
        valid_until: None,
        effective_at: None,
        reason: Some(reason.as_str().to_owned()),
        decided_by: by.name.clone(),
    }
}

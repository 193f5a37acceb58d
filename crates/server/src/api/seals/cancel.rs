//! Cancellation (缴销), with its certificate.

use super::{SealView, answer, place, subject};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use crate::proof::{OwningUnit, ProofKind, SealFacts, Statement, Subjects};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{ChangeId, SealId};
use yinxin_registry::lifecycle::change::{ChangeCase, ChangeEvent, ChangeState};
use yinxin_registry::lifecycle::reasons::CancelReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, TABLE};
use yinxin_registry::lifecycle::{By, next};
use yinxin_registry::permission::Action;

/// Cancels a seal, or asks for it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelSeal {
    /// Why. A change has a case of its own: `POST /changes`.
    #[schema(value_type = String, example = "end_of_use",
        pattern = "^(damage|end_of_use|rename|key_leak|device_damage|theft|loss|merger|dissolution|remade|other)$")]
    pub reason: CancelReason,
    /// In words, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "业务终止，不再使用")]
    pub detail: String,
}

impl CancelSeal {
    /// Notes what is wrong with it. A change is carried by its case, which does not lose the unit half-way.
    ///
    /// # Errors
    /// `VALIDATION`.
    pub fn check(&self) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/detail", &self.detail, &mut faults);
        if self.reason == CancelReason::Change {
            faults.push("/reason", "REASON", "变更请另行提起变更事项", "open a change case instead");
        }
        faults.into_result()
    }
}

/// 缴销。 Cancels it, with a certificate.
#[utoipa::path(
    post, path = "/seals/{id}/cancel", tag = "seals", operation_id = "seals.cancel", summary = "缴销 · Cancel",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = CancelSeal,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn cancel(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<CancelSeal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check()?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealCancel, &place(&found.value))?;
    if_match.check(found.version)?;
    next(TABLE, found.value.state(), "cancel")?;
    let proof = work.issue(statement(&work, &found.value, body.reason, &by)).await?;
    let event = SealEvent::Cancel { reason: body.reason, detail: body.detail.clone(), proof };
    let (seal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    tell_case(&mut work, &seal, &by).await?;
    let details = json!({ "reason": body.reason });
    work.record(&by, "seal.cancel", &subject(&seal), Some(&body.detail), details);
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}

/// A change case that was to cancel the seal finds that done, and goes on to its new one.
async fn tell_case(work: &mut Work, seal: &Seal, by: &By) -> Result<(), Stop> {
    let Some(case) = work.tx.change_of_seal(seal.id().as_str()).await? else { return Ok(()) };
    if case.value.state() == ChangeState::Open {
        let moved = case.value.apply(ChangeEvent::CancelOld, by, work.now)?;
        work.tx.save(&moved, case.version).await?;
    }
    Ok(())
}

/// Cancels the seal of a change case, as part of the decision that approves the application for the new one. A seal that the case
/// has canceled before stays as it is.
///
/// # Errors
/// `STATE_CONFLICT` when the seal can no longer be canceled; problems of the database.
pub async fn cancel_for_change(work: &mut Work, seal: &SealId, case: &ChangeId, by: &By) -> Result<(), Stop> {
    let found_case = work.tx.get::<ChangeCase>(case.as_str()).await?;
    if found_case.value.state() == ChangeState::Canceled {
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
        truth_digest: None,
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

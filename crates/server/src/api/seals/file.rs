//! The filing department files a made seal and gives the receipt (备案回执).

use super::{SealView, answer, place, profile_of_case, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, NoBody, Path};
use crate::proof::{OwningUnit, ProofKind, SealFacts, Statement, Subjects};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::{Filing, Seal, SealEvent, TABLE};
use yinxin_registry::lifecycle::{By, Refused, next};
use yinxin_registry::permission::Action;

/// 备案。 Files a made seal.
#[utoipa::path(
    post, path = "/seals/{id}/file", tag = "seals", operation_id = "seals.file", summary = "备案 · File",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch),
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn file(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let (found, application, _) = work.tx.case_of_seal(id.as_str()).await?;
    let by = work.permit(Action::SealFile, &place(&found.value))?;
    if_match.check(found.version)?;
    next(TABLE, found.value.state(), "file")?;
    apart(&found.value, &by)?;
    let proof = work.issue(receipt(&work, &found.value, &by)).await?;
    let due = found.value.filing_due().unwrap_or(work.now);
    let filing = Filing { at: work.now, by: by.id.clone(), due, proof };
    let claim_due = profile_of_case(&app, &application.value)?.deadline_claim(work.now);
    let event = SealEvent::File { filing, claim_due };
    let (seal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    let details = json!({
        "receipt": seal.filing().map(|filing| &filing.proof.number),
        "late": work.now >= due,
    });
    work.record(&by, "seal.file", &subject(&seal), None, details);
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}

/// Asked before anything is signed; the seal asks again.
fn apart(seal: &Seal, by: &By) -> Result<(), Refused> {
    match seal.made().is_some_and(|made| made.by == by.id) {
        true => Err(Refused::rule("MAKER_FILES", "制作人不得办理备案", "who made the seal may not file it")),
        false => Ok(()),
    }
}

fn receipt(work: &Work, seal: &Seal, by: &By) -> Statement {
    Statement {
        kind: ProofKind::FilingReceipt,
        number: format!("BA-{}", seal.code()),
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
        imprint_digest: seal.made().map(|made| made.imprint_digest.clone()),
        seal_digest: seal.made().map(|made| made.digest.clone()),
        valid_until: None,
        effective_at: None,
        reason: None,
        decided_by: by.name.clone(),
    }
}

//! A maker hands in a made seal, or gives its making up.

use super::made_facts::{Ordered, checked, made_of};
use super::{SealView, answer, place, profile_of_case, raced, reasoned, subject};
use crate::api::applications::Reason;
use crate::api::orders::{SentBack, barred, send_back_to_review};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, IfMatch, Path, Problem};
use crate::imprints;
use crate::making::dto::MadeDto;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::next;
use yinxin_registry::lifecycle::seal::{SealEvent, SealState, TABLE};
use yinxin_registry::permission::Action;

/// 提交制成的印章。 Hands in a made seal. Everything that can be computed from the seal is; what the maker says counts for nothing.
#[utoipa::path(
    post, path = "/seals/{id}/made", tag = "seals", operation_id = "seals.made", summary = "提交制成的印章 · Hand in a made seal",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = MadeDto,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn made(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<MadeDto>,
) -> Result<Response, Stop> {
    let now = app.now()?;
    // Read and checked before the transaction, which must be short; the version tells whether it is still so.
    let (found, application, maker) = app.store.read().await?.case_of_seal(id.as_str()).await?;
    let (application, maker) = (application.value, maker.value);
    let by = caller.permit(Action::SealMake, &place(&found.value), now)?;
    maker.may_make(found.value.area_path(), now).map_err(|fault| barred(&fault))?;
    let accepted = match found.value.state() {
        SealState::Making => {
            let ordered = Ordered { application: application.clone(), seal: found.value.clone(), maker };
            let accepted = checked(&app, ordered, command.body.clone(), now).await?;
            let picture = Some((accepted.picture.clone(), found.value.number()));
            let looked = app.imprints.look(&application, &app.documents, picture).await?;
            let der = Bytes::from(accepted.der.clone());
            app.documents.put(der, "application/octet-stream").await?;
            Some((accepted, imprints::found(&looked)))
        }
        _ => None,
    };
    let (mut work, dto) = Work::begin(&app, &caller, command).await?;
    next(TABLE, found.value.state(), "made")?;
    let (accepted, imprint) = accepted.ok_or_else(|| Problem::new(Code::Conflict))?;
    let details = json!({
        "digest": hex::encode(accepted.digest),
        "certificate": accepted.certificate_serial,
        "notes": accepted.notes,
        "imprint": imprint,
    });
    let made = Box::new(made_of(&accepted, &dto.key, imprint, &by, work.now));
    let filing_due = profile_of_case(&app, &application)?.deadline_filing(made.at);
    let (seal, effects) = found.value.apply(SealEvent::Made { made, filing_due }, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await.map_err(raced)?;
    work.record(&by, "seal.made", &subject(&seal), None, details);
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}

/// 终止制作。 Gives the making up; the application goes back to review.
#[utoipa::path(
    post, path = "/seals/{id}/abandon", tag = "seals", operation_id = "seals.abandon", summary = "终止制作 · Give the making up",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn abandon(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let (found, application, _) = work.tx.case_of_seal(id.as_str()).await?;
    let by = work.permit(Action::SealMake, &place(&found.value))?;
    if_match.check(found.version)?;
    next(TABLE, found.value.state(), "abandon")?;
    let back = send_back_to_review(&mut work, application, Some(found), &body.reason, &by).await?;
    let SentBack { application, seal, .. } = back;
    let (seal, version) = seal.ok_or_else(|| Problem::new(Code::Internal))?;
    let details = json!({ "application": application.id() });
    work.record(&by, "seal.abandon", &subject(&seal), Some(&body.reason), details);
    work.finish(answer(&seal, version)?).await
}

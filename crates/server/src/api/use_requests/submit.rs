//! A request is handed in: to the people of a flow, or under a standing authorization.

use super::rights::{Halt, counted, taken};
use super::{UseRequestView, answer, place, register, subject};
use crate::api::flows::applicable;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, NoBody, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::lifecycle::seal::{Seal, SealState};
use yinxin_registry::lifecycle::{By, Effect, Refused, next};
use yinxin_registry::permission::Action;
use yinxin_registry::usage::document::{ItemState, manifest_digest};
use yinxin_registry::usage::request::{Manifest, RequestEvent, Right, TABLE, UseRequest};
use yinxin_store::{Access, Versioned};

/// Documents read at once.
const PART: u32 = 500;

/// 提交用印申请。 Hands it in. What is voted on is fixed from here on by its `digest`.
#[utoipa::path(
    post, path = "/use-requests/{id}/submit", tag = "use", operation_id = "use_requests.submit", summary = "提交用印申请 · Hand in",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch),
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn submit(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseAsk, &place(&found.value))?;
    if_match.check(found.version)?;
    let request = found.value.clone();
    match handed_in(&mut work, found, &by).await {
        Ok((request, version, effects)) => {
            let details = json!({
                "seal": request.seal(), "digest": request.content_digest(),
                "documents": request.manifest().map(|m| m.documents), "manifest": request.manifest().map(|m| &m.digest),
            });
            work.record(&by, "use.submit", &subject(&request), None, details);
            work.enact(&subject(&request), &effects);
            work.finish(answer(&request, version)?).await
        }
        Err(Halt::Stop(stop)) => Err(stop),
        Err(Halt::Refused(refused)) => {
            work.abandon().await?;
            if matches!(refused, Refused::Rule { .. }) {
                register::refused(&app, &caller, &by, &request, &refused).await?;
            }
            Err(refused.into())
        }
    }
}

async fn handed_in(
    work: &mut Work,
    found: Versioned<UseRequest>,
    by: &By,
) -> Result<(UseRequest, i64, Vec<Effect>), Halt> {
    let right = found.value.asked().right.clone();
    let probe = match right {
        Right::Grant { .. } => "submit",
        Right::Standing { .. } => "submit_standing",
    };
    next(TABLE, found.value.state(), probe)?;
    let seal = work.tx.get::<Seal>(found.value.seal().as_str()).await?.value;
    usable(&seal, &found.value.asked().document_kind)?;
    let manifest = manifest(&mut work.tx, found.value.id().as_str()).await?;
    let (request, effects) = match right {
        Right::Grant { .. } => {
            // Taken when sealing begins; asked now, so that nobody votes in vain.
            taken(&mut work.tx, &found.value, manifest.documents, by, work.now).await?;
            let kind = &found.value.asked().document_kind;
            let (flow, _) = applicable(&mut work.tx, &seal, kind).await?;
            found.value.apply(RequestEvent::Submit { manifest, flow: &flow }, by, work.now)?
        }
        Right::Standing { .. } => {
            let standing = counted(&mut work.tx, &found.value, &manifest, by, work.now).await?;
            let approval = standing.value.course().record_digest();
            work.tx.save(&standing.value, standing.version).await?;
            found.value.apply(RequestEvent::SubmitStanding { manifest, approval }, by, work.now)?
        }
    };
    let version = work.tx.save(&request, found.version).await?;
    Ok((request, version, effects))
}

/// What keeps a seal from being used at all.
fn usable(seal: &Seal, document_kind: &str) -> Result<(), Refused> {
    if seal.state() != SealState::Active {
        return Err(Refused::rule(
            "SEAL_NOT_ACTIVE",
            "印章未处于有效状态，不得用印",
            "the seal is not in force",
        ));
    }
    if seal.excluded_uses().iter().any(|kind| kind == document_kind) {
        return Err(Refused::rule(
            "USE_EXCLUDED",
            "依法不得对该种文件使用电子印章",
            "a law excludes this kind of document",
        ));
    }
    Ok(())
}

/// The manifest over every document, all of which must be here.
async fn manifest(access: &mut Access, id: &str) -> Result<Manifest, Halt> {
    let (mut lines, mut value_most, mut value_sum, mut after) = (Vec::new(), 0u64, 0u64, -1i64);
    loop {
        let part = access.use_items(id, None, after, PART).await?;
        let Some(last) = part.last() else { break };
        after = i64::from(last.value.place());
        // What was taken out of the draft again is not handed in.
        for item in part.iter().filter(|item| item.value.state() != ItemState::Dropped) {
            if !item.value.has_content() {
                return Err(Refused::rule(
                    "CONTENT_MISSING",
                    format!("文件「{}」尚未上传", item.value.document().name),
                    format!("the bytes of document {} have not come", item.value.place()),
                )
                .into());
            }
            let value = item.value.document().value.unwrap_or(0);
            value_most = value_most.max(value);
            value_sum = value_sum.saturating_add(value);
            lines.push(item.value.document().line_digest());
        }
    }
    let documents = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let digest = manifest_digest(lines.iter().map(String::as_str));
    Ok(Manifest { documents, digest, value_most, value_sum })
}

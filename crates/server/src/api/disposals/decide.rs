//! A second person decides on a list; who proposed it, or another of his side, takes it back.

use super::view::DisposalView;
use super::{answer, place, release, subject};
use crate::api::applications::Reason;
use crate::api::seals::{reasoned, reasoned_at};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use crate::jobs::DISPOSE;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::DisposalId;
use yinxin_registry::permission::Action;
use yinxin_registry::retention::disposal::{Disposal, DisposalEvent};

/// Agrees.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveDisposal {
    /// What is agreed to: `digest` of the list as it was read.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// What is said of it, 2 to 2000 characters.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 2000, example = "同意销毁")]
    pub words: Option<String>,
}

/// Refuses.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseDisposal {
    /// What is refused: `digest` of the list as it was read.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "部分合同尚在履行")]
    pub reason: String,
}

/// 批准销毁。 Agrees to a list; never who proposed it. Its documents are then deleted, and cannot be brought back.
#[utoipa::path(
    post, path = "/disposals/{id}/approve", tag = "retention", operation_id = "disposals.approve", summary = "批准销毁 · Agree to a list of disposal",
    params(("id" = String, Path, description = "销毁清单 · list"), IdempotencyKey, IfMatch), request_body = ApproveDisposal,
    responses((status = 200, description = "销毁清单 · the list", body = DisposalView))
)]
pub async fn approve(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DisposalId>,
    if_match: IfMatch,
    command: Command<ApproveDisposal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    if let Some(words) = &body.words {
        reasoned_at("/words", words)?;
    }
    let found = work.tx.get::<Disposal>(id.as_str()).await?;
    let by = work.permit(Action::DisposalDecide, &place(&found.value))?;
    if_match.check(found.version)?;
    let event = DisposalEvent::Approve { digest: body.digest.clone(), words: body.words.clone() };
    let (disposal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&disposal, found.version).await?;
    let details = json!({ "digest": body.digest, "documents": disposal.documents() });
    work.record(&by, "disposal.approve", &subject(&disposal), body.words.as_deref(), details);
    work.enact(&subject(&disposal), &effects);
    work.job(DISPOSE, id.as_str(), "{}".to_owned(), work.now);
    work.finish(answer(&disposal, version)?).await
}

/// 不予批准销毁。 Refuses a list; what it named may be listed again.
#[utoipa::path(
    post, path = "/disposals/{id}/refuse", tag = "retention", operation_id = "disposals.refuse", summary = "不予批准销毁 · Refuse a list of disposal",
    params(("id" = String, Path, description = "销毁清单 · list"), IdempotencyKey, IfMatch), request_body = RefuseDisposal,
    responses((status = 200, description = "销毁清单 · the list", body = DisposalView))
)]
pub async fn refuse(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DisposalId>,
    if_match: IfMatch,
    command: Command<RefuseDisposal>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let event = DisposalEvent::Refuse { digest: body.digest, reason: body.reason.clone() };
    end(work, (&id, &if_match), (Action::DisposalDecide, "disposal.refuse"), event, &body.reason).await
}

/// 撤回销毁清单。 Takes a list back before anything of it is deleted.
#[utoipa::path(
    post, path = "/disposals/{id}/withdraw", tag = "retention", operation_id = "disposals.withdraw", summary = "撤回销毁清单 · Take a list of disposal back",
    params(("id" = String, Path, description = "销毁清单 · list"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "销毁清单 · the list", body = DisposalView))
)]
pub async fn withdraw(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DisposalId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let event = DisposalEvent::Withdraw { reason: body.reason.clone() };
    end(work, (&id, &if_match), (Action::DisposalPropose, "disposal.withdraw"), event, &body.reason).await
}

/// A list comes to nothing.
async fn end(
    mut work: Work,
    (id, if_match): (&DisposalId, &IfMatch),
    (action, name): (Action, &str),
    event: DisposalEvent,
    why: &str,
) -> Result<Response, Stop> {
    let found = work.tx.get::<Disposal>(id.as_str()).await?;
    let by = work.permit(action, &place(&found.value))?;
    if_match.check(found.version)?;
    let (disposal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&disposal, found.version).await?;
    release(&mut work, &disposal, &by).await?;
    work.record(&by, name, &subject(&disposal), Some(why), json!({ "digest": disposal.digest() }));
    work.enact(&subject(&disposal), &effects);
    work.finish(answer(&disposal, version)?).await
}

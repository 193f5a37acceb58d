//! People vote on a request, or let somebody else vote.

use super::{SETTLE, UseRequestView, answer, place, settlement, subject};
use crate::api::flows::body::approver;
use crate::api::seals::{reasoned, reasoned_at};
use crate::api::standings::{Approve, DelegateVote, Refuse};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::request::{RequestEvent, RequestState, UseRequest};
use yinxin_store::Versioned;

/// 同意。 Agrees to a request, by the digest of what it holds.
#[utoipa::path(
    post, path = "/use-requests/{id}/approve", tag = "use", operation_id = "use_requests.approve", summary = "同意用印 · Agree to a request",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = Approve,
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn approve(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<Approve>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    if let Some(words) = &body.words {
        reasoned_at("/words", words)?;
    }
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseVote, &place(&found.value))?;
    if_match.check(found.version)?;
    let details = json!({ "digest": body.digest });
    let event = RequestEvent::Vote { agrees: true, words: body.words.clone(), digest: body.digest };
    step(work, found, event, &by, body.words.as_deref(), details).await
}

/// 不同意。 Refuses a request; that ends it.
#[utoipa::path(
    post, path = "/use-requests/{id}/refuse", tag = "use", operation_id = "use_requests.refuse", summary = "不同意用印 · Refuse a request",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = Refuse,
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn refuse(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<Refuse>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseVote, &place(&found.value))?;
    if_match.check(found.version)?;
    let details = json!({ "digest": body.digest });
    let event = RequestEvent::Vote { agrees: false, words: Some(body.reason.clone()), digest: body.digest };
    step(work, found, event, &by, Some(&body.reason), details).await
}

/// 委托审批。 Lets another approver vote in one's place.
#[utoipa::path(
    post, path = "/use-requests/{id}/delegate", tag = "use", operation_id = "use_requests.delegate", summary = "委托审批用印 · Delegate a vote",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = DelegateVote,
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn delegate(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<DelegateVote>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseVote, &place(&found.value))?;
    if_match.check(found.version)?;
    let to = approver(&mut work, &body.account, "/account", &place(&found.value)).await?;
    let details = json!({ "to": to.account, "name": to.name });
    let event = RequestEvent::Delegate { to, reason: body.reason.clone() };
    step(work, found, event, &by, Some(&body.reason), details).await
}

/// Takes a step of a request, with its record and what it leaves to do.
async fn step(
    mut work: Work,
    found: Versioned<UseRequest>,
    event: RequestEvent<'_>,
    by: &By,
    reason: Option<&str>,
    details: Value,
) -> Result<Response, Stop> {
    let (request, effects) = found.value.apply(event, by, work.now)?;
    let version = work.tx.save(&request, found.version).await?;
    let taken = request.history().last().map(|step| step.event.clone()).unwrap_or_default();
    work.record(by, &format!("use.{taken}"), &subject(&request), reason, details);
    work.enact(&subject(&request), &effects);
    if request.state() == RequestState::Refused {
        let settling =
            serde_json::to_string(&settlement(&request, RequestState::Pending)).unwrap_or_default();
        work.job(SETTLE, request.id().as_str(), settling, work.now);
    }
    work.finish(answer(&request, version)?).await
}

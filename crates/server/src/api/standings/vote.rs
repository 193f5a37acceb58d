//! People vote on an authorization, or let somebody else vote.

use super::{StandingView, place, step};
use crate::api::flows::body::approver;
use crate::api::seals::{reasoned, reasoned_at};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::approval::standing::{Standing, StandingEvent};
use yinxin_registry::ids::{AccountId, StandingId};
use yinxin_registry::permission::Action;

/// Agrees.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// What is agreed to: `approval.digest` as it was read.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// What is said of it, 2 to 2000 characters.
    #[serde(default)]
    #[schema(min_length = 2, max_length = 2000, example = "同意")]
    pub words: Option<String>,
}

/// Refuses.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// What is refused: `approval.digest` as it was read.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "金额与合同不符")]
    pub reason: String,
}

/// Lets somebody else vote.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateVote {
    /// Account with the role `approver` in the unit.
    #[schema(value_type = String, example = "acct_01k0000000000000000000000a")]
    pub account: AccountId,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "出差")]
    pub reason: String,
}

/// 同意。 Agrees to an authorization.
#[utoipa::path(
    post, path = "/standings/{id}/approve", tag = "approval", operation_id = "standings.approve", summary = "同意常设授权 · Agree to a standing authorization",
    params(("id" = String, Path, description = "常设授权 · authorization"), IdempotencyKey, IfMatch), request_body = Approve,
    responses((status = 200, description = "常设授权 · the authorization", body = StandingView))
)]
pub async fn approve(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<StandingId>,
    if_match: IfMatch,
    command: Command<Approve>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    if let Some(words) = &body.words {
        reasoned_at("/words", words)?;
    }
    let found = work.tx.get::<Standing>(id.as_str()).await?;
    let by = work.permit(Action::UseVote, &place(&found.value))?;
    if_match.check(found.version)?;
    let details = json!({ "digest": body.digest });
    let event = StandingEvent::Vote { agrees: true, words: body.words.clone(), digest: body.digest };
    step(work, found, event, &by, body.words.as_deref(), details).await
}

/// 不同意。 Refuses an authorization; that ends it.
#[utoipa::path(
    post, path = "/standings/{id}/refuse", tag = "approval", operation_id = "standings.refuse", summary = "不同意常设授权 · Refuse a standing authorization",
    params(("id" = String, Path, description = "常设授权 · authorization"), IdempotencyKey, IfMatch), request_body = Refuse,
    responses((status = 200, description = "常设授权 · the authorization", body = StandingView))
)]
pub async fn refuse(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<StandingId>,
    if_match: IfMatch,
    command: Command<Refuse>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<Standing>(id.as_str()).await?;
    let by = work.permit(Action::UseVote, &place(&found.value))?;
    if_match.check(found.version)?;
    let details = json!({ "digest": body.digest });
    let event = StandingEvent::Vote { agrees: false, words: Some(body.reason.clone()), digest: body.digest };
    step(work, found, event, &by, Some(&body.reason), details).await
}

/// 委托审批。 Lets another approver vote in one's place.
#[utoipa::path(
    post, path = "/standings/{id}/delegate", tag = "approval", operation_id = "standings.delegate", summary = "委托审批常设授权 · Delegate a vote",
    params(("id" = String, Path, description = "常设授权 · authorization"), IdempotencyKey, IfMatch), request_body = DelegateVote,
    responses((status = 200, description = "常设授权 · the authorization", body = StandingView))
)]
pub async fn delegate(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<StandingId>,
    if_match: IfMatch,
    command: Command<DelegateVote>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<Standing>(id.as_str()).await?;
    let by = work.permit(Action::UseVote, &place(&found.value))?;
    if_match.check(found.version)?;
    let to = approver(&mut work, &body.account, "/account", &place(&found.value)).await?;
    let details = json!({ "to": to.account, "name": to.name });
    let event = StandingEvent::Delegate { to, reason: body.reason.clone() };
    step(work, found, event, &by, Some(&body.reason), details).await
}

//! A seal passes from hand to hand: begun by its custodian or the unit, confirmed by both.

use super::name::PassOn;
use super::{CustodyView, days, load, naming, person, step};
use crate::api::applications::Reason;
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::custody::keeping::KeepingEvent;
use yinxin_registry::ids::SealId;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Role;

/// Takes a seal over, or gives it away.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    /// Days until the next periodic check; 90 when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 366, example = 90)]
    pub check_days: Option<u16>,
}

/// 发起交接。 Begins a handover to another custodian; who has the seal answers for it until both have confirmed.
#[utoipa::path(
    post, path = "/seals/{id}/custody/hand-over", tag = "custody", operation_id = "custody.hand_over", summary = "发起交接 · Begin a handover",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = PassOn,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn hand_over(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<PassOn>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyHandOver, &kept.place())?;
    if_match.check(kept.version)?;
    if by.role == Role::Custodian.as_str() {
        kept.only_the_keeper(&by)?;
    }
    let to = person(&mut work, &body.account, "/account", Action::CustodyKeep, &kept.place()).await?;
    let event =
        KeepingEvent::BeginHandover { to: to.id.clone(), name: to.name.clone(), reason: body.reason.clone() };
    step(work, kept, event, &by, Some(&body.reason), naming(&to)).await
}

/// 接收印章。 The one named first accepts; from now on he answers for the seal.
#[utoipa::path(
    post, path = "/seals/{id}/custody/accept", tag = "custody", operation_id = "custody.accept", summary = "接收印章 · Accept the custody",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = TakeOver,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn accept(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<TakeOver>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let check_days = days(body.check_days)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyKeep, &kept.place())?;
    if_match.check(kept.version)?;
    step(work, kept, KeepingEvent::Accept { check_days }, &by, None, json!({ "check_days": check_days }))
        .await
}

/// 谢绝保管。 Who was named declines.
#[utoipa::path(
    post, path = "/seals/{id}/custody/decline", tag = "custody", operation_id = "custody.decline", summary = "谢绝保管 · Decline the custody",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn decline(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyKeep, &kept.place())?;
    if_match.check(kept.version)?;
    let event = KeepingEvent::Decline { reason: body.reason.clone() };
    step(work, kept, event, &by, Some(&body.reason), json!({})).await
}

/// 确认交接。 Giver or taker confirms; with the second confirmation the seal has changed hands.
#[utoipa::path(
    post, path = "/seals/{id}/custody/confirm", tag = "custody", operation_id = "custody.confirm", summary = "确认交接 · Confirm a handover",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = TakeOver,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn confirm(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<TakeOver>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let check_days = days(body.check_days)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyKeep, &kept.place())?;
    if_match.check(kept.version)?;
    let to = kept.keeping.handover().map(|handover| handover.to.to_string());
    step(work, kept, KeepingEvent::Confirm { check_days }, &by, None, json!({ "to": to })).await
}

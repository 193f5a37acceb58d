//! A system is suspended, resumed, ended.

use super::{PeerView, step};
use crate::api::applications::Reason;
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use yinxin_registry::exchange::peer::PeerEvent;
use yinxin_registry::ids::PeerId;
use yinxin_registry::permission::Action;

/// 暂停对接系统。 Nothing is judged by its trust list from now on: by either administrator, at once.
#[utoipa::path(
    post, path = "/peers/{id}/suspend", tag = "exchange", operation_id = "peers.suspend", summary = "暂停对接系统 · Suspend a system",
    params(("id" = String, Path, description = "对接系统 · system"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "对接系统 · the system", body = PeerView))
)]
pub async fn suspend(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (work, Reason { reason }) = Work::begin(&app, &caller, command).await?;
    reasoned(&reason)?;
    let event = PeerEvent::Suspend { reason: reason.clone() };
    step(work, (&id, &if_match), (Action::PeerStop, "peer.suspend"), event, Some(&reason)).await
}

/// 恢复对接系统。 Its trust list counts again, unless it has run out meanwhile.
#[utoipa::path(
    post, path = "/peers/{id}/resume", tag = "exchange", operation_id = "peers.resume", summary = "恢复对接系统 · Resume a system",
    params(("id" = String, Path, description = "对接系统 · system"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "对接系统 · the system", body = PeerView))
)]
pub async fn resume(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (work, Reason { reason }) = Work::begin(&app, &caller, command).await?;
    reasoned(&reason)?;
    let event = PeerEvent::Resume { reason: reason.clone() };
    step(work, (&id, &if_match), (Action::PeerConfirm, "peer.resume"), event, Some(&reason)).await
}

/// 终止对接系统。 It is not recognized any more; it may be proposed anew, with other certificates.
#[utoipa::path(
    post, path = "/peers/{id}/end", tag = "exchange", operation_id = "peers.end", summary = "终止对接系统 · End a system",
    params(("id" = String, Path, description = "对接系统 · system"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "对接系统 · the system", body = PeerView))
)]
pub async fn end(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (work, Reason { reason }) = Work::begin(&app, &caller, command).await?;
    reasoned(&reason)?;
    let event = PeerEvent::End { reason: reason.clone() };
    step(work, (&id, &if_match), (Action::PeerStop, "peer.end"), event, Some(&reason)).await
}

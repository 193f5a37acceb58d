//! The unit's agent names a custodian, takes an offer back, or names another.

use super::{CustodyView, load, naming, person, step};
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
use yinxin_registry::ids::{AccountId, SealId};
use yinxin_registry::permission::Action;

/// A custodian to be named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameCustodian {
    /// Account with the role `custodian` in the unit.
    #[schema(value_type = String, example = "acct_01k0000000000000000000000a")]
    pub account: AccountId,
}

/// Another custodian, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassOn {
    /// Account with the role `custodian` in the unit.
    #[schema(value_type = String, example = "acct_01k0000000000000000000000a")]
    pub account: AccountId,
    /// 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "岗位调整")]
    pub reason: String,
}

/// 指定保管人。 Names the first custodian of a seal in force; he has it once he accepts.
#[utoipa::path(
    post, path = "/seals/{id}/custody/offer", tag = "custody", operation_id = "custody.offer", summary = "指定保管人 · Name a custodian",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = NameCustodian,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn offer(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<NameCustodian>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyAssign, &kept.place())?;
    if_match.check(kept.version)?;
    let to = person(&mut work, &body.account, "/account", Action::CustodyKeep, &kept.place()).await?;
    let event = KeepingEvent::Offer { to: to.id.clone(), name: to.name.clone() };
    step(work, kept, event, &by, None, naming(&to)).await
}

/// 撤回指定或者交接。 Takes an offer or a handover back before it is confirmed.
#[utoipa::path(
    post, path = "/seals/{id}/custody/take-back", tag = "custody", operation_id = "custody.take_back", summary = "撤回指定或者交接 · Take an offer back",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn take_back(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyAssign, &kept.place())?;
    if_match.check(kept.version)?;
    let event = KeepingEvent::TakeBack { reason: body.reason.clone() };
    step(work, kept, event, &by, Some(&body.reason), json!({})).await
}

/// 更换保管人。 Names another where the custodian cannot pass the seal on himself: nobody keeps it until the other accepts.
#[utoipa::path(
    post, path = "/seals/{id}/custody/replace", tag = "custody", operation_id = "custody.replace", summary = "更换保管人 · Replace the custodian",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = PassOn,
    responses((status = 200, description = "保管情况 · the custody", body = CustodyView))
)]
pub async fn replace(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<PassOn>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let kept = load(&mut work.tx, id.as_str()).await?;
    let by = work.permit(Action::CustodyAssign, &kept.place())?;
    if_match.check(kept.version)?;
    let to = person(&mut work, &body.account, "/account", Action::CustodyKeep, &kept.place()).await?;
    let event =
        KeepingEvent::Replace { to: to.id.clone(), name: to.name.clone(), reason: body.reason.clone() };
    step(work, kept, event, &by, Some(&body.reason), naming(&to)).await
}

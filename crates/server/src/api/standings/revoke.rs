//! Custodian or agent takes an authorization back.

use super::{StandingView, place, step};
use crate::api::applications::Reason;
use crate::api::custody::load;
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::approval::standing::{Standing, StandingEvent};
use yinxin_registry::ids::StandingId;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Role;

/// 收回常设授权。 Takes an authorization back, proposed or in force.
#[utoipa::path(
    post, path = "/standings/{id}/revoke", tag = "approval", operation_id = "standings.revoke", summary = "收回常设授权 · Take a standing authorization back",
    params(("id" = String, Path, description = "常设授权 · authorization"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "常设授权 · the authorization", body = StandingView))
)]
pub async fn revoke(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<StandingId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<Standing>(id.as_str()).await?;
    let by = work.permit(Action::StandingWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    if by.role == Role::Custodian.as_str() {
        load(&mut work.tx, found.value.seal().as_str()).await?.only_the_keeper(&by)?;
    }
    let details = json!({ "client": found.value.terms().client });
    let event = StandingEvent::Revoke { reason: body.reason.clone() };
    step(work, found, event, &by, Some(&body.reason), details).await
}

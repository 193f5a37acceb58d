//! The custodian or the unit's agent takes a right back.

use super::{UseGrantView, place, subject};
use crate::api::applications::Reason;
use crate::api::custody::load;
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::custody::grant::{GrantEvent, UseGrant};
use yinxin_registry::ids::UseGrantId;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Role;

/// 收回用印授权。 Takes a right back; what is approved and not yet sealed under it is not sealed any more.
#[utoipa::path(
    post, path = "/use-grants/{id}/revoke", tag = "custody", operation_id = "use_grants.revoke", summary = "收回用印授权 · Take a right back",
    params(("id" = String, Path, description = "授权 · right"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "授权 · the right", body = UseGrantView))
)]
pub async fn revoke(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseGrantId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<UseGrant>(id.as_str()).await?;
    let by = work.permit(Action::UseGrantRevoke, &place(&found.value))?;
    if_match.check(found.version)?;
    if by.role == Role::Custodian.as_str() {
        load(&mut work.tx, found.value.seal().as_str()).await?.only_the_keeper(&by)?;
    }
    let event = GrantEvent::Revoke { reason: body.reason.clone() };
    let (grant, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&grant, found.version).await?;
    let details = json!({ "grant": grant.id(), "to": grant.to() });
    work.record(&by, "use_grant.revoke", &subject(&grant), Some(&body.reason), details);
    work.enact(&subject(&grant), &effects);
    work.finish(StoredResponse::ok(&UseGrantView::of(&grant, version))?.version(version)).await
}

//! A request is taken back: nothing more is sealed under it.

use super::{UseRequestView, answer, place, subject};
use crate::api::applications::Reason;
use crate::api::custody::load;
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use yinxin_registry::ids::UseRequestId;
use yinxin_registry::lifecycle::{Refused, State as _};
use yinxin_registry::permission::Action;
use yinxin_registry::role::Role;
use yinxin_registry::usage::request::{RequestEvent, RequestState, Right, UseRequest};

/// Kind of the job that settles the documents of a request that ended before they were sealed.
pub const SETTLE: &str = "use_settle";

/// What that job has to know.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Settling {
    /// Whether the right to what was not sealed has to be given back.
    pub owed: bool,
}

/// 撤回用印申请。 Takes a request back, by who asked, the seal's custodian, or the unit's agent.
#[utoipa::path(
    post, path = "/use-requests/{id}/withdraw", tag = "use", operation_id = "use_requests.withdraw", summary = "撤回用印申请 · Take a request back",
    params(("id" = String, Path, description = "用印申请 · request"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "用印申请 · the request", body = UseRequestView))
)]
pub async fn withdraw(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UseRequestId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<UseRequest>(id.as_str()).await?;
    let by = work.permit(Action::UseWithdraw, &place(&found.value))?;
    if_match.check(found.version)?;
    let asker = found.value.asked_by().id == by.id;
    if !asker && by.role == Role::Custodian.as_str() {
        load(&mut work.tx, found.value.seal().as_str()).await?.only_the_keeper(&by)?;
    } else if !asker && by.role != Role::UnitAgent.as_str() {
        return Err(Refused::rule("NOT_THE_ASKER", "只有申请人可以这样做", "only who asks does this").into());
    }
    let before = found.value.state();
    let event = RequestEvent::Withdraw { reason: body.reason.clone() };
    let (request, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&request, found.version).await?;
    work.record(
        &by,
        "use.withdraw",
        &subject(&request),
        Some(&body.reason),
        json!({ "from": before.as_str() }),
    );
    let settling = serde_json::to_string(&settlement(&request, before)).unwrap_or_default();
    work.job(SETTLE, id.as_str(), settling, work.now);
    work.enact(&subject(&request), &effects);
    work.finish(answer(&request, version)?).await
}

/// Leaves the documents that were not sealed, and the right to them, to a job. `before` is where the request stood.
pub fn settlement(request: &UseRequest, before: RequestState) -> Settling {
    let owed = match request.asked().right {
        Right::Grant { .. } => before == RequestState::Signing,
        Right::Standing { .. } => matches!(before, RequestState::Approved | RequestState::Signing),
    };
    Settling { owed }
}

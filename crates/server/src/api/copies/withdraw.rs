//! A copy is withdrawn: whoever asks by its code is told so from then on.

use super::{CopyView, answer, only_who_may, subject};
use crate::api::applications::Reason;
use crate::api::seals::reasoned;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::CopyId;
use yinxin_registry::usage::copy::RegisteredCopy;
use yinxin_registry::usage::request::UseRequest;

/// 撤回副本。 Withdraws a copy, by who asked for the seal, the seal's custodian, or the unit's agent; it never comes back. The original stays as it is.
#[utoipa::path(
    post, path = "/copies/{id}/withdraw", tag = "copies", operation_id = "copies.withdraw", summary = "撤回副本 · Withdraw a copy",
    params(("id" = String, Path, description = "副本 · copy"), IdempotencyKey, IfMatch), request_body = Reason,
    responses((status = 200, description = "副本 · the copy", body = CopyView))
)]
pub async fn withdraw(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<CopyId>,
    if_match: IfMatch,
    command: Command<Reason>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    reasoned(&body.reason)?;
    let found = work.tx.get::<RegisteredCopy>(id.as_str()).await?;
    let request = work.tx.get::<UseRequest>(found.value.request().as_str()).await?.value;
    let by = only_who_may(&mut work, &request).await?;
    if_match.check(found.version)?;
    let copy = found.value.withdraw(&body.reason, &by, work.now)?;
    let version = work.tx.save(&copy, found.version).await?;
    let details = json!({ "request": copy.request(), "item": copy.item(), "code": copy.code() });
    work.record(&by, "copy.withdraw", &subject(&copy), Some(&body.reason), details);
    work.finish(answer(&app, &copy, version)?).await
}

//! A locked account is released.

use super::{AccountView, Why, answer, loaded, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::Action;

/// 解锁账号。 Forgets its failed logins and ends a lock.
#[utoipa::path(
    post, path = "/accounts/{id}/unlock", tag = "accounts", operation_id = "accounts.unlock", summary = "解锁账号 · Unlock an account",
    params(("id" = String, Path, description = "账号 · account"), IdempotencyKey, IfMatch), request_body = Why,
    responses((status = 200, description = "账号 · the account", body = AccountView))
)]
pub async fn unlock(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<AccountId>,
    if_match: IfMatch,
    command: Command<Why>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let reason = body.checked()?;
    let (by, found) = loaded(&mut work, Action::AccountWrite, &id, &if_match).await?;
    let mut account = found.value;
    let failures = std::mem::take(&mut account.failures).count;
    let version = work.tx.save(&account, found.version).await?;
    work.record(&by, "account.unlock", &subject(&account), Some(reason), json!({ "failures": failures }));
    work.finish(answer(&account, version)?).await
}

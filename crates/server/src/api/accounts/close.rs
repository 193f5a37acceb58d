//! Accounts closed and opened again.

use super::{AccountView, Why, answer, loaded, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::account::AccountState;
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::Action;

/// 停用账号。 Closes it and ends its sessions at once.
#[utoipa::path(
    post, path = "/accounts/{id}/disable", tag = "accounts", operation_id = "accounts.disable", summary = "停用账号 · Disable an account",
    params(("id" = String, Path, description = "账号 · account"), IdempotencyKey, IfMatch), request_body = Why,
    responses((status = 200, description = "账号 · the account", body = AccountView))
)]
pub async fn disable(
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
    if account.state == AccountState::Disabled {
        return Err(Problem::state_conflict("disabled", "disable", ["enable"]).into());
    }
    account.state = AccountState::Disabled;
    let version = work.tx.save(&account, found.version).await?;
    let ended = work.tx.end_sessions_of(id.as_str(), "").await?;
    work.record(&by, "account.disable", &subject(&account), Some(reason), json!({ "sessions_ended": ended }));
    work.finish(answer(&account, version)?).await
}

/// 启用账号。 Opens it again.
#[utoipa::path(
    post, path = "/accounts/{id}/enable", tag = "accounts", operation_id = "accounts.enable", summary = "启用账号 · Enable an account",
    params(("id" = String, Path, description = "账号 · account"), IdempotencyKey, IfMatch), request_body = Why,
    responses((status = 200, description = "账号 · the account", body = AccountView))
)]
pub async fn enable(
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
    if account.state == AccountState::Active {
        return Err(Problem::state_conflict("active", "enable", ["disable"]).into());
    }
    account.state = AccountState::Active;
    let version = work.tx.save(&account, found.version).await?;
    work.record(&by, "account.enable", &subject(&account), Some(reason), json!({}));
    work.finish(answer(&account, version)?).await
}

//! A forgotten password or a lost second factor is replaced.

use super::create::AccountWithPassword;
use super::{AccountView, Why, loaded, one_time_password, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::account::Account;
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::Versioned;

/// How an account is given a new one-time password.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPassword {
    /// Whether one-time codes and certificates are taken off too: for a lost device. They have to be enrolled anew.
    #[serde(default)]
    pub second_factor: bool,
    /// 2 to 500 characters.
    #[schema(min_length = 2, max_length = 500, example = "本人当面申请，身份已核实")]
    pub reason: String,
}

/// 重置口令。 Gives a new one-time password, shown in the first answer only, and ends the sessions.
#[utoipa::path(
    post, path = "/accounts/{id}/reset-password", tag = "accounts", operation_id = "accounts.reset_password", summary = "重置口令 · Reset the password",
    params(("id" = String, Path, description = "账号 · account"), IdempotencyKey, IfMatch), request_body = ResetPassword,
    responses((status = 200, description = "账号与一次性口令 · the account and its one-time password", body = AccountWithPassword))
)]
pub async fn reset_password(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<AccountId>,
    if_match: IfMatch,
    command: Command<ResetPassword>,
) -> Result<Response, Stop> {
    caller.permit(Action::AccountWrite, &Place::registry(), app.now()?)?;
    let (password, hash) = one_time_password(&app).await?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let why = Why { reason: body.reason };
    let reason = why.checked()?;
    let (by, found) = loaded(&mut work, Action::AccountWrite, &id, &if_match).await?;
    let Versioned { version, value } = found;
    let history = app.config.security.password_policy().history;
    let account = renewed(value, hash, body.second_factor, history, work.now);
    let version = work.tx.save(&account, version).await?;
    let ended = work.tx.end_sessions_of(id.as_str(), "").await?;
    let details = json!({ "second_factor": body.second_factor, "sessions_ended": ended });
    work.record(&by, "account.reset_password", &subject(&account), Some(reason), details);
    let view = AccountView::of(&account, version);
    let kept = AccountWithPassword { account: view.clone(), one_time_password: None };
    let shown = AccountWithPassword { account: view, one_time_password: Some(password.reveal().to_owned()) };
    work.finish_showing(
        StoredResponse::ok(&kept)?.version(version),
        StoredResponse::ok(&shown)?.version(version),
    )
    .await
}

fn renewed(
    mut account: Account,
    hash: String,
    second_factor: bool,
    history: usize,
    now: jiff::Timestamp,
) -> Account {
    let credentials = &mut account.credentials;
    // A one-time password that nobody used is no former password.
    if !credentials.must_change {
        credentials.former.insert(0, credentials.password.clone());
        credentials.former.truncate(history);
    }
    credentials.password = hash;
    credentials.must_change = true;
    credentials.set_at = now;
    if second_factor {
        credentials.totp = None;
        credentials.totp_step = 0;
        credentials.certificates.clear();
    }
    account.failures = Default::default();
    account
}

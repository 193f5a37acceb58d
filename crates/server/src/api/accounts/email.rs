//! Where notices are mailed to: set by a security administrator, or by the person for himself.

use super::{AccountView, answer, loaded, subject};
use crate::api::people::{EMAIL, protect};
use crate::api::text::refuse;
use crate::app::{App, Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path, Problem, StoredResponse};
use crate::outbound::is_address;
use crate::security::redact::Mask;
use crate::security::vault::Place;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::Protected;
use yinxin_registry::account::Account;
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::Action;

/// An address, or none.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetEmail {
    /// Where notices are mailed to; absent: nowhere any more.
    #[serde(default)]
    #[schema(
        max_length = 64,
        pattern = "^[A-Za-z0-9_+-]+(\\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}$",
        example = "one@unit.example"
    )]
    pub email: Option<String>,
}

impl std::fmt::Debug for SetEmail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SetEmail(..)")
    }
}

/// The address as it is kept: encrypted for its account.
///
/// # Errors
/// `VALIDATION`; `INTERNAL` when the keys do not serve.
pub(super) fn protected(
    app: &App,
    id: &AccountId,
    email: Option<&str>,
) -> Result<Option<Protected>, Problem> {
    let Some(email) = email else { return Ok(None) };
    if !is_address(email) {
        return Err(refuse("/email", "EMAIL", "不是邮件地址", "not a mail address"));
    }
    protect(app, Place::new(EMAIL, id.as_str()), email, Mask::Email).map(Some)
}

fn details(account: &Account) -> serde_json::Value {
    json!({ "email": account.email.as_ref().map(|email| email.masked.clone()) })
}

/// 设置账号的通知邮箱。 Sets where a person's notices are mailed to.
#[utoipa::path(
    post, path = "/accounts/{id}/email", tag = "accounts", operation_id = "accounts.set_email", summary = "设置通知邮箱 · Set the mail address",
    params(("id" = String, Path, description = "账号 · account"), IdempotencyKey, IfMatch), request_body = SetEmail,
    responses((status = 200, description = "账号 · the account", body = AccountView))
)]
pub async fn set(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<AccountId>,
    if_match: IfMatch,
    command: Command<SetEmail>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let (by, found) = loaded(&mut work, Action::AccountWrite, &id, &if_match).await?;
    let mut account = found.value;
    account.email = protected(&app, &id, body.email.as_deref())?;
    let version = work.tx.save(&account, found.version).await?;
    work.record(&by, "account.set_email", &subject(&account), None, details(&account));
    work.finish(answer(&account, version)?).await
}

/// One's own address.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnEmail {
    /// Masked; absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "o***@unit.example")]
    pub email: Option<String>,
}

/// 设置本人的通知邮箱。 Sets where one's own notices are mailed to.
#[utoipa::path(
    post, path = "/session/email", tag = "sessions", operation_id = "session.set_email", summary = "设置本人通知邮箱 · Set my mail address",
    params(IdempotencyKey), request_body = SetEmail,
    responses((status = 200, description = "邮箱 · the address, masked", body = OwnEmail))
)]
pub async fn set_own(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<SetEmail>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let id = caller.person()?.0.id.clone();
    caller.unrestricted(Action::UnitRead)?;
    let found = work.tx.get::<Account>(id.as_str()).await?;
    let mut account = found.value;
    account.email = protected(&app, &id, body.email.as_deref())?;
    work.tx.save(&account, found.version).await?;
    work.record(&caller.myself(), "session.set_email", &subject(&account), None, details(&account));
    let email = account.email.as_ref().map(|email| email.masked.clone());
    work.finish(StoredResponse::ok(&OwnEmail { email })?).await
}

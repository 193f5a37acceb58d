//! Roles given and taken back.

use super::{AccountView, GrantBody, Why, account_fault, answer, loaded, read_scope, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Role;

/// 授予角色。 Gives a role; it counts from the next request on.
#[utoipa::path(
    post, path = "/accounts/{id}/grants", tag = "accounts", operation_id = "accounts.grant", summary = "授予角色 · Give a role",
    params(("id" = String, Path, description = "账号 · account"), IdempotencyKey, IfMatch), request_body = GrantBody,
    responses((status = 200, description = "账号 · the account", body = AccountView))
)]
pub async fn give(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<AccountId>,
    if_match: IfMatch,
    command: Command<GrantBody>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let (by, found) = loaded(&mut work, Action::GrantWrite, &id, &if_match).await?;
    let giver = caller.person()?.0.id.clone();
    let (role, scope) = (body.role, body.scope.clone());
    let grant = body.into_grant(&mut work, Some(&giver), "").await?;
    let until = grant.until;
    let account = found.value.grant(grant, work.now).map_err(|fault| account_fault(&fault))?;
    let version = work.tx.save(&account, found.version).await?;
    let details = json!({ "role": role.as_str(), "scope": scope, "until": until.map(|u| u.to_string()) });
    work.record(&by, "account.grant", &subject(&account), None, details);
    work.finish(answer(&account, version)?).await
}

/// A role to be taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// The role.
    #[schema(
        value_type = String, example = "issuing_reviewer",
        pattern = "^(system_administrator|security_administrator|audit_administrator|issuing_reviewer|maker_operator|filing_officer|unit_agent|custodian|approver|user|business_system|supervisor)$"
    )]
    pub role: Role,
    /// The scope it was given for; absent for administrators.
    #[serde(default)]
    #[schema(max_length = 120, example = "/100000/610000/610100/")]
    pub scope: Option<String>,
    /// 2 to 500 characters.
    #[schema(min_length = 2, max_length = 500, example = "不再承担该岗位")]
    pub reason: String,
}

/// 收回角色。 Takes a role back; from the next request on it is gone.
#[utoipa::path(
    post, path = "/accounts/{id}/grants/take-back", tag = "accounts", operation_id = "accounts.take_back", summary = "收回角色 · Take a role back",
    params(("id" = String, Path, description = "账号 · account"), IdempotencyKey, IfMatch), request_body = TakeBack,
    responses((status = 200, description = "账号 · the account", body = AccountView))
)]
pub async fn take_back(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<AccountId>,
    if_match: IfMatch,
    command: Command<TakeBack>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let why = Why { reason: body.reason };
    let reason = why.checked()?;
    let scope = read_scope(body.role, body.scope.as_deref(), "/scope")?;
    let (by, found) = loaded(&mut work, Action::GrantWrite, &id, &if_match).await?;
    let account = found.value.revoke(body.role, &scope).map_err(|fault| account_fault(&fault))?;
    let version = work.tx.save(&account, found.version).await?;
    let details = json!({ "role": body.role.as_str(), "scope": body.scope });
    work.record(&by, "account.take_back", &subject(&account), Some(reason), details);
    work.finish(answer(&account, version)?).await
}

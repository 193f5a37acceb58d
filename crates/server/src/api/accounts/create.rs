//! A security administrator makes an account.

use super::email::protected;
use super::{AccountView, GrantBody, account_fault, one_time_password, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, FieldError, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::account::{Account, AccountState, Credentials, Failures};
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::{Action, Place};

/// Most roles an account may be made with.
const MOST_GRANTS: usize = 20;

/// An account to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    /// Login name: small letters, digits, `.`, `-`, `_`.
    #[schema(min_length = 3, max_length = 64, pattern = "^[a-z0-9._-]{3,64}$", example = "reviewer.one")]
    pub login: String,
    /// The person's name.
    #[schema(min_length = 1, max_length = 64, example = "示例甲")]
    pub name: String,
    /// Where notices are mailed to.
    #[serde(default)]
    #[schema(
        max_length = 64,
        pattern = "^[A-Za-z0-9_+-]+(\\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]{2,63}$",
        example = "one@unit.example"
    )]
    pub email: Option<String>,
    /// Roles, at most 20.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub grants: Vec<GrantBody>,
}

/// An account with its one-time password.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccountWithPassword {
    /// The account.
    #[serde(flatten)]
    pub account: AccountView,
    /// One-time password, shown in the first answer only and never again; it must be changed at the first login.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2345-6789-ABCD-EFGH-JKLM-NPQR")]
    pub one_time_password: Option<String>,
}

/// 新建账号。 Makes an account; its one-time password is in the first answer only.
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", operation_id = "accounts.create", summary = "新建账号 · Make an account",
    params(IdempotencyKey), request_body = CreateAccount,
    responses((status = 201, description = "账号与一次性口令 · the account and its one-time password", body = AccountWithPassword))
)]
pub async fn create(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<CreateAccount>,
) -> Result<Response, Stop> {
    caller.permit(Action::AccountWrite, &Place::registry(), app.now()?)?;
    let (password, hash) = one_time_password(&app).await?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::AccountWrite, &Place::registry())?;
    let creator = caller.person()?.0.id.clone();
    let account = account(&mut work, body, hash, &creator).await?;
    let version = work.tx.insert(&account).await?;
    let roles: Vec<&str> = account.grants.iter().map(|g| g.role.as_str()).collect();
    let details = json!({ "login": account.login, "roles": roles });
    work.record(&by, "account.create", &subject(&account), None, details);
    let location = format!("/api/v1/accounts/{}", account.id);
    let view = AccountView::of(&account, version);
    let kept = AccountWithPassword { account: view.clone(), one_time_password: None };
    let shown = AccountWithPassword { account: view, one_time_password: Some(password.reveal().to_owned()) };
    work.finish_showing(
        StoredResponse::created(location.clone(), &kept)?.version(version),
        StoredResponse::created(location, &shown)?.version(version),
    )
    .await
}

async fn account(
    work: &mut Work,
    body: CreateAccount,
    hash: String,
    creator: &AccountId,
) -> Result<Account, Stop> {
    let id = AccountId::new(work.now, &mut work.app().rng());
    let email = protected(work.app(), &id, body.email.as_deref())?;
    let mut account = Account {
        id,
        email,
        login: body.login,
        name: body.name.trim().to_owned(),
        state: AccountState::Active,
        credentials: Credentials {
            password: hash,
            former: Vec::new(),
            must_change: true,
            set_at: work.now,
            totp: None,
            totp_step: 0,
            certificates: Vec::new(),
        },
        failures: Failures::default(),
        grants: Vec::new(),
        created_at: work.now,
        created_by: Some(creator.clone()),
    };
    account.check().map_err(|fault| account_fault(&fault))?;
    if account.name.chars().any(char::is_control) {
        return Err(account_fault(&yinxin_registry::account::AccountFault::Name).into());
    }
    if body.grants.len() > MOST_GRANTS {
        return Err(Problem::new(Code::Validation)
            .with_error(FieldError::body(
                "/grants",
                "OUT_OF_RANGE",
                "一次最多授予 20 项角色",
                "at most 20 roles at once",
            ))
            .into());
    }
    if !body.grants.is_empty() {
        work.permit(Action::GrantWrite, &Place::registry())?;
    }
    for (place, grant) in body.grants.into_iter().enumerate() {
        let grant = grant.into_grant(work, Some(creator), &format!("/grants/{place}")).await?;
        account = account.grant(grant, work.now).map_err(|fault| account_fault(&fault))?;
    }
    Ok(account)
}

//! Accounts of people (账号): made, closed and given roles by security administrators. Nobody works on his own account here.

mod close;
mod create;
mod email;
mod fault;
mod first;
mod grant;
mod grants;
mod read;
mod reset;
mod scopes;
mod unlock;
mod view;

pub use fault::{account_fault, password_fault};
pub use first::first_administrators;
pub use grant::{GrantBody, read_scope, scope_that_exists};
pub use view::{AccountView, BoundCertificateView, GrantView};

use crate::app::{App, Shared, Stop, Subject, Work};
use crate::http::{Code, IfMatch, Problem, StoredResponse};
use crate::security::Secret;
use crate::security::one_time;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::account::Account;
use yinxin_registry::ids::AccountId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::text::has_length;
use yinxin_store::Versioned;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(email::set))
        .routes(routes!(email::set_own))
        .routes(routes!(read::list, create::create))
        .routes(routes!(read::show))
        .routes(routes!(close::disable))
        .routes(routes!(close::enable))
        .routes(routes!(unlock::unlock))
        .routes(routes!(reset::reset_password))
        .routes(routes!(grants::give))
        .routes(routes!(grants::take_back))
        .routes(routes!(scopes::list))
}

/// Why something is done to an account or client.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// 2 to 500 characters.
    #[schema(min_length = 2, max_length = 500, example = "人员调岗")]
    pub reason: String,
}

impl Why {
    /// The reason, without space around it.
    ///
    /// # Errors
    /// `VALIDATION` unless it has 2 to 500 characters and no control characters.
    pub fn checked(&self) -> Result<&str, Problem> {
        let reason = self.reason.trim();
        let fits = has_length(&self.reason, 2..=500) && !reason.chars().any(char::is_control);
        if fits {
            return Ok(reason);
        }
        let mut faults = crate::http::Faults::new();
        faults.push("/reason", "REASON", "原因应为 2 至 500 个字", "a reason has 2 to 500 characters");
        faults.into_result().and(Ok(reason))
    }
}

/// What the audit log says it is about.
fn subject(account: &Account) -> Subject {
    Subject::registry(account.id.as_str())
}

/// The answer to a step.
fn answer(account: &Account, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&AccountView::of(account, version))?.version(version))
}

/// The account a step is about, in which role the caller may take it.
async fn loaded(
    work: &mut Work,
    action: Action,
    id: &AccountId,
    if_match: &IfMatch,
) -> Result<(By, Versioned<Account>), Stop> {
    let by = work.permit(action, &Place::registry())?;
    if work.caller().id() == id.as_str() {
        return Err(Problem::new(Code::Forbidden)
            .detail(
                "不得对自己的账号做管理操作，请由另一名安全管理员办理。",
                "Nobody administers his own account: ask another security administrator.",
            )
            .into());
    }
    let found = work.tx.get::<Account>(id.as_str()).await?;
    if_match.check(found.version)?;
    Ok((by, found))
}

/// A one-time password and its hash. Takes as long as a login: call it before a transaction begins.
async fn one_time_password(app: &App) -> Result<(Secret, String), Problem> {
    let password = one_time::generate_password(&mut app.rng());
    let plain = one_time::normalize(password.reveal()).unwrap_or_else(|| password.clone());
    let hash = app.hasher.hash(plain, &mut app.rng()).await.map_err(|error| password_fault(&error))?;
    Ok((password, hash))
}

//! Reading accounts.

use super::AccountView;
use crate::api::filter::{check_name, check_word};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::account::Account;
use yinxin_registry::ids::AccountId;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AccountFilter {
    /// Only `active` or `disabled`.
    #[param(pattern = "^(active|disabled)$")]
    pub state: Option<String>,
    /// Only names of people that begin so; the order is then by name.
    #[param(max_length = 64)]
    pub name: Option<String>,
}

/// 账号列表。 Lists accounts, the oldest first.
#[utoipa::path(
    get, path = "/accounts", tag = "accounts", operation_id = "accounts.list", summary = "账号列表 · List accounts",
    params(AccountFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<AccountView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<AccountFilter>,
) -> Result<Page<AccountView>, Stop> {
    caller.permit(Action::AccountRead, &Place::registry(), app.now()?)?;
    check_word("state", list.filter.state.as_deref(), &["active", "disabled"])?;
    check_name(list.filter.name.as_deref(), 64)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        kind: None,
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
    };
    let page = app.store.read().await?.accounts(&filter).await?;
    Ok(list.carry(page.items.iter().map(|a| AccountView::of(&a.value, a.version)).collect(), page.next))
}

/// 查看账号。 Reads one.
#[utoipa::path(
    get, path = "/accounts/{id}", tag = "accounts", operation_id = "accounts.show", summary = "查看账号 · Read an account",
    params(("id" = String, Path, description = "账号 · account")),
    responses((status = 200, description = "账号 · the account", body = AccountView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<AccountId>,
) -> Result<Versioned<AccountView>, Stop> {
    caller.permit(Action::AccountRead, &Place::registry(), app.now()?)?;
    let found = app.store.read().await?.get::<Account>(id.as_str()).await?;
    Ok(Versioned { version: found.version, body: AccountView::of(&found.value, found.version) })
}

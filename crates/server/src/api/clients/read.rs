//! Reading clients.

use super::ClientView;
use crate::api::filter::{check_name, check_word};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::client::ApiClient;
use yinxin_registry::ids::ClientId;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClientFilter {
    /// Only `active` or `disabled`.
    #[param(pattern = "^(active|disabled)$")]
    pub state: Option<String>,
    /// Only names that begin so.
    #[param(max_length = 100)]
    pub name: Option<String>,
}

/// 接入系统列表。 Lists clients by name.
#[utoipa::path(
    get, path = "/clients", tag = "clients", operation_id = "clients.list", summary = "接入系统列表 · List clients",
    params(ClientFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<ClientView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<ClientFilter>,
) -> Result<Page<ClientView>, Stop> {
    caller.permit(Action::ClientWrite, &Place::registry(), app.now()?)?;
    check_word("state", list.filter.state.as_deref(), &["active", "disabled"])?;
    check_name(list.filter.name.as_deref(), 100)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        kind: None,
        name: list.filter.name.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
    };
    let page = app.store.read().await?.clients(&filter).await?;
    Ok(list.carry(page.items.iter().map(|c| ClientView::of(&c.value, c.version)).collect(), page.next))
}

/// 查看接入系统。 Reads one.
#[utoipa::path(
    get, path = "/clients/{id}", tag = "clients", operation_id = "clients.show", summary = "查看接入系统 · Read a client",
    params(("id" = String, Path, description = "接入系统 · client")),
    responses((status = 200, description = "接入系统 · the client", body = ClientView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ClientId>,
) -> Result<Versioned<ClientView>, Stop> {
    caller.permit(Action::ClientWrite, &Place::registry(), app.now()?)?;
    let found = app.store.read().await?.get::<ApiClient>(id.as_str()).await?;
    Ok(Versioned { version: found.version, body: ClientView::of(&found.value, found.version) })
}

//! Reading webhooks.

use super::{WebhookView, action, permitted};
use crate::api::filter::check_word;
use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{List, Page, PageQuery, Path, Versioned};
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yinxin_registry::ids::WebhookId;
use yinxin_registry::webhook::Webhook;
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WebhookFilter {
    /// Only `active` or `ended`.
    #[param(pattern = "^(active|ended)$")]
    pub state: Option<String>,
    /// Area path or identifier of a unit, within what the caller's roles reach.
    pub scope: Option<String>,
}

/// 事件推送列表。 Lists webhooks.
#[utoipa::path(
    get, path = "/webhooks", tag = "webhooks", operation_id = "webhooks.list", summary = "事件推送列表 · List webhooks",
    params(WebhookFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<WebhookView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<WebhookFilter>,
) -> Result<Page<WebhookView>, Stop> {
    check_word("state", list.filter.state.as_deref(), &["active", "ended"])?;
    let now = app.now()?;
    let wanted = ScopeQuery::parse(list.filter.scope.as_deref())?;
    let scope = choose(&caller, action(&caller, now), wanted, now)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = app.store.read().await?.list::<Webhook>(&scope, &filter).await?;
    Ok(list.carry(page.items.iter().map(|w| WebhookView::of(&w.value, w.version)).collect(), page.next))
}

/// 查看事件推送。 Reads one.
#[utoipa::path(
    get, path = "/webhooks/{id}", tag = "webhooks", operation_id = "webhooks.show", summary = "查看事件推送 · Read a webhook",
    params(("id" = String, Path, description = "事件推送 · webhook")),
    responses((status = 200, description = "事件推送 · the webhook", body = WebhookView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<WebhookId>,
) -> Result<Versioned<WebhookView>, Stop> {
    let now = app.now()?;
    caller.reach(action(&caller, now), now)?;
    let found = app.store.read().await?.get::<Webhook>(id.as_str()).await?;
    permitted(&caller, &found.value.place(), now)?;
    Ok(Versioned { version: found.version, body: WebhookView::of(&found.value, found.version) })
}

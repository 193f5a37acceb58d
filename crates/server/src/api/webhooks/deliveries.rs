//! What became of the events of a webhook.

use super::{WebhookDeliveryView, action, loaded, permitted, subject};
use crate::api::filter::check_word;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, List, NoBody, Page, PageQuery, Path, StoredResponse};
use crate::jobs::HOOK;
use crate::jobs::announce::lane;
use crate::outbound::HOOK_JOB;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use yinxin_registry::ids::{DeliveryId, WebhookId};
use yinxin_registry::webhook::{Delivery, Event, Webhook};
use yinxin_store::{ListFilter, StoreError};

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeliveryFilter {
    /// Only `waiting`, `delivered` or `failed`.
    #[param(pattern = "^(waiting|delivered|failed)$")]
    pub state: Option<String>,
}

/// 推送记录。 Lists the events of a webhook, the newest first; what was settled 90 days ago is gone.
#[utoipa::path(
    get, path = "/webhooks/{id}/deliveries", tag = "webhooks", operation_id = "webhooks.deliveries", summary = "推送记录 · List deliveries",
    params(("id" = String, Path, description = "事件推送 · webhook"), DeliveryFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<WebhookDeliveryView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<WebhookId>,
    list: List<DeliveryFilter>,
) -> Result<Page<WebhookDeliveryView>, Stop> {
    check_word("state", list.filter.state.as_deref(), &["waiting", "delivered", "failed"])?;
    let now = app.now()?;
    caller.reach(action(&caller, now), now)?;
    let mut read = app.store.read().await?;
    let webhook = read.get::<Webhook>(id.as_str()).await?.value;
    permitted(&caller, &webhook.place(), now)?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = read.deliveries(id.as_str(), &filter).await?;
    Ok(list
        .carry(page.items.iter().map(|found| WebhookDeliveryView::from(&found.value)).collect(), page.next))
}

/// 重新推送。 Sends an event that was given up once more, under the same identifier, behind what came meanwhile.
#[utoipa::path(
    post, path = "/webhooks/deliveries/{id}/retry", tag = "webhooks", operation_id = "webhooks.retry", summary = "重新推送 · Send once more",
    params(("id" = String, Path, description = "推送 · delivery"), IdempotencyKey),
    responses((status = 200, description = "推送 · the delivery", body = WebhookDeliveryView))
)]
pub async fn retry(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DeliveryId>,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let now = work.now;
    caller.reach(action(&caller, now), now)?;
    let found = work.tx.get::<Delivery>(id.as_str()).await?;
    let (by, webhook) = loaded(&mut work, &found.value.webhook).await?;
    webhook.value.live("retry")?;
    let delivery = found.value.retry(now)?;
    work.tx.save(&delivery, found.version).await?;
    let event: Event = serde_json::from_str(&delivery.body).map_err(StoreError::from)?;
    let (lane, payload) = lane(&delivery, &event);
    work.job_in(HOOK, HOOK_JOB, &lane, payload, now);
    let details = json!({ "event": delivery.event, "delivery": id });
    work.record(&by, "webhook.retry", &subject(&webhook.value), None, details);
    work.finish(StoredResponse::ok(&WebhookDeliveryView::from(&delivery))?).await
}

//! An event that means nothing is sent, so that a receiver can be tried out.

use super::{WebhookDeliveryView, loaded, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, NoBody, Path, StoredResponse};
use crate::jobs::announce::{delivery, lane};
use crate::outbound::HOOK_JOB;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::{EventId, WebhookId};
use yinxin_registry::webhook::{Event, TEST};

/// 发送测试事件。 Sends `webhook.test`, signed and tried as any event.
#[utoipa::path(
    post, path = "/webhooks/{id}/test", tag = "webhooks", operation_id = "webhooks.test", summary = "发送测试事件 · Send a test event",
    params(("id" = String, Path, description = "事件推送 · webhook"), IdempotencyKey),
    responses((status = 200, description = "测试事件 · the event on its way", body = WebhookDeliveryView))
)]
pub async fn test(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<WebhookId>,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let (by, found) = loaded(&mut work, &id).await?;
    let webhook = found.value;
    webhook.live("test")?;
    let sequence = work.tx.next_number(&format!("events/{id}")).await?;
    let event = Event {
        id: EventId::new(work.now, &mut app.rng()),
        event: TEST.to_owned(),
        subject: id.to_string(),
        seal: None,
        seal_code: None,
        from: None,
        to: None,
        at: work.now,
        due: None,
        sequence,
    };
    let delivery = delivery(&webhook, &event, work.now, &mut app.rng())?;
    work.tx.insert(&delivery).await?;
    let (lane, payload) = lane(&delivery, &event);
    let now = work.now;
    work.job_in(crate::jobs::HOOK, HOOK_JOB, &lane, payload, now);
    work.record(&by, "webhook.test", &subject(&webhook), None, json!({ "event": event.id }));
    work.finish(StoredResponse::ok(&WebhookDeliveryView::from(&delivery))?).await
}

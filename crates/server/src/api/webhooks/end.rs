//! A webhook is ended. What is on its way to it is dropped; it stays to be read.

use super::{WebhookView, loaded, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, NoBody, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::WebhookId;

/// 停止事件推送。 Nothing is sent from now on.
#[utoipa::path(
    post, path = "/webhooks/{id}/end", tag = "webhooks", operation_id = "webhooks.end", summary = "停止事件推送 · End a webhook",
    params(("id" = String, Path, description = "事件推送 · webhook"), IdempotencyKey, IfMatch),
    responses((status = 200, description = "事件推送 · the webhook", body = WebhookView))
)]
pub async fn end(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<WebhookId>,
    if_match: IfMatch,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let (by, found) = loaded(&mut work, &id).await?;
    if_match.check(found.version)?;
    let webhook = found.value.end(work.now)?;
    let version = work.tx.save(&webhook, found.version).await?;
    work.record(&by, "webhook.end", &subject(&webhook), None, json!({}));
    work.finish(StoredResponse::ok(&WebhookView::of(&webhook, version))?.version(version)).await
}

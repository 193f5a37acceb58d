//! A webhook gets another secret.

use super::{WebhookView, WebhookWithSecret, loaded, new_secret, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, NoBody, Path, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::WebhookId;

/// 更换密钥。 What is sent from now on is signed with the new secret, which is in the first answer only. A receiver that does not know it
/// yet refuses the event and gets it again.
#[utoipa::path(
    post, path = "/webhooks/{id}/rotate-secret", tag = "webhooks", operation_id = "webhooks.rotate_secret", summary = "更换密钥 · Rotate the secret",
    params(("id" = String, Path, description = "事件推送 · webhook"), IdempotencyKey, IfMatch),
    responses((status = 200, description = "事件推送与密钥 · the webhook and its secret", body = WebhookWithSecret))
)]
pub async fn rotate(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<WebhookId>,
    if_match: IfMatch,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let (by, found) = loaded(&mut work, &id).await?;
    if_match.check(found.version)?;
    let (secret, cipher) = new_secret(&app, &id)?;
    let webhook = found.value.rotate(cipher)?;
    let version = work.tx.save(&webhook, found.version).await?;
    let details = json!({ "number": webhook.secret.number });
    work.record(&by, "webhook.rotate_secret", &subject(&webhook), None, details);
    let view = WebhookView::of(&webhook, version);
    let kept = WebhookWithSecret { webhook: view.clone(), secret: None };
    let shown = WebhookWithSecret { webhook: view, secret: Some(secret.reveal().to_owned()) };
    work.finish_showing(
        StoredResponse::ok(&kept)?.version(version),
        StoredResponse::ok(&shown)?.version(version),
    )
    .await
}

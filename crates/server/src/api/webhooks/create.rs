//! A webhook is made.

use super::body::{address, check, client, standing};
use super::{WebhookView, WebhookWithSecret, action, new_secret, permitted, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{ClientId, WebhookId};
use yinxin_registry::webhook::{Webhook, WebhookSecret};

/// Kind of event, for the description of the API.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[schema(
    pattern = "^(seal\\.(made|filed|delivered|active|suspended|canceled|replaced|expired|void|abandoned|ends)|application\\.(approved|refused|returned|completed|withdrawn|lapsed)|use\\.(approved|refused|done|partial|withdrawn|lapsed)|disposal\\.(proposed|approved|refused|withdrawn|disposing|done)|ticket\\.(noted|open|answered|accepted|closed|overdue))$",
    example = "seal.suspended"
)]
#[allow(dead_code, reason = "documentation only; bodies hold `String`")]
pub struct EventName(String);

/// A webhook to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhook {
    /// Name, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "示例市办事大厅")]
    pub name: String,
    /// Where events are sent: `https://…` to a public address, at most 500 characters.
    #[schema(
        min_length = 12,
        max_length = 500,
        pattern = "^https?://[!-~]+$",
        example = "https://receiver.example/yinxin"
    )]
    pub url: String,
    /// What lies in it is told: the path of an area (system administrators), or a unit.
    #[schema(
        pattern = "^(/([0-9]{6,12}/){1,8}|unit_[0-7][0-9a-hjkmnp-tv-z]{25})$",
        example = "/100000/610000/610100/"
    )]
    pub scope: String,
    /// The program it belongs to: it is told no more than that may read.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "clnt_01k0000000000000000000000a")]
    pub client: Option<ClientId>,
    /// Kinds of event; none: every kind.
    #[serde(default)]
    #[schema(value_type = Vec<EventName>, max_items = 35)]
    pub events: Vec<String>,
}

/// 新建事件推送。 Makes a webhook; its secret is in the first answer only.
#[utoipa::path(
    post, path = "/webhooks", tag = "webhooks", operation_id = "webhooks.create", summary = "新建事件推送 · Make a webhook",
    params(IdempotencyKey), request_body = CreateWebhook,
    responses(
        (status = 201, description = "事件推送与密钥 · the webhook and its secret", body = WebhookWithSecret),
        (status = 404, description = "区划、单位或者接口客户端不存在，或者不在范围内 · no such area, unit or client, or outside the caller's scope")
    )
)]
pub async fn create(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<CreateWebhook>,
) -> Result<Response, Stop> {
    let creator = caller.person()?.0.id.clone();
    let now = app.now()?;
    caller.reach(action(&caller, now), now)?;
    // Before the transaction: a name may take its time to be looked up.
    check(&command.body)?;
    address(&app, &command.body.url).await?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let stands = standing(&mut work, &body.scope).await?;
    let by = permitted(&caller, &stands.place(), work.now)?;
    client(&mut work, body.client.as_ref(), &stands.place()).await?;
    let id = WebhookId::new(work.now, &mut app.rng());
    let (secret, cipher) = new_secret(&app, &id)?;
    let mut events = body.events;
    events.sort_unstable();
    events.dedup();
    let webhook = Webhook {
        id,
        name: body.name.trim().to_owned(),
        url: body.url,
        scope: stands.scope,
        area_path: stands.area,
        parent_unit: stands.parent,
        client: body.client,
        events,
        secret: WebhookSecret { number: 1, cipher },
        created_by: creator,
        created_at: work.now,
        ended_at: None,
    };
    let version = work.tx.insert(&webhook).await?;
    let view = WebhookView::of(&webhook, version);
    let details = json!({ "name": view.name, "url": view.url, "scope": view.scope, "client": view.client, "events": view.events });
    work.record(&by, "webhook.create", &subject(&webhook), None, details);
    let location = format!("/api/v1/webhooks/{}", webhook.id);
    let kept = WebhookWithSecret { webhook: view.clone(), secret: None };
    let shown = WebhookWithSecret { webhook: view, secret: Some(secret.reveal().to_owned()) };
    work.finish_showing(
        StoredResponse::created(location.clone(), &kept)?.version(version),
        StoredResponse::created(location, &shown)?.version(version),
    )
    .await
}

//! Webhooks and deliveries as answers show them: no secret, no body.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::role::Scope;
use yinxin_registry::webhook::{Delivery, Webhook};

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WebhookView {
    /// Key.
    #[schema(example = "whk_01k0000000000000000000000a")]
    pub id: String,
    /// Name.
    #[schema(example = "示例市办事大厅")]
    pub name: String,
    /// Where events are sent.
    #[schema(example = "https://receiver.example/yinxin")]
    pub url: String,
    /// Area path or unit.
    #[schema(example = "/100000/610000/610100/")]
    pub scope: String,
    /// The program it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Kinds of event; empty: every kind.
    pub events: Vec<String>,
    /// `active` or `ended`.
    #[schema(example = "active")]
    pub state: String,
    /// Number of the secret: stands behind the slash of `Yinxin-Key`.
    #[schema(example = 1)]
    pub secret_number: u32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Account that made it.
    pub created_by: String,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl WebhookView {
    /// Of a webhook.
    pub fn of(webhook: &Webhook, version: i64) -> Self {
        Self {
            id: webhook.id.to_string(),
            name: webhook.name.clone(),
            url: webhook.url.clone(),
            scope: match &webhook.scope {
                Scope::All => String::new(),
                Scope::Area(area) => area.to_string(),
                Scope::Unit(unit) => unit.to_string(),
                Scope::Maker(maker) => maker.to_string(),
            },
            client: webhook.client.as_ref().map(ToString::to_string),
            events: webhook.events.clone(),
            state: webhook.state().to_owned(),
            secret_number: webhook.secret.number,
            created_at: webhook.created_at,
            created_by: webhook.created_by.to_string(),
            ended_at: webhook.ended_at,
            version,
        }
    }
}

/// A webhook with its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookWithSecret {
    /// The webhook.
    #[serde(flatten)]
    pub webhook: WebhookView,
    /// Shared secret, shown in the first answer only and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// An event on its way to a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WebhookDeliveryView {
    /// Key.
    #[schema(example = "dlv_01k0000000000000000000000a")]
    pub id: String,
    /// Identifier of the event: the same to every webhook, however often it is sent.
    #[schema(example = "evt_01k0000000000000000000000a")]
    pub event: String,
    /// Kind of event.
    #[schema(example = "seal.suspended")]
    pub kind: String,
    /// The thing.
    #[schema(example = "seal_01k0000000000000000000000a")]
    pub subject: String,
    /// Number among the events of the seal.
    pub sequence: u64,
    /// `waiting`, `delivered` or `failed`.
    #[schema(example = "delivered")]
    pub state: String,
    /// How often it was sent.
    pub attempts: u32,
    /// Status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
    /// Why the last try failed: `REFUSED`, `UNREACHABLE`, `TIMEOUT`, `ADDRESS_FORBIDDEN`, `ENDED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_fault: Option<String>,
    /// When it came about.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was delivered or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Timestamp>,
}

impl From<&Delivery> for WebhookDeliveryView {
    fn from(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            event: delivery.event.to_string(),
            kind: delivery.kind.clone(),
            subject: delivery.subject.clone(),
            sequence: delivery.sequence,
            state: delivery.state.as_str().to_owned(),
            attempts: delivery.attempts,
            last_status: delivery.last_status,
            last_fault: delivery.last_fault.clone(),
            created_at: delivery.created_at,
            settled_at: delivery.settled_at,
        }
    }
}

//! Messages to other systems: the outbox.

use crate::api::filter::check_word;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::exchange::{OUTBOX_JOB, outbox_lane};
use crate::http::{Command, IdempotencyKey, List, NoBody, Page, PageQuery, Path, StoredResponse};
use crate::jobs::EXCHANGE;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use yinxin_registry::exchange::delivery::ExchangeDelivery;
use yinxin_registry::exchange::peer::Peer;
use yinxin_registry::ids::{ExchangeDeliveryId, PeerId};
use yinxin_registry::permission::{Action, Place};
use yinxin_store::ListFilter;

/// Filter of the list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExchangeFilter {
    /// 状态 · Only this state: `waiting`, `delivered` or `failed`.
    #[param(pattern = "^(waiting|delivered|failed)$")]
    pub state: Option<String>,
}

/// A message on its way: no content, which everybody may ask the status service for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExchangeDeliveryView {
    /// Key.
    #[schema(example = "xdl_01k0000000000000000000000a")]
    pub id: String,
    /// The system.
    #[schema(example = "peer_01k0000000000000000000000a")]
    pub peer: String,
    /// Code of the seal.
    #[schema(example = "6101000000018")]
    pub code: String,
    /// Number among the messages about the seal.
    pub sequence: u64,
    /// The step that brought it about.
    #[schema(example = "seal.suspended")]
    pub event: String,
    /// SM3 of what is sent, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// `waiting`, `delivered` or `failed`.
    #[schema(example = "delivered")]
    pub state: String,
    /// How often it was sent.
    pub attempts: u32,
    /// Status of the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
    /// Why the last try failed: `UNREACHABLE`, `TIMEOUT`, `RECEIPT_SIGNATURE`, or the rule the other side named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_fault: Option<String>,
    /// Number of the receipt; its signature was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// What the other side says it came to: `taken`, `known`, `older`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
    /// When the receipt was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub receipt_at: Option<Timestamp>,
    /// The receipt as it came, JSON in a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_envelope: Option<String>,
    /// When it came about.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was delivered or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Timestamp>,
}

impl From<&ExchangeDelivery> for ExchangeDeliveryView {
    fn from(delivery: &ExchangeDelivery) -> Self {
        let receipt = delivery.receipt.as_ref();
        Self {
            id: delivery.id.to_string(),
            peer: delivery.peer.to_string(),
            code: delivery.code.clone(),
            sequence: delivery.sequence,
            event: delivery.event.clone(),
            digest: delivery.digest.clone(),
            state: delivery.state.as_str().to_owned(),
            attempts: delivery.attempts,
            last_status: delivery.last_status,
            last_fault: delivery.last_fault.clone(),
            receipt: receipt.map(|receipt| receipt.number.clone()),
            taken: receipt.map(|receipt| receipt.taken.clone()),
            receipt_at: receipt.map(|receipt| receipt.at),
            receipt_envelope: receipt.map(|receipt| receipt.envelope.clone()),
            created_at: delivery.created_at,
            settled_at: delivery.settled_at,
        }
    }
}

/// 交换发件箱。 Messages to a system, the newest first.
#[utoipa::path(
    get, path = "/peers/{id}/deliveries", tag = "exchange", operation_id = "exchange.deliveries", summary = "交换发件箱 · Messages to a system",
    params(("id" = String, Path, description = "对接系统 · system"), ExchangeFilter, PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<ExchangeDeliveryView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<PeerId>,
    list: List<ExchangeFilter>,
) -> Result<Page<ExchangeDeliveryView>, Stop> {
    check_word("state", list.filter.state.as_deref(), &["waiting", "delivered", "failed"])?;
    let after = list.after::<1>()?.map(|[cursor]| cursor.to_owned());
    let mut read = app.store.read().await?;
    let peer = read.get::<Peer>(id.as_str()).await?.value;
    caller.permit(Action::PeerRead, &Place::area(&peer.terms().area_path), app.now()?)?;
    let filter = ListFilter {
        state: list.filter.state.as_deref(),
        cursor: after.as_deref(),
        limit: u32::from(list.limit()),
        ..ListFilter::default()
    };
    let page = read.exchange_deliveries(id.as_str(), &filter).await?;
    Ok(list.carry(page.items.iter().map(|one| ExchangeDeliveryView::from(&one.value)).collect(), page.next))
}

/// 重发消息。 Sends a message that was given up once more. What was told since stays told: the other side keeps the later one.
#[utoipa::path(
    post, path = "/exchange-deliveries/{id}/retry", tag = "exchange", operation_id = "exchange.retry", summary = "重发消息 · Send a message again",
    params(("id" = String, Path, description = "消息 · message"), IdempotencyKey),
    responses((status = 200, description = "消息 · the message", body = ExchangeDeliveryView))
)]
pub async fn retry(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ExchangeDeliveryId>,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<ExchangeDelivery>(id.as_str()).await?;
    let peer = work.tx.get::<Peer>(found.value.peer.as_str()).await?.value;
    let area = &peer.terms().area_path;
    let by = work.permit(Action::PeerPropose, &Place::area(area))?;
    let delivery = found.value.retry(work.now)?;
    work.tx.save(&delivery, found.version).await?;
    let (lane, payload) = outbox_lane(&delivery);
    let now = work.now;
    work.job_in(EXCHANGE, OUTBOX_JOB, &lane, payload, now);
    let details = json!({ "message": delivery.id, "code": delivery.code, "sequence": delivery.sequence });
    work.record(&by, "peer.tell_again", &Subject::area(peer.id().as_str(), area), None, details);
    work.finish(StoredResponse::ok(&ExchangeDeliveryView::from(&delivery))?).await
}

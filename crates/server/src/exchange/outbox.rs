//! The outbox (交换发件箱): what other systems are to be told is put on its way with the change that brought it about.

use super::message::{SealMessage, digest};
use crate::app::Subject;
use crate::jobs::{Author, EXCHANGE, SystemWork};
use crate::status::is_public;
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::exchange::delivery::{EVENTS, ExchangeDelivery};
use yinxin_registry::ids::{ExchangeDeliveryId, PeerId, SealId};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::webhook::DeliveryState;
use yinxin_store::{Job, StoreError};

/// Kind of the job that sends a message.
pub(crate) const JOB: &str = "exchange";

/// Puts a message on its way to every system that is told of this seal.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn put(
    work: &mut SystemWork,
    job: &Job,
    seal: &SealId,
    event: &str,
) -> Result<(), StoreError> {
    if !EVENTS.contains(&event) {
        return Ok(());
    }
    let peers = work.tx.peers_told().await?;
    if peers.is_empty() {
        return Ok(());
    }
    let seal = work.tx.get::<Seal>(seal.as_str()).await?.value;
    let told = |scope: &yinxin_registry::area::AreaPath| scope.covers(seal.area_path());
    let peers: Vec<_> = peers
        .into_iter()
        .filter(|peer| peer.value.terms().outbound.as_ref().is_some_and(|outbound| told(&outbound.scope)))
        .collect();
    if peers.is_empty() || !is_public(&seal) {
        return Ok(());
    }
    let sequence = work.tx.next_number(&format!("exchange/{}", seal.id())).await?;
    for peer in peers {
        let id = ExchangeDeliveryId::new(work.now, &mut work.app().rng());
        let Some(delivery) = delivery(id, peer.value.id(), &seal, (sequence, event), work.now)? else {
            continue;
        };
        work.tx.insert(&delivery).await?;
        let (lane, payload) = lane(&delivery);
        work.leave_in(EXCHANGE, JOB, &lane, payload);
        let subject = Subject::area(peer.value.id().as_str(), &peer.value.terms().area_path);
        let details = json!({
            "message": delivery.id, "code": delivery.code, "sequence": sequence, "event": event, "digest": delivery.digest,
        });
        work.record(Author::clock(job), "peer.tell", &subject, None, details);
    }
    Ok(())
}

fn delivery(
    id: ExchangeDeliveryId,
    peer: &PeerId,
    seal: &Seal,
    (sequence, event): (u64, &str),
    now: Timestamp,
) -> Result<Option<ExchangeDelivery>, StoreError> {
    let Some(message) = SealMessage::of(id.clone(), sequence, event, seal) else { return Ok(None) };
    let body = message.canonical()?;
    Ok(Some(ExchangeDelivery {
        id,
        peer: peer.clone(),
        seal: seal.id().clone(),
        code: seal.code().to_owned(),
        sequence,
        event: event.to_owned(),
        digest: digest(&body),
        body,
        state: DeliveryState::Waiting,
        attempts: 0,
        last_status: None,
        last_fault: None,
        receipt: None,
        created_at: now,
        tried_from: now,
        settled_at: None,
    }))
}

/// Subject and payload of the job that sends a message: those about one seal reach a system in their order.
pub(crate) fn lane(delivery: &ExchangeDelivery) -> (String, String) {
    (format!("{}/{}", delivery.peer, delivery.seal), json!({ "delivery": delivery.id }).to_string())
}

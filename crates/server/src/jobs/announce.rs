//! What programs asked to be told is put on its way: the event gets its number and, for each address that may know, a row and a job. The
//! job that brings it about was left in the transaction of the change itself.

use super::effect::thing_of;
use super::{Fault, HOOK, SystemWork};
use crate::app::Shared;
use crate::exchange::outbox;
use crate::notices::Thing;
use crate::notices::upward;
use crate::outbound::{HOOK_JOB, may_know};
use jiff::Timestamp;
use serde_json::json;
use yinxin_registry::client::ApiClient;
use yinxin_registry::ids::{DeliveryId, EventId, SealId};
use yinxin_registry::lifecycle::Effect;
use yinxin_registry::webhook::{Delivery, DeliveryState, Event, Webhook, is_event};
use yinxin_store::{Job, StoreError};

/// Puts an event on its way and ends its job.
///
/// # Errors
/// [`Fault`]; nothing has happened then.
pub async fn run(app: &Shared, job: &Job, now: Timestamp) -> Result<(), Fault> {
    let effect: Effect =
        serde_json::from_str(&job.payload).map_err(|error| Fault::hopeless(format!("payload: {error}")))?;
    let Effect::Announce { event: kind, from, to, at, due } = effect else {
        return Err(Fault::hopeless("payload: not an event"));
    };
    let mut work = SystemWork::begin(app, now).await?;
    let subject = thing_of(&job.subject);
    if let Ok(seal) = SealId::parse(subject) {
        outbox::put(&mut work, job, &seal, &kind).await?;
    }
    if is_event(&kind)
        && let Some(thing) = Thing::load(&mut work.tx, subject).await?
    {
        let receivers = receivers(&mut work, &thing, &kind).await?;
        if !receivers.is_empty() {
            let sequence = next_sequence(&mut work, &thing, subject).await?;
            let (seal, seal_code) = thing
                .seal
                .clone()
                .map_or((None, None), |(id, code)| (Some(id.as_str().to_owned()), Some(code)));
            let event = Event {
                id: event_of(job)?,
                event: kind,
                subject: subject.to_owned(),
                seal,
                seal_code,
                from: Some(from),
                to: Some(to),
                at,
                due,
                sequence,
            };
            for webhook in &receivers {
                put(&mut work, webhook, &event).await?;
            }
        }
    }
    work.finish(job).await?;
    Ok(())
}

/// The event of a job has the job's own identifier: begun again, the job brings about the same event.
fn event_of(job: &Job) -> Result<EventId, Fault> {
    let body = job.id.split_once('_').map_or("", |(_, body)| body);
    EventId::parse(&format!("{}_{body}", EventId::PREFIX)).map_err(|e| Fault::hopeless(e.to_string()))
}

/// Number among the events of a seal; of the thing, where it has none.
async fn next_sequence(work: &mut SystemWork, thing: &Thing, subject: &str) -> Result<u64, StoreError> {
    let series = thing.seal.as_ref().map_or(subject, |(id, _)| id.as_str());
    work.tx.next_number(&format!("events/{series}")).await
}

/// Addresses that ask for such an event and may know it.
async fn receivers(work: &mut SystemWork, thing: &Thing, kind: &str) -> Result<Vec<Webhook>, StoreError> {
    let areas = upward(&thing.area);
    let mut targets: Vec<&str> = areas.iter().map(|area| area.as_str()).collect();
    targets.extend(thing.unit.iter().chain(&thing.parent).map(|unit| unit.as_str()));
    let mut receivers = Vec::new();
    for found in work.tx.webhooks_of(&targets).await? {
        let webhook = found.value;
        if !webhook.wants(kind) {
            continue;
        }
        if let Some(client) = &webhook.client {
            let client = work.tx.get::<ApiClient>(client.as_str()).await?.value;
            if !may_know(&client, kind, &thing.place(), work.now) {
                continue;
            }
        }
        receivers.push(webhook);
    }
    Ok(receivers)
}

/// Puts an event on its way to one address.
///
/// # Errors
/// Problems of the database.
async fn put(work: &mut SystemWork, webhook: &Webhook, event: &Event) -> Result<(), StoreError> {
    let delivery = delivery(webhook, event, work.now, &mut work.app().rng())?;
    work.tx.insert(&delivery).await?;
    let (subject, payload) = lane(&delivery, event);
    work.leave_in(HOOK, HOOK_JOB, &subject, payload);
    Ok(())
}

/// A new delivery of an event.
///
/// # Errors
/// The event cannot be written as JSON.
pub fn delivery(
    webhook: &Webhook,
    event: &Event,
    now: Timestamp,
    rng: &mut dyn rand_core::CryptoRng,
) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: DeliveryId::new(now, rng),
        webhook: webhook.id.clone(),
        event: event.id.clone(),
        kind: event.event.clone(),
        subject: event.subject.clone(),
        sequence: event.sequence,
        body: serde_json::to_string(event)?,
        state: DeliveryState::Waiting,
        attempts: 0,
        last_status: None,
        last_fault: None,
        created_at: now,
        tried_from: now,
        settled_at: None,
    })
}

/// Subject and payload of the job that sends a delivery: jobs of one subject run one after the other, so that the events of a seal reach an
/// address in their order.
pub fn lane(delivery: &Delivery, event: &Event) -> (String, String) {
    let about = event.seal.as_deref().unwrap_or(&event.subject);
    (format!("{}/{about}", delivery.webhook), json!({ "delivery": delivery.id }).to_string())
}

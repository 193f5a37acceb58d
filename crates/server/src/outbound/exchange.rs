//! Messages to other seal systems: one try of one message.

use super::hook::{Sender, moment};
use crate::app::Shared;
use crate::exchange::{ReceiptFault, read_receipt};
use crate::jobs::SystemWork;
use crate::notices::{Audience, tell};
use crate::security::request_signature::{RequestLine, RequestSigner, sign_request};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Response, header};
use serde::Deserialize;
use yinxin_crypto::sm3;
use yinxin_registry::exchange::delivery::{ExchangeDelivery, Failure, Receipt};
use yinxin_registry::exchange::peer::{Outbound, Peer, PeerState};
use yinxin_registry::webhook::DeliveryState;
use yinxin_store::{Job, StoreError};

/// Largest answer that is read, bytes.
const MOST: usize = 4 << 20;
/// A suspended system is looked at again after so long.
const SUSPENDED: SignedDuration = SignedDuration::from_mins(10);

#[derive(Deserialize)]
struct Payload {
    delivery: String,
}

/// The rule an answer names.
#[derive(Deserialize)]
struct Refusal {
    code: String,
    #[serde(default)]
    rule: Option<String>,
}

/// One try; `done`, `retry` or `failed`. What came of it and the end of the job are one transaction.
///
/// # Errors
/// Problems of the database: the job comes back when its lease ends, and the message is sent again, under the same identifier.
pub(super) async fn run(app: &Shared, sender: &Sender, job: &Job) -> Result<&'static str, StoreError> {
    let payload: Payload = serde_json::from_str(&job.payload)?;
    let mut read = app.store.read().await?;
    let found = read.get::<ExchangeDelivery>(&payload.delivery).await?;
    let peer = read.get::<Peer>(found.value.peer.as_str()).await?.value;
    drop(read);
    let now = moment(app);
    if found.value.state != DeliveryState::Waiting {
        SystemWork::begin(app, now).await?.finish(job).await?;
        return Ok("done");
    }
    let delivery = match (peer.state(), &peer.terms().outbound) {
        (PeerState::Confirmed, Some(outbound)) => {
            let outcome = attempt(app, sender, &found.value, &peer, outbound).await;
            found.value.tried(outcome, moment(app))
        }
        (PeerState::Suspended, _) => {
            let again = now.saturating_add(SUSPENDED).unwrap_or(now);
            SystemWork::begin(app, now).await?.retry(job, again, "SUSPENDED").await?;
            return Ok("retry");
        }
        _ => found.value.dropped(now),
    };
    settle(app, job, delivery, found.version).await
}

async fn attempt(
    app: &Shared,
    sender: &Sender,
    delivery: &ExchangeDelivery,
    peer: &Peer,
    outbound: &Outbound,
) -> Result<Receipt, Failure> {
    let body = Some(delivery.body.as_str());
    let (status, bytes) = call(app, sender, outbound, ("POST", "/exchange/messages"), body).await?;
    if !(200..300).contains(&status) {
        return Err(refused(status, &bytes));
    }
    read_receipt(&bytes, peer.terms(), delivery, moment(app)).map_err(|fault: ReceiptFault| Failure {
        status: Some(status),
        code: fault.code(),
        lasting: false,
    })
}

/// Calls the interface of another system as the client it registered for this one: the status and the body of the answer. `what` is method
/// and path with its query.
pub(super) async fn call(
    app: &Shared,
    sender: &Sender,
    outbound: &Outbound,
    what: (&str, &str),
    body: Option<&str>,
) -> Result<(u16, Vec<u8>), Failure> {
    let passing = |code: &str| Failure { status: None, code: code.to_owned(), lasting: false };
    let target = format!("{}{}", outbound.url.trim_end_matches('/'), what.1);
    let (client, url) = sender.open(&target).await.map_err(passing)?;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let signing = app.authority.signing();
    let (signer, line) = (RequestSigner::Sm2(&*signing.key), RequestLine::new(what.0, &path));
    let bytes = body.unwrap_or_default().to_owned();
    let signed =
        sign_request(&outbound.client, &signer, &line, bytes.as_bytes(), moment(app), &mut app.rng())
            .map_err(|error| passing(error.code()))?;
    let mut request = match body {
        Some(_) => {
            let key = hex::encode(sm3(bytes.as_bytes()));
            let request = client.post(url).header(header::CONTENT_TYPE, "application/json");
            request.header("Idempotency-Key", key).body(bytes)
        }
        None => client.get(url),
    };
    for (name, value) in signed.pairs() {
        request = request.header(name, value);
    }
    let answer = request.send().await.map_err(|error| {
        passing(match () {
            () if error.is_timeout() => "TIMEOUT",
            () if error.is_connect() => "UNREACHABLE",
            () => "BROKEN_OFF",
        })
    })?;
    let status = answer.status().as_u16();
    Ok((status, bounded(answer).await.map_err(passing)?))
}

/// What the other side will never take is not sent again by itself: it says so with a rule of the business, or that the message is wrong.
pub(super) fn refused(status: u16, bytes: &[u8]) -> Failure {
    let said: Option<Refusal> = serde_json::from_slice(bytes).ok();
    let plain = |text: &String| {
        text.len() <= 64 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let lasting = match (status, &said) {
        (409, Some(said)) => said.rule.is_some(),
        (400 | 413 | 422, _) => true,
        _ => false,
    };
    let code = said.and_then(|said| said.rule.or(Some(said.code))).filter(plain);
    Failure { status: Some(status), code: code.unwrap_or_else(|| "REFUSED".to_owned()), lasting }
}

async fn bounded(mut answer: Response) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| "BROKEN_OFF")? {
        if bytes.len() + chunk.len() > MOST {
            return Err("ANSWER_TOO_LARGE");
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn settle(
    app: &Shared,
    job: &Job,
    delivery: ExchangeDelivery,
    version: i64,
) -> Result<&'static str, StoreError> {
    let now = moment(app);
    let mut work = SystemWork::begin(app, now).await?;
    work.tx.save(&delivery, version).await?;
    let (result, kind) = match delivery.state {
        DeliveryState::Delivered => ("done", None),
        DeliveryState::Failed if delivery.last_fault.as_deref() == Some("ENDED") => ("failed", None),
        DeliveryState::Failed => ("failed", Some("peer.failed")),
        DeliveryState::Waiting if delivery.waits_long(now) => ("retry", Some("peer.waits")),
        DeliveryState::Waiting => ("retry", None),
    };
    if let Some(kind) = kind {
        tell_once_a_day(&mut work, kind, &delivery, now).await;
    }
    if delivery.state == DeliveryState::Waiting {
        let again = now.saturating_add(delivery.pause(now)).unwrap_or(now);
        let words = delivery.last_fault.clone().unwrap_or_default();
        work.retry(job, again, &words).await?;
        return Ok(result);
    }
    work.finish(job).await?;
    Ok(result)
}

/// Its people are to look at the other side, not at a list of notices.
async fn tell_once_a_day(work: &mut SystemWork, kind: &str, delivery: &ExchangeDelivery, now: Timestamp) {
    let day = now.as_second().div_euclid(86_400);
    let event = format!("{}/{kind}/{day}", delivery.peer);
    if let Err(error) = tell(work, Audience::System, kind, delivery.peer.as_str(), &event).await {
        tracing::warn!(%error, peer = delivery.peer.as_str(), "nobody could be told");
    }
}

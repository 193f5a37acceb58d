//! A message about a seal of another system is taken in.

use super::speaker;
use crate::api::text::refuse;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::exchange::{MESSAGE_FORMAT, SealMessage, sign_receipt};
use crate::http::{Code, Command, IdempotencyKey, Problem, StoredResponse};
use crate::status::Envelope;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::exchange::foreign::{ForeignSeal, ReceivedMessage, Taken, Told};
use yinxin_registry::exchange::peer::Peer;
use yinxin_registry::ids::ForeignSealId;
use yinxin_registry::lifecycle::{By, Refused};

/// 接收印章备案与状态。 Takes in what the calling system tells of one of its seals, and answers with a signed receipt: the member `statement` is
/// JSON with `number`, `system`, `message`, `code`, `sequence`, `digest`, `taken` (`taken`, `known`, `older`) and `at`. The same message may
/// be sent again and again. A seal of this registry, or of another system, cannot be told of.
#[utoipa::path(
    post, path = "/exchange/messages", tag = "exchange", operation_id = "exchange.receive", summary = "接收印章备案与状态 · Take in a message",
    params(IdempotencyKey), request_body = SealMessage,
    responses((status = 200, description = "签名的回执 · the signed receipt", body = Envelope))
)]
pub async fn receive(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<SealMessage>,
) -> Result<Response, Stop> {
    let (mut work, message) = Work::begin(&app, &caller, command).await?;
    let (client, peer) = speaker(&mut work.tx, &caller).await?;
    if message.format != MESSAGE_FORMAT {
        return Err(
            refuse("/format", "FORMAT", "应为 yinxin-exchange-1", "yinxin-exchange-1 is expected").into()
        );
    }
    let told = message.told_by(&peer.terms().code)?;
    let received = match work.tx.load::<ReceivedMessage>(told.message.as_str()).await? {
        Some(known) => again(known.value, &told)?,
        None => first(&mut work, told, &peer, &By::client(&client, caller.name(), "exchange")).await?,
    };
    let envelope = sign_receipt(&received, &app.authority).map_err(|error| {
        tracing::error!(%error, "a receipt could not be signed");
        Problem::new(Code::Internal)
    })?;
    work.finish(StoredResponse::ok(&envelope)?).await
}

/// A message that came before gets the receipt it got then.
fn again(known: ReceivedMessage, told: &Told) -> Result<ReceivedMessage, Stop> {
    if known.system == told.system && known.digest == told.digest {
        return Ok(known);
    }
    Err(Refused::rule(
        "MESSAGE_TAKEN",
        "该标识的消息此前内容不同",
        "a message with this identifier said something else",
    )
    .into())
}

async fn first(work: &mut Work, told: Told, peer: &Peer, by: &By) -> Result<ReceivedMessage, Stop> {
    if work.tx.seal_by_code(&told.seal.code).await?.is_some() {
        return Err(Refused::rule(
            "SEAL_IS_OURS",
            "该编码的印章在本系统登记，其他系统不得变更",
            "the seal with this code is registered here: nobody else speaks of it",
        )
        .into());
    }
    let app = work.app();
    let (now, id) = (work.now, ForeignSealId::new(work.now, &mut app.rng()));
    let own = app.authority.party.code.clone();
    let (message, sequence, digest) = (told.message.clone(), told.sequence, told.digest.clone());
    let (code, status) = (told.seal.code.clone(), told.seal.timeline.last().map(|since| since.status));
    let known = work.tx.foreign_seal(&code).await?;
    let version = known.as_ref().map(|known| known.version);
    let (seal, taken) = ForeignSeal::take(known.map(|known| known.value), id, told, now)?;
    match (taken, version) {
        (Taken::Taken, None) => work.tx.insert(&seal).await?,
        (Taken::Taken, Some(version)) => work.tx.save(&seal, version).await?,
        (Taken::Known | Taken::Older, _) => 0,
    };
    let number = work.tx.next_number("exchange/receipts").await?;
    let received = ReceivedMessage {
        id: message,
        system: peer.terms().code.clone(),
        code,
        sequence,
        digest,
        taken,
        receipt: format!("RCP-{own}-{number:08}"),
        at: now,
    };
    work.tx.insert(&received).await?;
    let details = json!({
        "system": received.system, "message": received.id, "code": received.code, "sequence": sequence,
        "digest": received.digest, "taken": taken.as_str(), "status": status, "receipt": received.receipt,
    });
    let subject = Subject::area(peer.id().as_str(), &peer.terms().area_path);
    work.record(by, "exchange.receive", &subject, None, details);
    Ok(received)
}

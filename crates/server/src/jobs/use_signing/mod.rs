//! The documents of an approved request are sealed, some at a time. For each: begun with a token (on record), signed by who holds the key,
//! finished, verified, kept; outcome and register in one transaction. Broken off anywhere, it goes on there: a token that was out and has
//! no outcome is void, stands in the register as broken off, and the document gets another.

mod pace;
mod side_by_side;
mod stages;

use super::system_work::{Author, SystemWork};
use super::{Fault, LEASE};
use crate::api::custody::load;
use crate::api::use_requests::register::Register;
use crate::api::use_requests::{Settling, Signing, give_back, subject};
use crate::app::Shared;
use crate::documents::Digest;
pub use pace::Pace;
use serde_json::json;
use stages::{Common, Piecework, Stage, passing, prepared, signatures};
use std::sync::Arc;
use std::time::Instant;
use yinxin_registry::audit::{ActorKind, ActorRef};
use yinxin_registry::ids::ClientId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::usage::document::{ItemEvent, ItemState, UseItem};
use yinxin_registry::usage::record::UseResult;
use yinxin_registry::usage::request::{RequestEvent, RequestState, Tally, UseRequest};
use yinxin_store::{Job, StoreError, Versioned};

/// Bytes of them, at most, unless one alone has more: they are held in memory, before and after.
const CHUNK_BYTES: u64 = 64 << 20;
/// Documents of one turn: other jobs wait no longer, and a process that is to stop stops.
const TURN: u32 = 144;
/// Tokens given out for one document before a passing fault counts as final: with the pauses between, more than three hours.
const ATTEMPTS: u32 = 12;
/// Documents settled together.
const PART: u32 = 500;

/// Takes one turn at a request; what remains is left as a new job.
///
/// # Errors
/// [`Fault`]; what was done stays done.
pub async fn run(app: &Shared, job: &Job) -> Result<(), Fault> {
    let signing: Signing =
        serde_json::from_str(&job.payload).map_err(|error| Fault::hopeless(format!("payload: {error}")))?;
    recover(app, job, &signing).await?;
    let (mut left, mut count) = (TURN, app.pace.documents());
    loop {
        let (began, turn_ends) = (Instant::now(), left <= count);
        if chunk(app, job, &signing, count, turn_ends).await? {
            return Ok(());
        }
        left = left.saturating_sub(count);
        app.pace.took(began.elapsed());
        count = app.pace.documents();
    }
}

/// Who stands behind the records.
fn author(signing: &Signing) -> Author {
    let kind = match ClientId::parse(&signing.by.id) {
        Ok(_) => ActorKind::Client,
        Err(_) => ActorKind::Account,
    };
    let By { id, name, role } = signing.by.clone();
    Author {
        actor: ActorRef { kind, id, name, role, address: Some(signing.address.clone()) },
        request_id: signing.request_id.clone(),
    }
}

/// Documents with a token out and nobody at work on them: the job has one worker at a time, and this one has not begun.
async fn recover(app: &Shared, job: &Job, signing: &Signing) -> Result<(), Fault> {
    let mut read = app.store.read().await?;
    let left = read.use_items(&job.subject, Some(ItemState::Signing), -1, pace::MANY).await?;
    drop(read);
    if left.is_empty() {
        return Ok(());
    }
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let request = work.tx.get::<UseRequest>(&job.subject).await?.value;
    let now = work.now;
    let address = Some(signing.address.clone());
    let mut register = Register::open(app, &mut work.tx, &request, address, now).await?;
    for found in left {
        let result = UseResult::Failed { code: "BROKEN_OFF".to_owned() };
        let entry = register.entry(app, &request, Some(&found.value), result, &[]);
        work.tx.insert(&entry).await?;
        let details = json!({ "item": found.value.id(), "token": found.value.token(), "record": entry.id });
        let waiting = found.value.apply(ItemEvent::Recover)?;
        work.tx.save(&waiting, found.version).await?;
        work.record(author(signing), "use.broken_off", &subject(&request), None, details);
    }
    let lease = now.saturating_add(LEASE).unwrap_or(now);
    work.keep(job, lease).await?;
    Ok(())
}

/// Some documents; whether this turn is over.
async fn chunk(
    app: &Shared,
    job: &Job,
    signing: &Signing,
    count: u32,
    turn_ends: bool,
) -> Result<bool, Fault> {
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let request = read.get::<UseRequest>(&job.subject).await?.value;
    let found = match request.state() {
        RequestState::Signing => read.use_items(&job.subject, Some(ItemState::Waiting), -1, count).await?,
        // Taken back or lapsed meanwhile: what is left is settled by a job of its own.
        _ => Vec::new(),
    };
    let found_all = found.len() < usize::try_from(count).unwrap_or(usize::MAX);
    let (waiting, held_all) = held(found);
    let then = match (found_all && held_all, turn_ends) {
        (true, _) => Then::End,
        (false, true) => Then::Again,
        (false, false) => Then::GoOn,
    };
    if waiting.is_empty() {
        drop(read);
        let mut work = SystemWork::begin(app, now).await?;
        end(&mut work, job, signing).await?;
        work.finish(job).await?;
        return Ok(true);
    }
    let kept = load(&mut read, request.seal().as_str()).await?;
    drop(read);
    let digest = kept.seal.made().and_then(|made| made.digest.parse::<Digest>().ok());
    let digest = digest.ok_or_else(|| Fault::hopeless("the seal has no data"))?;
    let der = app.documents.get(digest).await.map_err(|error| passing(&error))?.to_vec();
    let common = Arc::new(Common {
        request,
        seal: kept.seal,
        keeping: kept.keeping,
        der: Arc::new(der),
        trust: app.authority.trust(),
    });
    let begun = prepared(app, &common, waiting, now).await?;
    let begun = begin(app, job, signing, &common, begun).await?;
    let signed = signatures(app, &common, begun, now).await;
    let passing = outcomes(app, job, signing, &common, signed, then).await?;
    match passing {
        Some(code) => Err(Fault::passing(code)),
        None => Ok(then != Then::GoOn),
    }
}

/// What follows on some documents, where none of them met a fault that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The next, in the same turn.
    GoOn,
    /// The next, in another turn: this one is over.
    Again,
    /// Nothing: they were the last of their request.
    End,
}

/// As many of them as are held in memory together; whether that is all.
fn held(mut waiting: Vec<Versioned<UseItem>>) -> (Vec<Versioned<UseItem>>, bool) {
    let all = waiting.len();
    let mut bytes: u64 = 0;
    let fits = waiting.iter().take_while(|found| {
        bytes = bytes.saturating_add(found.value.document().size);
        bytes <= CHUNK_BYTES
    });
    let count = fits.count().max(1);
    waiting.truncate(count);
    (waiting, count >= all)
}

/// Puts on record which token goes out for which document.
async fn begin(
    app: &Shared,
    job: &Job,
    signing: &Signing,
    common: &Common,
    begun: Vec<Piecework>,
) -> Result<Vec<Piecework>, Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let mut kept = Vec::new();
    let tokens: Vec<_> = begun.iter().map(|piece| json!([piece.item.id(), piece.token])).collect();
    for piece in begun {
        let item = piece.item.apply(ItemEvent::Begin { token: piece.token.clone(), at: work.now })?;
        let version = work.tx.save_later(&item, piece.version).await?;
        kept.push(Piecework { item, version, token: piece.token, stage: piece.stage });
    }
    work.record(author(signing), "use.tokens", &subject(&common.request), None, json!({ "tokens": tokens }));
    let lease = work.now.saturating_add(LEASE).unwrap_or(work.now);
    work.keep(job, lease).await?;
    Ok(kept)
}

/// Outcome and register together; the code of a fault that may pass, where there was one.
async fn outcomes(
    app: &Shared,
    job: &Job,
    signing: &Signing,
    common: &Common,
    pieces: Vec<Piecework>,
    then: Then,
) -> Result<Option<String>, Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let (now, request) = (work.now, &common.request);
    let address = Some(signing.address.clone());
    let mut register = Register::open(app, &mut work.tx, request, address, now).await?;
    let (mut passing, mut lines) = (None, Vec::new());
    for piece in pieces {
        let token = piece.token.clone();
        let (event, result, pages) = match piece.stage {
            Stage::Done(done) => {
                let sealed = done.finished.on_record(app, now);
                let result = UseResult::Sealed { digest: done.finished.digest.to_string() };
                (ItemEvent::Sign { token, sealed }, result, done.pages)
            }
            Stage::Refused(code) => {
                (ItemEvent::Fail { token, fault: code.clone() }, UseResult::Refused { code }, Vec::new())
            }
            Stage::Failed(code, temporary) => {
                let event = match temporary && piece.item.attempts() < ATTEMPTS {
                    true => {
                        passing = Some(code.clone());
                        ItemEvent::Recover
                    }
                    false => ItemEvent::Fail { token, fault: code.clone() },
                };
                (event, UseResult::Failed { code }, Vec::new())
            }
            Stage::Prepared(..) => {
                let code = "NOT_SIGNED".to_owned();
                (ItemEvent::Fail { token, fault: code.clone() }, UseResult::Failed { code }, Vec::new())
            }
        };
        let entry = register.entry(app, request, Some(&piece.item), result, &pages);
        work.tx.insert_later(&entry).await?;
        let item = piece.item.apply(event)?;
        work.tx.save_later(&item, piece.version).await?;
        lines.push(
            json!({ "item": item.id(), "token": piece.token, "record": entry.id, "result": entry.result }),
        );
    }
    work.record(author(signing), "use.outcomes", &subject(request), None, json!({ "documents": lines }));
    work.enact(&crate::api::seals::subject(&common.seal), &register.effects());
    match then {
        Then::End if passing.is_none() => {
            end(&mut work, job, signing).await?;
            work.finish(job).await?;
        }
        Then::Again if passing.is_none() => {
            work.again(job);
            work.finish(job).await?;
        }
        _ => {
            let lease = now.saturating_add(LEASE).unwrap_or(now);
            work.keep(job, lease).await?;
        }
    }
    Ok(passing)
}

/// Every document has had its turn.
async fn end(work: &mut SystemWork, job: &Job, signing: &Signing) -> Result<(), Fault> {
    let now = work.now;
    let found = work.tx.get::<UseRequest>(&job.subject).await?;
    if found.value.state() == RequestState::Signing {
        let tally = tally(&mut work.tx, &job.subject).await?;
        let unsigned = work.tx.use_items(&job.subject, Some(ItemState::Failed), -1, 10_000).await?;
        let value = unsigned.iter().filter_map(|item| item.value.document().value).sum();
        let (request, effects) = found.value.apply(RequestEvent::Finish { tally }, &signing.by, now)?;
        give_back(&mut work.tx, &request, tally.failed, value, now).await?;
        work.tx.save(&request, found.version).await?;
        let details = json!({ "signed": tally.signed, "failed": tally.failed });
        work.record(author(signing), "use.finish", &subject(&request), None, details);
        work.enact(&subject(&request), &effects);
    }
    Ok(())
}

/// What came of the documents of a request so far.
///
/// # Errors
/// Problems of the database.
pub async fn tally(access: &mut yinxin_store::Access, request: &str) -> Result<Tally, StoreError> {
    let counts = access.use_item_counts(request).await?;
    let of = |wanted| counts.iter().find(|(state, _)| *state == wanted).map_or(0, |(_, count)| *count);
    Ok(Tally { signed: of(ItemState::Signed), failed: of(ItemState::Failed) })
}

/// A request ended before its documents were sealed: they are dropped, and the right to them is given back.
///
/// # Errors
/// [`Fault`]; what was done stays done.
pub async fn settle(app: &Shared, job: &Job) -> Result<(), Fault> {
    let settling: Settling =
        serde_json::from_str(&job.payload).map_err(|error| Fault::hopeless(format!("payload: {error}")))?;
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let request = work.tx.get::<UseRequest>(&job.subject).await?.value;
    let now = work.now;
    let mut rest = Vec::new();
    for state in [ItemState::Signing, ItemState::Waiting, ItemState::Failed] {
        rest.extend(work.tx.use_items(&job.subject, Some(state), -1, PART).await?);
    }
    rest.truncate(usize::try_from(PART).unwrap_or(usize::MAX));
    let more = rest.len() >= usize::try_from(PART).unwrap_or(usize::MAX);
    let (mut dropped, mut value) = (0u32, 0u64);
    let mut register = Register::open(app, &mut work.tx, &request, None, now).await?;
    for found in rest {
        dropped = dropped.saturating_add(1);
        value = value.saturating_add(found.value.document().value.unwrap_or(0));
        let mut item = found.value;
        if item.state() == ItemState::Signing {
            let result = UseResult::Failed { code: "BROKEN_OFF".to_owned() };
            work.tx.insert(&register.entry(app, &request, Some(&item), result, &[])).await?;
            item = item.apply(ItemEvent::Recover)?;
        }
        work.tx.save(&item.apply(ItemEvent::Drop)?, found.version).await?;
    }
    if settling.owed {
        give_back(&mut work.tx, &request, dropped, value, now).await?;
    }
    if dropped > 0 {
        let details = json!({ "dropped": dropped });
        work.record(Author::clock(job), "use.drop", &subject(&request), None, details);
    }
    if more {
        work.again(job);
    }
    work.finish(job).await?;
    Ok(())
}

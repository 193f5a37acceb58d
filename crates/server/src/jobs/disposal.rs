//! A list of disposal is carried out, some documents at a time. For each piece: what is about to go is on record (committed), then it is
//! asked who else refers to the same bytes, the others are deleted, and what came of each document is recorded with its audit row. Broken
//! off anywhere, the same piece is gone through once more: deleting what is gone already changes nothing.
//!
//! Why in this order: whoever brings bytes is on record before he brings them and asks then whether they are about to go
//! (`api/use_requests/content.rs`, `api/applications/materials.rs`). One of the two sees the other.

use super::system_work::{Author, SystemWork};
use super::{Fault, LEASE};
use crate::api::disposals::subject;
use crate::app::Shared;
use crate::documents::{Digest, DocumentError};
use jiff::SignedDuration;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use yinxin_registry::lifecycle::By;
use yinxin_registry::retention::disposal::{
    Count, Disposal, DisposalEvent, DisposalState, Disposed, Fate, Line,
};
use yinxin_registry::retention::dossier::{Dossier, DossierEvent, DossierState};
use yinxin_registry::usage::document::UseItem;
use yinxin_store::{Access, Job, Versioned};

/// Kind of the job.
pub const DISPOSE: &str = "dispose";
/// Documents of one piece.
const PIECE: u32 = 16;
/// Things that may refer to the same bytes within a piece, each of them twice, and one besides.
const REFERRING: u32 = 2 * PIECE + 1;
/// Pieces of one turn: other jobs wait no longer, and a process that is to stop stops.
const TURN: u32 = 32;
/// Rows read at once.
const PART: u32 = 500;
/// How long to wait when the document store is away.
const AWAY: SignedDuration = SignedDuration::from_mins(10);

/// How far a request has come.
enum Reached {
    /// A piece of it is gone, others are left.
    Piece,
    /// Nothing of it is left.
    End,
    /// Nothing was left of it before.
    Before,
    /// Somebody holds it.
    Held,
    /// The document store is away.
    Away,
}

/// Takes one turn at a list; what remains is left as a new job.
///
/// # Errors
/// [`Fault`]; what was done stays done.
pub async fn run(app: &Shared, job: &Job) -> Result<(), Fault> {
    let Some(disposal) = begin(app, job).await? else { return Ok(()) };
    let (mut left, mut held) = (TURN, false);
    for line in disposal.lines() {
        loop {
            match piece(app, job, &disposal, line).await? {
                Reached::Before => break,
                Reached::Held => {
                    held = true;
                    break;
                }
                Reached::Away => return again(app, job, AWAY).await,
                outcome => {
                    left = left.saturating_sub(1);
                    if left == 0 {
                        return again(app, job, SignedDuration::ZERO).await;
                    }
                    if matches!(outcome, Reached::End) {
                        break;
                    }
                }
            }
        }
    }
    end(app, job, held).await
}

/// The list, once deleting has begun; `None` of one that was taken back or is done: its job ends.
async fn begin(app: &Shared, job: &Job) -> Result<Option<Disposal>, Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let found = work.tx.get::<Disposal>(&job.subject).await?;
    match found.value.state() {
        DisposalState::Disposing => Ok(Some(found.value)),
        DisposalState::Approved => {
            let (disposal, effects) = found.value.apply(DisposalEvent::Begin, &By::system(), work.now)?;
            work.tx.save(&disposal, found.version).await?;
            let about = subject(&disposal);
            let details = json!({ "digest": disposal.digest(), "documents": disposal.documents() });
            work.record(Author::clock(job), "disposal.begin", &about, None, details);
            work.enact(&about, &effects);
            let lease = work.now.saturating_add(LEASE).unwrap_or(work.now);
            work.keep(job, lease).await?;
            Ok(Some(disposal))
        }
        _ => {
            work.finish(job).await?;
            Ok(None)
        }
    }
}

/// Some documents of a request.
async fn piece(app: &Shared, job: &Job, disposal: &Disposal, line: &Line) -> Result<Reached, Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let found = work.tx.get::<Dossier>(line.request.as_str()).await?;
    if found.value.disposal() != Some(disposal.id()) {
        return Err(Fault::hopeless(format!("{} does not stand on {}", line.request, disposal.id())));
    }
    let reached = found.value.reached();
    match found.value.state() {
        DossierState::Disposed => return Ok(Reached::Before),
        DossierState::Listed if found.value.is_held() => return Ok(Reached::Held),
        DossierState::Listed if reached == 0 => as_listed(&mut work.tx, line).await?,
        _ => {}
    }
    let items = work.tx.use_items(line.request.as_str(), None, i64::from(reached) - 1, PIECE).await?;
    let contents: Vec<&str> = items.iter().flat_map(|item| contents(&item.value)).collect();
    if !work.tx.begin_deleting(line.request.as_str(), &contents).await? {
        return Err(Fault::passing("another list has the same bytes under way"));
    }
    if found.value.state() == DossierState::Listed {
        let dossier = found.value.apply(DossierEvent::Delete, &By::system(), work.now)?;
        work.tx.save(&dossier, found.version).await?;
    }
    let lease = work.now.saturating_add(LEASE).unwrap_or(work.now);
    work.keep(job, lease).await?;
    // From here on whoever brings one of these is refused, and no hold can come between.
    let shared = shared(app, &items).await?;
    for digest in contents.iter().filter(|digest| !shared.contains(**digest)) {
        match app.documents.delete(digest_of(digest)?).await {
            Ok(()) => {}
            Err(DocumentError::Unavailable { .. } | DocumentError::Full { .. }) => return Ok(Reached::Away),
            Err(error) => return Err(Fault::passing(error.code())),
        }
    }
    record(app, job, (disposal, line), items, &shared).await
}

/// Contents that belong to a document, by their digests.
fn contents(item: &UseItem) -> impl Iterator<Item = &str> {
    let original = item.has_content().then(|| item.document().digest.as_str());
    original.into_iter().chain(item.sealed().map(|sealed| sealed.digest.as_str()))
}

fn digest_of(text: &str) -> Result<Digest, Fault> {
    text.parse().map_err(|expected: &str| Fault::hopeless(format!("a digest: {expected}")))
}

/// Whether the documents of a request are exactly those that were agreed to.
async fn as_listed(access: &mut Access, line: &Line) -> Result<(), Fault> {
    let (mut items, mut after) = (Vec::new(), -1);
    loop {
        let part = access.use_items(line.request.as_str(), None, after, PART).await?;
        let Some(last) = part.last() else { break };
        after = i64::from(last.value.place());
        items.extend(part.into_iter().map(|found| found.value));
    }
    if Line::of(line.request.clone(), &line.number, &items) == *line {
        return Ok(());
    }
    Err(Fault::hopeless(format!("the documents of {} are not those of the list", line.request)))
}

/// Contents of these documents that something else refers to.
async fn shared(app: &Shared, items: &[Versioned<UseItem>]) -> Result<BTreeSet<String>, Fault> {
    let own: BTreeSet<&str> = items.iter().map(|item| item.value.id().as_str()).collect();
    let digests: BTreeSet<&str> = items.iter().flat_map(|item| contents(&item.value)).collect();
    let mut shared = BTreeSet::new();
    let mut read = app.store.read().await?;
    for digest in digests {
        let referring = read.referring_to(digest, REFERRING).await?;
        if !referring.iter().any(|id| !own.contains(id.as_str())) {
            continue;
        }
        // Named anew after it was deleted, before that could be recorded: gone is what it is.
        let there = app.documents.exists(digest_of(digest)?).await;
        if there.map_err(|error| Fault::passing(error.code()))? {
            shared.insert(digest.to_owned());
        }
    }
    Ok(shared)
}

/// What came of each document, with its audit row, in one transaction.
async fn record(
    app: &Shared,
    job: &Job,
    (disposal, line): (&Disposal, &Line),
    items: Vec<Versioned<UseItem>>,
    shared: &BTreeSet<String>,
) -> Result<Reached, Fault> {
    // Bytes that several documents of the piece refer to are deleted with the last of them.
    let mut last = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        last.extend(contents(&item.value).map(|digest| (digest.to_owned(), at)));
    }
    let fate = |digest: &str, at: usize| match shared.contains(digest) || last.get(digest) != Some(&at) {
        true => Fate::Shared,
        false => Fate::Deleted,
    };
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let (mut count, mut rows) = (Count::default(), Vec::new());
    let reached = items.last().map_or(0, |item| item.value.place().saturating_add(1));
    for (at, found) in items.into_iter().enumerate() {
        let item = found.value;
        let original = item.has_content().then(|| fate(&item.document().digest, at));
        let sealed = item.sealed().map(|sealed| fate(&sealed.digest, at));
        let disposed = Disposed { disposal: disposal.id().clone(), at: work.now, original, sealed };
        rows.push(json!({
            "item": item.id(), "digest": item.document().digest, "original": original,
            "sealed_digest": item.sealed().map(|sealed| &sealed.digest), "sealed": sealed,
        }));
        count.add(&disposed);
        work.tx.save(&item.dispose(disposed)?, found.version).await?;
    }
    let over = reached >= line.documents;
    count.requests = u32::from(over);
    let event = if over { DossierEvent::Finish } else { DossierEvent::Pause { reached } };
    let found = work.tx.get::<Dossier>(line.request.as_str()).await?;
    let dossier = found.value.apply(event, &By::system(), work.now)?;
    work.tx.save(&dossier, found.version).await?;
    let found = work.tx.get::<Disposal>(disposal.id().as_str()).await?;
    let (disposal, _) = found.value.apply(DisposalEvent::Count(count), &By::system(), work.now)?;
    work.tx.save(&disposal, found.version).await?;
    work.tx.end_deleting(line.request.as_str()).await?;
    let details = json!({ "request": line.request, "documents": rows, "approved_by": disposal.decided_by() });
    work.record(Author::clock(job), "disposal.delete", &subject(&disposal), None, details);
    let lease = work.now.saturating_add(LEASE).unwrap_or(work.now);
    work.keep(job, lease).await?;
    tracing::info!(
        list = disposal.id().as_str(),
        request = line.request.as_str(),
        documents = count.documents,
        "disposed of"
    );
    Ok(if over { Reached::End } else { Reached::Piece })
}

/// The same job once more, after a while.
async fn again(app: &Shared, job: &Job, wait: SignedDuration) -> Result<(), Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    let at = work.now.saturating_add(wait).unwrap_or(work.now);
    work.again_at(job, at);
    work.finish(job).await?;
    Ok(())
}

/// Every request has had its turn. What is held waits: lifting the hold leaves the job anew.
async fn end(app: &Shared, job: &Job, held: bool) -> Result<(), Fault> {
    let mut work = SystemWork::begin(app, app.now()?).await?;
    if !held {
        let found = work.tx.get::<Disposal>(&job.subject).await?;
        let (disposal, effects) = found.value.apply(DisposalEvent::Finish, &By::system(), work.now)?;
        work.tx.save(&disposal, found.version).await?;
        let details = json!({ "digest": disposal.digest(), "count": disposal.count() });
        work.record(Author::clock(job), "disposal.finish", &subject(&disposal), None, details);
        work.enact(&subject(&disposal), &effects);
    }
    work.finish(job).await?;
    Ok(())
}

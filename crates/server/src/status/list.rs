//! The list of seals that are or were not to be used (印章状态列表), in full and as what changed since an earlier one.
//!
//! Lists are numbered. What a seal has on the list stands in the database with the number of the list from which on it stands so: what
//! changed since list N is what has a higher number. Every list carries a digest of all its entries, kept under the MAC of settings; one
//! who applies a delta to an older list and gets another digest has lost something and takes the full list.

use super::statement::{PublicSince, PublicStatus, timeline};
use super::{Envelope, is_public};
use crate::app::{App, Shared, Stop};
use crate::http::{Code, Problem};
use crate::proof::IssuingAuthority;
use axum::body::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::Mutex;
use yinxin_crypto::sm3;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_store::{Access, StatusEntry, StoreError, Tx};

/// Mark of a full list.
pub const LIST_FORMAT: &str = "yinxin-status-list-1";
/// Mark of what changed since a list.
pub const DELTA_FORMAT: &str = "yinxin-status-delta-1";

const LIST: &str = "status.list";
const POSITION: &str = "status.list.position";
/// Changes looked at in one transaction.
const BATCH: usize = 1000;
/// How long changes are kept once they are on the list.
const KEEP: SignedDuration = SignedDuration::from_hours(1);
/// Deltas kept in memory.
const DELTAS: usize = 32;
/// Largest delta kept in memory, bytes.
const DELTA_BYTES: usize = 1 << 20;

/// A seal on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListEntry {
    /// Code.
    pub code: String,
    /// Every status it has had since it was handed over.
    pub timeline: Vec<PublicSince>,
}

/// A full list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListStatement {
    /// Who publishes it.
    pub authority: IssuingAuthority,
    /// Number; a later list has a higher one.
    pub number: i64,
    /// When it was made.
    pub this_update: Timestamp,
    /// Until when it may be relied on; a newer one is there before.
    pub next_update: Timestamp,
    /// SM3 of `entries` as they stand in the statement, hex.
    pub entries_digest: String,
    /// Seals that are or were suspended, ended or void, by code.
    pub entries: Vec<ListEntry>,
}

/// What changed since a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeltaStatement {
    /// Who publishes it.
    pub authority: IssuingAuthority,
    /// Number of the list it is to be applied to; 0: the empty list.
    pub base: i64,
    /// Number of the list that results.
    pub number: i64,
    /// When that list was made.
    pub this_update: Timestamp,
    /// Until when that list may be relied on.
    pub next_update: Timestamp,
    /// Digest of the entries of the list that results.
    pub entries_digest: String,
    /// Entries that are new or take the place of older ones, by code.
    pub changed: Vec<ListEntry>,
    /// Codes that left the list.
    pub removed: Vec<String>,
}

/// A delta was not put in place: the full list has to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotApplied {
    /// It belongs to another list.
    #[error("增量不属于这份列表 / the delta belongs to another list")]
    Base,
    /// The result is not the list it promises.
    #[error("应用增量后的摘要不符 / the list that results has another digest")]
    Digest,
}

impl ListStatement {
    /// Puts a delta in place.
    ///
    /// # Errors
    /// [`NotApplied`].
    pub fn apply(self, delta: DeltaStatement) -> Result<Self, NotApplied> {
        if delta.base != self.number {
            return Err(NotApplied::Base);
        }
        let mut entries: BTreeMap<String, ListEntry> =
            self.entries.into_iter().map(|entry| (entry.code.clone(), entry)).collect();
        for code in &delta.removed {
            entries.remove(code);
        }
        entries.extend(delta.changed.into_iter().map(|entry| (entry.code.clone(), entry)));
        let entries: Vec<ListEntry> = entries.into_values().collect();
        if digest_of(&entries).as_deref() != Some(&delta.entries_digest) {
            return Err(NotApplied::Digest);
        }
        Ok(Self {
            authority: delta.authority,
            number: delta.number,
            this_update: delta.this_update,
            next_update: delta.next_update,
            entries_digest: delta.entries_digest,
            entries,
        })
    }

    /// Whether the entries are those of the digest.
    pub fn is_whole(&self) -> bool {
        digest_of(&self.entries).as_deref() == Some(&self.entries_digest)
    }
}

fn digest_of(entries: &[ListEntry]) -> Option<String> {
    let texts: Option<Vec<String>> = entries.iter().map(text_of).collect();
    Some(digest(&joined(texts?.iter().map(String::as_str))))
}

fn text_of(entry: &ListEntry) -> Option<String> {
    let value = serde_json::to_value(entry).ok()?;
    serde_json::to_string(&crate::proof::sorted(value)).ok()
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut all = String::from("[");
    for (place, text) in texts.enumerate() {
        if place > 0 {
            all.push(',');
        }
        all.push_str(text);
    }
    all.push(']');
    all
}

fn digest(text: &str) -> String {
    hex::encode(sm3(text.as_bytes()))
}

/// What a seal has on the list.
fn entry_of(seal: &Seal) -> StatusEntry {
    let timeline = timeline(seal);
    let bad = [PublicStatus::Suspended, PublicStatus::Ended, PublicStatus::Void];
    let listed = is_public(seal) && timeline.iter().any(|since| bad.contains(&since.status));
    let entry = listed.then(|| text_of(&ListEntry { code: seal.code().to_owned(), timeline })).flatten();
    StatusEntry { code: seal.code().to_owned(), entry }
}

/// The list as it was last published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Published {
    number: i64,
    this_update: Timestamp,
    next_update: Timestamp,
    digest: String,
}

impl Published {
    async fn load(access: &mut Access) -> Result<Option<Self>, StoreError> {
        let text = access.setting(LIST).await?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| damaged(LIST))).transpose()
    }

    /// Whether half its time is over.
    fn ages(&self, now: Timestamp) -> bool {
        let half = self.next_update.duration_since(self.this_update) / 2;
        now.duration_since(self.this_update) >= half || now < self.this_update
    }
}

fn damaged(id: &str) -> StoreError {
    StoreError::Integrity { table: "setting", id: id.to_owned() }
}

async fn position(access: &mut Access) -> Result<i64, StoreError> {
    let text = access.setting(POSITION).await?;
    text.map_or(Ok(0), |text| text.parse().map_err(|_| damaged(POSITION)))
}

/// Makes a new list when something changed and the last is old enough, or when half its time is over. Whether one was made.
///
/// # Errors
/// Problems of the clock and the database.
pub async fn renew(app: &Shared) -> Result<bool, Stop> {
    loop {
        match part(app).await? {
            Part::Nothing => return Ok(false),
            Part::More => {}
            Part::Published => return Ok(true),
        }
    }
}

enum Part {
    Nothing,
    More,
    Published,
}

async fn part(app: &Shared) -> Result<Part, Stop> {
    let now = app.now()?;
    let mut access = app.store.read().await?;
    let published = Published::load(&mut access).await?;
    let from = position(&mut access).await?;
    let interval = SignedDuration::from_secs(i64::from(app.config.status.list_interval_seconds));
    let due = match &published {
        None => true,
        Some(last) if last.ages(now) => true,
        Some(last) => {
            let pause = last.this_update.saturating_add(interval).unwrap_or(now);
            now >= pause && access.last_status_change().await? > from
        }
    };
    if !due {
        return Ok(Part::Nothing);
    }
    let changes = access.status_changes(from).await?;
    let to = changes.last().map_or(from, |last| last.seq);
    let more = changes.len() >= BATCH;
    let seals: BTreeSet<String> = changes.into_iter().map(|change| change.seal).collect();
    let mut entries = Vec::with_capacity(seals.len());
    for id in &seals {
        match access.get::<Seal>(id).await {
            Ok(seal) => entries.push(entry_of(&seal.value)),
            // One row changed from outside must not keep the others off the list.
            Err(StoreError::Integrity { .. }) => tracing::error!(seal = id, "not on the list: INTEGRITY"),
            Err(other) => return Err(other.into()),
        }
    }
    drop(access);
    let mut tx = app.store.begin().await?;
    tx.take_status_turn().await?;
    if position(&mut tx).await? != from || Published::load(&mut tx).await? != published {
        // Another node was quicker.
        return Ok(Part::More);
    }
    let number = published.map_or(0, |last| last.number) + 1;
    for entry in &entries {
        if tx.status_entry(&entry.code).await? != entry.entry {
            tx.put_status_entry(entry, number).await?;
        }
    }
    tx.set_setting(POSITION, &to.to_string(), now).await?;
    if !more {
        publish(app, &mut tx, number, to, now).await?;
    }
    tx.commit().await?;
    Ok(if more { Part::More } else { Part::Published })
}

async fn publish(app: &App, tx: &mut Tx, number: i64, to: i64, now: Timestamp) -> Result<(), Stop> {
    let lasts = SignedDuration::from_hours(i64::from(app.config.status.list_hours));
    let published = Published {
        number,
        this_update: now,
        next_update: now.saturating_add(lasts).unwrap_or(Timestamp::MAX),
        digest: digest(&entries(tx).await?),
    };
    let text = serde_json::to_string(&published).map_err(|_| Problem::new(Code::Internal))?;
    tx.set_setting(LIST, &text, now).await?;
    tx.prune_status_changes(to, now.saturating_sub(KEEP).unwrap_or(now), 10_000).await?;
    Ok(())
}

/// All entries as they stand in a statement.
async fn entries(access: &mut Access) -> Result<String, StoreError> {
    let mut all: Vec<StatusEntry> = Vec::new();
    loop {
        let after = all.last().map(|entry| entry.code.clone()).unwrap_or_default();
        let page = access.status_entries(&after).await?;
        if page.is_empty() {
            return Ok(joined(all.iter().filter_map(|entry| entry.entry.as_deref())));
        }
        all.extend(page);
    }
}

/// Lists as they were last served.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Option<Served>>);

#[derive(Debug)]
struct Served {
    published: Published,
    full: Option<Bytes>,
    deltas: BTreeMap<i64, Bytes>,
}

/// A signed list, ready to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    /// The whole answer, JSON.
    pub body: Bytes,
    /// What tells it from others: `7` or `3-7`.
    pub tag: String,
}

/// The full list, or with `since` what changed after the list with that number.
///
/// # Errors
/// `NOT_FOUND` when there is no list with that number yet; `UNAVAILABLE` when no list can be made that may be relied on.
pub(crate) async fn signed(app: &Shared, since: Option<i64>) -> Result<Signed, Stop> {
    let mut shelf = app.status_lists.0.lock().await;
    for _ in 0..3 {
        let published = current(app).await?;
        if since.is_some_and(|since| !(0..=published.number).contains(&since)) {
            return Err(Problem::new(Code::NotFound).into());
        }
        if shelf.as_ref().is_none_or(|served| served.published != published) {
            *shelf = Some(Served { published: published.clone(), full: None, deltas: BTreeMap::new() });
        }
        let Some(served) = shelf.as_mut() else { continue };
        let kept = match since {
            None => served.full.clone(),
            Some(since) => served.deltas.get(&since).cloned(),
        };
        let tag = match since {
            None => format!("{}", published.number),
            Some(since) => format!("{since}-{}", published.number),
        };
        if let Some(body) = kept {
            return Ok(Signed { body, tag });
        }
        let statement = match since {
            None => full(app, &published).await?,
            Some(since) => delta(app, &published, since).await?,
        };
        // Changed in the middle: read again.
        let Some(statement) = statement else { continue };
        let signer = app.clone();
        let body = tokio::task::spawn_blocking(move || {
            let envelope = Envelope::sign_text(statement, &signer.authority)?;
            Ok::<_, super::SignFault>(Bytes::from(serde_json::to_vec(&envelope)?))
        });
        let body = body.await.map_err(|_| Problem::new(Code::Internal))?.map_err(|error| {
            tracing::error!(%error, "a list of status could not be signed");
            Problem::new(Code::Internal)
        })?;
        match since {
            None => served.full = Some(body.clone()),
            Some(since) if body.len() <= DELTA_BYTES && served.deltas.len() < DELTAS => {
                served.deltas.insert(since, body.clone());
            }
            Some(_) => {}
        }
        return Ok(Signed { body, tag });
    }
    Err(Problem::new(Code::Unavailable).retry_after(2).into())
}

/// The list in force; made now where there is none that may be relied on.
async fn current(app: &Shared) -> Result<Published, Stop> {
    let now = app.now()?;
    let in_force = |published: &Published| now < published.next_update;
    if let Some(published) = Published::load(&mut app.store.read().await?).await?.filter(in_force) {
        return Ok(published);
    }
    renew(app).await?;
    let published = Published::load(&mut app.store.read().await?).await?.filter(in_force);
    published.ok_or_else(|| Problem::new(Code::Unavailable).into())
}

async fn full(app: &Shared, published: &Published) -> Result<Option<String>, Stop> {
    let entries = entries(&mut app.store.read().await?).await?;
    if digest(&entries) != published.digest {
        return Ok(None);
    }
    let frame = ListStatement {
        authority: app.authority.party(),
        number: published.number,
        this_update: published.this_update,
        next_update: published.next_update,
        entries_digest: published.digest.clone(),
        entries: Vec::new(),
    };
    let frame = super::envelope::canonical(&frame, LIST_FORMAT).map_err(|_| Problem::new(Code::Internal))?;
    // Quotation marks inside a text are escaped: this stands in one place only.
    Ok(Some(frame.replacen("\"entries\":[]", &format!("\"entries\":{entries}"), 1)))
}

async fn delta(app: &Shared, published: &Published, since: i64) -> Result<Option<String>, Stop> {
    let mut access = app.store.read().await?;
    let mut all: Vec<StatusEntry> = Vec::new();
    loop {
        let after = all.last().map(|entry| entry.code.clone()).unwrap_or_default();
        let page = access.status_entries_since(since, &after).await?;
        if page.is_empty() {
            break;
        }
        all.extend(page);
    }
    let unpublished = !access.status_entries_since(published.number, "").await?.is_empty();
    if unpublished || Published::load(&mut access).await?.as_ref() != Some(published) {
        return Ok(None);
    }
    let frame = DeltaStatement {
        authority: app.authority.party(),
        base: since,
        number: published.number,
        this_update: published.this_update,
        next_update: published.next_update,
        entries_digest: published.digest.clone(),
        changed: Vec::new(),
        removed: all.iter().filter(|entry| entry.entry.is_none()).map(|entry| entry.code.clone()).collect(),
    };
    let frame = super::envelope::canonical(&frame, DELTA_FORMAT).map_err(|_| Problem::new(Code::Internal))?;
    let changed = joined(all.iter().filter_map(|entry| entry.entry.as_deref()));
    Ok(Some(frame.replacen("\"changed\":[]", &format!("\"changed\":{changed}"), 1)))
}

/// Makes lists when they are due.
pub(crate) async fn keep(app: Shared) {
    match renew(&app).await {
        Ok(true) => tracing::debug!("a new list of status"),
        Ok(false) => {}
        Err(stop) => {
            tracing::warn!(code = stop.code(), "the list of status could not be made");
        }
    }
}

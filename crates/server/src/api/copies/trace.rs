//! From a code on paper to the original: what everybody may be told who holds it.

use crate::api::status::may_be_told;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Problem};
use jiff::Timestamp;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::usage::code;
use yinxin_registry::usage::copy::RegisteredCopy;
use yinxin_registry::usage::document::{Format, Sealed, UseItem};
use yinxin_registry::usage::record::UseRecord;

/// Seals of one document that are told.
const MOST_SEALS: usize = 20;

/// A seal on a document.
#[derive(Debug, Clone)]
pub(crate) struct SealOn {
    /// The seal.
    pub seal: Seal,
    /// When it was put there.
    pub at: Timestamp,
    /// Pages it stands on, from 1.
    pub pages: Vec<u32>,
}

/// What a code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Traced {
    /// The code as it was given out.
    pub code: String,
    /// The sealed document.
    pub sealed: Sealed,
    /// SM3 of the document before it was sealed, hex.
    pub before: String,
    /// Its kind.
    pub document_kind: String,
    /// Its format.
    pub format: Format,
    /// Seals on it, in the order in which they were put there.
    pub seals: Vec<SealOn>,
    /// The copy whose code it is; `None` for the code of the document itself.
    pub copy: Option<RegisteredCopy>,
    /// When its contents were disposed of by the rules; its digest and what is known of it stay.
    pub disposed_at: Option<Timestamp>,
    /// When this was known.
    pub now: Timestamp,
}

/// What the code stands for that somebody typed; `None` for what is no code, one that nobody gave out, and a document under a seal that
/// is not published.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn trace(
    app: &Shared,
    typed: &str,
    caller: Option<&Caller>,
    now: Timestamp,
) -> Result<Option<Traced>, Stop> {
    // What is no code is looked for all the same: it takes as long as one that nobody gave out.
    let code = code::read(typed).unwrap_or_default();
    let mut read = app.store.read().await?;
    let item = read.use_item_by_code(&code).await?.map(|found| found.value);
    let copy = read.copy_by_code(&code).await?.map(|found| found.value);
    let (item, copy) = match (item, copy) {
        (Some(item), _) => (item, None),
        (None, Some(copy)) => (read.get::<UseItem>(copy.item().as_str()).await?.value, Some(copy)),
        (None, None) => return Ok(None),
    };
    let own = read.sealing_of(item.id().as_str()).await?.map(|found| found.value);
    // Given back before the seals are asked for: each of them asks for a connection of its own.
    drop(read);
    let (Some(sealed), Some(own)) = (item.sealed().cloned(), own) else {
        tracing::error!(item = item.id().as_str(), "a code stands for a document that is not sealed");
        return Err(Problem::new(Code::Integrity).into());
    };
    let Some(seals) = seals_on(app, &own, caller, now).await? else { return Ok(None) };
    Ok(Some(Traced {
        code,
        before: item.document().digest.clone(),
        format: item.document().format,
        document_kind: own.document_kind,
        disposed_at: item.disposed().map(|disposed| disposed.at),
        sealed,
        seals,
        copy,
        now,
    }))
}

/// Seals on the document that a use made, those it bore before too, where they were put there through this registry; without those the
/// caller may not be told of. `None` where that is the seal of this very use.
async fn seals_on(
    app: &Shared,
    own: &UseRecord,
    caller: Option<&Caller>,
    now: Timestamp,
) -> Result<Option<Vec<SealOn>>, Stop> {
    let Some(seal) = seal_told(app, &own.seal, caller, now).await? else { return Ok(None) };
    let mut seals = vec![SealOn { seal, at: own.at, pages: own.pages.clone() }];
    let mut before = own.document_digest.clone();
    for _ in 1..MOST_SEALS {
        let found = app.store.read().await?.sealing_with(&before).await?;
        let Some(earlier) = found.map(|found| found.value) else { break };
        if let Some(seal) = seal_told(app, &earlier.seal, caller, now).await? {
            seals.push(SealOn { seal, at: earlier.at, pages: earlier.pages });
        }
        before = earlier.document_digest;
    }
    seals.reverse();
    Ok(Some(seals))
}

/// A seal, as far as the caller may be told of it: by the rule of the status service.
async fn seal_told(
    app: &Shared,
    id: &SealId,
    caller: Option<&Caller>,
    now: Timestamp,
) -> Result<Option<Seal>, Stop> {
    let seal = app.store.read().await?.get::<Seal>(id.as_str()).await?.value;
    Ok(may_be_told(&seal, caller, now).0.then_some(seal))
}

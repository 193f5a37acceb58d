//! What this registry knows of seals and sealed documents, as far as whoever asks may be told.

use super::seals::Seals;
use crate::api::status::{find, may_be_told};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::status::{PublicStatus, timeline, verify::facts_of};
use jiff::Timestamp;
use std::collections::BTreeMap;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::role::Scope;
use yinxin_registry::usage::record::{UseRecord, UseResult};
use yinxin_registry::verification::Registered;
use yinxin_seal::trust::SealStatus;
use yinxin_store::UseFilter;

/// Entries of the use register that are told of one document.
const USES: u32 = 20;

/// Seals of a document beside those of the registry with the same codes.
pub(super) struct Known(BTreeMap<String, (Registered, Option<Seal>)>);

/// Status of a seal at a moment.
pub(crate) fn current_status(seal: &Seal, at: Timestamp) -> PublicStatus {
    seal.standing_at(at).into()
}

impl Known {
    /// Looks the seals of a document up.
    ///
    /// # Errors
    /// Problems of the database.
    pub(super) async fn find(
        app: &Shared,
        seals: &Seals,
        caller: Option<&Caller>,
        now: Timestamp,
    ) -> Result<Self, Stop> {
        let mut known = BTreeMap::new();
        for (code, digests) in seals {
            let (seal, _) = find(app, code, caller, now).await?;
            let registered = match seal.as_ref().and_then(Seal::made) {
                None => Registered::No,
                // A seal with the code of another is none of ours, whatever else stands in the document.
                Some(made) if digests.iter().all(|digest| *digest == made.digest) => Registered::Yes,
                Some(_) => Registered::Different,
            };
            known.insert(code.clone(), (registered, seal.filter(|_| registered == Registered::Yes)));
        }
        Ok(Self(known))
    }

    /// What is known of the seal with a code.
    pub(super) fn get(&self, code: &str) -> (Registered, Option<&Seal>) {
        self.0.get(code).map_or((Registered::No, None), |(registered, seal)| (*registered, seal.as_ref()))
    }

    /// Codes of seals of this registry that the document has on another seal: nobody else vouches for that one.
    pub(super) fn reserved(&self) -> Vec<String> {
        let different = self.0.iter().filter(|(_, (registered, _))| *registered == Registered::Different);
        different.map(|(code, _)| code.clone()).collect()
    }

    /// Those that are registered here.
    pub(super) fn into_seals(self) -> Vec<Seal> {
        self.0.into_values().filter_map(|(_, seal)| seal).collect()
    }

    /// Facts for the verification: every status the seals have had.
    pub(super) fn facts(&self) -> Vec<SealStatus> {
        let seals = self.0.values().filter_map(|(_, seal)| seal.as_ref());
        seals.flat_map(|seal| facts_of(seal.code(), &timeline(seal))).collect()
    }
}

/// A use of a seal for a document, as everybody may know it: no reasons, no names of people, nothing of the document.
#[derive(Debug, Clone)]
pub struct KnownUse {
    /// The seal.
    pub seal: Seal,
    /// When the document was sealed.
    pub at: Timestamp,
    /// Whether the digest is that of the sealed document; otherwise it is that of the document before.
    pub sealed: bool,
}

/// Uses of seals for a document with this digest, the newest first. `known` are seals looked up before.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn uses_of(
    app: &Shared,
    digest: &str,
    known: &[Seal],
    caller: Option<&Caller>,
    now: Timestamp,
) -> Result<Vec<KnownUse>, Stop> {
    let filter =
        UseFilter { digest: Some(digest), result: Some("sealed"), limit: USES, ..UseFilter::default() };
    let mut read = app.store.read().await?;
    let found = read.uses(&Scope::All, &filter).await?;
    let mut uses = Vec::with_capacity(found.len());
    for UseRecord { seal, at, result, .. } in found.into_iter().map(|entry| entry.value) {
        let seal = match known.iter().find(|known| *known.id() == seal) {
            Some(known) => known.clone(),
            None => read.get::<Seal>(seal.as_str()).await?.value,
        };
        if !may_be_told(&seal, caller, now).0 {
            continue;
        }
        let sealed = matches!(result, UseResult::Sealed { digest: sealed } if sealed == digest);
        uses.push(KnownUse { seal, at, sealed });
    }
    Ok(uses)
}

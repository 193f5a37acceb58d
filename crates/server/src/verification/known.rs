//! What this registry knows of seals and sealed documents, as far as whoever asks may be told.

use super::seals::Seals;
use crate::api::status::{find, may_be_told};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::status::{PublicStatus, foreign_timeline, timeline, verify::facts_of};
use jiff::Timestamp;
use std::collections::BTreeMap;
use yinxin_registry::exchange::foreign::ForeignSeal;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::role::Scope;
use yinxin_registry::usage::record::{UseRecord, UseResult};
use yinxin_registry::verification::Registered;
use yinxin_seal::report::{Text, text};
use yinxin_seal::trust::SealStatus;
use yinxin_store::UseFilter;

/// Entries of the use register that are told of one document.
const USES: u32 = 20;

/// Seals of a document beside those of the registry with the same codes, and those other systems told of.
pub(super) struct Known {
    ours: BTreeMap<String, (Registered, Option<Seal>)>,
    theirs: Vec<ForeignSeal>,
    /// Codes that stand on another seal in the document than the one that is known.
    reserved: Vec<String>,
}

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
        let (mut known, mut theirs, mut reserved) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (code, digests) in seals {
            let (seal, _) = find(app, code, caller, now).await?;
            let registered = match seal.as_ref().and_then(Seal::made) {
                None => Registered::No,
                // A seal with the code of another is none of ours, whatever else stands in the document.
                Some(made) if digests.iter().all(|digest| *digest == made.digest) => Registered::Yes,
                Some(_) => Registered::Different,
            };
            if registered == Registered::Different {
                reserved.push(code.clone());
            }
            if registered == Registered::No
                && let Some(foreign) = app.store.read().await?.foreign_seal(code).await?
            {
                match digests.iter().all(|digest| *digest == foreign.value.seal.digest) {
                    true => theirs.push(foreign.value),
                    false => reserved.push(code.clone()),
                }
            }
            known.insert(code.clone(), (registered, seal.filter(|_| registered == Registered::Yes)));
        }
        Ok(Self { ours: known, theirs, reserved })
    }

    /// What is known of the seal with a code.
    pub(super) fn get(&self, code: &str) -> (Registered, Option<&Seal>) {
        self.ours.get(code).map_or((Registered::No, None), |(registered, seal)| (*registered, seal.as_ref()))
    }

    /// Codes that the document has on another seal than the one that is known: nobody else vouches for that one.
    pub(super) fn reserved(&self) -> Vec<String> {
        self.reserved.clone()
    }

    /// Whose word the status of seals of other systems is.
    pub(super) fn sources(&self) -> Vec<(String, Text)> {
        let said = |foreign: &ForeignSeal| {
            let (system, at) = (&foreign.system, foreign.last_at);
            let words =
                text(format!("系统 {system} 于 {at} 的报送"), format!("what system {system} told at {at}"));
            (foreign.seal.code.clone(), words)
        };
        self.theirs.iter().map(said).collect()
    }

    /// Those that are registered here.
    pub(super) fn into_seals(self) -> Vec<Seal> {
        self.ours.into_values().filter_map(|(_, seal)| seal).collect()
    }

    /// Facts for the verification: every status the seals have had.
    pub(super) fn facts(&self) -> Vec<SealStatus> {
        let ours = self.ours.values().filter_map(|(_, seal)| seal.as_ref());
        let ours = ours.flat_map(|seal| facts_of(seal.code(), &timeline(seal)));
        let theirs = self.theirs.iter();
        ours.chain(theirs.flat_map(|seal| facts_of(&seal.seal.code, &foreign_timeline(seal)))).collect()
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

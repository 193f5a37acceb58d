//! What this registry knows of seals and sealed documents, as far as whoever asks may be told.

use super::seals::Seals;
use crate::api::status::may_be_told;
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::exchange::Lists;
use crate::status::{PublicStatus, foreign_timeline, timeline, verify::facts_of};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;
use yinxin_registry::exchange::foreign::ForeignSeal;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_registry::usage::record::{UseRecord, UseResult};
use yinxin_registry::verification::Registered;
use yinxin_seal::report::{Text, text};
use yinxin_seal::trust::{ListedTrust, SealStatus};
use yinxin_store::{Asked, UseFilter};

/// Entries of the use register that are told of one document.
const USES: u32 = 20;

/// Seals of a document beside those of the registry with the same codes, and those other systems told of; with what else is read for it, because
/// all is read together.
pub(super) struct Known {
    ours: BTreeMap<String, (Registered, Option<Seal>)>,
    theirs: Vec<ForeignSeal>,
    /// Codes that stand on another seal in the document than the one that is known.
    reserved: Vec<String>,
    /// Trust lists in force.
    pub(super) listed: Vec<Arc<ListedTrust>>,
    /// Entries of the use register for the document; not all of them may be told.
    pub(super) uses: Vec<UseRecord>,
    /// The unit whoever asks acts for.
    pub(super) unit: Option<Unit>,
}

/// Status of a seal at a moment.
pub(crate) fn current_status(seal: &Seal, at: Timestamp) -> PublicStatus {
    seal.standing_at(at).into()
}

impl Known {
    /// Looks up what is known of a document with this digest and these seals.
    ///
    /// # Errors
    /// Problems of the database.
    pub(super) async fn find(
        app: &Shared,
        seals: &Seals,
        digest: &str,
        caller: Option<&Caller>,
        now: Timestamp,
    ) -> Result<Self, Stop> {
        let (mut known, mut theirs, mut reserved) = (BTreeMap::new(), Vec::new(), Vec::new());
        let codes: Vec<&str> = seals.keys().map(String::as_str).collect();
        let unit = caller.and_then(|caller| acts_for(caller, now));
        let mut access = app.store.read().await?;
        let brought = access.brought(&Asked { codes: &codes, digest, uses: USES, unit }).await?;
        for ((code, digests), found) in seals.iter().zip(brought.codes) {
            let seal = found.seal.map(|found| found.value);
            let seal = seal.filter(|seal| may_be_told(seal, caller, now).0);
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
                && let Some(foreign) = found.foreign?
            {
                match digests.iter().all(|digest| *digest == foreign.value.seal.digest) {
                    true => theirs.push(foreign.value),
                    false => reserved.push(code.clone()),
                }
            }
            known.insert(code.clone(), (registered, seal.filter(|_| registered == Registered::Yes)));
        }
        let listed = Lists::of(app, &mut access, brought.relied_on).await?;
        let uses = brought.uses.into_iter().map(|entry| entry.value).collect();
        let unit = brought.unit.map(|unit| unit.value);
        Ok(Self { ours: known, theirs, reserved, listed, uses, unit })
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

/// The unit somebody acts for, if it is a unit: that of the first of his grants that has one.
fn acts_for(caller: &Caller, now: Timestamp) -> Option<&str> {
    let live = caller.grants().iter().filter(|grant| grant.is_live(now));
    live.map(|grant| &grant.scope).find_map(|scope| match scope {
        Scope::Unit(unit) => Some(unit.as_str()),
        _ => None,
    })
}

/// Uses of seals for a document with this digest, the newest first.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn uses_of(
    app: &Shared,
    digest: &str,
    caller: Option<&Caller>,
    now: Timestamp,
) -> Result<Vec<KnownUse>, Stop> {
    let filter =
        UseFilter { digest: Some(digest), result: Some("sealed"), limit: USES, ..UseFilter::default() };
    let found = app.store.read().await?.uses(&Scope::All, &filter).await?;
    told(app, found.into_iter().map(|entry| entry.value).collect(), digest, &[], caller, now).await
}

/// Those of the uses for a document with this digest that may be told. `known` are seals looked up before.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn told(
    app: &Shared,
    found: Vec<UseRecord>,
    digest: &str,
    known: &[Seal],
    caller: Option<&Caller>,
    now: Timestamp,
) -> Result<Vec<KnownUse>, Stop> {
    let mut uses = Vec::with_capacity(found.len());
    for UseRecord { seal, at, result, .. } in found {
        let seal = match known.iter().find(|known| *known.id() == seal) {
            Some(known) => known.clone(),
            None => app.store.read().await?.get::<Seal>(seal.as_str()).await?.value,
        };
        if !may_be_told(&seal, caller, now).0 {
            continue;
        }
        let sealed = matches!(result, UseResult::Sealed { digest: sealed } if sealed == digest);
        uses.push(KnownUse { seal, at, sealed });
    }
    Ok(uses)
}

//! What a status answer states.

use super::Asked;
use crate::proof::IssuingAuthority;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use yinxin_registry::exchange::foreign::{ForeignSeal, ForeignSince};
use yinxin_registry::lifecycle::seal::{Seal, SealState};
use yinxin_registry::lifecycle::status::Standing;

/// Mark of the format: a signature over anything else can never pass as a status answer.
pub const FORMAT: &str = "yinxin-status-1";

/// What a seal is worth to whoever relies on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicStatus {
    /// No seal with this code is known, or none that is published.
    Unknown,
    /// Not yet in its owner's hands, or its time had not begun.
    NotInForce,
    /// In force.
    Valid,
    /// Suspended.
    Suspended,
    /// Canceled, replaced or lapsed.
    Ended,
    /// Its time was over.
    Expired,
    /// Void.
    Void,
}

impl PublicStatus {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotInForce => "not_in_force",
            Self::Valid => "valid",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
            Self::Expired => "expired",
            Self::Void => "void",
        }
    }
}

impl From<Standing> for PublicStatus {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::NotInForce => Self::NotInForce,
            Standing::Valid => Self::Valid,
            Standing::Suspended => Self::Suspended,
            Standing::Ended => Self::Ended,
            Standing::Expired => Self::Expired,
            Standing::Void => Self::Void,
        }
    }
}

impl From<SealState> for PublicStatus {
    fn from(state: SealState) -> Self {
        match state {
            SealState::Making
            | SealState::Made
            | SealState::Filed
            | SealState::Delivered
            | SealState::Abandoned => Self::NotInForce,
            SealState::Active => Self::Valid,
            SealState::Suspended => Self::Suspended,
            SealState::Expired => Self::Expired,
            SealState::Canceled | SealState::Replaced | SealState::Lapsed => Self::Ended,
            SealState::Void => Self::Void,
        }
    }
}

/// Part of the timeline: this status from this moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicSince {
    /// From when.
    pub from: Timestamp,
    /// Status, the end of validity left aside.
    pub status: PublicStatus,
}

/// What everybody may know of a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicSeal {
    /// Name.
    pub name: String,
    /// Code of its kind: `legal_name`.
    pub kind: String,
    /// Owner.
    pub owner: String,
    /// Owner's unified social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// Area it is registered in.
    pub area: String,
    /// Start of its validity.
    pub valid_from: Timestamp,
    /// End of its validity.
    pub valid_until: Timestamp,
    /// Issuer of the signer's certificate.
    pub certificate_issuer: String,
    /// Serial number of the signer's certificate, hex.
    pub certificate_serial: String,
    /// SM3 of the seal's data, hex.
    pub digest: String,
}

/// Whose word it is, where the seal is another system's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicSource {
    /// Code of the system.
    pub system: String,
    /// When it told of the seal last.
    pub told_at: Timestamp,
}

/// A status answer. Times in UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusStatement {
    /// Who answers.
    pub authority: IssuingAuthority,
    /// The code asked about.
    pub code: String,
    /// The moment asked about.
    pub at: Timestamp,
    /// When the answer was made; it tells what was known then.
    pub this_update: Timestamp,
    /// Until when it may be relied on.
    pub next_update: Timestamp,
    /// Status at `at`.
    pub status: PublicStatus,
    /// Since when it had that status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// As sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The seal; absent when it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<PublicSeal>,
    /// Every status it has had since it was handed over; empty when it is unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<PublicSince>,
    /// The other system that told of it; absent for seals of the authority itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<PublicSource>,
}

/// Every status a seal has had since it was handed over, by the time from which it counts.
pub fn timeline(seal: &Seal) -> Vec<PublicSince> {
    let mut line: Vec<PublicSince> = Vec::new();
    for since in seal.timeline() {
        let status = PublicStatus::from(since.state);
        let first = line.is_empty() && status == PublicStatus::NotInForce;
        if !first && line.last().is_none_or(|last| last.status != status) {
            line.push(PublicSince { from: since.from, status });
        }
    }
    line
}

/// The same of a seal of another system.
pub fn foreign_timeline(foreign: &ForeignSeal) -> Vec<PublicSince> {
    let since = |part: &ForeignSince| PublicSince { from: part.from, status: part.status.into() };
    foreign.seal.timeline.iter().map(since).collect()
}

impl StatusStatement {
    /// Of a seal, or of none, as known at `now`; good for `lasts`, but no longer than until time itself changes the status.
    pub(super) fn of(
        asked: &Asked<'_>,
        seal: Option<&Seal>,
        authority: IssuingAuthority,
        now: Timestamp,
        lasts: SignedDuration,
    ) -> Self {
        let at = asked.at.unwrap_or(now);
        let made = seal.and_then(Seal::made);
        let line = seal.map(timeline).unwrap_or_default();
        let status = seal.map_or(PublicStatus::Unknown, |seal| seal.standing_at(at).into());
        let borders = made.map(|made| [made.valid_from, made.valid_until]).into_iter().flatten();
        let next_update = borders
            .clone()
            .filter(|border| *border > now)
            .fold(now.saturating_add(lasts).unwrap_or(Timestamp::MAX), Timestamp::min);
        let changed = line.iter().map(|since| since.from).chain(borders).filter(|from| *from <= at);
        let since = changed.max().filter(|_| status != PublicStatus::NotInForce);
        Self {
            authority,
            code: asked.code.to_owned(),
            at,
            this_update: now,
            next_update,
            status,
            since,
            nonce: asked.nonce.map(str::to_owned),
            seal: seal.zip(made).map(|(seal, made)| PublicSeal {
                name: seal.name().to_owned(),
                kind: seal.kind().as_str().to_owned(),
                owner: seal.unit_name().to_owned(),
                credit_code: seal.credit_code().map(str::to_owned),
                area: seal.area().to_string(),
                valid_from: made.valid_from,
                valid_until: made.valid_until,
                certificate_issuer: made.certificate_issuer.clone(),
                certificate_serial: made.certificate_serial.clone(),
                digest: made.digest.clone(),
            }),
            timeline: line,
            source: None,
        }
    }

    /// The same of a seal of another system, as that told of it.
    pub(super) fn of_foreign(
        asked: &Asked<'_>,
        foreign: &ForeignSeal,
        authority: IssuingAuthority,
        now: Timestamp,
        lasts: SignedDuration,
    ) -> Self {
        let nobody = Self::of(asked, None, authority, now, lasts);
        let (seal, at) = (&foreign.seal, nobody.at);
        let line = foreign_timeline(foreign);
        let borders = [seal.valid_from, seal.valid_until];
        let ahead = borders.into_iter().filter(|border| *border > now);
        let status = foreign.standing_at(at).into();
        let changed = line.iter().map(|since| since.from).chain(borders).filter(|from| *from <= at);
        Self {
            status,
            since: changed.max().filter(|_| status != PublicStatus::NotInForce),
            next_update: ahead.fold(nobody.next_update, Timestamp::min),
            seal: Some(PublicSeal {
                name: seal.name.clone(),
                kind: seal.kind.clone(),
                owner: seal.owner.clone(),
                credit_code: seal.credit_code.clone(),
                area: seal.area.clone(),
                valid_from: seal.valid_from,
                valid_until: seal.valid_until,
                certificate_issuer: seal.certificate_issuer.clone(),
                certificate_serial: seal.certificate_serial.clone(),
                digest: seal.digest.clone(),
            }),
            timeline: line,
            source: Some(PublicSource { system: foreign.system.clone(), told_at: foreign.last_at }),
            ..nobody
        }
    }

    /// Until when the answer may be kept: half its time, and never past a border.
    pub(super) fn keep_until(&self) -> Timestamp {
        let half = self.next_update.duration_since(self.this_update) / 2;
        self.this_update.saturating_add(half).unwrap_or(self.next_update)
    }
}

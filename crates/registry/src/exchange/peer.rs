//! Other seal systems (对接系统): proposed by one administrator with the certificates they sign by and the roots their seals lead to,
//! confirmed by another.

use crate::area::AreaPath;
use crate::ids::{ClientId, PeerId};
use crate::lifecycle::{By, Effect, Refused, Rule, State, Step, next, reason, states};
use crate::text::has_length;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

states! {
    /// Where a system stands.
    PeerState {
        /// Waits for a second person.
        Proposed = "proposed", "待确认";
        /// Recognized.
        Confirmed = "confirmed", "已确认";
        /// Not relied on for the time being.
        Suspended = "suspended", "已暂停";
        /// Not recognized any more.
        Ended = "ended", "已终止";
    }
}

use PeerState as P;

/// The table.
pub const TABLE: &[Rule<PeerState>] = &[
    Rule { from: P::Proposed, event: "confirm", to: P::Confirmed },
    Rule { from: P::Proposed, event: "end", to: P::Ended },
    Rule { from: P::Confirmed, event: "suspend", to: P::Suspended },
    Rule { from: P::Confirmed, event: "end", to: P::Ended },
    Rule { from: P::Suspended, event: "resume", to: P::Confirmed },
    Rule { from: P::Suspended, event: "end", to: P::Ended },
];

/// Events of the table.
pub const EVENTS: &[&str] = &["confirm", "suspend", "resume", "end"];

/// Name of the daily deadline at which both sides compare.
pub const RECONCILE: &str = "peer_reconcile";
/// Most certificates it signs by, and most roots.
pub const MOST_CERTIFICATES: usize = 16;

states! {
    /// What kind of system it is.
    PeerKind {
        /// The national platform.
        National = "national", "国家平台";
        /// A province's.
        Province = "province", "省级系统";
        /// A city's.
        City = "city", "市级系统";
        /// A district's or county's.
        District = "district", "区县系统";
        /// The seal-engraving industry's (印章业治安管理信息系统).
        Engraving = "engraving", "印章业治安管理信息系统";
        /// A business system with seals of its own.
        Business = "business", "业务系统";
    }
}

/// How one's own seals are told to a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// Where its interface stands; `/exchange/messages` follows.
    pub url: String,
    /// Seals of this area and what lies in it are told.
    pub scope: AreaPath,
    /// Identifier of the client that the system registered for this one.
    pub client: String,
}

/// What two people agree on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Its code, as it names itself in what it signs; 1 to 64 characters of `A-Z a-z 0-9 . _ -`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Area it is in charge of.
    pub area_path: AreaPath,
    /// Kind.
    pub kind: PeerKind,
    /// Certificates it signs lists by, DER in base64.
    pub certificates: Vec<String>,
    /// Roots that its makers, owners and its own certificates lead to, DER in base64. No list of its own brings another.
    pub anchors: Vec<String>,
    /// Where its status service answers.
    pub status_url: Option<String>,
    /// The client here under which its program tells of its seals; absent: it tells nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// How it is told; absent: it is told nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound: Option<Outbound>,
}

impl Terms {
    /// SM3 over all of it, hex: what is confirmed.
    pub fn digest(&self) -> String {
        hex::encode(yinxin_crypto::sm3(&serde_json::to_vec(self).unwrap_or_default()))
    }

    fn check(&self) -> Result<(), Refused> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        if !(1..=64).contains(&self.code.len()) || !self.code.bytes().all(plain) {
            return Err(Refused::rule(
                "PEER_CODE",
                "系统代码应为 1 至 64 个 A-Z a-z 0-9 . _ -",
                "the code of a system has 1 to 64 of A-Z a-z 0-9 . _ -",
            ));
        }
        if !has_length(&self.name, 2..=100) {
            return Err(Refused::rule(
                "PEER_NAME",
                "系统名称应为 2 至 100 字",
                "the name of a system has 2 to 100 characters",
            ));
        }
        let fits = 1..=MOST_CERTIFICATES;
        if !fits.contains(&self.certificates.len()) || !fits.contains(&self.anchors.len()) {
            return Err(Refused::rule(
                "PEER_CERTIFICATES",
                "签名证书和信任根应各为 1 至 16 张",
                "1 to 16 certificates for signatures, and as many roots",
            ));
        }
        Ok(())
    }
}

/// Another seal system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    id: PeerId,
    terms: Terms,
    digest: String,
    proposed_by: By,
    confirmed_by: Option<By>,
    state: PeerState,
    created_at: Timestamp,
    history: Vec<Step>,
}

/// What happens to a system.
#[derive(Debug, Clone)]
pub enum PeerEvent {
    /// A second person agrees.
    Confirm {
        /// SM3 of the terms as he read them, hex.
        digest: String,
    },
    /// It is not relied on for the time being.
    Suspend {
        /// Why.
        reason: String,
    },
    /// It is relied on again.
    Resume {
        /// Why.
        reason: String,
    },
    /// It is not recognized any more.
    End {
        /// Why.
        reason: String,
    },
}

impl PeerEvent {
    /// Name in the table.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Confirm { .. } => "confirm",
            Self::Suspend { .. } => "suspend",
            Self::Resume { .. } => "resume",
            Self::End { .. } => "end",
        }
    }
}

impl Peer {
    /// Proposes a system.
    ///
    /// # Errors
    /// `PEER_CODE`, `PEER_NAME`, `PEER_CERTIFICATES`.
    pub fn propose(
        id: PeerId,
        terms: Terms,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        terms.check()?;
        let mut peer = Self {
            id,
            digest: terms.digest(),
            terms,
            proposed_by: by.clone(),
            confirmed_by: None,
            state: P::Proposed,
            created_at: now,
            history: Vec::new(),
        };
        peer.record("propose", P::Proposed, by, now, None);
        Ok((peer, vec![Effect::system("peer.proposed")]))
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Refused`]: by the table, or `SAME_PERSON`, `DIGEST_DIFFERS`, `REASON_MISSING`, `REASON_LONG`.
    pub fn apply(
        mut self,
        event: PeerEvent,
        by: &By,
        now: Timestamp,
    ) -> Result<(Self, Vec<Effect>), Refused> {
        let name = event.name();
        let to = next(TABLE, self.state, name)?;
        let why = match event {
            PeerEvent::Confirm { digest } => {
                self.only_a_second_person(&digest, by)?;
                self.confirmed_by = Some(by.clone());
                None
            }
            PeerEvent::Suspend { reason: text }
            | PeerEvent::Resume { reason: text }
            | PeerEvent::End { reason: text } => {
                reason(&text)?;
                Some(text)
            }
        };
        let from = std::mem::replace(&mut self.state, to);
        self.record(name, from, by, now, why);
        let told = match name {
            "confirm" => "peer.confirmed",
            "suspend" => "peer.suspended",
            "resume" => "peer.resumed",
            _ => "peer.ended",
        };
        let mut effects = vec![Effect::system(told)];
        // From then on both sides compare every day.
        if name == "confirm" && self.terms.outbound.is_some() {
            let tomorrow = now.saturating_add(SignedDuration::from_hours(24)).unwrap_or(now);
            effects.push(Effect::clock(RECONCILE, tomorrow));
        }
        Ok((self, effects))
    }

    /// Four eyes: who proposed confirms nothing.
    fn only_a_second_person(&self, digest: &str, by: &By) -> Result<(), Refused> {
        if self.proposed_by.id == by.id {
            return Err(Refused::rule(
                "SAME_PERSON",
                "提出人不得确认自己提出的对接系统",
                "who proposed a system does not confirm it",
            ));
        }
        if self.digest != digest || self.terms.digest() != digest {
            return Err(Refused::rule(
                "DIGEST_DIFFERS",
                "所审批的内容已经变化，请重新查看后再决定",
                "what you decided on is not what stands here: look at it again",
            ));
        }
        Ok(())
    }

    fn record(&mut self, event: &str, from: PeerState, by: &By, now: Timestamp, why: Option<String>) {
        self.history.push(Step {
            at: now,
            effective_at: now,
            event: event.to_owned(),
            from: from.as_str().to_owned(),
            to: self.state.as_str().to_owned(),
            by: by.clone(),
            reason: why,
            document: None,
        });
    }

    /// Key.
    pub fn id(&self) -> &PeerId {
        &self.id
    }
    /// What was agreed on.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }
    /// SM3 of the terms, hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }
    /// Who proposed it.
    pub fn proposed_by(&self) -> &By {
        &self.proposed_by
    }
    /// Who confirmed it.
    pub fn confirmed_by(&self) -> Option<&By> {
        self.confirmed_by.as_ref()
    }
    /// Where it stands.
    pub fn state(&self) -> PeerState {
        self.state
    }
    /// When it was proposed.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }
    /// Every step.
    pub fn history(&self) -> &[Step] {
        &self.history
    }
}

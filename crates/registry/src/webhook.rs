//! Webhooks (事件推送): addresses of programs that are told of events, and each event on its way to one of them.

use crate::area::AreaPath;
use crate::ids::{AccountId, ClientId, DeliveryId, EventId, UnitId, WebhookId};
use crate::lifecycle::Refused;
use crate::permission::Place;
use crate::role::Scope;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Events a program may ask for, with what each means.
pub const EVENTS: &[(&str, &str, &str)] = &[
    ("seal.made", "印章已制作", "a seal was made"),
    ("seal.filed", "印章已备案", "a seal was filed"),
    ("seal.delivered", "印章已交付", "a seal was handed over"),
    ("seal.active", "印章启用或者恢复使用", "a seal is in force, for the first time or again"),
    ("seal.suspended", "印章停用", "a seal was suspended"),
    ("seal.canceled", "印章缴销", "a seal was canceled"),
    ("seal.replaced", "印章被新印章接替", "a seal was followed by another"),
    ("seal.expired", "印章到期", "a seal's time is over"),
    ("seal.void", "印章宣告无效", "a seal was declared void"),
    ("seal.abandoned", "印章放弃制作", "making a seal was given up"),
    ("seal.ends", "印章及其证书即将到期", "a seal and its certificate end soon"),
    ("application.approved", "申请获准", "an application was approved"),
    ("application.refused", "申请不予批准", "an application was refused"),
    ("application.returned", "申请退回补正", "an application was returned for correction"),
    ("application.completed", "申请办结", "an application is done"),
    ("application.withdrawn", "申请撤回", "an application was taken back"),
    ("application.lapsed", "申请失效", "an application ended unused"),
    ("use.approved", "用印申请获准", "a request to use a seal was agreed to"),
    ("use.refused", "用印申请不予同意", "a request to use a seal was refused"),
    ("use.done", "用印完成", "every document of a request is sealed"),
    ("use.partial", "用印部分完成", "some documents of a request could not be sealed"),
    ("use.withdrawn", "用印申请撤回", "a request to use a seal was taken back"),
    ("use.lapsed", "用印申请失效", "a request to use a seal lapsed"),
    ("disposal.proposed", "销毁清单待批准", "a list of disposal was proposed"),
    ("disposal.approved", "销毁清单获准", "a list of disposal was agreed to"),
    ("disposal.refused", "销毁清单不予批准", "a list of disposal was refused"),
    ("disposal.withdrawn", "销毁清单撤回", "a list of disposal was taken back"),
    ("disposal.disposing", "开始销毁", "documents of a list are being disposed of"),
    ("disposal.done", "销毁完成", "every document of a list was disposed of"),
    ("ticket.noted", "监督检查已记录", "an inspection of a unit was written down"),
    ("ticket.open", "责令整改或者退回整改", "a unit has to correct something, or to correct it once more"),
    ("ticket.answered", "单位已反馈整改", "a unit answered what it corrected"),
    ("ticket.accepted", "整改合格", "what a unit corrected was accepted"),
    ("ticket.closed", "监管单结案", "a ticket ended in another way"),
    ("ticket.overdue", "整改逾期", "a unit has not answered an order by its day"),
];

/// What is sent by `POST /webhooks/{id}/test`.
pub const TEST: &str = "webhook.test";
/// An event is tried for so long before it is given up.
pub const TRIED_FOR: SignedDuration = SignedDuration::from_hours(72);

/// Whether there is such a kind of event.
pub fn is_event(kind: &str) -> bool {
    EVENTS.iter().any(|(known, _, _)| *known == kind)
}

/// The shared secret, encrypted; never shown again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSecret {
    /// 1 for the first; one more with every change.
    pub number: u32,
    /// Cipher text.
    pub cipher: String,
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebhookSecret({})", self.number)
    }
}

/// An address that is told of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Key.
    pub id: WebhookId,
    /// Name.
    pub name: String,
    /// Where events are sent.
    pub url: String,
    /// What lies in it is told: an area or a unit.
    pub scope: Scope,
    /// Area of the scope.
    pub area_path: AreaPath,
    /// Unit above the scope's unit.
    pub parent_unit: Option<UnitId>,
    /// The program it belongs to: it is told no more than that may read.
    pub client: Option<ClientId>,
    /// Kinds of event; empty: every kind.
    pub events: Vec<String>,
    /// Secret.
    pub secret: WebhookSecret,
    /// Who made it.
    pub created_by: AccountId,
    /// When.
    pub created_at: Timestamp,
    /// When it ended; nothing is sent from then on.
    pub ended_at: Option<Timestamp>,
}

impl Webhook {
    /// The unit, where its scope is one.
    pub fn unit(&self) -> Option<&UnitId> {
        match &self.scope {
            Scope::Unit(unit) => Some(unit),
            _ => None,
        }
    }

    /// Where it stands, for permissions.
    pub fn place(&self) -> Place {
        match self.unit() {
            Some(unit) => Place::unit(unit, self.parent_unit.as_ref(), &self.area_path),
            None => Place::area(&self.area_path),
        }
    }

    /// `active` or `ended`.
    pub fn state(&self) -> &'static str {
        if self.ended_at.is_none() { "active" } else { "ended" }
    }

    /// Whether it asks for events of this kind.
    pub fn wants(&self, kind: &str) -> bool {
        self.ended_at.is_none() && (self.events.is_empty() || self.events.iter().any(|event| event == kind))
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`Refused::State`] when it has ended.
    pub fn end(mut self, now: Timestamp) -> Result<Self, Refused> {
        self.live("end")?;
        self.ended_at = Some(now);
        Ok(self)
    }

    /// Puts another secret in place; `cipher` is its cipher text.
    ///
    /// # Errors
    /// [`Refused::State`] when it has ended.
    pub fn rotate(mut self, cipher: String) -> Result<Self, Refused> {
        self.live("rotate_secret")?;
        self.secret = WebhookSecret { number: self.secret.number.saturating_add(1), cipher };
        Ok(self)
    }

    /// Refuses what an ended one does not do any more.
    ///
    /// # Errors
    /// [`Refused::State`] when it has ended.
    pub fn live(&self, event: &'static str) -> Result<(), Refused> {
        match self.ended_at {
            None => Ok(()),
            Some(_) => Err(Refused::State { state: "ended", event, allowed: Vec::new() }),
        }
    }
}

/// What programs are told: identifiers, states and times; nothing of persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Stays the same however often it is sent.
    pub id: EventId,
    /// Kind: `seal.suspended`.
    pub event: String,
    /// Identifier of the thing.
    pub subject: String,
    /// The seal it concerns, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// Code of that seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal_code: Option<String>,
    /// State before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// State after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// From when it counts.
    pub at: Timestamp,
    /// By when something has to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Number among the events of this seal (of the thing, where it has no seal), from 1. An address that is not told everything sees
    /// gaps, never another order.
    pub sequence: u64,
}

/// Where an event on its way stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not accepted yet.
    Waiting,
    /// Accepted by the receiver.
    Delivered,
    /// Given up.
    Failed,
}

impl DeliveryState {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// An event on its way to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Key.
    pub id: DeliveryId,
    /// Where to.
    pub webhook: WebhookId,
    /// Identifier of the event.
    pub event: EventId,
    /// Its kind.
    pub kind: String,
    /// Its thing.
    pub subject: String,
    /// Its number.
    pub sequence: u64,
    /// What is sent, to the byte.
    pub body: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// Status of the last answer.
    pub last_status: Option<u16>,
    /// Why the last try failed: a stable code.
    pub last_fault: Option<String>,
    /// When it came about.
    pub created_at: Timestamp,
    /// Given up when it was tried from here on for [`TRIED_FOR`].
    pub tried_from: Timestamp,
    /// When it was delivered or given up.
    pub settled_at: Option<Timestamp>,
}

impl Delivery {
    /// What came of a try: the status of an answer, or why there is none.
    #[must_use]
    pub fn tried(mut self, outcome: Result<u16, &str>, now: Timestamp) -> Self {
        // Its time runs from its own first try, not from the days it waited behind another.
        if self.attempts == 0 {
            self.tried_from = now;
        }
        self.attempts = self.attempts.saturating_add(1);
        self.last_status = outcome.ok();
        self.last_fault = None;
        match outcome {
            Ok(200..=299) => {
                self.state = DeliveryState::Delivered;
                self.settled_at = Some(now);
                return self;
            }
            Ok(_) => self.last_fault = Some("REFUSED".to_owned()),
            Err(code) => self.last_fault = Some(code.to_owned()),
        }
        if now.duration_since(self.tried_from) >= TRIED_FOR {
            self.give_up(now);
        }
        self
    }

    /// The address has ended.
    #[must_use]
    pub fn dropped(mut self, now: Timestamp) -> Self {
        self.last_fault = Some("ENDED".to_owned());
        self.give_up(now);
        self
    }

    /// Sends one that was given up once more.
    ///
    /// # Errors
    /// [`Refused::State`] for any other.
    pub fn retry(mut self, now: Timestamp) -> Result<Self, Refused> {
        if self.state != DeliveryState::Failed {
            return Err(Refused::State { state: self.state.as_str(), event: "retry", allowed: Vec::new() });
        }
        self.state = DeliveryState::Waiting;
        self.tried_from = now;
        self.settled_at = None;
        Ok(self)
    }

    fn give_up(&mut self, now: Timestamp) {
        self.state = DeliveryState::Failed;
        self.settled_at = Some(now);
    }

    /// How long to wait before the next try: 10 s, 20 s, 40 s, … at most an hour. By the moment it is tried from, so that one tried again by hand
    /// begins anew.
    pub fn pause(&self, now: Timestamp) -> SignedDuration {
        pause(self.tried_from, now)
    }
}

/// How long to wait before the next try of what was tried from a moment on: as long again as it has been, 10 s to an hour.
pub(crate) fn pause(tried_from: Timestamp, now: Timestamp) -> SignedDuration {
    SignedDuration::from_secs(now.duration_since(tried_from).as_secs().clamp(10, 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery() -> Delivery {
        let now = Timestamp::UNIX_EPOCH;
        Delivery {
            id: DeliveryId::parse("dlv_01k0000000000000000000000a").unwrap(),
            webhook: WebhookId::parse("whk_01k0000000000000000000000a").unwrap(),
            event: EventId::parse("evt_01k0000000000000000000000a").unwrap(),
            kind: "seal.suspended".to_owned(),
            subject: "seal".to_owned(),
            sequence: 1,
            body: "{}".to_owned(),
            state: DeliveryState::Waiting,
            attempts: 0,
            last_status: None,
            last_fault: None,
            created_at: now,
            tried_from: now,
            settled_at: None,
        }
    }

    #[test]
    fn a_delivery_is_tried_for_three_days_ever_more_rarely_and_then_given_up() {
        let mut now = Timestamp::UNIX_EPOCH;
        let mut one = delivery();
        let mut pauses = Vec::new();
        while one.state == DeliveryState::Waiting {
            one = one.tried(Err("UNREACHABLE"), now);
            pauses.push(one.pause(now).as_secs());
            now += one.pause(now);
        }
        assert_eq!(pauses[..6], [10, 10, 20, 40, 80, 160]);
        assert_eq!(pauses.iter().max(), Some(&3600));
        assert_eq!((one.state, one.last_fault.as_deref()), (DeliveryState::Failed, Some("UNREACHABLE")));
        assert!(one.attempts > 72, "{}", one.attempts);
        let again = one.retry(now).unwrap();
        assert_eq!(again.pause(now).as_secs(), 10);
        let done = again.tried(Ok(204), now);
        assert_eq!((done.state, done.last_fault.as_deref()), (DeliveryState::Delivered, None));
        assert!(done.retry(now).is_err());
    }

    #[test]
    fn every_kind_of_event_stands_once() {
        let kinds: std::collections::BTreeSet<_> = EVENTS.iter().map(|(kind, _, _)| kind).collect();
        assert_eq!(kinds.len(), EVENTS.len());
        assert!(is_event("use.done") && !is_event(TEST));
    }
}

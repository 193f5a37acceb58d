//! What goes out to another system (交换发件箱): a message about one of one's own seals, until its receipt is there.

use crate::ids::{ExchangeDeliveryId, PeerId, SealId};
use crate::lifecycle::Refused;
use crate::webhook::{DeliveryState, TRIED_FOR, pause};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Steps of a seal that other systems are told of.
pub const EVENTS: &[&str] = &[
    "seal.filed",
    "seal.active",
    "seal.suspended",
    "seal.canceled",
    "seal.replaced",
    "seal.expired",
    "seal.void",
    "seal.lapsed",
];
/// A message that waits longer is spoken of.
pub const WAITS_LONG: SignedDuration = SignedDuration::from_hours(4);

/// The receipt of the other side; its signature was verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Its number.
    pub number: String,
    /// When it was given.
    pub at: Timestamp,
    /// What the message came to: `taken`, `known`, `older`.
    pub taken: String,
    /// The signed envelope, JSON.
    pub envelope: String,
}

/// Why a try failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Status of the answer, where there was one.
    pub status: Option<u16>,
    /// Stable code.
    pub code: String,
    /// The other side will never take it: it is not tried again by itself.
    pub lasting: bool,
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeDelivery {
    /// Key; the message's identifier for the other side too.
    pub id: ExchangeDeliveryId,
    /// Where to.
    pub peer: PeerId,
    /// About which seal.
    pub seal: SealId,
    /// Its code.
    pub code: String,
    /// Number among the messages about the seal.
    pub sequence: u64,
    /// The step that brought it about: `seal.suspended`.
    pub event: String,
    /// What is sent, to the byte.
    pub body: String,
    /// SM3 of it, hex.
    pub digest: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was sent.
    pub attempts: u32,
    /// Status of the last answer.
    pub last_status: Option<u16>,
    /// Why the last try failed.
    pub last_fault: Option<String>,
    /// Receipt.
    pub receipt: Option<Receipt>,
    /// When it came about.
    pub created_at: Timestamp,
    /// Given up when it was tried from here on for [`TRIED_FOR`].
    pub tried_from: Timestamp,
    /// When it was delivered or given up.
    pub settled_at: Option<Timestamp>,
}

impl ExchangeDelivery {
    /// What came of a try.
    #[must_use]
    pub fn tried(mut self, outcome: Result<Receipt, Failure>, now: Timestamp) -> Self {
        if self.attempts == 0 {
            self.tried_from = now;
        }
        self.attempts = self.attempts.saturating_add(1);
        match outcome {
            Ok(receipt) => {
                self.last_status = Some(200);
                self.last_fault = None;
                self.receipt = Some(receipt);
                self.state = DeliveryState::Delivered;
                self.settled_at = Some(now);
            }
            Err(failure) => {
                self.last_status = failure.status;
                self.last_fault = Some(failure.code);
                if failure.lasting || now.duration_since(self.tried_from) >= TRIED_FOR {
                    self.give_up(now);
                }
            }
        }
        self
    }

    /// The system has ended.
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

    /// Sends one once more of which the other side lost what it gave a receipt for.
    ///
    /// # Errors
    /// [`Refused::State`] for one that has no receipt.
    pub fn send_again(mut self, now: Timestamp) -> Result<Self, Refused> {
        if self.state != DeliveryState::Delivered {
            return Err(Refused::State {
                state: self.state.as_str(),
                event: "send_again",
                allowed: Vec::new(),
            });
        }
        self.receipt = None;
        self.state = DeliveryState::Waiting;
        self.tried_from = now;
        self.settled_at = None;
        Ok(self)
    }

    fn give_up(&mut self, now: Timestamp) {
        self.state = DeliveryState::Failed;
        self.settled_at = Some(now);
    }

    /// How long to wait before the next try: 10 s, 10, 20, 40 s, … at most an hour, as events do.
    pub fn pause(&self, now: Timestamp) -> SignedDuration {
        pause(self.tried_from, now)
    }

    /// Whether it waits so long that somebody should look.
    pub fn waits_long(&self, now: Timestamp) -> bool {
        self.state == DeliveryState::Waiting && now.duration_since(self.created_at) >= WAITS_LONG
    }
}

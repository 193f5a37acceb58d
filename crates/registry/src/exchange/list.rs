//! The trust list of another system (对方信任列表), as it was taken up last.

use crate::ids::PeerId;
use crate::lifecycle::{By, Refused};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A list of a peer. It counts from when it was taken up until it runs out, and only while the peer is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerList {
    /// Whose.
    pub peer: PeerId,
    /// Its number; a later list has a higher one.
    pub number: i64,
    /// When it was issued.
    pub this_update: Timestamp,
    /// When it runs out.
    pub next_update: Timestamp,
    /// SM3 of the statement, hex.
    pub digest: String,
    /// The signed envelope as it was taken up, JSON.
    pub envelope: String,
    /// Who brought it.
    pub by: By,
    /// When it was taken up.
    pub at: Timestamp,
}

impl PeerList {
    /// Whether it may take the place of the one before: numbers only grow, and no list comes that has run out.
    ///
    /// # Errors
    /// `LIST_OVER`, `LIST_OLDER`.
    pub fn may_follow(&self, before: Option<&Self>) -> Result<(), Refused> {
        if self.next_update <= self.at {
            return Err(Refused::rule("LIST_OVER", "该信任列表已过有效期", "the trust list has run out"));
        }
        if before.is_some_and(|before| self.number <= before.number) {
            return Err(Refused::rule(
                "LIST_OLDER",
                "该信任列表的编号不大于已采用的列表",
                "a list with this number or a higher one was taken up before",
            ));
        }
        Ok(())
    }

    /// When it is to be said that it runs out soon: when three quarters of its time are over.
    pub fn reminder(&self) -> Timestamp {
        let left = self.next_update.duration_since(self.this_update) / 4;
        self.next_update.checked_sub(left).unwrap_or(self.next_update)
    }

    /// Whether it has run out.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.next_update <= now
    }
}

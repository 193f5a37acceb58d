//! Status of a seal at any moment, from its history.

use super::State;
use super::seal::{Seal, SealState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a seal was worth at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
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
    /// Declared void from that moment on.
    Void,
}

/// Part of the timeline: this state from this moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// From when.
    pub from: Timestamp,
    /// State.
    pub state: SealState,
}

impl Seal {
    /// States by the time from which they count, in whole seconds: seals and signatures write their times so (GB/T 38540-2020), and a
    /// document sealed in the very second in which its seal came into force would otherwise look older than the seal. For the second of
    /// a suspension this means suspended: of states that begin in one second the last counts. A later decision that reaches back overrules
    /// what was recorded for that time.
    pub fn timeline(&self) -> Vec<Since> {
        let mut line: Vec<(Timestamp, Since)> = Vec::new();
        for step in self.history() {
            let Some(state) = SealState::parse(&step.to) else { continue };
            while line.last().is_some_and(|(exactly, _)| *exactly >= step.effective_at) {
                line.pop();
            }
            if line.last().is_none_or(|(_, last)| last.state != state) {
                line.push((step.effective_at, Since { from: whole_second(step.effective_at), state }));
            }
        }
        line.into_iter().map(|(_, since)| since).collect()
    }

    /// What it was worth at `at`, as known now.
    pub fn standing_at(&self, at: Timestamp) -> Standing {
        let state = self.timeline().iter().rev().find(|s| s.from <= at).map(|s| s.state);
        let in_time = self.made().map(|made| (at >= made.valid_from, at < made.valid_until));
        match state {
            None => Standing::NotInForce,
            Some(SealState::Making | SealState::Made | SealState::Filed | SealState::Delivered) => {
                Standing::NotInForce
            }
            Some(SealState::Abandoned) => Standing::NotInForce,
            Some(SealState::Void) => Standing::Void,
            Some(SealState::Canceled | SealState::Replaced | SealState::Lapsed) => Standing::Ended,
            Some(SealState::Expired) => Standing::Expired,
            Some(SealState::Active | SealState::Suspended) if in_time.is_none_or(|(begun, _)| !begun) => {
                Standing::NotInForce
            }
            Some(SealState::Active | SealState::Suspended) if in_time.is_some_and(|(_, still)| !still) => {
                Standing::Expired
            }
            Some(SealState::Suspended) => Standing::Suspended,
            Some(SealState::Active) => Standing::Valid,
        }
    }
}

/// A moment without its fraction of a second, as certificates, seals and signatures write it: never later than the moment.
pub fn whole_second(t: Timestamp) -> Timestamp {
    Timestamp::from_second(t.as_millisecond().div_euclid(1000)).unwrap_or(t)
}

impl std::fmt::Display for SealState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

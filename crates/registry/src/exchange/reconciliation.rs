//! Reconciliation (对账): what one side has receipts for beside what the other side says it received, day by day.

use crate::ids::{ExchangeDeliveryId, PeerId, ReconciliationId};
use crate::lifecycle::By;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most days of one comparison.
pub const MOST_DAYS: usize = 31;
/// Most messages of one day that are told one by one.
pub const MOST_LINES: usize = 10_000;

/// A message that was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The sender's identifier.
    pub message: ExchangeDeliveryId,
    /// Code of the seal.
    pub code: String,
    /// Number among the messages about the seal.
    pub sequence: u64,
    /// SM3 of the message, hex.
    pub digest: String,
}

/// What a side has of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// The day, UTC, by the time of the receipts: `2026-11-23`.
    pub day: String,
    /// How many messages.
    pub count: u64,
    /// SM3 over their lines, hex: see [`Day::of`].
    pub digest: String,
}

impl Day {
    /// Of the messages of a day: `message code sequence digest` and a line feed for each, by message.
    pub fn of(day: &str, lines: &[Line]) -> Self {
        let mut texts: Vec<String> = lines
            .iter()
            .map(|line| format!("{} {} {} {}\n", line.message, line.code, line.sequence, line.digest))
            .collect();
        texts.sort_unstable();
        Self {
            day: day.to_owned(),
            count: u64::try_from(lines.len()).unwrap_or(u64::MAX),
            digest: hex::encode(yinxin_crypto::sm3(texts.concat().as_bytes())),
        }
    }
}

/// How two sides differ about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// There is a receipt, and the other side does not have it.
    Missing,
    /// Both have it, with different contents.
    Differs,
    /// The other side has it, and it was never sent.
    Unknown,
}

impl DifferenceKind {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Differs => "differs",
            Self::Unknown => "unknown",
        }
    }
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Which day.
    pub day: String,
    /// Which message.
    pub message: ExchangeDeliveryId,
    /// About which seal.
    pub code: String,
    /// How.
    pub kind: DifferenceKind,
}

/// Compares a day line by line.
pub fn compare(day: &str, ours: &[Line], theirs: &[Line]) -> Vec<Difference> {
    let by_message = |lines: &[Line]| -> BTreeMap<String, Line> {
        lines.iter().map(|line| (line.message.to_string(), line.clone())).collect()
    };
    let (ours, theirs) = (by_message(ours), by_message(theirs));
    let difference = |line: &Line, kind| Difference {
        day: day.to_owned(),
        message: line.message.clone(),
        code: line.code.clone(),
        kind,
    };
    let mut found: Vec<Difference> = ours
        .iter()
        .filter_map(|(message, line)| match theirs.get(message) {
            None => Some(difference(line, DifferenceKind::Missing)),
            Some(other) if other != line => Some(difference(line, DifferenceKind::Differs)),
            Some(_) => None,
        })
        .collect();
    let unknown = theirs.iter().filter(|(message, _)| !ours.contains_key(*message));
    found.extend(unknown.map(|(_, line)| difference(line, DifferenceKind::Unknown)));
    found
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reconciliation {
    /// Key.
    pub id: ReconciliationId,
    /// With which system.
    pub peer: PeerId,
    /// First day, UTC.
    pub from: String,
    /// Last day.
    pub to: String,
    /// What this side has receipts for.
    pub ours: Vec<Day>,
    /// What the other side says it received; empty where it did not say.
    pub theirs: Vec<Day>,
    /// Differences.
    pub differences: Vec<Difference>,
    /// How many messages were sent again.
    pub sent_again: u32,
    /// Why there was no comparison.
    pub fault: Option<String>,
    /// Who asked; the clock every day.
    pub by: By,
    /// When.
    pub at: Timestamp,
}

impl Reconciliation {
    /// Whether both sides have the same.
    pub fn agrees(&self) -> bool {
        self.fault.is_none() && self.differences.is_empty() && self.ours == self.theirs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: u8, digest: &str) -> Line {
        Line {
            message: ExchangeDeliveryId::parse(&format!("xdl_{number:026}")).unwrap(),
            code: "6101000000018".to_owned(),
            sequence: u64::from(number),
            digest: digest.repeat(32),
        }
    }

    #[test]
    fn the_digest_of_a_day_is_that_of_its_lines_in_one_order() {
        let (one, two) = (line(1, "ab"), line(2, "cd"));
        let day = Day::of("2026-11-23", &[one.clone(), two.clone()]);
        assert_eq!(day, Day::of("2026-11-23", &[two.clone(), one.clone()]));
        let text = format!(
            "xdl_{:026} 6101000000018 1 {}\nxdl_{:026} 6101000000018 2 {}\n",
            1,
            "ab".repeat(32),
            2,
            "cd".repeat(32)
        );
        assert_eq!(day.digest, hex::encode(yinxin_crypto::sm3(text.as_bytes())));
        assert_ne!(day.digest, Day::of("2026-11-23", std::slice::from_ref(&one)).digest);
        let other = Line { sequence: 9, ..two };
        assert_ne!(day.digest, Day::of("2026-11-23", &[one, other]).digest);
    }

    #[test]
    fn every_kind_of_difference_is_found_and_nothing_else() {
        let ours = [line(1, "ab"), line(2, "ab"), line(3, "ab")];
        let theirs = [line(1, "ab"), line(2, "cd"), line(4, "ab")];
        let found = compare("2026-11-23", &ours, &theirs);
        let kinds: Vec<_> = found.iter().map(|one| (one.message.clone(), one.kind)).collect();
        assert_eq!(
            kinds,
            [
                (line(2, "").message, DifferenceKind::Differs),
                (line(3, "").message, DifferenceKind::Missing),
                (line(4, "").message, DifferenceKind::Unknown),
            ]
        );
        assert!(compare("2026-11-23", &ours, &ours).is_empty());
    }
}

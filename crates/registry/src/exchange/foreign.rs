//! Seals of other systems (外部印章), as those systems told of them: never mixed with one's own, and each told of by one system only.

use crate::ids::{ExchangeDeliveryId, ForeignSealId};
use crate::lifecycle::Refused;
use crate::lifecycle::status::Standing;
use crate::text::has_length;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// Most parts of a timeline.
const MOST: usize = 500;

/// Part of a timeline: this status from this moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignSince {
    /// From when.
    pub from: Timestamp,
    /// Status, the end of validity left aside.
    pub status: Standing,
}

/// What a system tells of one of its seals: all of it each time, so that one message that is late or lost spoils nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldSeal {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of its kind, as that system names it.
    pub kind: String,
    /// Owner.
    pub owner: String,
    /// Owner's unified social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// Code of the area it is registered in.
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
    /// Every status it has had since it was handed over; empty before.
    pub timeline: Vec<ForeignSince>,
}

/// A message of a system about one of its seals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Code of the system.
    pub system: String,
    /// Its identifier of the message.
    pub message: ExchangeDeliveryId,
    /// Number among the messages about this seal; a later one has a higher number.
    pub sequence: u64,
    /// SM3 of the message, hex.
    pub digest: String,
    /// What is told.
    pub seal: ToldSeal,
}

/// What a message came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// Taken in.
    Taken,
    /// It had come before.
    Known,
    /// A later one had come before; nothing was changed.
    Older,
}

impl Taken {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Known => "known",
            Self::Older => "older",
        }
    }
}

/// A seal of another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignSeal {
    /// Key.
    pub id: ForeignSealId,
    /// Code of the system that tells of it.
    pub system: String,
    /// What was told last.
    pub seal: ToldSeal,
    /// Number of that message.
    pub sequence: u64,
    /// SM3 of that message, hex.
    pub message_digest: String,
    /// When it was first told of.
    pub first_at: Timestamp,
    /// When it was told of last.
    pub last_at: Timestamp,
}

impl ForeignSeal {
    /// Takes a message in, about a seal that is known by this code or not.
    ///
    /// # Errors
    /// `SEAL_OF_ANOTHER_SYSTEM`, `SEAL_CODE_TAKEN`, `SEQUENCE_TAKEN`, `SEAL_TOLD_WRONG`.
    pub fn take(
        known: Option<Self>,
        id: ForeignSealId,
        told: Told,
        now: Timestamp,
    ) -> Result<(Self, Taken), Refused> {
        told.seal.check(now)?;
        let Some(known) = known else {
            let seal = Self {
                id,
                system: told.system,
                seal: told.seal,
                sequence: told.sequence,
                message_digest: told.digest,
                first_at: now,
                last_at: now,
            };
            return Ok((seal, Taken::Taken));
        };
        if known.system != told.system {
            return Err(Refused::rule(
                "SEAL_OF_ANOTHER_SYSTEM",
                "该编码的印章属于另一系统",
                "the seal with this code is another system's",
            ));
        }
        // A code stands for one seal, to the last byte: one made anew gets a code of its own.
        if known.seal.digest != told.seal.digest {
            return Err(Refused::rule(
                "SEAL_CODE_TAKEN",
                "该编码此前对应另一枚印章",
                "another seal was told of under this code",
            ));
        }
        if told.sequence < known.sequence {
            return Ok((known, Taken::Older));
        }
        if told.sequence == known.sequence {
            if known.message_digest == told.digest {
                return Ok((known, Taken::Known));
            }
            return Err(Refused::rule(
                "SEQUENCE_TAKEN",
                "该序号的消息此前内容不同",
                "a message with this number said something else",
            ));
        }
        let seal = Self {
            seal: told.seal,
            sequence: told.sequence,
            message_digest: told.digest,
            last_at: now,
            ..known
        };
        Ok((seal, Taken::Taken))
    }

    /// What it was worth at `at`, as told last.
    pub fn standing_at(&self, at: Timestamp) -> Standing {
        let said = self.seal.timeline.iter().rev().find(|since| since.from <= at);
        match said.map(|since| since.status) {
            None => Standing::NotInForce,
            Some(Standing::Valid | Standing::Suspended) if at < self.seal.valid_from => Standing::NotInForce,
            Some(Standing::Valid | Standing::Suspended) if at >= self.seal.valid_until => Standing::Expired,
            Some(standing) => standing,
        }
    }
}

impl ToldSeal {
    fn check(&self, now: Timestamp) -> Result<(), Refused> {
        let wrong = |zh: &str, en: &str| Err(Refused::rule("SEAL_TOLD_WRONG", zh, en));
        if !(1..=64).contains(&self.code.len()) || !self.code.bytes().all(|b| b.is_ascii_graphic()) {
            return wrong(
                "印章编码应为 1 至 64 个可见 ASCII 字符",
                "a code has 1 to 64 visible ASCII characters",
            );
        }
        let lines = [
            &self.name,
            &self.kind,
            &self.owner,
            &self.area,
            &self.certificate_issuer,
            &self.certificate_serial,
        ];
        let lines = lines.into_iter().chain(&self.credit_code);
        if !lines.clone().all(|line| has_length(line, 1..=300) && !line.chars().any(char::is_control)) {
            return wrong(
                "各项文字应为 1 至 300 字，不得换行",
                "every text has 1 to 300 characters in one line",
            );
        }
        if self.digest.len() != 64
            || !self.digest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return wrong("印章摘要应为 64 位十六进制", "a digest is 64 hex digits");
        }
        if self.valid_from >= self.valid_until {
            return wrong("有效期的结束应晚于开始", "the validity has to end after it begins");
        }
        let latest = now.saturating_add(SKEW).unwrap_or(now);
        // Times are whole seconds: of two that begin in one second the later one counts.
        let ordered =
            self.timeline.windows(2).all(|pair| matches!(pair, [one, next] if one.from <= next.from));
        if self.timeline.len() > MOST || !ordered || self.timeline.iter().any(|since| since.from > latest) {
            return wrong(
                "状态时间线应至多 500 段、按时间先后且不在将来",
                "a timeline has at most 500 parts, in the order of time, none in the future",
            );
        }
        Ok(())
    }
}

/// A message that was taken in, and its receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedMessage {
    /// The sender's identifier.
    pub id: ExchangeDeliveryId,
    /// Code of the system.
    pub system: String,
    /// Code of the seal.
    pub code: String,
    /// Number among the messages about the seal.
    pub sequence: u64,
    /// SM3 of the message, hex.
    pub digest: String,
    /// What it came to.
    pub taken: Taken,
    /// Number of the receipt.
    pub receipt: String,
    /// When.
    pub at: Timestamp,
}

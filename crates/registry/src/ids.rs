//! Identifiers: a prefix that names the kind, then 48 bits of milliseconds and 80 random bits, so that the order of identifiers is the
//! order of making and nobody can guess the next one.

use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::{Deserialize, Deserializer, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Length of the part behind the prefix, characters.
pub const BODY: usize = 26;

/// The text is no identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "标识格式不正确：应为 {prefix}_ 加 26 位字符 (not an identifier: expected {prefix}_ and 26 characters)"
)]
pub struct IdFault {
    /// The prefix expected.
    pub prefix: &'static str,
}

fn body(now: Timestamp, rng: &mut dyn CryptoRng) -> String {
    let ms = u64::try_from(now.as_millisecond()).unwrap_or(0) & 0xFFFF_FFFF_FFFF;
    let mut random = [0u8; 16];
    rng.fill_bytes(&mut random);
    let low = u128::from_be_bytes(random) & ((1 << 80) - 1);
    let value = (u128::from(ms) << 80) | low;
    (0..BODY)
        .rev()
        .filter_map(|place| ALPHABET.get(usize::try_from((value >> (place * 5)) & 31).unwrap_or(0)))
        .map(|b| char::from(*b))
        .collect()
}

fn is_body(text: &str) -> bool {
    text.len() == BODY
        && text.bytes().all(|b| ALPHABET.contains(&b))
        && text.as_bytes().first().is_some_and(|b| *b < b'8')
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// What stands before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new one of this moment.
            pub fn new(now: Timestamp, rng: &mut dyn CryptoRng) -> Self {
                Self(format!("{}_{}", $prefix, body(now, rng)))
            }

            /// Reads one.
            ///
            /// # Errors
            /// [`IdFault`] when prefix, length or alphabet differ.
            pub fn parse(text: &str) -> Result<Self, IdFault> {
                match text.strip_prefix(concat!($prefix, "_")) {
                    Some(rest) if is_body(rest) => Ok(Self(text.to_owned())),
                    _ => Err(IdFault { prefix: $prefix }),
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A unit, an internal body or a branch.
    UnitId = "unit";
    /// A person's account.
    AccountId = "acct";
    /// A client of the API.
    ClientId = "clnt";
    /// A making unit.
    MakerId = "mkr";
    /// A designation of a department by an authority.
    DesignationId = "dsg";
    /// An application for a seal.
    ApplicationId = "app";
    /// A seal.
    SealId = "seal";
    /// A case that changes a seal into another.
    ChangeId = "chg";
    /// A login session.
    SessionId = "ses";
    /// A job of the workers.
    JobId = "job";
    /// An entry of the list of agents who may not apply.
    BlockId = "blk";
    /// An entry of the log of supervision of makers.
    SupervisionId = "sup";
    /// A ticket of the supervision of units.
    TicketId = "tkt";
    /// A drill of an emergency measure.
    DrillId = "drl";
    /// A right to use a seal.
    UseGrantId = "grnt";
    /// A flow of approval.
    FlowId = "flow";
    /// A standing authorization of a program.
    StandingId = "stnd";
    /// A request to use a seal.
    UseRequestId = "use";
    /// A document of a request.
    UseItemId = "item";
    /// A registered copy of a sealed document.
    CopyId = "copy";
    /// A list of disposal.
    DisposalId = "dsp";
    /// A single-use permission for one signature.
    TokenId = "tkn";
    /// An entry of the use register.
    UseRecordId = "urec";
    /// A record of a verification.
    VerificationId = "ver";
    /// A notice to a person.
    NoticeId = "ntc";
    /// An address of a program that is told of events.
    WebhookId = "whk";
    /// An event that programs are told.
    EventId = "evt";
    /// An event on its way to one address.
    DeliveryId = "dlv";
    /// Another seal system.
    PeerId = "peer";
    /// A message to another system.
    ExchangeDeliveryId = "xdl";
    /// A comparison with another system.
    ReconciliationId = "rec";
    /// A seal of another system.
    ForeignSealId = "fsl";
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl rand_core::TryRng for Fixed {
        type Error = core::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            Ok(u32::from(self.0))
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            Ok(u64::from(self.0))
        }
        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
            out.fill(self.0);
            Ok(())
        }
    }
    impl rand_core::TryCryptoRng for Fixed {}

    #[test]
    fn order_of_text_is_order_of_time() {
        let early = SealId::new(Timestamp::from_second(1_000_000_000).unwrap(), &mut Fixed(0xFF));
        let late = SealId::new(Timestamp::from_second(1_000_000_001).unwrap(), &mut Fixed(0));
        assert!(early < late);
        assert_eq!(SealId::parse(early.as_str()).unwrap(), early);
    }

    #[test]
    fn rejects_other_kinds_and_other_alphabets() {
        let seal = SealId::new(Timestamp::UNIX_EPOCH, &mut Fixed(7));
        assert!(UnitId::parse(seal.as_str()).is_err());
        assert!(SealId::parse(&seal.as_str().replace('0', "O")).is_err());
        assert!(SealId::parse("seal_").is_err());
        assert!(serde_json::from_str::<SealId>("\"unit_00000000000000000000000000\"").is_err());
    }
}

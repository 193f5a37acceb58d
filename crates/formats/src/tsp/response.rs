//! Responses.

use super::TimeStampReq;
use super::token::TimeStampToken;
use crate::der::{Ctx, Limits, ParseError, ParseErrorKind, Reader, Tag, write};
use crate::x509::flags_of;

/// PKIStatus, RFC 3161 §2.4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PkiStatus {
    /// granted (0)
    Granted,
    /// grantedWithMods (1)
    GrantedWithMods,
    /// rejection (2)
    Rejection,
    /// waiting (3)
    Waiting,
    /// revocationWarning (4)
    RevocationWarning,
    /// revocationNotification (5)
    RevocationNotification,
}

impl PkiStatus {
    const ALL: [Self; 6] = [
        Self::Granted,
        Self::GrantedWithMods,
        Self::Rejection,
        Self::Waiting,
        Self::RevocationWarning,
        Self::RevocationNotification,
    ];

    /// Whether a token belongs to it.
    pub fn is_granted(self) -> bool {
        matches!(self, Self::Granted | Self::GrantedWithMods)
    }

    fn number(self) -> u64 {
        Self::ALL.iter().zip(0..).find(|(s, _)| **s == self).map_or(2, |(_, n)| n)
    }
}

/// PKIFailureInfo, RFC 3161 §2.4.2: the number of the bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureInfo(pub u8);

impl FailureInfo {
    /// badAlg (0): unknown or unsupported algorithm
    pub const BAD_ALG: Self = Self(0);
    /// badRequest (2): transaction not permitted or supported
    pub const BAD_REQUEST: Self = Self(2);
    /// badDataFormat (5): the data has the wrong format
    pub const BAD_DATA_FORMAT: Self = Self(5);
    /// timeNotAvailable (14): the time source is not available
    pub const TIME_NOT_AVAILABLE: Self = Self(14);
    /// unacceptedPolicy (15): the policy is not supported
    pub const UNACCEPTED_POLICY: Self = Self(15);
    /// unacceptedExtension (16): the extension is not supported
    pub const UNACCEPTED_EXTENSION: Self = Self(16);
    /// addInfoNotAvailable (17): additional information is not available
    pub const ADD_INFO_NOT_AVAILABLE: Self = Self(17);
    /// systemFailure (25): the request cannot be handled
    pub const SYSTEM_FAILURE: Self = Self(25);

    /// Name in the standard.
    pub fn name(self) -> &'static str {
        match self.0 {
            0 => "badAlg",
            2 => "badRequest",
            5 => "badDataFormat",
            14 => "timeNotAvailable",
            15 => "unacceptedPolicy",
            16 => "unacceptedExtension",
            17 => "addInfoNotAvailable",
            25 => "systemFailure",
            _ => "unknown",
        }
    }
}

/// TimeStampResp (时间戳响应), RFC 3161 §2.4.2.
///
/// ```text
/// TimeStampResp ::= SEQUENCE { PKIStatusInfo { status INTEGER, statusString SEQUENCE OF UTF8String OPTIONAL,
///   failInfo BIT STRING OPTIONAL }, timeStampToken ContentInfo OPTIONAL }
/// ```
#[derive(Debug, Clone)]
pub struct TimeStampResp {
    /// Whether a token was given.
    pub status: PkiStatus,
    /// Text of the authority.
    pub text: Vec<String>,
    /// Why not.
    pub failure: Option<FailureInfo>,
    /// The token as received; read it with [`TimeStampToken::parse`].
    pub token: Option<Vec<u8>>,
}

/// Why a token is not the answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerMismatch {
    /// Another imprint.
    #[error("the token stamps another imprint than the one sent")]
    Imprint,
    /// Another nonce, or none.
    #[error("the token does not repeat the nonce of the request: it may be an old answer")]
    Nonce,
    /// Another policy.
    #[error("the token was issued under another policy than the one asked for")]
    Policy,
}

impl AnswerMismatch {
    /// Stable, language-free code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Imprint => "TSP_IMPRINT_MISMATCH",
            Self::Nonce => "TSP_NONCE_MISMATCH",
            Self::Policy => "TSP_POLICY_MISMATCH",
        }
    }
}

impl TimeStampReq {
    /// Whether `token` answers this request (RFC 3161 §2.2).
    pub fn is_answered_by(&self, token: &TimeStampToken) -> Result<(), AnswerMismatch> {
        if token.info.imprint != self.imprint {
            Err(AnswerMismatch::Imprint)
        } else if token.info.nonce != self.nonce {
            Err(AnswerMismatch::Nonce)
        } else if self.policy.is_some_and(|p| p != token.info.policy) {
            Err(AnswerMismatch::Policy)
        } else {
            Ok(())
        }
    }
}

impl TimeStampResp {
    /// A response with a token.
    pub fn granted(token: Vec<u8>) -> Self {
        Self { status: PkiStatus::Granted, text: Vec::new(), failure: None, token: Some(token) }
    }

    /// A response without a token.
    pub fn rejected(failure: FailureInfo, text: &str) -> Self {
        let text = if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
        Self { status: PkiStatus::Rejection, text, failure: Some(failure), token: None }
    }

    /// Reads a response; nothing may follow it.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(bytes, &ctx)?;
        let (_, mut outer) = input.sequence("TimeStampResp")?;
        input.finish("TimeStampResp")?;
        let (info, mut s) = outer.sequence("PKIStatusInfo")?;
        let at = s.offset();
        let number = s.small("status")?;
        let status = PkiStatus::ALL.iter().zip(0u64..).find(|(_, n)| *n == number).map(|(s, _)| *s);
        let unknown = || ParseError::new(ParseErrorKind::Value("unknown status"), at, "status");
        let status = status.ok_or_else(unknown)?;
        let mut text = Vec::new();
        if let Some(list) = s.optional(Tag::SEQUENCE, "statusString")? {
            let mut list = list.reader(&ctx)?;
            while !list.is_empty() {
                text.push(list.any("statusString")?.text("statusString")?);
            }
        }
        let mut failure = None;
        if let Some(node) = s.optional(Tag::BIT_STRING, "failInfo")? {
            let bits = flags_of(node.content).ok_or_else(|| {
                ParseError::new(
                    ParseErrorKind::Value("malformed BIT STRING of flags"),
                    node.offset,
                    "failInfo",
                )
            })?;
            failure = (0..32).find(|i| bits >> i & 1 == 1).map(FailureInfo);
        }
        s.finish("PKIStatusInfo")?;
        let token = outer.optional(Tag::SEQUENCE, "timeStampToken")?.map(|node| node.raw.to_vec());
        outer.finish("TimeStampResp")?;
        if status.is_granted() && token.is_none() {
            return Err(ParseError::new(ParseErrorKind::Missing, info.offset, "timeStampToken"));
        }
        Ok(Self { status, text, failure, token })
    }

    /// Strict DER.
    pub fn to_der(&self) -> Vec<u8> {
        let text: Vec<u8> = self.text.iter().flat_map(|t| write::utf8(t)).collect();
        let text = if text.is_empty() { text } else { write::sequence(&[&text]) };
        let failure = self.failure.map(|f| {
            let bits: Vec<bool> = (0..32).map(|i| i == f.0).collect();
            write::named_bits(&bits)
        });
        let info =
            write::sequence(&[&write::small(self.status.number()), &text, &failure.unwrap_or_default()]);
        write::sequence(&[&info, self.token.as_deref().unwrap_or_default()])
    }
}

//! Checking of answers and lists by whoever relies on them.

use super::Envelope;
use super::envelope::canonical;
use super::list::{LIST_FORMAT, ListStatement};
use super::statement::{FORMAT, PublicSince, PublicStatus, StatusStatement};
use crate::proof::{ProofFault, certificate_holds};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use yinxin_crypto::{SignatureAlgorithm, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;
use yinxin_seal::trust::{SealState, SealStatus};

/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// Most certificates in an answer.
const MAX_CERTIFICATES: usize = 8;

/// Why an answer or a list is not to be relied on. The text may be shown to users.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusFault {
    /// Not of the form of an answer.
    #[error("状态数据格式不正确：{0} / the status data is malformed: {0}")]
    Malformed(String),
    /// It holds something else.
    #[error("状态数据的种类不符 / the status data is of another kind")]
    Format,
    /// The signature does not hold.
    #[error("状态数据的签名不正确 / the signature of the status data is wrong")]
    Signature,
    /// The signer is none of those relied on.
    #[error("状态数据不是由所指定的机构签发 / the status data was not signed by a named authority")]
    Signer,
    /// The signer's certificate does not hold.
    #[error(transparent)]
    Certificate(#[from] ProofFault),
    /// It comes from the future, or its times contradict each other.
    #[error("状态数据的时间不正确 / the times of the status data are wrong")]
    Time,
    /// The entries of a list are not those of its digest.
    #[error("状态列表的摘要不符 / the list has another digest than its entries")]
    Digest,
}

impl StatusFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "STATUS_MALFORMED",
            Self::Format => "STATUS_FORMAT",
            Self::Signature => "STATUS_SIGNATURE",
            Self::Signer => "STATUS_SIGNER",
            Self::Certificate(_) => "STATUS_CERTIFICATE",
            Self::Time => "STATUS_TIME",
            Self::Digest => "STATUS_DIGEST",
        }
    }
}

/// Verifies an answer at a moment. A chain to an anchor says who somebody is, not what he may certify: so the certificates that may sign
/// are named. Whether the answer is still in date is for the caller to ask: `next_update`.
///
/// # Errors
/// The first [`StatusFault`] found.
pub fn answer(
    bytes: &[u8],
    signers: &[Certificate],
    facts: &TrustFacts,
    at: Timestamp,
) -> Result<StatusStatement, StatusFault> {
    let (statement, _) = open(bytes, FORMAT, signers, facts, at, |s: &StatusStatement| s.this_update)?;
    if statement.this_update > statement.next_update || statement.at > statement.this_update {
        return Err(StatusFault::Time);
    }
    Ok(statement)
}

/// Verifies a full list at a moment, as [`answer`] does.
///
/// # Errors
/// The first [`StatusFault`] found.
pub fn list(
    bytes: &[u8],
    signers: &[Certificate],
    facts: &TrustFacts,
    at: Timestamp,
) -> Result<ListStatement, StatusFault> {
    let (statement, _) = open(bytes, LIST_FORMAT, signers, facts, at, |s: &ListStatement| s.this_update)?;
    if statement.this_update > statement.next_update {
        return Err(StatusFault::Time);
    }
    if statement.is_whole() { Ok(statement) } else { Err(StatusFault::Digest) }
}

/// Opens an envelope: what it states, and the SM3 of the statement in hex. `made` tells when a statement was made.
///
/// # Errors
/// The first [`StatusFault`] found.
pub(crate) fn open<T: DeserializeOwned + Serialize>(
    bytes: &[u8],
    format: &str,
    signers: &[Certificate],
    facts: &TrustFacts,
    at: Timestamp,
    made: impl Fn(&T) -> Timestamp,
) -> Result<(T, String), StatusFault> {
    let malformed = |error: &dyn std::fmt::Display| StatusFault::Malformed(error.to_string());
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|e| malformed(&e))?;
    if envelope.certificates.len() > MAX_CERTIFICATES {
        return Err(StatusFault::Malformed("certificates".to_owned()));
    }
    let mut certificates = Vec::new();
    for text in &envelope.certificates {
        let der = STANDARD.decode(text).map_err(|e| malformed(&e))?;
        certificates.push(Certificate::parse(&der, &Limits::default()).map_err(|e| malformed(&e))?);
    }
    let leaf = certificates.first().ok_or(StatusFault::Signer)?;
    if signers.iter().all(|signer| signer.raw() != leaf.raw()) {
        return Err(StatusFault::Signer);
    }
    let signature = STANDARD.decode(&envelope.signature).map_err(|e| malformed(&e))?;
    let key = leaf.public_key().map_err(|e| malformed(&e))?;
    key.verify(SignatureAlgorithm::Sm2Sm3, envelope.statement.as_bytes(), &signature)
        .map_err(|_| StatusFault::Signature)?;
    let mut value: Value = serde_json::from_str(&envelope.statement).map_err(|e| malformed(&e))?;
    let found = value.as_object_mut().and_then(|members| members.remove("format"));
    if found.as_ref().and_then(Value::as_str) != Some(format) {
        return Err(StatusFault::Format);
    }
    let statement: T = serde_json::from_value(value).map_err(|e| malformed(&e))?;
    // One statement has one form: no two readers understand it differently.
    if canonical(&statement, format).map_err(|e| malformed(&e))? != envelope.statement {
        return Err(StatusFault::Malformed("not in canonical form".to_owned()));
    }
    let made = made(&statement);
    if made > at.saturating_add(SKEW).unwrap_or(at) {
        return Err(StatusFault::Time);
    }
    certificate_holds(leaf, &certificates, facts, made, at)?;
    Ok((statement, hex::encode(sm3(envelope.statement.as_bytes()))))
}

/// What a timeline says of a seal, for the verification of documents.
pub fn facts_of(code: &str, timeline: &[PublicSince]) -> Vec<SealStatus> {
    let mut facts = Vec::new();
    let begun = timeline.first().map_or(Timestamp::MAX, |first| first.from);
    let mut add =
        |state, from, until| facts.push(SealStatus { seal_id: code.to_owned(), state, from, until });
    add(SealState::NotInForce, Timestamp::MIN, Some(begun));
    for (place, since) in timeline.iter().enumerate() {
        let until = timeline.get(place + 1).map(|next| next.from);
        let state = match since.status {
            PublicStatus::Suspended => SealState::Suspended,
            PublicStatus::Ended | PublicStatus::Void => SealState::Cancelled,
            PublicStatus::NotInForce => SealState::NotInForce,
            // The end of its validity stands in the seal itself.
            PublicStatus::Valid | PublicStatus::Expired | PublicStatus::Unknown => SealState::Active,
        };
        add(state, since.from, until);
    }
    facts
}

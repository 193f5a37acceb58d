//! Receipts (回执): what the receiving authority signs for a message, and what the sender looks at before it believes one.

use crate::app::Authority;
use crate::proof::IssuingAuthority;
use crate::status::verify::{StatusFault, open};
use crate::status::{Envelope, SignFault};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_registry::exchange::delivery::{ExchangeDelivery, Receipt};
use yinxin_registry::exchange::foreign::ReceivedMessage;
use yinxin_registry::exchange::peer::Terms;
use yinxin_seal::TrustFacts;

/// Mark of the format.
pub const RECEIPT_FORMAT: &str = "yinxin-receipt-1";

/// What a receipt states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptStatement {
    /// Who received.
    pub authority: IssuingAuthority,
    /// Number of the receipt.
    pub number: String,
    /// Code of the system that sent.
    pub system: String,
    /// Its identifier of the message.
    pub message: String,
    /// Code of the seal.
    pub code: String,
    /// Number of the message.
    pub sequence: u64,
    /// SM3 of the message in its one form, hex.
    pub digest: String,
    /// `taken`, `known`: it had come before, or `older`: a later one had come before.
    pub taken: String,
    /// When.
    pub at: Timestamp,
}

/// Why a receipt is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptFault {
    /// It is not signed as it should be.
    #[error(transparent)]
    Signed(#[from] StatusFault),
    /// It is by another, or for another message.
    #[error("回执与所发送的消息不符 / the receipt is for another message")]
    Other,
    /// What was confirmed of the other side cannot be read.
    #[error("对接系统的证书无法解析 / the certificates of the other side cannot be read")]
    Certificates,
}

impl ReceiptFault {
    /// Stable, language-free code.
    pub fn code(&self) -> String {
        match self {
            Self::Signed(fault) => fault.code().replacen("STATUS_", "RECEIPT_", 1),
            Self::Other => "RECEIPT_OTHER".to_owned(),
            Self::Certificates => "RECEIPT_CERTIFICATES".to_owned(),
        }
    }
}

/// Signs the receipt of a message that was taken in.
///
/// # Errors
/// [`SignFault`].
pub fn sign(received: &ReceivedMessage, authority: &Authority) -> Result<Envelope, SignFault> {
    let statement = ReceiptStatement {
        authority: authority.party(),
        number: received.receipt.clone(),
        system: received.system.clone(),
        message: received.id.to_string(),
        code: received.code.clone(),
        sequence: received.sequence,
        digest: received.digest.clone(),
        taken: received.taken.as_str().to_owned(),
        at: received.at,
    };
    Envelope::sign(&statement, RECEIPT_FORMAT, authority)
}

/// Reads the receipt of a message: signed under a certificate that was confirmed of the other side, for exactly this message.
///
/// # Errors
/// The first [`ReceiptFault`] found.
pub fn read(
    bytes: &[u8],
    terms: &Terms,
    sent: &ExchangeDelivery,
    at: Timestamp,
) -> Result<Receipt, ReceiptFault> {
    let (anchors, signers) = certificates_of(terms).ok_or(ReceiptFault::Certificates)?;
    let facts = TrustFacts { anchors, ..TrustFacts::default() };
    let made = |statement: &ReceiptStatement| statement.at;
    let (statement, _) = open(bytes, RECEIPT_FORMAT, &signers, &facts, at, made)?;
    let ours = statement.authority.code == terms.code
        && statement.message == sent.id.as_str()
        && statement.code == sent.code
        && statement.sequence == sent.sequence
        && statement.digest == sent.digest
        && matches!(statement.taken.as_str(), "taken" | "known" | "older");
    if !ours {
        return Err(ReceiptFault::Other);
    }
    let envelope = String::from_utf8_lossy(bytes).into_owned();
    Ok(Receipt { number: statement.number, at: statement.at, taken: statement.taken, envelope })
}

/// Roots, and certificates of signatures, that were confirmed of the other side; `None` where one cannot be read.
pub(crate) fn certificates_of(terms: &Terms) -> Option<(Vec<Certificate>, Vec<Certificate>)> {
    let read = |text: &String| Certificate::parse(&STANDARD.decode(text).ok()?, &Limits::default()).ok();
    let all = |texts: &[String]| texts.iter().map(read).collect::<Option<Vec<_>>>();
    Some((all(&terms.anchors)?, all(&terms.certificates)?))
}

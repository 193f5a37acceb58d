//! What is kept of the stations of a seal's life: making, filing, hand-over, suspensions, the end.

use super::ProofRef;
use super::reasons::SuspensionReason;
use crate::ids::TicketId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the maker handed in and the registry found right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// Identifier inside the seal's data (esID).
    pub es_id: String,
    /// SM3 of the seal's DER in the document store, hex.
    pub digest: String,
    /// Version of the seal's format: 4 or 5.
    pub format_version: u32,
    /// SM3 of the imprint's picture, hex.
    pub imprint_digest: String,
    /// Issuer of the signer's certificate, RFC 4514.
    pub certificate_issuer: String,
    /// Serial number of the signer's certificate, lower-case hex.
    pub certificate_serial: String,
    /// SM3 of the signer's public key, hex: one key serves one seal.
    pub key_digest: String,
    /// Under which identifier who keeps keys for units has this one; none where it is in the unit's own device. Says where to ask: whether
    /// it is this key is judged by its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    /// Start of the certificate.
    pub certificate_from: Timestamp,
    /// End of the certificate.
    pub certificate_until: Timestamp,
    /// Start of the seal.
    pub valid_from: Timestamp,
    /// End of the seal, not behind the certificate's.
    pub valid_until: Timestamp,
    /// How its imprint was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imprint: Option<ImprintFound>,
}

/// How the registry found the imprint of a made seal (印模检查).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImprintFound {
    /// Codes of the rules it does not keep and of a comparison that failed; empty where nothing is to be remarked.
    pub remarks: Vec<String>,
    /// The comparison with the imprint on record or, where the maker drew it, with the drawing by the rules; none where the picture is
    /// that very drawing and none is on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<ImprintCompared>,
}

/// A comparison of imprints (印模比对).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImprintCompared {
    /// With the imprint on record; otherwise with the drawing by the rules.
    pub filed: bool,
    /// Ink that agrees, in ten-thousandths.
    pub score: u16,
    /// Whether they count as the same.
    pub same: bool,
}

/// Receipt of the filing department (备案回执).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// When.
    pub at: Timestamp,
    /// Who filed it.
    pub by: String,
    /// Until when it had to be filed.
    pub due: Timestamp,
    /// The receipt.
    pub proof: ProofRef,
}

/// Hand-over to the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// When.
    pub at: Timestamp,
    /// Who handed it over.
    pub by: String,
    /// To whom.
    pub to: String,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
}

/// One ground of a suspension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Why.
    pub reason: SuspensionReason,
    /// In words.
    pub detail: String,
    /// From when it counts; not in the future.
    pub effective_at: Timestamp,
    /// Until when, for a correction with a term.
    pub until: Option<Timestamp>,
    /// Letter of authorization or decision.
    pub document: Option<String>,
    /// The ticket that ordered it: it ends by itself with the term or the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketId>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// Code of the reason.
    pub reason: String,
    /// In words.
    pub detail: String,
    /// From when it counts.
    pub effective_at: Timestamp,
    /// Certificate of cancellation or decision.
    pub proof: Option<ProofRef>,
}

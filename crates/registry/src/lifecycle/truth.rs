//! What is kept of a statement of truth.

use super::By;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The agent's statement that what was handed in is true (真实性承诺).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Truth {
    /// Who states it.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// SM3 of the content it covers, hex: [`Application::content_digest`](super::application::Application::content_digest).
    pub digest: String,
    /// `session` (confirmed with password and second factor) or `certificate`.
    pub method: String,
    /// Signature by certificate: SM3 of the SignedData in the document store, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// The certificate that signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Box<TruthCertificate>>,
}

/// A certificate that signed a statement of truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TruthCertificate {
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Serial number, hex.
    pub serial: String,
    /// SM3 of the certificate, hex.
    pub digest: String,
}

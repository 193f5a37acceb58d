//! For whom the workshop works, in a file of its own folder.

use serde::{Deserialize, Serialize};

/// Maker, keys and client of the workshop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Maker.
    pub maker: String,
    /// Key that signs seals, on the shelf.
    pub maker_key: String,
    /// Certificate of that key and its issuers, DER, hex.
    pub certificates: Vec<String>,
    /// Client of the API; a workshop apart is told by its configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Key that signs requests, on the shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<String>,
    /// What follows key and certificate once the registry has the certificate on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<NextIdentity>,
    /// Keys that were replaced and are to be destroyed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<String>,
}

/// Key and certificate that are to follow those in use (续期、换钥).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextIdentity {
    /// Key that will sign seals: the one in use, or a new one.
    pub maker_key: String,
    /// Its certificate and its issuers, DER, hex; empty while an authority outside has the request.
    pub certificates: Vec<String>,
    /// What it was asked for under at the authority.
    pub reference: String,
}

/// Key of a maker whose certificate is being issued outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiting {
    /// Maker.
    pub(super) maker: String,
    /// The key, on the shelf.
    pub(super) maker_key: String,
}

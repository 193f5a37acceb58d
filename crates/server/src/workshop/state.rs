//! For whom the workshop works, in a file of its own folder.

use serde::{Deserialize, Serialize};

/// Maker, keys and client of the workshop.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Maker.
    pub maker: String,
    /// Key that signs seals, on the shelf.
    pub maker_key: String,
    /// Certificate of that key and its issuers, DER, hex.
    pub certificates: Vec<String>,
    /// Client of the API.
    pub client: String,
    /// Key that signs requests, on the shelf.
    pub client_key: String,
}

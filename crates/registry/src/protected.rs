//! Personal data as the domain knows it: never in clear.

use serde::{Deserialize, Serialize};

/// A personal detail (identity number, telephone) that was encrypted before it entered the domain.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protected {
    /// What may be shown: `110***********1234`.
    pub masked: String,
    /// Cipher text `k<key number>.<base64url>`, SM4-GCM under the field key.
    pub cipher: String,
    /// Blind index for look-ups of equal values: HMAC-SM3 under the index key, hex. Absent where nobody looks up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
}

impl std::fmt::Debug for Protected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Protected({})", self.masked)
    }
}

impl std::fmt::Display for Protected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked)
    }
}

//! How a document is named.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use yinxin_crypto::sm3;

/// SM3 digest of a document's content (杂凑值), written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// Digest of `content`.
    pub fn of(content: &[u8]) -> Self {
        Self(sm3(content))
    }

    /// From its 32 bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Key of the document in the store: `sm3/ab/cd/<digest>`.
    pub(super) fn key(&self) -> String {
        let [first, second, ..] = self.0;
        format!("sm3/{first:02x}/{second:02x}/{self}")
    }

    /// The digest a key stands for; `None` for anything that is not exactly such a key.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        let digest: Self = key.rsplit('/').next()?.parse().ok()?;
        (digest.key() == key).then_some(digest)
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "64 lower-case hexadecimal digits";
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(EXPECTED);
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| EXPECTED)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// What a record keeps of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRef {
    /// Digest of the content.
    pub digest: Digest,
    /// Length of the content in bytes.
    pub size: u64,
    /// Media type as given by whoever brought it, for instance `application/pdf`.
    pub media_type: String,
}

/// A document as the store lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredDocument {
    /// Digest of the content.
    pub digest: Digest,
    /// Bytes it takes in the store, encrypted.
    pub stored_bytes: u64,
    /// When it was written, in microseconds UTC.
    pub written_micros: i64,
}

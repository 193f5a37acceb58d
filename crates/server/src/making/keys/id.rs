//! Identifiers of keys.

use serde::{Deserialize, Deserializer, Serialize};
use yinxin_crypto::rand_core::CryptoRng;

use super::KeyStoreError;

/// Identifier of a key: `key_` and 32 lower-case hexadecimal digits, random.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// A new one.
    pub fn new(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0u8; 16];
        rng.fill_bytes(&mut bytes);
        Self(format!("key_{}", hex::encode(bytes)))
    }

    /// Reads one. Nothing but an identifier passes, so that it may stand in the name of a file.
    ///
    /// # Errors
    /// [`KeyStoreError::Id`].
    pub fn parse(text: &str) -> Result<Self, KeyStoreError> {
        let hex = text.strip_prefix("key_").filter(|h| h.len() == 32);
        let sound = hex.is_some_and(|h| h.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        if sound { Ok(Self(text.to_owned())) } else { Err(KeyStoreError::Id) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for KeyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

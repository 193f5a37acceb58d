//! One data key as it is stored: wrapped, with the dates of its life.

use std::fmt;

use jiff::Timestamp;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{KeyringError, Material};
use crate::security::master_key::KeyWrapper;

/// What stands in place of the wrapping key once a key is destroyed.
const DESTROYED: &str = "destroyed";

/// What a data key is for. A key serves one purpose only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// SM4-GCM of personal data in fields (字段加密).
    Field,
    /// SM4-GCM of documents (材料加密).
    Document,
    /// Blind indexes of encrypted fields (盲索引).
    Index,
    /// Codes of stored rows (行完整性).
    Row,
    /// Codes of audit entries (审计完整性).
    Audit,
    /// Anti-forgery tokens, idempotency keys, recovery codes.
    Token,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Field, Self::Document, Self::Index, Self::Row, Self::Audit, Self::Token];

    /// The stable name, as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Field => "field",
            Self::Document => "document",
            Self::Index => "index",
            Self::Row => "row",
            Self::Audit => "audit",
            Self::Token => "token",
        }
    }

    /// The purpose of a stable name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == name)
    }

    /// Length of its keys in bytes: 16 for SM4, 32 for HMAC-SM3.
    pub fn key_len(self) -> usize {
        match self {
            Self::Field | Self::Document => 16,
            Self::Index | Self::Row | Self::Audit | Self::Token => 32,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A wrapped data key: what is stored. Holds nothing secret without the master key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// What the key is for.
    pub purpose: Purpose,
    /// Its number within the purpose, from 1.
    pub number: u32,
    /// The wrapped key; empty once it is destroyed.
    pub wrapped: Vec<u8>,
    /// Name of the wrapping key; `destroyed` once it is destroyed.
    pub wrapped_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a newer one took its place.
    pub retired_at: Option<Timestamp>,
}

impl WrappedKey {
    pub(super) fn generate(
        purpose: Purpose,
        number: u32,
        wrapper: &dyn KeyWrapper,
        rng: &mut dyn CryptoRng,
        now: Timestamp,
    ) -> Result<(Self, Material), KeyringError> {
        let mut key = Zeroizing::new(vec![0; purpose.key_len()]);
        rng.fill_bytes(&mut key);
        let mut record = Self {
            purpose,
            number,
            wrapped: Vec::new(),
            wrapped_by: String::new(),
            created_at: now,
            retired_at: None,
        };
        record.rewrap(&key, wrapper, rng)?;
        Ok((record, key))
    }

    pub(super) fn rewrap(
        &mut self,
        key: &[u8],
        wrapper: &dyn KeyWrapper,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), KeyringError> {
        let (purpose, number) = (self.purpose, self.number);
        let wrapped = wrapper.wrap_key(&self.label(), key, rng);
        let wrapped = wrapped.map_err(|error| KeyringError::Wrap { purpose, number, error })?;
        self.wrapped_by = wrapper.id();
        self.wrapped = wrapped;
        Ok(())
    }

    pub(super) fn open(&self, wrappers: &[&dyn KeyWrapper]) -> Result<Material, KeyringError> {
        let (purpose, number) = (self.purpose, self.number);
        let Some(wrapper) = wrappers.iter().find(|w| w.id() == self.wrapped_by) else {
            let given: Vec<String> = wrappers.iter().map(|w| w.id()).collect();
            return Err(KeyringError::WrongMaster {
                needed: self.wrapped_by.clone(),
                given: given.join(", "),
            });
        };
        let key = wrapper.unwrap_key(&self.label(), &self.wrapped);
        let key = key.map_err(|error| KeyringError::Wrap { purpose, number, error })?;
        if key.len() == purpose.key_len() && number > 0 {
            Ok(key)
        } else {
            Err(KeyringError::Damaged { purpose, number })
        }
    }

    pub(super) fn destroy(&mut self) {
        self.wrapped = Vec::new();
        self.wrapped_by = DESTROYED.to_owned();
    }

    /// Whether the key is gone and its record stays for the register of keys.
    pub fn is_destroyed(&self) -> bool {
        self.wrapped_by == DESTROYED
    }

    /// What the wrapping is bound to: a key cannot be passed off as one of another purpose or number.
    fn label(&self) -> String {
        format!("yinxin data key 1:{}:{}", self.purpose, self.number)
    }
}

//! Rows, their hashes and MACs.

use subtle::ConstantTimeEq;
use yinxin_crypto::{Sm3, hmac_sm3};
use zeroize::Zeroizing;

use super::entry::{Columns, Entry};
use super::wire::{self, WireError};
use super::{Digest, GENESIS};

/// Keeps row hashes apart from all other SM3 hashes.
const ROW_TAG: &[u8] = b"yinxin-audit-v1";

/// Key of the MACs of the audit rows. Wiped on drop; has no debug form.
pub struct AuditKey(Zeroizing<[u8; 32]>);

impl AuditKey {
    /// A key; the caller wipes its copy.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*key))
    }

    /// HMAC-SM3 of a row's hash.
    pub(super) fn mac(&self, hash: &Digest) -> Digest {
        hmac_sm3(&*self.0, hash)
    }

    /// Whether `mac` belongs to `hash`.
    pub(super) fn verifies(&self, hash: &Digest, mac: &Digest) -> bool {
        self.mac(hash).ct_eq(mac).into()
    }
}

/// Last row of the chain as the store keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainHead {
    /// Number of the last row; 0 before the first.
    pub seq: u64,
    /// Its hash; [`GENESIS`] before the first.
    pub hash: Digest,
}

impl ChainHead {
    /// The head of a chain without rows.
    pub const EMPTY: Self = Self { seq: 0, hash: GENESIS };
}

/// A row as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Number, from 1, without gaps.
    pub seq: u64,
    /// Hash of the row before; [`GENESIS`] for the first.
    pub prev: Digest,
    /// [`row_hash`] of number, `prev` and content.
    pub hash: Digest,
    /// HMAC-SM3 of `hash`.
    pub mac: Digest,
    /// The bytes that were hashed; never to be written anew from the entry.
    pub content: Vec<u8>,
    /// Copies of parts of the content to search by.
    pub columns: Columns,
}

impl Row {
    /// The entry, read from the content.
    ///
    /// # Errors
    /// [`WireError`] when the content is not an entry.
    pub fn entry(&self) -> Result<Entry, WireError> {
        wire::decode(&self.content).map(|(_, entry)| entry)
    }

    /// The head of the chain once this row is its last.
    pub fn head(&self) -> ChainHead {
        ChainHead { seq: self.seq, hash: self.hash }
    }
}

/// Why a row cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The entry is too large.
    #[error(transparent)]
    Entry(#[from] WireError),
    /// The numbers are used up (the store counts in 63 bits).
    #[error("审计序号已用尽 / audit numbers are used up")]
    Exhausted,
}

impl AppendError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Entry(e) => e.code(),
            Self::Exhausted => "AUDIT_NUMBERS_EXHAUSTED",
        }
    }
}

/// The row that follows `head` and says `entry`.
///
/// # Errors
/// [`AppendError`] for an oversized entry or a number beyond 63 bits.
pub fn append(head: ChainHead, entry: &Entry, key: &AuditKey) -> Result<Row, AppendError> {
    let seq = head.seq.checked_add(1).filter(|s| i64::try_from(*s).is_ok()).ok_or(AppendError::Exhausted)?;
    let content = wire::encode(seq, entry)?;
    let hash = row_hash(seq, &head.hash, &content);
    Ok(Row { seq, prev: head.hash, hash, mac: key.mac(&hash), content, columns: entry.columns() })
}

/// SM3(`"yinxin-audit-v1"` ‖ number, 8 bytes big-endian ‖ hash of the row before ‖ content).
pub fn row_hash(seq: u64, prev: &Digest, content: &[u8]) -> Digest {
    let mut sm3 = Sm3::new();
    sm3.update(ROW_TAG);
    sm3.update(&seq.to_be_bytes());
    sm3.update(prev);
    sm3.update(content);
    sm3.finalize()
}

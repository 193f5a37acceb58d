//! Rows, their hashes and MACs.

use subtle::ConstantTimeEq;
use yinxin_crypto::{Sm3, hmac_sm3};
use zeroize::Zeroizing;

use super::entry::{Columns, Entry};
use super::wire::{self, WireError};
use super::{Digest, GENESIS};

/// Keeps row hashes apart from all other SM3 hashes.
const ROW_TAG: &[u8] = b"yinxin-audit-v1";

/// Keys of the MACs of the audit rows, each with a number and the row from which on it counts. From that row on no older key
/// proves anything: one that got out proves no new rows. Wiped on drop; has no debug form.
#[derive(Clone)]
pub struct AuditKeys {
    /// By number, the first from row 1; one whose turn has not come has no row.
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    number: u32,
    from: Option<u64>,
    secret: Zeroizing<[u8; 32]>,
}

impl AuditKeys {
    /// Key number 1, from row 1 on; the caller wipes its copy.
    pub fn new(key: &[u8; 32]) -> Self {
        Self { keys: vec![Key { number: 1, from: Some(1), secret: Zeroizing::new(*key) }] }
    }

    /// Adds a later key: from row `from` on it counts, or not yet.
    #[must_use]
    pub fn with(mut self, number: u32, key: &[u8; 32], from: Option<u64>) -> Self {
        self.keys.push(Key { number, from, secret: Zeroizing::new(*key) });
        self.keys.sort_by_key(|key| key.number);
        self
    }

    /// Number of the key that counts for row `seq`.
    pub fn at(&self, seq: u64) -> u32 {
        let begun = self.keys.iter().rev().find(|key| key.from.is_some_and(|from| from <= seq));
        begun.map_or(1, |key| key.number)
    }

    /// Number of the newest key that counts.
    pub fn newest(&self) -> u32 {
        self.at(u64::MAX)
    }

    /// HMAC-SM3 of a row's hash; `None` for a key that is not here.
    pub(super) fn mac(&self, number: u32, hash: &Digest) -> Option<Digest> {
        let key = self.keys.iter().find(|key| key.number == number)?;
        Some(hmac_sm3(&*key.secret, hash))
    }

    /// Whether `mac` belongs to `hash` under the key that counts for row `seq`.
    pub(super) fn verifies(&self, seq: u64, hash: &Digest, mac: &Digest) -> bool {
        self.mac(self.at(seq), hash).is_some_and(|own| own.ct_eq(mac).into())
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
    /// Number of the key of `mac`.
    pub key: u32,
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
    /// Another node writes under a key that this one does not have yet.
    #[error("尚无第 {0} 号审计密钥 / the audit key number {0} is not here yet")]
    UnknownKey(u32),
}

impl AppendError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Entry(e) => e.code(),
            Self::Exhausted => "AUDIT_NUMBERS_EXHAUSTED",
            Self::UnknownKey(_) => "AUDIT_KEY_UNKNOWN",
        }
    }
}

/// The row that follows `head` and says `entry`, under the key that counts there.
///
/// # Errors
/// [`AppendError`] for an oversized entry or a number beyond 63 bits.
pub fn append(head: ChainHead, entry: &Entry, keys: &AuditKeys) -> Result<Row, AppendError> {
    append_under(head, entry, keys, keys.at(head.seq.saturating_add(1)))
}

/// The row that follows `head`, under the key of a number: the first row of a new key, and those after it.
///
/// # Errors
/// As [`append`]; [`AppendError::UnknownKey`].
pub fn append_under(
    head: ChainHead,
    entry: &Entry,
    keys: &AuditKeys,
    number: u32,
) -> Result<Row, AppendError> {
    let seq = head.seq.checked_add(1).filter(|s| i64::try_from(*s).is_ok()).ok_or(AppendError::Exhausted)?;
    let content = wire::encode(seq, entry)?;
    let hash = row_hash(seq, &head.hash, &content);
    let mac = keys.mac(number, &hash).ok_or(AppendError::UnknownKey(number))?;
    Ok(Row { seq, prev: head.hash, hash, mac, key: number, content, columns: entry.columns() })
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

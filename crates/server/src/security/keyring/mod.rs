//! Data keys (数据密钥) by purpose and version, wrapped by the master key: GB/T 39786 key life cycle.
//!
//! ```text
//! master key ─ wraps ─┬─ field     SM4   encrypts personal data in fields
//!                     ├─ document  SM4   encrypts documents
//!                     ├─ index     HMAC  blind indexes of encrypted fields
//!                     ├─ row       HMAC  codes of stored rows
//!                     ├─ audit     HMAC  codes of audit entries
//!                     └─ token     HMAC  anti-forgery tokens, idempotency keys, recovery codes
//! ```
//!
//! The highest number of a purpose is the active key: it encrypts and authenticates, for rows and indexes as soon as every node has
//! it ([`KeyRing::settled`]). Older ones still decrypt and verify until they are destroyed. That the active key is the highest, and not the one a column says, keeps whoever can write to the database
//! from bringing an old key back into use.

mod record;

use std::collections::BTreeMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use yinxin_crypto::hmac_sm3;
use zeroize::Zeroizing;

use super::master_key::{KeyWrapper, WrapError};
pub use record::{Purpose, WrappedKey};

/// Length of a code of [`KeyRing::mac`]: four bytes of key number, 32 of HMAC-SM3.
pub const MAC_LEN: usize = 36;

/// How long a new key of documents, rows or indexes only reads: until every node of the database has taken it over.
pub const SETTLE: SignedDuration = SignedDuration::from_secs(60);

/// Why the key ring refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyringError {
    /// No usable key for a purpose.
    #[error(
        "密钥环缺少用途为 {0} 的可用密钥；请从备份恢复 key_ring 表 / the key ring has no usable key for the purpose {0}: restore the table key_ring from its backup"
    )]
    Incomplete(Purpose),
    /// Wrapped by another master key.
    #[error(
        "密钥环由主密钥 {needed} 加密，而当前主密钥是 {given}；请配置正确的主密钥文件 / the key ring is wrapped by the master key {needed}, the one given is {given}: configure the right master key file"
    )]
    WrongMaster {
        /// Name of the key that wrapped it.
        needed: String,
        /// Names of the keys at hand.
        given: String,
    },
    /// A record cannot be opened.
    #[error("密钥 {purpose} 第 {number} 号：{error} / key {purpose} number {number}: {error}")]
    Wrap {
        /// Purpose of the key.
        purpose: Purpose,
        /// Number of the key.
        number: u32,
        /// Why.
        error: WrapError,
    },
    /// The record is not as this program writes it.
    #[error(
        "密钥 {purpose} 第 {number} 号的记录已损坏；请从备份恢复 / the record of key {purpose} number {number} is damaged: restore it from its backup"
    )]
    Damaged {
        /// Purpose of the key.
        purpose: Purpose,
        /// Number of the key.
        number: u32,
    },
    /// The key is not here: destroyed, or never was.
    #[error(
        "没有用途为 {purpose} 的第 {number} 号密钥（可能已销毁）/ there is no key {purpose} number {number}: it may have been destroyed"
    )]
    UnknownKey {
        /// Purpose asked for.
        purpose: Purpose,
        /// Number asked for.
        number: u32,
    },
    /// The active key cannot be destroyed.
    #[error(
        "第 {number} 号密钥正在使用，请先轮换再销毁 / key number {number} is active: rotate before you destroy it"
    )]
    Active {
        /// Number of the key.
        number: u32,
    },
    /// A purpose that this program does not know.
    #[error(
        "密钥环含未知用途 {0}，数据库可能由较新的程序写入 / the key ring has the unknown purpose {0}: a newer program may have written it"
    )]
    UnknownPurpose(String),
    /// No more numbers.
    #[error("密钥编号已用尽 / there are no more key numbers")]
    Exhausted,
    /// A code does not fit its data.
    #[error("完整性校验失败：数据被改动 / the integrity check failed: the data was altered")]
    Integrity,
}

impl KeyringError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Incomplete(_) => "KEYRING_INCOMPLETE",
            Self::WrongMaster { .. } => "KEYRING_WRONG_MASTER",
            Self::Wrap { .. } => "KEYRING_UNWRAP_FAILED",
            Self::Damaged { .. } => "KEYRING_DAMAGED",
            Self::UnknownKey { .. } => "KEYRING_UNKNOWN_KEY",
            Self::Active { .. } => "KEYRING_KEY_ACTIVE",
            Self::UnknownPurpose(_) => "KEYRING_UNKNOWN_PURPOSE",
            Self::Exhausted => "KEYRING_EXHAUSTED",
            Self::Integrity => "INTEGRITY",
        }
    }
}

type Material = Zeroizing<Vec<u8>>;

/// The keys of one purpose.
#[derive(Clone)]
struct Line {
    number: u32,
    active: Material,
    others: BTreeMap<u32, Material>,
}

/// All data keys, open, with their wrapped records. A value: changes give a new ring, whose records the caller stores before it
/// puts the ring into use.
#[derive(Clone)]
pub struct KeyRing {
    records: Vec<WrappedKey>,
    field: Line,
    document: Line,
    index: Line,
    row: Line,
    audit: Line,
    token: Line,
}

impl KeyRing {
    /// A new ring with key number 1 for each purpose.
    ///
    /// # Errors
    /// [`KeyringError::Wrap`] if the wrapper fails.
    pub fn create(
        wrapper: &dyn KeyWrapper,
        rng: &mut dyn CryptoRng,
        now: Timestamp,
    ) -> Result<Self, KeyringError> {
        let mut records = Vec::new();
        for purpose in Purpose::ALL {
            records.push(WrappedKey::generate(purpose, 1, wrapper, rng, now)?.0);
        }
        Self::open(&[wrapper], &records)
    }

    /// Opens the records of a ring. Several wrappers may be at hand while the master key is being changed: each record names the one
    /// it needs.
    ///
    /// # Errors
    /// See [`KeyringError`]: a record that cannot be opened is told, never skipped.
    pub fn open(wrappers: &[&dyn KeyWrapper], records: &[WrappedKey]) -> Result<Self, KeyringError> {
        let line = |purpose| Line::open(purpose, wrappers, records);
        Ok(Self {
            field: line(Purpose::Field)?,
            document: line(Purpose::Document)?,
            index: line(Purpose::Index)?,
            row: line(Purpose::Row)?,
            audit: line(Purpose::Audit)?,
            token: line(Purpose::Token)?,
            records: records.to_vec(),
        })
    }

    /// The records to store: all of them, each time.
    pub fn records(&self) -> &[WrappedKey] {
        &self.records
    }

    /// A ring with a new active key for a purpose; the old one stays for what it encrypted (密钥轮换).
    ///
    /// # Errors
    /// [`KeyringError::Wrap`], [`KeyringError::Exhausted`].
    pub fn rotated(
        &self,
        purpose: Purpose,
        wrapper: &dyn KeyWrapper,
        rng: &mut dyn CryptoRng,
        now: Timestamp,
    ) -> Result<Self, KeyringError> {
        let old = self.newest(purpose);
        let number = old.checked_add(1).ok_or(KeyringError::Exhausted)?;
        let (record, material) = WrappedKey::generate(purpose, number, wrapper, rng, now)?;
        let mut ring = self.clone();
        for r in &mut ring.records {
            if r.purpose == purpose && r.number == old {
                r.retired_at = Some(now);
            }
        }
        ring.records.push(record);
        let line = ring.line_mut(purpose);
        line.others.insert(number, material);
        line.choose(number);
        Ok(ring)
    }

    /// The ring as it is used at a moment: documents, rows and indexes take a new key only after [`SETTLE`], when every node of the database has
    /// taken it over; until then it only reads. A time of making that lies ahead counts for nothing: whoever can write to the
    /// database must not keep an old key in use.
    #[must_use]
    pub fn settled(&self, now: Timestamp) -> Self {
        let mut ring = self.clone();
        for purpose in [Purpose::Document, Purpose::Index, Purpose::Row] {
            let fresh = |record: &&WrappedKey| {
                let age = now.duration_since(record.created_at);
                (-SETTLE..SETTLE).contains(&age)
            };
            let usable = || self.records.iter().filter(|r| r.purpose == purpose && !r.is_destroyed());
            let settled = usable().filter(|record| !fresh(record)).map(|r| r.number).max();
            if let Some(number) = settled.or_else(|| usable().map(|r| r.number).min()) {
                ring.line_mut(purpose).choose(number);
            }
        }
        ring
    }

    /// The highest number of a purpose, in use or yet to be.
    pub fn newest(&self, purpose: Purpose) -> u32 {
        let own = self.records.iter().filter(|r| r.purpose == purpose).map(|r| r.number);
        own.max().unwrap_or(self.line(purpose).number)
    }

    /// A ring without the material of an old key (密钥销毁): what it still encrypts is lost. The record stays, without the key, for the
    /// register of keys.
    ///
    /// # Errors
    /// [`KeyringError::Active`], [`KeyringError::UnknownKey`].
    pub fn destroyed(&self, purpose: Purpose, number: u32) -> Result<Self, KeyringError> {
        if self.line(purpose).number == number {
            return Err(KeyringError::Active { number });
        }
        let mut ring = self.clone();
        if ring.line_mut(purpose).others.remove(&number).is_none() {
            return Err(KeyringError::UnknownKey { purpose, number });
        }
        for r in &mut ring.records {
            if r.purpose == purpose && r.number == number {
                r.destroy();
            }
        }
        Ok(ring)
    }

    /// The same keys wrapped by another master key (更换主密钥).
    ///
    /// # Errors
    /// [`KeyringError::Wrap`] if the new wrapper fails.
    pub fn rewrapped(&self, wrapper: &dyn KeyWrapper, rng: &mut dyn CryptoRng) -> Result<Self, KeyringError> {
        let mut ring = self.clone();
        for record in &mut ring.records {
            if !record.is_destroyed() {
                let key = self.line(record.purpose).key(record.purpose, record.number)?;
                record.rewrap(key, wrapper, rng)?;
            }
        }
        Ok(ring)
    }

    /// Number of the active key of a purpose.
    pub fn active_number(&self, purpose: Purpose) -> u32 {
        self.line(purpose).number
    }

    /// Code over parts under the active key: four bytes of key number, big-endian, then HMAC-SM3 over each part preceded by its length
    /// in eight bytes, so that no shifting of bytes between parts goes unnoticed.
    pub fn mac(&self, purpose: Purpose, parts: &[&[u8]]) -> Vec<u8> {
        let line = self.line(purpose);
        let mut code = line.number.to_be_bytes().to_vec();
        code.extend(mac_of(&line.active, parts));
        code
    }

    /// Verifies a code of [`Self::mac`], in constant time.
    ///
    /// # Errors
    /// [`KeyringError::Integrity`]; [`KeyringError::UnknownKey`] for a key that is not here.
    pub fn verify_mac(&self, purpose: Purpose, parts: &[&[u8]], code: &[u8]) -> Result<(), KeyringError> {
        let (number, code) = code.split_first_chunk().ok_or(KeyringError::Integrity)?;
        let key = self.line(purpose).key(purpose, u32::from_be_bytes(*number))?;
        if mac_of(key, parts).ct_eq(code).into() { Ok(()) } else { Err(KeyringError::Integrity) }
    }

    /// The keys of a purpose with their numbers, the active one first: for the modules that compute with them (row codes, audit
    /// codes, documents, blind indexes). Not for output.
    pub fn keys(&self, purpose: Purpose) -> impl Iterator<Item = (u32, &[u8])> {
        let line = self.line(purpose);
        let others = line.others.iter().rev().map(|(number, key)| (*number, key.as_slice()));
        std::iter::once((line.number, line.active.as_slice())).chain(others)
    }

    /// The active key of a purpose and its number.
    pub(super) fn active(&self, purpose: Purpose) -> (u32, &[u8]) {
        let line = self.line(purpose);
        (line.number, &line.active)
    }

    /// A key by number.
    pub(super) fn key(&self, purpose: Purpose, number: u32) -> Result<&[u8], KeyringError> {
        self.line(purpose).key(purpose, number).map(|key| key.as_slice())
    }

    fn line(&self, purpose: Purpose) -> &Line {
        match purpose {
            Purpose::Field => &self.field,
            Purpose::Document => &self.document,
            Purpose::Index => &self.index,
            Purpose::Row => &self.row,
            Purpose::Audit => &self.audit,
            Purpose::Token => &self.token,
        }
    }

    fn line_mut(&mut self, purpose: Purpose) -> &mut Line {
        match purpose {
            Purpose::Field => &mut self.field,
            Purpose::Document => &mut self.document,
            Purpose::Index => &mut self.index,
            Purpose::Row => &mut self.row,
            Purpose::Audit => &mut self.audit,
            Purpose::Token => &mut self.token,
        }
    }
}

impl Line {
    fn open(
        purpose: Purpose,
        wrappers: &[&dyn KeyWrapper],
        records: &[WrappedKey],
    ) -> Result<Self, KeyringError> {
        let mut keys = BTreeMap::new();
        let mut highest = 0;
        for record in records.iter().filter(|r| r.purpose == purpose) {
            highest = highest.max(record.number);
            if record.is_destroyed() {
                continue;
            }
            if keys.insert(record.number, record.open(wrappers)?).is_some() {
                return Err(KeyringError::Damaged { purpose, number: record.number });
            }
        }
        match keys.pop_last() {
            Some((number, active)) if number == highest => Ok(Self { number, active, others: keys }),
            _ => Err(KeyringError::Incomplete(purpose)),
        }
    }

    /// Makes another key of the line the active one.
    fn choose(&mut self, number: u32) {
        if let Some(material) = self.others.remove(&number) {
            let before = std::mem::replace(&mut self.active, material);
            self.others.insert(self.number, before);
            self.number = number;
        }
    }

    fn key(&self, purpose: Purpose, number: u32) -> Result<&Material, KeyringError> {
        if number == self.number {
            return Ok(&self.active);
        }
        self.others.get(&number).ok_or(KeyringError::UnknownKey { purpose, number })
    }
}

pub(super) fn mac_of(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut message = Zeroizing::new(Vec::new());
    for part in parts {
        message.extend((part.len() as u64).to_be_bytes());
        message.extend_from_slice(part);
    }
    hmac_sm3(key, &message)
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for purpose in Purpose::ALL {
            let line = self.line(purpose);
            map.entry(
                &purpose.as_str(),
                &format_args!("active {}, {} others", line.number, line.others.len()),
            );
        }
        map.finish()
    }
}

//! Personal data in fields: encrypted at the boundary, masked for output, found again by a blind index (XA-33, NM-29).
//!
//! * Cipher text: `k<number of the field key>.<Base64url of nonce, SM4-GCM cipher text and tag>`. Additional data are
//!   `yinxin field 1:<length of field>:<field>:<id>`, so that a cipher text moved to another field or record does not open.
//! * Blind index: the first 16 bytes of HMAC-SM3 under the index key over `yinxin index 1` , the field and the normalized value,
//!   32 hexadecimal digits. It tells that two values are equal and no more.
//!
//! Nonces are random: a field key may encrypt 2³² values before it must be rotated.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::CryptoRng;
use yinxin_crypto::sm4;
use yinxin_registry::Protected;

use super::Secret;
use super::keyring::{KeyRing, KeyringError, Purpose, mac_of};
use super::redact::Mask;

/// Bytes of a blind index.
const INDEX_LEN: usize = 16;

/// Where a value stands: table and column, and the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Table and column, `account.phone`.
    pub field: &'a str,
    /// Identifier of the record.
    pub id: &'a str,
}

impl<'a> Place<'a> {
    /// A place.
    pub fn new(field: &'a str, id: &'a str) -> Self {
        Self { field, id }
    }

    fn associated(&self) -> Vec<u8> {
        format!("yinxin field 1:{}:{}:{}", self.field.len(), self.field, self.id).into_bytes()
    }
}

/// Why a value could not be protected or revealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// Not a cipher text of ours.
    #[error(
        "加密字段的格式不正确，数据已损坏 / the encrypted field is not in the form this program writes: it is damaged"
    )]
    Format,
    /// Altered, moved from another place, or of another key.
    #[error(
        "加密字段无法解密：内容被改动，或被移到了别的记录 / the encrypted field does not open: it was altered or moved from another record"
    )]
    Damaged,
    /// Too long to encrypt.
    #[error("内容过长，无法加密 / the value is too long to encrypt")]
    TooLong,
    /// The key is not there.
    #[error(transparent)]
    Key(#[from] KeyringError),
}

impl VaultError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Format => "FIELD_FORMAT",
            Self::Damaged => "FIELD_DAMAGED",
            Self::TooLong => "FIELD_TOO_LONG",
            Self::Key(e) => e.code(),
        }
    }
}

/// Protects and reveals personal data with the keys of a ring.
#[derive(Debug, Clone)]
pub struct Vault {
    ring: KeyRing,
}

impl Vault {
    /// A vault with these keys.
    pub fn new(ring: KeyRing) -> Self {
        Self { ring }
    }

    /// The keys.
    pub fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// Encrypts a value for its place, masks it, and indexes it where its kind is looked up.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn protect(
        &self,
        place: Place<'_>,
        plain: &str,
        mask: Mask,
        rng: &mut dyn CryptoRng,
    ) -> Result<Protected, VaultError> {
        Ok(Protected {
            masked: mask.apply(plain),
            cipher: self.encrypt(place, plain, rng)?,
            index: self.index(place.field, plain, mask),
        })
    }

    /// The cipher text alone, for secrets that are never shown: keys of clients, secrets of time-based codes.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn encrypt(
        &self,
        place: Place<'_>,
        plain: &str,
        rng: &mut dyn CryptoRng,
    ) -> Result<String, VaultError> {
        let (number, key) = self.ring.active(Purpose::Field);
        let mut nonce = [0; sm4::NONCE_LEN];
        rng.fill_bytes(&mut nonce);
        let sealed = sm4::gcm_encrypt(sm4_key(key)?, &nonce, &place.associated(), plain.as_bytes());
        let sealed = sealed.map_err(|_| VaultError::TooLong)?;
        Ok(format!("k{number}.{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// Decrypts a cipher text at its place. Callers record who looked.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn reveal(&self, place: Place<'_>, cipher: &str) -> Result<Secret, VaultError> {
        let (number, encoded) = split(cipher)?;
        let key = self.ring.key(Purpose::Field, number)?;
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| VaultError::Format)?;
        let (nonce, sealed) = bytes.split_first_chunk().ok_or(VaultError::Format)?;
        let plain = sm4::gcm_decrypt(sm4_key(key)?, nonce, &place.associated(), sealed);
        let plain = plain.map_err(|_| VaultError::Damaged)?;
        std::str::from_utf8(&plain).map(Secret::new).map_err(|_| VaultError::Damaged)
    }

    /// The blind index of a value in a field; absent for kinds that are not looked up.
    pub fn index(&self, field: &str, plain: &str, mask: Mask) -> Option<String> {
        self.indexes(field, plain, mask).into_iter().next()
    }

    /// The blind indexes a stored value may have, newest key first: a look-up asks for all of them until every record is indexed under
    /// the newest key. Empty for kinds that are not looked up, and for values of which nothing is left when normalized.
    pub fn indexes(&self, field: &str, plain: &str, mask: Mask) -> Vec<String> {
        let value = zeroize::Zeroizing::new(mask.normalize(plain));
        if !mask.is_indexed() || value.is_empty() {
            return Vec::new();
        }
        let parts: [&[u8]; 3] = [b"yinxin index 1", field.as_bytes(), value.as_bytes()];
        let digests = self.ring.keys(Purpose::Index).map(|(_, key)| mac_of(key, &parts));
        digests.map(|d| hex::encode(d.get(..INDEX_LEN).unwrap_or_default())).collect()
    }

    /// The same for a value that is stored protected: from its own index as long as there is one key.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn indexes_of(
        &self,
        place: Place<'_>,
        stored: &Protected,
        mask: Mask,
    ) -> Result<Vec<String>, VaultError> {
        if self.ring.keys(Purpose::Index).nth(1).is_none() {
            return Ok(stored.index.iter().cloned().collect());
        }
        Ok(self.indexes(place.field, self.reveal(place, &stored.cipher)?.reveal(), mask))
    }

    /// The value protected under the active keys; `None` if it is already. For the pass over all records after a rotation.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn reprotect(
        &self,
        place: Place<'_>,
        old: &Protected,
        mask: Mask,
        rng: &mut dyn CryptoRng,
    ) -> Result<Option<Protected>, VaultError> {
        let (number, _) = split(&old.cipher)?;
        let plain = self.reveal(place, &old.cipher)?;
        let index = self.index(place.field, plain.reveal(), mask);
        if number == self.ring.active_number(Purpose::Field) && index == old.index {
            return Ok(None);
        }
        self.protect(place, plain.reveal(), mask, rng).map(Some)
    }

    /// The cipher text under the active key; `None` if it is already.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn reencrypt(
        &self,
        place: Place<'_>,
        cipher: &str,
        rng: &mut dyn CryptoRng,
    ) -> Result<Option<String>, VaultError> {
        if split(cipher)?.0 == self.ring.active_number(Purpose::Field) {
            return Ok(None);
        }
        let plain = self.reveal(place, cipher)?;
        self.encrypt(place, plain.reveal(), rng).map(Some)
    }
}

/// Number of the key and the encoded rest.
fn split(cipher: &str) -> Result<(u32, &str), VaultError> {
    let (number, encoded) =
        cipher.strip_prefix('k').and_then(|c| c.split_once('.')).ok_or(VaultError::Format)?;
    let canonical = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
    match number.parse() {
        Ok(n) if canonical => Ok((n, encoded)),
        _ => Err(VaultError::Format),
    }
}

fn sm4_key(key: &[u8]) -> Result<&[u8; sm4::KEY_LEN], VaultError> {
    key.try_into().map_err(|_| VaultError::Damaged)
}

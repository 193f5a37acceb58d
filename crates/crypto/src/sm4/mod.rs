//! SM4 block cipher (SM4 分组密码算法), GB/T 32907, in the modes GCM and CBC of GB/T 17964.

mod bulk;
mod gcm;
mod sbox;

use cbc::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use zeroize::Zeroizing;

use crate::cbc_mode;
use gcm::Gcm;

/// Length of an SM4 key in bytes.
pub const KEY_LEN: usize = 16;
/// Length of a GCM nonce in bytes.
pub const NONCE_LEN: usize = 12;
/// Length of a GCM tag in bytes.
pub const TAG_LEN: usize = 16;

/// Why SM4 refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Sm4Error {
    /// Wrong key, altered data, or wrong additional data; which is not told.
    #[error("SM4 decryption failed: wrong key or altered data")]
    Failed,
    /// More data than one nonce may encrypt.
    #[error("data is too long for one SM4-GCM message: split it")]
    TooLong,
}

impl Sm4Error {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Failed => "SM4_FAILED",
            Self::TooLong => "SM4_TOO_LONG",
        }
    }
}

/// Encrypts with SM4-GCM; the 16-byte tag follows the ciphertext. A nonce must never be used twice with one key.
///
/// # Errors
/// [`Sm4Error::TooLong`] beyond 2³⁶-32 bytes.
pub fn gcm_encrypt(
    key: &[u8; KEY_LEN],
    nonce: &[u8; NONCE_LEN],
    associated: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, Sm4Error> {
    let mut sealed = Vec::with_capacity(plaintext.len().saturating_add(TAG_LEN));
    gcm_encrypt_onto(key, nonce, associated, plaintext, &mut sealed)?;
    Ok(sealed)
}

/// The same, written behind what `out` holds; nothing is added on an error.
///
/// # Errors
/// As [`gcm_encrypt`].
pub fn gcm_encrypt_onto(
    key: &[u8; KEY_LEN],
    nonce: &[u8; NONCE_LEN],
    associated: &[u8],
    plaintext: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Sm4Error> {
    let mut gcm = Gcm::new(key, nonce, plaintext.len()).ok_or(Sm4Error::TooLong)?;
    let start = out.len();
    out.extend_from_slice(plaintext);
    let (_, added) = out.split_at_mut(start);
    gcm.apply(added);
    let tag = gcm.tag(associated, added);
    out.extend_from_slice(&tag);
    Ok(())
}

/// Decrypts and authenticates SM4-GCM.
///
/// # Errors
/// [`Sm4Error::Failed`] for every cause.
pub fn gcm_decrypt(
    key: &[u8; KEY_LEN],
    nonce: &[u8; NONCE_LEN],
    associated: &[u8],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Sm4Error> {
    let mut plaintext = Zeroizing::new(Vec::with_capacity(ciphertext.len()));
    gcm_decrypt_onto(key, nonce, associated, ciphertext, &mut plaintext)?;
    Ok(plaintext)
}

/// The same, written behind what `out` holds; nothing is added on an error.
///
/// # Errors
/// As [`gcm_decrypt`].
pub fn gcm_decrypt_onto(
    key: &[u8; KEY_LEN],
    nonce: &[u8; NONCE_LEN],
    associated: &[u8],
    ciphertext: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Sm4Error> {
    let (text, tag) = ciphertext.split_last_chunk::<TAG_LEN>().ok_or(Sm4Error::Failed)?;
    let mut gcm = Gcm::new(key, nonce, text.len()).ok_or(Sm4Error::Failed)?;
    // Nothing is decrypted before it is known to be what was encrypted.
    if !gcm.is_tag(associated, text, tag) {
        return Err(Sm4Error::Failed);
    }
    let start = out.len();
    out.extend_from_slice(text);
    let (_, added) = out.split_at_mut(start);
    gcm.apply(added);
    Ok(())
}

/// Encrypts with SM4-CBC and PKCS#7 padding. CBC does not authenticate: prefer GCM for anything new.
pub fn cbc_encrypt(key: &[u8; KEY_LEN], iv: &[u8; 16], plaintext: &[u8]) -> Vec<u8> {
    cbc::Encryptor::<sm4::Sm4>::new(&(*key).into(), &(*iv).into()).encrypt_padded_vec::<Pkcs7>(plaintext)
}

/// Decrypts SM4-CBC with PKCS#7 padding.
///
/// # Errors
/// [`Sm4Error::Failed`] if the padding is wrong.
pub fn cbc_decrypt(
    key: &[u8; KEY_LEN],
    iv: &[u8; 16],
    ciphertext: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Sm4Error> {
    cbc_mode::decrypt::<sm4::Sm4>(key, iv, ciphertext).ok_or(Sm4Error::Failed)
}

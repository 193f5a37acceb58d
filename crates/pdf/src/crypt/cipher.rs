//! The ciphers of encrypted documents, and the key of each object.

use aes::{Aes128, Aes256};
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyInit, KeyIvInit};
use md5::{Digest, Md5};
use rc4::{Rc4, StreamCipher};

use crate::syntax::Ref;

/// How strings or streams are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Not at all.
    Identity,
    Rc4,
    /// AES-128 in CBC mode.
    Aes128,
    /// AES-256 in CBC mode.
    Aes256,
}

const BLOCK: usize = 16;

pub(super) fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut h = Md5::new();
    parts.iter().for_each(|p| h.update(p));
    h.finalize().into()
}

pub(super) fn rc4(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut out = data.to_vec();
    Rc4::new_from_slice(key).ok()?.apply_keystream(&mut out);
    Some(out)
}

/// AES-256 without padding and with an initial vector of zeros: the keys inside the dictionary.
pub(super) fn unwrap_key(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key, &[0; BLOCK]).ok()?;
    cipher.decrypt_padded_vec::<NoPadding>(data).ok()
}

/// AES-128 without padding: a step of deriving keys.
pub(super) fn mix(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = cbc::Encryptor::<Aes128>::new_from_slices(key, iv).ok()?;
    Some(cipher.encrypt_padded_vec::<NoPadding>(data))
}

impl Method {
    /// The key of an object (ISO 32000-1 algorithm 1).
    fn key(self, file_key: &[u8], id: Ref) -> Vec<u8> {
        if self == Self::Aes256 {
            return file_key.to_vec();
        }
        let [a, b, c, _] = id.number.to_le_bytes();
        let [d, e] = id.generation.to_le_bytes();
        let salt: &[u8] = if self == Self::Aes128 { b"sAlT" } else { b"" };
        let digest = md5(&[file_key, &[a, b, c, d, e], salt]);
        let length = file_key.len().saturating_add(5).min(BLOCK);
        digest.get(..length).unwrap_or(&digest).to_vec()
    }

    /// `None` where the data cannot have been encrypted this way.
    pub(super) fn decrypt(self, file_key: &[u8], id: Ref, data: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(file_key, id);
        match self {
            Self::Identity => Some(data.to_vec()),
            Self::Rc4 => rc4(&key, data),
            // Nothing at all stands for nothing at all.
            _ if data.is_empty() => Some(Vec::new()),
            Self::Aes128 => {
                let (iv, rest) = data.split_at_checked(BLOCK)?;
                cbc::Decryptor::<Aes128>::new_from_slices(&key, iv)
                    .ok()?
                    .decrypt_padded_vec::<Pkcs7>(rest)
                    .ok()
            }
            Self::Aes256 => {
                let (iv, rest) = data.split_at_checked(BLOCK)?;
                cbc::Decryptor::<Aes256>::new_from_slices(&key, iv)
                    .ok()?
                    .decrypt_padded_vec::<Pkcs7>(rest)
                    .ok()
            }
        }
    }

    /// The initial vector follows from key, place and data: no randomness, and never the same for other data.
    pub(super) fn encrypt(self, file_key: &[u8], id: Ref, data: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(file_key, id);
        let place = [&id.number.to_be_bytes()[..], &id.generation.to_be_bytes()].concat();
        let digest = yinxin_crypto::hmac_sm3(file_key, &[&place[..], data].concat());
        let iv = digest.first_chunk::<BLOCK>()?;
        let with_iv = |rest: Vec<u8>| Some([&iv[..], &rest].concat());
        match self {
            Self::Identity => Some(data.to_vec()),
            Self::Rc4 => rc4(&key, data),
            Self::Aes128 => with_iv(
                cbc::Encryptor::<Aes128>::new_from_slices(&key, iv).ok()?.encrypt_padded_vec::<Pkcs7>(data),
            ),
            Self::Aes256 => with_iv(
                cbc::Encryptor::<Aes256>::new_from_slices(&key, iv).ok()?.encrypt_padded_vec::<Pkcs7>(data),
            ),
        }
    }
}

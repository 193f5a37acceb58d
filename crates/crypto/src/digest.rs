//! Message digests: SM3 (GB/T 32905) and the SHA family met in certificates and timestamps.

use const_oid::ObjectIdentifier;
use hmac::{Hmac, KeyInit, Mac};
use sm3::Digest;
use zeroize::Zeroizing;

use crate::oids;

/// Streaming SM3 digest (密码杂凑算法), GB/T 32905.
#[derive(Clone, Default)]
pub struct Sm3(sm3::Sm3);

impl Sm3 {
    /// A digest of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes to the message.
    pub fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    /// The 32-byte digest of everything added.
    pub fn finalize(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl core::fmt::Debug for Sm3 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Sm3")
    }
}

/// SM3 digest of `data` in one call.
pub fn sm3(data: &[u8]) -> [u8; 32] {
    sm3::Sm3::digest(data).into()
}

/// HMAC (RFC 2104, GB/T 15852.2) over SM3 with a key of any length.
pub fn hmac_sm3(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut block = Zeroizing::new([0; 64]);
    let hashed;
    let short = if key.len() > block.len() {
        hashed = Zeroizing::new(sm3(key));
        &hashed[..]
    } else {
        key
    };
    for (to, from) in block.iter_mut().zip(short) {
        *to = *from;
    }
    let mut mac = Hmac::<sm3::Sm3>::new(&(*block).into());
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// Streaming digest of any of the [`DigestAlgorithm`]s, for content that is not held in memory.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sm3(Box<sm3::Sm3>),
    Sha1(Box<sha1::Sha1>),
    Sha256(Box<sha2::Sha256>),
    Sha384(Box<sha2::Sha384>),
    Sha512(Box<sha2::Sha512>),
}

impl Hasher {
    /// Adds bytes to the message.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            State::Sm3(h) => h.update(data),
            State::Sha1(h) => h.update(data),
            State::Sha256(h) => h.update(data),
            State::Sha384(h) => h.update(data),
            State::Sha512(h) => h.update(data),
        }
    }

    /// The digest of everything added; its length is that of the algorithm.
    pub fn finalize(self) -> Vec<u8> {
        match self.0 {
            State::Sm3(h) => h.finalize().to_vec(),
            State::Sha1(h) => h.finalize().to_vec(),
            State::Sha256(h) => h.finalize().to_vec(),
            State::Sha384(h) => h.finalize().to_vec(),
            State::Sha512(h) => h.finalize().to_vec(),
        }
    }
}

impl core::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Hasher")
    }
}

/// Digest algorithms a verifier meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SM3, GB/T 32905.
    Sm3,
    /// SHA-1; broken for signatures, met in certificate identifiers and old files.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// The algorithm of an object identifier; both SM3 identifiers (GB/T 33560: 401 and 401.1, 无密钥) are known.
    pub fn from_oid(oid: &ObjectIdentifier) -> Option<Self> {
        match *oid {
            oids::SM3 | oids::SM3_WITHOUT_KEY => Some(Self::Sm3),
            oids::SHA1 => Some(Self::Sha1),
            oids::SHA256 => Some(Self::Sha256),
            oids::SHA384 => Some(Self::Sha384),
            oids::SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The object identifier to write.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sm3 => oids::SM3,
            Self::Sha1 => oids::SHA1,
            Self::Sha256 => oids::SHA256,
            Self::Sha384 => oids::SHA384,
            Self::Sha512 => oids::SHA512,
        }
    }

    /// A digest of nothing yet.
    pub fn hasher(self) -> Hasher {
        Hasher(match self {
            Self::Sm3 => State::Sm3(Box::default()),
            Self::Sha1 => State::Sha1(Box::default()),
            Self::Sha256 => State::Sha256(Box::default()),
            Self::Sha384 => State::Sha384(Box::default()),
            Self::Sha512 => State::Sha512(Box::default()),
        })
    }

    /// Digest of `data`; its length is [`Self::output_len`].
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sm3 => sm3(data).to_vec(),
            Self::Sha1 => sha1::Sha1::digest(data).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(data).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(data).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(data).to_vec(),
        }
    }

    /// Length of the digest in bytes.
    pub fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sm3 | Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Name for people: `SM3`, `SHA-256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sm3 => "SM3",
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// Whether collisions are practical, so that no new signature may rest on it.
    pub fn is_broken(self) -> bool {
        self == Self::Sha1
    }
}

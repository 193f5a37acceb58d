//! SM2 public key encryption (公钥加密), GB/T 32918.4, and the ciphertext forms of GM/T 0009.

use sm2::elliptic_curve::{Generate, Group, sec1::ToSec1Point};
use sm2::{AffinePoint, NonZeroScalar, ProjectivePoint};
use zeroize::{Zeroize, Zeroizing};

use super::signature::left_pad;
use super::{Sm2PublicKey, Sm2Secret};
use crate::asn1::{self, Asn1Error, Reader};
use crate::rand_core::CryptoRng;
use crate::{DecryptError, Sm3};

/// Retries while the derived mask is all zero, which only short messages meet (one byte: 1 in 256).
const ATTEMPTS: usize = 64;

/// Why SM2 encryption refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncryptError {
    /// An empty plaintext has no SM2 ciphertext.
    #[error("nothing to encrypt: give at least one byte")]
    Empty,
    /// More than the key derivation can mask.
    #[error("plaintext is too long for SM2: encrypt it with SM4 and only the SM4 key with SM2")]
    TooLong,
    /// The key is not an SM2 key.
    #[error("the public key is not an SM2 key: SM2 encryption needs one")]
    WrongKey,
    /// The random source kept giving unusable values.
    #[error("the random source gives unusable values: check it")]
    BadRandomness,
}

impl EncryptError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "ENCRYPT_EMPTY",
            Self::TooLong => "ENCRYPT_TOO_LONG",
            Self::WrongKey => "ENCRYPT_WRONG_KEY",
            Self::BadRandomness => "ENCRYPT_BAD_RANDOMNESS",
        }
    }
}

/// An SM2 ciphertext C1, C3, C2 (SM2 密文), GM/T 0009 `SM2Cipher`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sm2Ciphertext {
    /// C1, the ephemeral point as X‖Y; checked to be on the curve only when decrypting.
    pub point: [u8; 64],
    /// C3, the digest that authenticates the plaintext.
    pub hash: [u8; 32],
    /// C2, the masked plaintext.
    pub data: Vec<u8>,
}

impl Sm2Ciphertext {
    /// Reads `SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, cipherText OCTET STRING }`.
    ///
    /// # Errors
    /// Place and kind of the first deviation from DER or from the sizes of SM2.
    pub fn from_der(der: &[u8]) -> Result<Self, Asn1Error> {
        let mut outer = Reader::new(der);
        let mut inner = outer.sequence("SM2Cipher SEQUENCE expected")?;
        outer.finish("bytes after SM2Cipher")?;
        let mut point = [0; 64];
        let (x, y) = point.split_at_mut(32);
        for half in [x, y] {
            let too_long = inner.error("coordinate is longer than 256 bits");
            let digits = inner.unsigned("coordinate INTEGER expected")?;
            half.copy_from_slice(&left_pad(digits).ok_or(too_long)?);
        }
        let wrong_hash = inner.error("hash is not 32 bytes");
        let hash = inner.octets("hash OCTET STRING expected")?.try_into().map_err(|_| wrong_hash)?;
        let data = inner.octets("cipherText OCTET STRING expected")?.to_vec();
        inner.finish("more fields than SM2Cipher has")?;
        Ok(Self { point, hash, data })
    }

    /// The DER form of GM/T 0009.
    pub fn to_der(&self) -> Vec<u8> {
        let (x, y) = self.point.split_at(32);
        let x = asn1::unsigned(x);
        let y = asn1::unsigned(y);
        let hash = asn1::tlv(asn1::OCTET_STRING, &self.hash);
        let data = asn1::tlv(asn1::OCTET_STRING, &self.data);
        asn1::group(asn1::SEQUENCE, &[&x, &y, &hash, &data])
    }

    /// Reads the plain form C1‖C3‖C2 of GB/T 32918.4, with the leading `04` of the point or, as some writers do,
    /// without it; the curve equation tells which.
    ///
    /// # Errors
    /// When it is too short or does not begin with a point of the curve.
    pub fn from_c1c3c2(bytes: &[u8]) -> Result<Self, Asn1Error> {
        let with_prefix = bytes.strip_prefix(&[4]).and_then(Self::split);
        if let Some(ciphertext) = with_prefix.filter(|ciphertext| ciphertext.c1().is_some()) {
            return Ok(ciphertext);
        }
        let bare = Self::split(bytes).filter(|ciphertext| ciphertext.c1().is_some());
        bare.ok_or(Asn1Error {
            at: 0,
            what: "SM2 ciphertext C1C3C2 does not begin with a point of the curve",
        })
    }

    fn split(bytes: &[u8]) -> Option<Self> {
        let (point, rest) = bytes.split_first_chunk::<64>()?;
        let (hash, data) = rest.split_first_chunk::<32>()?;
        Some(Self { point: *point, hash: *hash, data: data.to_vec() })
    }

    /// The plain form `04‖C1‖C3‖C2`.
    pub fn to_c1c3c2(&self) -> Vec<u8> {
        [&[4], self.point.as_slice(), &self.hash, &self.data].concat()
    }

    fn c1(&self) -> Option<AffinePoint> {
        let sec1 = [&[4], self.point.as_slice()].concat();
        Some(*sm2::PublicKey::from_sec1_bytes(&sec1).ok()?.as_affine())
    }
}

/// Encrypts to a public key, GB/T 32918.4 clause 6.1.
pub(crate) fn encrypt(
    key: &Sm2PublicKey,
    rng: &mut dyn CryptoRng,
    plaintext: &[u8],
) -> Result<Sm2Ciphertext, EncryptError> {
    if plaintext.is_empty() {
        return Err(EncryptError::Empty);
    }
    for _ in 0..ATTEMPTS {
        let mut k: NonZeroScalar = NonZeroScalar::generate_from_rng(rng);
        let c1 = coordinates(&ProjectivePoint::mul_by_generator(&k).to_affine());
        let shared = Zeroizing::new(coordinates(&(key.point() * &*k).to_affine()));
        k.zeroize();
        let mut data = plaintext.to_vec();
        if mask(&shared, &mut data).ok_or(EncryptError::TooLong)? {
            return Ok(Sm2Ciphertext { point: *c1, hash: authenticate(&shared, plaintext), data });
        }
    }
    Err(EncryptError::BadRandomness)
}

/// Decrypts with a private key, GB/T 32918.4 clause 7.1. One error for every way a ciphertext can be wrong.
pub(crate) fn decrypt(
    secret: &Sm2Secret,
    ciphertext: &Sm2Ciphertext,
) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let point = ciphertext.c1().ok_or(DecryptError::Failed)?;
    let shared = Zeroizing::new(coordinates(&secret.shared_point(&point)));
    let mut plaintext = Zeroizing::new(ciphertext.data.clone());
    let usable = mask(&shared, &mut plaintext).unwrap_or(false);
    let expected = authenticate(&shared, &plaintext);
    let difference = expected.iter().zip(&ciphertext.hash).fold(0u8, |sum, (a, b)| sum | (a ^ b));
    if usable && difference == 0 { Ok(plaintext) } else { Err(DecryptError::Failed) }
}

/// X‖Y of a point that is not the identity (the callers' points never are: the group has prime order).
fn coordinates(point: &AffinePoint) -> Zeroizing<[u8; 64]> {
    let encoded = point.to_sec1_point(false);
    let mut out = Zeroizing::new([0; 64]);
    if let Some(bytes) = encoded.as_bytes().get(1..65) {
        out.copy_from_slice(bytes);
    }
    out
}

/// XORs the key stream of GB/T 32918.4 clause 5.4.3 onto `data`; `Some(false)` if the stream is all zero,
/// `None` if `data` is longer than the 32-bit counter allows.
fn mask(shared: &[u8; 64], data: &mut [u8]) -> Option<bool> {
    let mut any = 0u8;
    let mut counter = 0u32;
    for block in data.chunks_mut(32) {
        counter = counter.checked_add(1)?;
        let mut hasher = Sm3::new();
        hasher.update(shared);
        hasher.update(&counter.to_be_bytes());
        let stream = Zeroizing::new(hasher.finalize());
        for (byte, pad) in block.iter_mut().zip(stream.iter()) {
            any |= pad;
            *byte ^= pad;
        }
    }
    Some(any != 0)
}

/// C3 = SM3(x2‖M‖y2).
fn authenticate(shared: &[u8; 64], plaintext: &[u8]) -> [u8; 32] {
    let (x, y) = shared.split_at(32);
    let mut hasher = Sm3::new();
    hasher.update(x);
    hasher.update(plaintext);
    hasher.update(y);
    hasher.finalize()
}

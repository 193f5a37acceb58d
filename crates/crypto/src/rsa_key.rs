//! RSA public keys for verification, bounded against hostile sizes.

use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey, traits::PublicKeyParts};

use crate::asn1::{self, Reader};
use crate::{DigestAlgorithm, PublicKeyError, VerifyError};

/// Smaller keys can be factored with reach of many.
const MIN_BITS: usize = 1024;
/// Larger keys only serve to make verifiers work.
const MAX_BITS: usize = 8192;

/// An RSA public key of 1024 to 8192 bits with an odd exponent from 3 to 2³²-1.
///
/// Keys below 2048 bits can be read so that old files can be judged; see [`RsaKey::bits`].
#[derive(Clone, PartialEq, Eq)]
pub struct RsaKey(RsaPublicKey);

impl RsaKey {
    /// Reads `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`, RFC 8017 A.1.1.
    pub(crate) fn from_pkcs1_der(der: &[u8]) -> Result<Self, PublicKeyError> {
        let mut outer = Reader::new(der);
        let mut fields = outer.sequence("RSAPublicKey SEQUENCE expected")?;
        outer.finish("bytes after RSAPublicKey")?;
        let modulus = fields.unsigned("modulus INTEGER expected")?;
        let exponent = fields.small("publicExponent of at most 32 bits expected")?;
        fields.finish("more fields than RSAPublicKey has")?;
        let bits = bit_length(modulus);
        if !(MIN_BITS..=MAX_BITS).contains(&bits) {
            return Err(PublicKeyError::RsaSize { bits });
        }
        if exponent < 3 || exponent % 2 == 0 {
            return Err(PublicKeyError::RsaParameters);
        }
        let key = RsaPublicKey::new(
            BoxedUint::from_be_slice_vartime(modulus),
            BoxedUint::from(u64::from(exponent)),
        );
        key.map(Self).map_err(|_| PublicKeyError::RsaParameters)
    }

    pub(crate) fn to_pkcs1_der(&self) -> Vec<u8> {
        let modulus = asn1::unsigned(&self.0.n_bytes());
        let exponent = asn1::unsigned(&self.0.e_bytes());
        asn1::group(asn1::SEQUENCE, &[&modulus, &exponent])
    }

    /// Length of the modulus in bits; policies should warn below 2048.
    pub fn bits(&self) -> usize {
        bit_length(&self.0.n_bytes())
    }

    pub(crate) fn verify(
        &self,
        digest: DigestAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let scheme = match digest {
            DigestAlgorithm::Sha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
            DigestAlgorithm::Sha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
            DigestAlgorithm::Sha384 => Pkcs1v15Sign::new::<sha2::Sha384>(),
            DigestAlgorithm::Sha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
            DigestAlgorithm::Sm3 => return Err(VerifyError::AlgorithmMismatch),
        };
        let hashed = digest.digest(message);
        self.0.verify(scheme, &hashed, signature).map_err(|_| VerifyError::Mismatch)
    }

    /// RSASSA-PSS with a salt of exactly this length.
    pub(crate) fn verify_pss(
        &self,
        digest: DigestAlgorithm,
        salt: u16,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        let salt = usize::from(salt);
        let hashed = digest.digest(message);
        let outcome = match digest {
            DigestAlgorithm::Sha256 => {
                self.0.verify(Pss::<sha2::Sha256>::new_with_salt(salt), &hashed, signature)
            }
            DigestAlgorithm::Sha384 => {
                self.0.verify(Pss::<sha2::Sha384>::new_with_salt(salt), &hashed, signature)
            }
            DigestAlgorithm::Sha512 => {
                self.0.verify(Pss::<sha2::Sha512>::new_with_salt(salt), &hashed, signature)
            }
            DigestAlgorithm::Sha1 | DigestAlgorithm::Sm3 => return Err(VerifyError::AlgorithmMismatch),
        };
        outcome.map_err(|_| VerifyError::Mismatch)
    }
}

impl core::fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "RsaKey({} bits)", self.bits())
    }
}

fn bit_length(magnitude: &[u8]) -> usize {
    let digits = magnitude.iter().skip_while(|byte| **byte == 0);
    let first = magnitude.iter().find(|byte| **byte != 0).map_or(8, |byte| byte.leading_zeros());
    digits.count().saturating_mul(8).saturating_sub(usize::try_from(first).unwrap_or(8))
}

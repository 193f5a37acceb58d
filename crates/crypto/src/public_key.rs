//! Public keys of every kind a certificate may carry, and verification with them.

use const_oid::ObjectIdentifier;
use p256::ecdsa::signature::hazmat::PrehashVerifier;

use crate::asn1::{self, Asn1Error, Reader};
use crate::rand_core::CryptoRng;
use crate::sm2::{Sm2Ciphertext, cipher_encrypt};
use crate::{DEFAULT_USER_ID, DigestAlgorithm, DigestMemory};
use crate::{EncryptError, RsaKey, SignatureAlgorithm, Sm2PublicKey, Sm2Signature, oids};

/// Why a public key cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicKeyError {
    /// Not the DER of a SubjectPublicKeyInfo.
    #[error("public key is malformed: {0}")]
    Malformed(#[from] Asn1Error),
    /// An algorithm or curve nobody here verifies.
    #[error("public key algorithm or curve {0} is not supported: SM2, P-256, P-384 and RSA are")]
    Unsupported(ObjectIdentifier),
    /// The bytes are no point of the curve.
    #[error("public key is not a point of its curve")]
    NotOnCurve,
    /// RSA modulus out of bounds.
    #[error("RSA modulus of {bits} bits is refused: 1024 to 8192 are accepted")]
    RsaSize {
        /// Length of the modulus.
        bits: usize,
    },
    /// RSA modulus even or exponent even, below 3 or not below the modulus.
    #[error("RSA modulus or exponent cannot belong to a sound key")]
    RsaParameters,
}

impl PublicKeyError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "PUBLIC_KEY_MALFORMED",
            Self::Unsupported(_) => "PUBLIC_KEY_UNSUPPORTED",
            Self::NotOnCurve => "PUBLIC_KEY_NOT_ON_CURVE",
            Self::RsaSize { .. } => "PUBLIC_KEY_RSA_SIZE",
            Self::RsaParameters => "PUBLIC_KEY_RSA_PARAMETERS",
        }
    }
}

/// Why a signature does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The arithmetic says no: another key signed, or something else.
    #[error("signature does not match the data and the key")]
    Mismatch,
    /// The bytes are not a signature value.
    #[error("signature value is malformed: {0}")]
    Malformed(#[from] Asn1Error),
    /// r or s is zero or not below the order of the curve.
    #[error("signature value has a number outside 1..n-1")]
    SignatureOutOfRange,
    /// The algorithm does not go with the key.
    #[error("signature algorithm and public key are of different kinds")]
    AlgorithmMismatch,
    /// The user identifier is longer than 8191 bytes.
    #[error("SM2 user identifier is longer than 8191 bytes")]
    UserIdTooLong,
}

impl VerifyError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Mismatch => "SIGNATURE_MISMATCH",
            Self::Malformed(_) => "SIGNATURE_MALFORMED",
            Self::SignatureOutOfRange => "SIGNATURE_OUT_OF_RANGE",
            Self::AlgorithmMismatch => "SIGNATURE_ALGORITHM_MISMATCH",
            Self::UserIdTooLong => "SM2_USER_ID_TOO_LONG",
        }
    }
}

/// A public key on NIST P-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct P256Key(pub(crate) p256::ecdsa::VerifyingKey);

/// A public key on NIST P-384.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct P384Key(pub(crate) p384::ecdsa::VerifyingKey);

/// A public key (公钥), checked to be sound when it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKey {
    /// SM2, GB/T 32918.
    Sm2(Sm2PublicKey),
    /// NIST P-256.
    P256(P256Key),
    /// NIST P-384.
    P384(P384Key),
    /// RSA.
    Rsa(RsaKey),
}

impl PublicKey {
    /// Reads the `SubjectPublicKeyInfo` of RFC 5280 (GB/T 20518).
    ///
    /// # Errors
    /// See [`PublicKeyError`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self, PublicKeyError> {
        let mut outer = Reader::new(der);
        let mut info = outer.sequence("SubjectPublicKeyInfo SEQUENCE expected")?;
        outer.finish("bytes after SubjectPublicKeyInfo")?;
        let mut algorithm = info.sequence("AlgorithmIdentifier SEQUENCE expected")?;
        let bits = info.bits("subjectPublicKey BIT STRING expected")?;
        info.finish("more fields than SubjectPublicKeyInfo has")?;
        let oid = algorithm.oid("algorithm OBJECT IDENTIFIER expected")?;
        if oid == oids::RSA_ENCRYPTION {
            return RsaKey::from_pkcs1_der(bits).map(Self::Rsa);
        }
        if oid != oids::EC_PUBLIC_KEY {
            return Err(PublicKeyError::Unsupported(oid));
        }
        let curve = algorithm.oid("namedCurve OBJECT IDENTIFIER expected")?;
        algorithm.finish("bytes after namedCurve")?;
        Self::from_curve_point(&curve, bits)
    }

    /// Reads a point of a named curve, as an ECPrivateKey or a device gives it.
    ///
    /// # Errors
    /// [`PublicKeyError::Unsupported`] for another curve, [`PublicKeyError::NotOnCurve`].
    pub fn from_curve_point(curve: &ObjectIdentifier, sec1: &[u8]) -> Result<Self, PublicKeyError> {
        let bad = |_| PublicKeyError::NotOnCurve;
        match *curve {
            oids::CURVE_SM2 => Sm2PublicKey::from_sec1(sec1).map(Self::Sm2),
            oids::CURVE_P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
                .map(|key| Self::P256(P256Key(key)))
                .map_err(bad),
            oids::CURVE_P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
                .map(|key| Self::P384(P384Key(key)))
                .map_err(bad),
            other => Err(PublicKeyError::Unsupported(other)),
        }
    }

    /// The canonical `SubjectPublicKeyInfo`.
    pub fn spki_der(&self) -> Vec<u8> {
        let (algorithm, parameters) = match self.curve() {
            Some(curve) => (oids::EC_PUBLIC_KEY, asn1::oid(&curve)),
            None => (oids::RSA_ENCRYPTION, asn1::tlv(asn1::NULL, &[])),
        };
        let identifier = asn1::group(asn1::SEQUENCE, &[&asn1::oid(&algorithm), &parameters]);
        asn1::group(asn1::SEQUENCE, &[&identifier, &asn1::bits(&self.key_bits())])
    }

    /// Content of the `subjectPublicKey` BIT STRING, what key identifiers are digests of (RFC 5280 4.2.1.2).
    pub fn key_bits(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => key.to_pkcs1_der(),
            Self::Sm2(key) => key.sec1().to_vec(),
            Self::P256(key) => key.0.to_sec1_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.0.to_sec1_point(false).as_bytes().to_vec(),
        }
    }

    /// The uncompressed point `04‖X‖Y` of a curve key, `None` for RSA.
    pub fn sec1_point(&self) -> Option<Vec<u8>> {
        self.curve().map(|_| self.key_bits())
    }

    /// Object identifier of the curve, `None` for RSA.
    pub fn curve(&self) -> Option<ObjectIdentifier> {
        match self {
            Self::Sm2(_) => Some(oids::CURVE_SM2),
            Self::P256(_) => Some(oids::CURVE_P256),
            Self::P384(_) => Some(oids::CURVE_P384),
            Self::Rsa(_) => None,
        }
    }

    /// Name for people: `SM2`, `P-256`, `P-384`, `RSA`.
    pub fn algorithm_name(&self) -> &'static str {
        match self {
            Self::Sm2(_) => "SM2",
            Self::P256(_) => "P-256",
            Self::P384(_) => "P-384",
            Self::Rsa(_) => "RSA",
        }
    }

    /// Size in bits: of the curve's field, or of the RSA modulus.
    pub fn bits(&self) -> usize {
        match self {
            Self::Sm2(_) | Self::P256(_) => 256,
            Self::P384(_) => 384,
            Self::Rsa(key) => key.bits(),
        }
    }

    /// Verifies a signature over a message; SM2 with the default user identifier and the DER form.
    ///
    /// # Errors
    /// See [`VerifyError`]; [`VerifyError::AlgorithmMismatch`] if the algorithm is of another kind than the key.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        use SignatureAlgorithm as A;
        match (self, algorithm) {
            (Self::Sm2(_), A::Sm2Sm3) => {
                self.verify_sm2(DEFAULT_USER_ID, message, &Sm2Signature::from_der(signature)?)
            }
            (Self::P256(_) | Self::P384(_), A::EcdsaSha256 | A::EcdsaSha384) => {
                self.verify_ecdsa(algorithm.digest(), message, signature)
            }
            (Self::Rsa(key), A::RsaPkcs1Sha1 | A::RsaPkcs1Sha256 | A::RsaPkcs1Sha384 | A::RsaPkcs1Sha512) => {
                key.verify(algorithm.digest(), message, signature)
            }
            (Self::Rsa(key), A::RsaPss { digest, salt }) => key.verify_pss(digest, salt, message, signature),
            _ => Err(VerifyError::AlgorithmMismatch),
        }
    }

    fn verify_ecdsa(&self, digest: DigestAlgorithm, message: &[u8], der: &[u8]) -> Result<(), VerifyError> {
        let not_der = VerifyError::Malformed(Asn1Error { at: 0, what: "ECDSA signature is not strict DER" });
        let hashed = digest.digest(message);
        let outcome = match self {
            Self::P256(key) => {
                let signature = p256::ecdsa::Signature::from_der(der).map_err(|_| not_der)?;
                key.0.verify_prehash(&hashed, &signature)
            }
            Self::P384(key) => {
                let signature = p384::ecdsa::Signature::from_der(der).map_err(|_| not_der)?;
                key.0.verify_prehash(&hashed, &signature)
            }
            _ => return Err(VerifyError::AlgorithmMismatch),
        };
        outcome.map_err(|_| VerifyError::Mismatch)
    }

    fn sm2(&self) -> Result<&Sm2PublicKey, VerifyError> {
        if let Self::Sm2(key) = self { Ok(key) } else { Err(VerifyError::AlgorithmMismatch) }
    }

    /// Verifies an SM2 signature over a message with a user identifier (用户标识), GB/T 32918.2 clause 7.
    ///
    /// # Errors
    /// See [`VerifyError`].
    pub fn verify_sm2(
        &self,
        user_id: &[u8],
        message: &[u8],
        signature: &Sm2Signature,
    ) -> Result<(), VerifyError> {
        let key = self.sm2()?;
        key.verify_digest(&key.message_digest(user_id, message)?, signature)
    }

    /// Verifies an SM2 signature over e = SM3(Z‖M) computed before.
    ///
    /// # Errors
    /// See [`VerifyError`].
    pub fn verify_sm2_digest(&self, e: &[u8; 32], signature: &Sm2Signature) -> Result<(), VerifyError> {
        self.sm2()?.verify_digest(e, signature)
    }

    /// e = SM3(Z‖M) of a message under this key and a user identifier.
    ///
    /// # Errors
    /// [`VerifyError::AlgorithmMismatch`] for other keys, [`VerifyError::UserIdTooLong`].
    pub fn sm2_message_digest(&self, user_id: &[u8], message: &[u8]) -> Result<[u8; 32], VerifyError> {
        self.sm2()?.message_digest(user_id, message)
    }

    /// The same where messages that begin alike were digested before.
    ///
    /// # Errors
    /// As [`Self::sm2_message_digest`].
    pub fn sm2_message_digest_with(
        &self,
        user_id: &[u8],
        message: &[u8],
        met: &DigestMemory,
    ) -> Result<[u8; 32], VerifyError> {
        self.sm2()?.message_digest_with(user_id, message, met)
    }

    /// Encrypts to this SM2 key; the DER `SM2Cipher` of GM/T 0009.
    ///
    /// # Errors
    /// See [`EncryptError`].
    pub fn sm2_encrypt(&self, rng: &mut dyn CryptoRng, plaintext: &[u8]) -> Result<Vec<u8>, EncryptError> {
        self.sm2_encrypt_parts(rng, plaintext).map(|parts| parts.to_der())
    }

    /// Encrypts to this SM2 key and returns the parts, for the plain form C1C3C2.
    ///
    /// # Errors
    /// See [`EncryptError`].
    pub fn sm2_encrypt_parts(
        &self,
        rng: &mut dyn CryptoRng,
        plaintext: &[u8],
    ) -> Result<Sm2Ciphertext, EncryptError> {
        let key = self.sm2().map_err(|_| EncryptError::WrongKey)?;
        cipher_encrypt(key, rng, plaintext)
    }
}

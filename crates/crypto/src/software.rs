//! Private keys held in memory.

use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::elliptic_curve::Generate;
use zeroize::Zeroizing;

use crate::keystore::KeystoreError;
use crate::public_key::P256Key;
use crate::rand_core::CryptoRng;
use crate::sm2::{Sm2Ciphertext, Sm2Secret, cipher_decrypt};
use crate::{
    DEFAULT_USER_ID, DecryptError, DecryptionKey, PublicKey, SignError, SignatureAlgorithm, SigningKey,
    Sm2Signature, keystore,
};

/// Kinds of private key this crate makes and holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// SM2, GB/T 32918.
    Sm2,
    /// NIST P-256.
    P256,
}

/// Why private key bytes are not a usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Zero, too large, or not of the curve's size.
    #[error("private key is not a number in the range its curve allows")]
    OutOfRange,
    /// The public key stored beside does not belong to the private key.
    #[error("the public key stored with the private key belongs to another key: the file was altered")]
    PublicKeyMismatch,
}

impl KeyError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange => "PRIVATE_KEY_OUT_OF_RANGE",
            Self::PublicKeyMismatch => "PRIVATE_KEY_PUBLIC_MISMATCH",
        }
    }
}

/// A private key in memory, erased when dropped. It is exported only encrypted, by [`keystore::encrypt_pkcs8`].
pub struct SoftwareKey {
    secret: Secret,
    public: PublicKey,
    label: String,
}

enum Secret {
    Sm2(Sm2Secret),
    /// Boxed so that moving the key leaves no copy behind; erased by its own drop.
    P256(Box<p256::ecdsa::SigningKey>),
}

impl SoftwareKey {
    /// Makes a new SM2 key.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        loop {
            // The public key of a valid private key always exists; the loop only avoids a panic path.
            if let Ok(key) = Self::from_sm2(Sm2Secret::generate(rng)) {
                return key;
            }
        }
    }

    /// Makes a new key of the kind asked.
    pub fn generate_with(algorithm: KeyAlgorithm, rng: &mut dyn CryptoRng) -> Self {
        match algorithm {
            KeyAlgorithm::Sm2 => Self::generate(rng),
            KeyAlgorithm::P256 => Self::from_p256(p256::ecdsa::SigningKey::generate_from_rng(rng)),
        }
    }

    fn from_sm2(secret: Sm2Secret) -> Result<Self, KeyError> {
        let public = secret.public_key().ok_or(KeyError::OutOfRange)?;
        Ok(Self { secret: Secret::Sm2(secret), public: PublicKey::Sm2(public), label: "SM2".to_owned() })
    }

    fn from_p256(key: p256::ecdsa::SigningKey) -> Self {
        let public = PublicKey::P256(P256Key(*key.verifying_key()));
        Self { secret: Secret::P256(Box::new(key)), public, label: "P-256".to_owned() }
    }

    /// Takes over a big-endian private number.
    ///
    /// # Errors
    /// [`KeyError::OutOfRange`] unless it is in the curve's range.
    pub fn from_secret_bytes(algorithm: KeyAlgorithm, bytes: &[u8]) -> Result<Self, KeyError> {
        match algorithm {
            KeyAlgorithm::Sm2 => Self::from_sm2(Sm2Secret::from_bytes(bytes).ok_or(KeyError::OutOfRange)?),
            KeyAlgorithm::P256 => {
                let padded = Zeroizing::new(crate::sm2::left_pad(bytes).ok_or(KeyError::OutOfRange)?);
                let key = p256::ecdsa::SigningKey::from_slice(&*padded);
                key.map(Self::from_p256).map_err(|_| KeyError::OutOfRange)
            }
        }
    }

    /// Reads an unencrypted PKCS#8 `PrivateKeyInfo` (RFC 5208).
    ///
    /// # Errors
    /// See [`KeystoreError`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeystoreError> {
        keystore::parse_pkcs8(der)
    }

    /// Reads a PEM file: `PRIVATE KEY`, `ENCRYPTED PRIVATE KEY` (with the password) or `EC PRIVATE KEY`.
    ///
    /// # Errors
    /// See [`KeystoreError`].
    pub fn from_pem(pem: &str, password: Option<&[u8]>) -> Result<Self, KeystoreError> {
        keystore::read_private_key(pem.as_bytes(), password)
    }

    /// The same key under another label.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Which kind of key this is.
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        match &self.secret {
            Secret::Sm2(_) => KeyAlgorithm::Sm2,
            Secret::P256(_) => KeyAlgorithm::P256,
        }
    }

    /// The private number, for sealing inside this crate only.
    pub(crate) fn secret_bytes(&self) -> Zeroizing<[u8; 32]> {
        match &self.secret {
            Secret::Sm2(secret) => secret.to_bytes(),
            Secret::P256(key) => Zeroizing::new(key.to_bytes().into()),
        }
    }

    fn sign_sm2(&self, secret: &Sm2Secret, e: &[u8; 32]) -> Result<Sm2Signature, SignError> {
        let signature = secret.sign_digest(e).ok_or(SignError::SelfCheckFailed)?;
        self.public.verify_sm2_digest(e, &signature).map_err(|_| SignError::SelfCheckFailed)?;
        Ok(signature)
    }
}

impl SigningKey for SoftwareKey {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match &self.secret {
            Secret::Sm2(_) => SignatureAlgorithm::Sm2Sm3,
            Secret::P256(_) => SignatureAlgorithm::EcdsaSha256,
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.public {
            PublicKey::Sm2(key) => {
                let e = key.message_digest(DEFAULT_USER_ID, message);
                self.sign_digest(&e.map_err(|_| SignError::SelfCheckFailed)?)
            }
            _ => self.sign_digest(&self.algorithm().digest().digest(message)),
        }
    }

    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError> {
        let wrong = SignError::DigestLength { needed: 32, got: digest.len() };
        let digest: &[u8; 32] = digest.try_into().map_err(|_| wrong)?;
        match (&self.secret, &self.public) {
            (Secret::Sm2(secret), _) => self.sign_sm2(secret, digest).map(|signature| signature.to_der()),
            (Secret::P256(key), PublicKey::P256(public)) => {
                use p256::ecdsa::signature::hazmat::PrehashVerifier;
                let failed = |_| SignError::SelfCheckFailed;
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).map_err(failed)?;
                public.0.verify_prehash(digest, &signature).map_err(failed)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            _ => Err(SignError::Unsupported { what: "key and public key of different kinds" }),
        }
    }

    fn label(&self) -> String {
        self.label.clone()
    }

    fn is_verified_here(&self) -> bool {
        true
    }
}

impl DecryptionKey for SoftwareKey {
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        match &self.secret {
            Secret::Sm2(secret) => cipher_decrypt(secret, &Sm2Ciphertext::from_der(ciphertext)?),
            Secret::P256(_) => Err(DecryptError::Unsupported),
        }
    }

    fn decrypt_c1c3c2(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        match &self.secret {
            Secret::Sm2(secret) => cipher_decrypt(secret, &Sm2Ciphertext::from_c1c3c2(ciphertext)?),
            Secret::P256(_) => Err(DecryptError::Unsupported),
        }
    }
}

impl core::fmt::Debug for SoftwareKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SoftwareKey")
            .field("label", &self.label)
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}

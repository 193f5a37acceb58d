//! The traits behind which private keys live, in memory or in a device.

use zeroize::Zeroizing;

use crate::{Asn1Error, PublicKey, SignatureAlgorithm};

/// Why a signature was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The device or service answered no; its reason, without secrets.
    #[error("the key's holder refused to sign: {reason}")]
    Refused {
        /// What the device or service said.
        reason: String,
    },
    /// The device or service wants a PIN or an access right first.
    #[error("the key needs authorization first: unlock it and sign again")]
    AuthorizationRequired,
    /// The device or service cannot be reached.
    #[error("the key's holder cannot be reached: {reason}")]
    Unavailable {
        /// What failed, without secrets.
        reason: String,
    },
    /// The key cannot do this kind of signature.
    #[error("this key cannot sign in the way asked: {what}")]
    Unsupported {
        /// The missing ability.
        what: &'static str,
    },
    /// The digest handed in has the wrong length.
    #[error("digest is {got} bytes, the algorithm needs {needed}")]
    DigestLength {
        /// Length needed.
        needed: usize,
        /// Length handed in.
        got: usize,
    },
    /// The signature made does not verify; it was not released.
    #[error(
        "the signature made does not verify under the key's own public key and was discarded: suspect the hardware"
    )]
    SelfCheckFailed,
}

impl SignError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "SIGN_REFUSED",
            Self::AuthorizationRequired => "SIGN_AUTHORIZATION_REQUIRED",
            Self::Unavailable { .. } => "SIGN_UNAVAILABLE",
            Self::Unsupported { .. } => "SIGN_UNSUPPORTED",
            Self::DigestLength { .. } => "SIGN_DIGEST_LENGTH",
            Self::SelfCheckFailed => "SIGN_SELF_CHECK_FAILED",
        }
    }
}

/// A key that signs (签名密钥). It never gives out the private key; remote devices implement it as well.
pub trait SigningKey: Send + Sync {
    /// The public key signatures verify under.
    fn public_key(&self) -> &PublicKey;

    /// The algorithm [`Self::sign`] uses.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// Signs a message and returns the DER signature value, verified before it is returned. SM2 uses the default
    /// user identifier.
    ///
    /// # Errors
    /// See [`SignError`].
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;

    /// Signs a digest computed before: for SM2 e = SM3(Z‖M) of [`PublicKey::sm2_message_digest`].
    ///
    /// # Errors
    /// See [`SignError`]; devices that insist on hashing themselves answer [`SignError::Unsupported`].
    fn sign_digest(&self, digest: &[u8]) -> Result<Vec<u8>, SignError>;

    /// Name of the key for people and logs; no secret.
    fn label(&self) -> String;

    /// Whether this process has verified what [`Self::sign`] and [`Self::sign_digest`] return. A device may have verified
    /// its answer by itself, but what came over the line has not been looked at: whoever lets a signature out does it then.
    fn is_verified_here(&self) -> bool {
        false
    }
}

/// Why a ciphertext was not decrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecryptError {
    /// The ciphertext's outer form is wrong.
    #[error("ciphertext is malformed: {0}")]
    Malformed(#[from] Asn1Error),
    /// Wrong key or altered ciphertext; which of them is not told.
    #[error("decryption failed: the ciphertext was altered or made for another key")]
    Failed,
    /// The key cannot decrypt.
    #[error("this key cannot decrypt: an SM2 key is needed")]
    Unsupported,
    /// The device or service refused or cannot be reached; its reason, without secrets.
    #[error("the key's holder did not decrypt: {reason}")]
    Device {
        /// What the device or service said.
        reason: String,
    },
}

impl DecryptError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "DECRYPT_MALFORMED",
            Self::Failed => "DECRYPT_FAILED",
            Self::Unsupported => "DECRYPT_UNSUPPORTED",
            Self::Device { .. } => "DECRYPT_DEVICE",
        }
    }
}

/// A key that decrypts (解密密钥).
pub trait DecryptionKey: Send + Sync {
    /// Decrypts the DER `SM2Cipher` of GM/T 0009.
    ///
    /// # Errors
    /// See [`DecryptError`].
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError>;

    /// Decrypts the plain form C1‖C3‖C2 of GB/T 32918.4.
    ///
    /// # Errors
    /// See [`DecryptError`].
    fn decrypt_c1c3c2(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError>;
}

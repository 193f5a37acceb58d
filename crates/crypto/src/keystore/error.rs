//! What can be wrong with a key file.

use const_oid::ObjectIdentifier;

use crate::{Asn1Error, KeyError, PublicKeyError};

/// Why a key file cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoreError {
    /// The structure is not what key files look like.
    #[error("key file is malformed: {0}")]
    Malformed(#[from] Asn1Error),
    /// A PEM block is damaged.
    #[error("PEM file is damaged at line {line}: {what}")]
    Pem {
        /// Line, counted from 1.
        line: usize,
        /// What was wrong.
        what: &'static str,
    },
    /// Larger than [`super::MAX_FILE`].
    #[error("key file is larger than one MiB: it is something else")]
    TooLarge,
    /// Encrypted and no password given.
    #[error("key file is encrypted: give its password")]
    PasswordNeeded,
    /// Wrong password or damaged ciphertext, which cannot be told apart.
    #[error("wrong password, or the key file is damaged")]
    WrongPassword,
    /// The password cannot be used for this file format.
    #[error("the password cannot be used: {what}")]
    BadPassword {
        /// Why.
        what: &'static str,
    },
    /// Encryption, digest, MAC, curve or key type outside what is read here.
    #[error(
        "key file uses {what} {oid}, which is not supported: convert it by `openssl pkcs8 -topk8 -v2 aes-256-cbc`"
    )]
    Unsupported {
        /// The role of the algorithm.
        what: &'static str,
        /// Its identifier.
        oid: ObjectIdentifier,
    },
    /// The file asks for more password hashing than is allowed.
    #[error(
        "key file asks for {asked} rounds of password hashing, more than allowed: it is hostile or needs re-encryption"
    )]
    TooManyIterations {
        /// Rounds asked for.
        asked: u64,
    },
    /// Too few or too many rounds asked for when writing.
    #[error("{asked} rounds of password hashing are outside 1000 to 5000000")]
    BadIterations {
        /// Rounds asked for.
        asked: u32,
    },
    /// The file holds no private key this software can use.
    #[error("no usable private key in the file: an SM2 or P-256 key is needed")]
    NoPrivateKey,
    /// The private key itself is unsound.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The public key stored beside the private key is unsound.
    #[error(transparent)]
    PublicKey(#[from] PublicKeyError),
}

impl KeystoreError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "KEYSTORE_MALFORMED",
            Self::Pem { .. } => "KEYSTORE_PEM",
            Self::TooLarge => "KEYSTORE_TOO_LARGE",
            Self::PasswordNeeded => "KEYSTORE_PASSWORD_NEEDED",
            Self::WrongPassword => "KEYSTORE_WRONG_PASSWORD",
            Self::BadPassword { .. } => "KEYSTORE_BAD_PASSWORD",
            Self::Unsupported { .. } => "KEYSTORE_UNSUPPORTED",
            Self::TooManyIterations { .. } => "KEYSTORE_TOO_MANY_ITERATIONS",
            Self::BadIterations { .. } => "KEYSTORE_BAD_ITERATIONS",
            Self::NoPrivateKey => "KEYSTORE_NO_PRIVATE_KEY",
            Self::Key(inner) => inner.code(),
            Self::PublicKey(inner) => inner.code(),
        }
    }
}

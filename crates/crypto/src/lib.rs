//! SM2, SM3, SM4, the other algorithms a verifier meets, and key custody behind traits.
//!
//! This crate is the only place of the project that touches private keys. It does no input or output:
//! randomness, passwords and key bytes come in as values.
//!
//! * Digests: [`sm3()`], [`Sm3`], [`hmac_sm3`], [`DigestAlgorithm`].
//! * Verification: [`PublicKey`], [`Sm2Signature`], [`SignatureAlgorithm`].
//! * Signing: the [`SigningKey`] trait, which suits remote devices, and [`SoftwareKey`].
//! * Providers as values: [`KeyProvider`], [`CipherProvider`], [`SoftwareProvider`].
//! * Symmetric encryption: [`sm4`]. Key files: [`keystore`].

mod algorithm;
mod asn1;
mod cbc_mode;
mod digest;
mod digest_memory;
pub mod keystore;
mod oids;
mod provider;
mod public_key;
mod rsa_key;
mod signing;
mod sm2;
pub mod sm4;
mod software;

pub use algorithm::SignatureAlgorithm;
pub use asn1::Asn1Error;
pub use const_oid::ObjectIdentifier;
pub use digest::{DigestAlgorithm, Hasher, Sm3, hmac_sm3, sm3};
pub use digest_memory::DigestMemory;
pub use provider::{CipherProvider, KeyProvider, Provider, ProviderError, SoftwareProvider};
pub use public_key::{P256Key, P384Key, PublicKey, PublicKeyError, VerifyError};
pub use rand_core;
pub use rsa_key::RsaKey;
pub use signing::{DecryptError, DecryptionKey, SignError, SigningKey};
pub use sm2::{EncryptError, Sm2Ciphertext, Sm2PublicKey, Sm2Signature};
pub use software::{KeyAlgorithm, KeyError, SoftwareKey};

/// The user identifier (用户标识) GB/T 35276 and GM/T 0009 prescribe when none is agreed: `1234567812345678`.
pub const DEFAULT_USER_ID: &[u8] = b"1234567812345678";

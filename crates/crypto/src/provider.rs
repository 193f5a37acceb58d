//! Providers: where keys live and who computes, as values a program chooses at run time.

use zeroize::Zeroizing;

use crate::rand_core::CryptoRng;
use crate::sm4::{self, Sm4Error};
use crate::{KeyAlgorithm, SigningKey, SoftwareKey, hmac_sm3, sm3};

/// Why a provider did not deliver.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The provider cannot do this.
    #[error("provider {provider} cannot {what}")]
    Unsupported {
        /// Name of the provider.
        provider: String,
        /// The missing ability.
        what: &'static str,
    },
    /// The device or service failed; its reason, without secrets.
    #[error("provider {provider} failed: {reason}")]
    Failed {
        /// Name of the provider.
        provider: String,
        /// What it said.
        reason: String,
    },
}

impl ProviderError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsupported { .. } => "PROVIDER_UNSUPPORTED",
            Self::Failed { .. } => "PROVIDER_FAILED",
        }
    }
}

/// Makes keys.
pub trait KeyProvider: Send + Sync {
    /// Name for people and logs.
    fn name(&self) -> &str;

    /// Makes a new key of the kind asked, inside the provider.
    ///
    /// # Errors
    /// See [`ProviderError`].
    fn generate(
        &self,
        algorithm: KeyAlgorithm,
        rng: &mut dyn CryptoRng,
    ) -> Result<Box<dyn SigningKey>, ProviderError>;

    /// Makes a new SM2 key.
    ///
    /// # Errors
    /// See [`ProviderError`].
    fn generate_sm2(&self, rng: &mut dyn CryptoRng) -> Result<Box<dyn SigningKey>, ProviderError> {
        self.generate(KeyAlgorithm::Sm2, rng)
    }
}

/// Computes digests, MACs and SM4; devices may implement it with their own circuits.
pub trait CipherProvider: Send + Sync {
    /// SM3 digest, GB/T 32905.
    ///
    /// # Errors
    /// See [`ProviderError`].
    fn sm3(&self, data: &[u8]) -> Result<[u8; 32], ProviderError>;

    /// HMAC-SM3.
    ///
    /// # Errors
    /// See [`ProviderError`].
    fn hmac_sm3(&self, key: &[u8], data: &[u8]) -> Result<[u8; 32], ProviderError>;

    /// SM4-GCM encryption; the tag follows the ciphertext.
    ///
    /// # Errors
    /// See [`Sm4Error`].
    fn sm4_gcm_encrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8; 12],
        associated: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, Sm4Error>;

    /// SM4-GCM decryption.
    ///
    /// # Errors
    /// See [`Sm4Error`].
    fn sm4_gcm_decrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8; 12],
        associated: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Sm4Error>;

    /// SM4-CBC encryption with PKCS#7 padding.
    ///
    /// # Errors
    /// See [`Sm4Error`].
    fn sm4_cbc_encrypt(&self, key: &[u8; 16], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, Sm4Error>;

    /// SM4-CBC decryption with PKCS#7 padding.
    ///
    /// # Errors
    /// See [`Sm4Error`].
    fn sm4_cbc_decrypt(
        &self,
        key: &[u8; 16],
        iv: &[u8; 16],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Sm4Error>;
}

/// A full provider.
pub trait Provider: KeyProvider + CipherProvider {}

impl<T: KeyProvider + CipherProvider> Provider for T {}

/// The provider that computes in this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct SoftwareProvider;

impl KeyProvider for SoftwareProvider {
    fn name(&self) -> &str {
        "software"
    }

    fn generate(
        &self,
        algorithm: KeyAlgorithm,
        rng: &mut dyn CryptoRng,
    ) -> Result<Box<dyn SigningKey>, ProviderError> {
        Ok(Box::new(SoftwareKey::generate_with(algorithm, rng)))
    }
}

impl CipherProvider for SoftwareProvider {
    fn sm3(&self, data: &[u8]) -> Result<[u8; 32], ProviderError> {
        Ok(sm3(data))
    }

    fn hmac_sm3(&self, key: &[u8], data: &[u8]) -> Result<[u8; 32], ProviderError> {
        Ok(hmac_sm3(key, data))
    }

    fn sm4_gcm_encrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8; 12],
        associated: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, Sm4Error> {
        sm4::gcm_encrypt(key, nonce, associated, plaintext)
    }

    fn sm4_gcm_decrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8; 12],
        associated: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Sm4Error> {
        sm4::gcm_decrypt(key, nonce, associated, ciphertext)
    }

    fn sm4_cbc_encrypt(&self, key: &[u8; 16], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, Sm4Error> {
        Ok(sm4::cbc_encrypt(key, iv, plaintext))
    }

    fn sm4_cbc_decrypt(
        &self,
        key: &[u8; 16],
        iv: &[u8; 16],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Sm4Error> {
        sm4::cbc_decrypt(key, iv, ciphertext)
    }
}

//! Keys of seals in the workshop: made inside, used inside, never given out.
//!
//! [`SealKeys`] is what making needs of a provider; a device behind SDF (GM/T 0018) or PKCS#11 fits the same trait.
//! [`KeyShelf`] is the software provider.

mod id;
mod shelf;

use yinxin_crypto::rand_core::CryptoRng;
use yinxin_crypto::{KeyProvider, SigningKey};

pub use id::KeyId;
pub use shelf::KeyShelf;

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyStoreError {
    /// The text is no key identifier.
    #[error("密钥标识格式不正确 / not an identifier of a key")]
    Id,
    /// There is no such key, or it was destroyed.
    #[error("没有这个密钥：{0} / there is no key {0}")]
    Unknown(KeyId),
    /// The secret the store was opened with is not the one it was made with.
    #[error("密钥库口令不正确 / the secret does not open the key store")]
    WrongSecret,
    /// A file of the store is damaged or altered.
    #[error("密钥库文件已损坏：{0} / a file of the key store is damaged: {0}")]
    Damaged(String),
    /// The disk or the device.
    #[error("密钥库读写失败：{0} / the key store cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
}

impl KeyStoreError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Id => "KEY_ID",
            Self::Unknown(_) => "KEY_UNKNOWN",
            Self::WrongSecret => "KEY_STORE_SECRET",
            Self::Damaged(_) => "KEY_STORE_DAMAGED",
            Self::Io(_) => "KEY_STORE_IO",
        }
    }
}

/// A provider that keeps keys of seals under identifiers.
///
/// No method gives a private key out, and none of the traits it rests on does.
pub trait SealKeys: KeyProvider {
    /// The key of this identifier, made if there is none: asking twice gives one key. Its label is the identifier.
    ///
    /// # Errors
    /// See [`KeyStoreError`].
    fn make(&self, id: &KeyId, rng: &mut dyn CryptoRng) -> Result<Box<dyn SigningKey>, KeyStoreError>;

    /// The key of this identifier.
    ///
    /// # Errors
    /// [`KeyStoreError::Unknown`], and see there.
    fn open(&self, id: &KeyId) -> Result<Box<dyn SigningKey>, KeyStoreError>;

    /// Destroys a key for good (销毁).
    ///
    /// # Errors
    /// [`KeyStoreError::Unknown`], and see there.
    fn destroy(&self, id: &KeyId) -> Result<(), KeyStoreError>;

    /// Identifiers of the keys there are, sorted.
    ///
    /// # Errors
    /// See [`KeyStoreError`].
    fn list(&self) -> Result<Vec<KeyId>, KeyStoreError>;
}

//! Why the server does not start.

use crate::config::SecretError;
use crate::documents::DocumentError;
use crate::making::authority::AuthorityError;
use crate::security::keyring::KeyringError;
use crate::security::master_file::MasterFileError;
use crate::security::password::PasswordError;
use yinxin_store::StoreError;

/// Why the server does not start: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document store.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The key file.
    #[error(transparent)]
    Master(#[from] MasterFileError),
    /// The key ring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// A secret named by the configuration.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Password hashing.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The test authority.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// A file or folder.
    #[error("{path}：{source} / {path}: {source}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// Anything else.
    #[error("{zh} / {en}")]
    Other {
        /// Where: a key of the configuration or a part.
        at: &'static str,
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl StartError {
    /// A fault in a part.
    pub fn other(at: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Other { at, zh: zh.into(), en: en.into() }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(e) => e.code(),
            Self::Documents(e) => e.code(),
            Self::Master(e) => e.code(),
            Self::Keyring(e) => e.code(),
            Self::Secret(e) => e.code(),
            Self::Password(e) => e.code(),
            Self::Authority(e) => e.code(),
            Self::File { .. } => "START_FILE",
            Self::Other { .. } => "START",
        }
    }
}

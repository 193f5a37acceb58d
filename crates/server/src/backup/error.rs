//! Why a backup was not taken or not restored.

use crate::documents::DocumentError;
use crate::security::keyring::KeyringError;
use crate::security::master_file::MasterFileError;
use crate::start::StartError;
use std::path::Path;
use yinxin_store::StoreError;

/// Why a backup was not taken or not restored: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The registry cannot be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The document store.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The master key file.
    #[error(transparent)]
    Master(#[from] MasterFileError),
    /// The key ring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// A file or folder.
    #[error("{path}：{source} / {path}: {source}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A rule says no.
    #[error("{zh} / {en}")]
    Refused {
        /// Stable code.
        code: &'static str,
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
}

impl BackupError {
    pub(super) fn refused(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Refused { code, zh: zh.into(), en: en.into() }
    }

    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |source| Self::File { path, source }
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Start(e) => e.code(),
            Self::Store(e) => e.code(),
            Self::Documents(e) => e.code(),
            Self::Master(e) => e.code(),
            Self::Keyring(e) => e.code(),
            Self::File { .. } => "BACKUP_FILE",
            Self::Refused { code, .. } => code,
        }
    }
}

/// A file that is not what the backup says.
pub(super) fn damaged(name: &str, zh: &str, en: &str) -> BackupError {
    BackupError::refused("BACKUP_DAMAGED", format!("备份文件 {name} {zh}"), format!("{name}: {en}"))
}

//! Secrets: where they are read from.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::security::Secret;

/// Longest secret in bytes; more is the wrong file.
const LONGEST: u64 = 64 * 1024;

/// Where a secret is found: never in the configuration itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SecretSource {
    /// A file that holds nothing else; one line break at its end is dropped.
    File(PathBuf),
    /// An environment variable.
    Env(String),
}

/// Why a secret could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("无法读取密钥文件 {}：{error}；请检查路径和权限 / cannot read the secret file {}: {error}", path.display(), path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The environment variable is not set.
    #[error("环境变量 {0} 未设置，请设置它 / the environment variable {0} is not set")]
    Env(String),
    /// Nothing in it.
    #[error("{0} 中的密钥为空 / the secret in {0} is empty")]
    Empty(String),
    /// Not text, or far too long.
    #[error("{0} 中不是一行文本密钥 / {0} does not hold a secret as text")]
    NotText(String),
}

impl SecretError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "SECRET_FILE_UNREADABLE",
            Self::Env(_) => "SECRET_ENV_MISSING",
            Self::Empty(_) => "SECRET_EMPTY",
            Self::NotText(_) => "SECRET_NOT_TEXT",
        }
    }
}

impl SecretSource {
    /// Reads the secret.
    ///
    /// # Errors
    /// [`SecretError`] when it is absent, empty or not text.
    pub fn read(&self) -> Result<Secret, SecretError> {
        let (mut text, place) = match self {
            Self::File(path) => {
                let fail = |error| SecretError::File { path: path.clone(), error };
                if std::fs::metadata(path).map_err(fail)?.len() > LONGEST {
                    return Err(SecretError::NotText(self.to_string()));
                }
                let bytes = Zeroizing::new(std::fs::read(path).map_err(fail)?);
                match std::str::from_utf8(&bytes) {
                    Ok(text) => (Zeroizing::new(text.to_owned()), self.to_string()),
                    Err(_) => return Err(SecretError::NotText(self.to_string())),
                }
            }
            Self::Env(name) => match std::env::var(name) {
                Ok(text) => (Zeroizing::new(text), self.to_string()),
                Err(std::env::VarError::NotPresent) => return Err(SecretError::Env(name.clone())),
                Err(std::env::VarError::NotUnicode(_)) => return Err(SecretError::NotText(self.to_string())),
            },
        };
        if text.ends_with('\n') {
            text.pop();
            if text.ends_with('\r') {
                text.pop();
            }
        }
        if text.is_empty() { Err(SecretError::Empty(place)) } else { Ok(Secret::new(text.as_str())) }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Env(name) => write!(f, "env {name}"),
        }
    }
}

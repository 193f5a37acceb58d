//! Why the gate stays shut.

use yinxin_registry::lifecycle::Refused;

use crate::making::JournalError;
use crate::making::keys::KeyStoreError;

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GateFault {
    /// Nothing was asked.
    #[error("没有待签内容 / there is nothing to sign")]
    Empty,
    /// The token is not the registry's.
    #[error("用印令牌不是由登记系统签发 / the token is not signed by the registry")]
    Issuer,
    /// The token does not allow this.
    #[error("{message}")]
    Token {
        /// Stable code.
        code: &'static str,
        /// In Chinese and English.
        message: String,
    },
    /// The token was used before.
    #[error("用印令牌已经使用过 / the token was used before")]
    Spent,
    /// What is to be signed is no sound TBS_Sign; the code of the reader.
    #[error("待签内容不是规范的签章数据（{0}） / what is to be signed is no sound TBS_Sign ({0})")]
    Form(&'static str),
    /// The digest of the approval is not one, or stands there twice.
    #[error("待签内容中的审批摘要不正确 / the digest of the approval is not in order")]
    Approval,
    /// The key cannot be had.
    #[error("{message}")]
    KeyStore {
        /// Stable code.
        code: &'static str,
        /// In Chinese and English.
        message: String,
    },
    /// The key's holder did not sign.
    #[error("密钥设备未能签名：{0} / the key's holder did not sign: {0}")]
    Key(String),
    /// The signature does not verify; it was thrown away.
    #[error("密钥设备给出的签名验证不通过，已丢弃 / the signature made does not verify and was thrown away")]
    WrongSignature,
    /// The list of used tokens cannot be kept.
    #[error("{message}")]
    Journal {
        /// Stable code.
        code: &'static str,
        /// In Chinese and English.
        message: String,
    },
}

impl GateFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "GATE_EMPTY",
            Self::Issuer => "TOKEN_ISSUER",
            Self::Token { code, .. } | Self::KeyStore { code, .. } | Self::Journal { code, .. } => code,
            Self::Spent => "TOKEN_SPENT",
            Self::Form(_) => "TO_SIGN_FORM",
            Self::Approval => "TO_SIGN_APPROVAL",
            Self::Key(_) => "KEY_FAILED",
            Self::WrongSignature => "KEY_WRONG_SIGNATURE",
        }
    }
}

impl From<Refused> for GateFault {
    fn from(refused: Refused) -> Self {
        Self::Token { code: refused.code(), message: refused.to_string() }
    }
}

impl From<KeyStoreError> for GateFault {
    fn from(error: KeyStoreError) -> Self {
        Self::KeyStore { code: error.code(), message: error.to_string() }
    }
}

impl From<JournalError> for GateFault {
    fn from(error: JournalError) -> Self {
        Self::Journal { code: error.code(), message: error.to_string() }
    }
}

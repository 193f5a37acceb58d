//! Why a document could not be kept or read, sorted by what the caller is told.

use std::error::Error as _;
use std::io;

use super::Digest;
use crate::http::problem::{Code, Problem};

/// Longest reason kept for the log, in characters.
const REASON: usize = 300;

/// Why a document could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The store cannot be reached, or refuses: passes by itself or by the operator's hand.
    #[error("材料存储不可用：{reason} / the document store is not available: {reason}")]
    Unavailable {
        /// For the log, not for callers.
        reason: String,
    },
    /// Disk or quota is full; nothing was written.
    #[error("材料存储空间不足：{reason} / the document store is full: {reason}")]
    Full {
        /// For the log, not for callers.
        reason: String,
    },
    /// No document has this digest.
    #[error("没有摘要为 {0} 的材料 / there is no document with digest {0}")]
    NotFound(Digest),
    /// What is stored is not what was put there.
    #[error(
        "摘要为 {digest} 的材料已被改动或损坏：{what} / the document with digest {digest} is altered or damaged: {what}"
    )]
    Integrity {
        /// Which document.
        digest: Digest,
        /// Which check failed.
        what: &'static str,
    },
    /// It is encrypted under a key that this process was not given.
    #[error(
        "材料 {digest} 由第 {number} 号密钥加密，本进程没有该密钥 / document {digest} is encrypted under key {number}, which this process has not"
    )]
    UnknownKey {
        /// Which document.
        digest: Digest,
        /// Number of the key.
        number: u32,
    },
    /// Content is longer than allowed.
    #[error("材料超过 {limit} 字节 / the document is larger than {limit} bytes")]
    TooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// The content stopped coming before its end.
    #[error("材料没有收全：{reason} / the document did not arrive whole: {reason}")]
    Interrupted {
        /// What the sender's side said.
        reason: String,
    },
    /// The store cannot be set up as configured.
    #[error("材料存储无法打开：{reason} / the document store cannot be opened: {reason}")]
    Setup {
        /// What is wrong.
        reason: String,
    },
}

impl DocumentError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "DOCUMENTS_UNAVAILABLE",
            Self::Full { .. } => "DOCUMENTS_FULL",
            Self::NotFound(_) => "DOCUMENT_NOT_FOUND",
            Self::Integrity { .. } => "DOCUMENT_INTEGRITY",
            Self::UnknownKey { .. } => "DOCUMENT_KEY_UNKNOWN",
            Self::TooLarge { .. } => "DOCUMENT_TOO_LARGE",
            Self::Interrupted { .. } => "DOCUMENT_INTERRUPTED",
            Self::Setup { .. } => "DOCUMENTS_SETUP",
        }
    }

    /// Sorts an error of the store that is not about one absent document.
    pub(super) fn of_store(error: &object_store::Error) -> Self {
        let reason = reason(error);
        if is_full(error) { Self::Full { reason } } else { Self::Unavailable { reason } }
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match &error {
            DocumentError::Unavailable { .. } | DocumentError::Setup { .. } => Self::new(Code::Unavailable),
            DocumentError::Full { .. } => Self::new(Code::StorageFull),
            DocumentError::NotFound(_) => Self::new(Code::NotFound),
            DocumentError::Integrity { .. } => Self::new(Code::Integrity),
            DocumentError::UnknownKey { .. } => Self::new(Code::Internal),
            DocumentError::TooLarge { limit } => Self::new(Code::BodyTooLarge).detail(
                format!("材料不可超过 {limit} 字节。"),
                format!("A document may have {limit} bytes at most."),
            ),
            DocumentError::Interrupted { .. } => Self::new(Code::BadRequest)
                .detail("材料没有收全，请重新上传。", "The document did not arrive whole; send it again."),
        }
    }
}

/// Whether the cause is a full disk or quota, on the file system or at the service.
fn is_full(error: &object_store::Error) -> bool {
    let mut cause = error.source();
    while let Some(at) = cause {
        if let Some(io) = at.downcast_ref::<io::Error>()
            && matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        {
            return true;
        }
        cause = at.source();
    }
    let text = error.to_string();
    ["507 Insufficient Storage", "StorageFull", "QuotaExceeded"].iter().any(|sign| text.contains(sign))
}

/// The error's words without the body of an answer: a service may repeat the request's credentials there.
fn reason(error: &object_store::Error) -> String {
    let text = error.to_string();
    let words = text.split('<').next().unwrap_or_default();
    words.chars().take(REASON).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

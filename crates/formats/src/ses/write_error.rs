//! Why a seal or signature was not written.

use crate::der::ParseError;

use super::SesVersion;

/// Refusal to write a seal or signature that the standard forbids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SesWriteError {
    /// Only v4 and v5 are written.
    #[error("layout {0} is read but never written; use v4 or v5")]
    VersionNotWritten(SesVersion),
    /// A signature must be of the version of its seal.
    #[error("a signature of {signature} cannot hold a seal of {seal}; sign in the version of the seal")]
    VersionDiffers {
        /// Version asked for.
        signature: SesVersion,
        /// Version of the seal.
        seal: SesVersion,
    },
    /// A text field is empty, too long, or holds characters it must not hold.
    #[error("{field}: {reason}")]
    Text {
        /// Field in the standard's terms.
        field: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// The list of signers is empty, too long, or an entry is malformed.
    #[error("certList: {0}")]
    CertList(&'static str),
    /// A time cannot be written, or the times contradict each other.
    #[error("{field}: {reason}")]
    Time {
        /// Field in the standard's terms.
        field: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// The picture is unfit.
    #[error("picture: {0}")]
    Picture(&'static str),
    /// Extension data are unfit.
    #[error("extDatas: {0}")]
    Extension(&'static str),
    /// The digest has another length than 32 bytes.
    #[error("dataHash has {0} bytes; hand in the 32 bytes of an SM3 digest")]
    DataHash(usize),
    /// A part that is already encoded is not what it should be.
    #[error("{field}: {reason}")]
    Part {
        /// Field in the standard's terms.
        field: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// A timestamp was handed in for a seal of v4, which has no place for it.
    #[error("a v4 seal has no place for a timestamp; make a v5 seal")]
    TimestampInV4Seal,
    /// A part that is already encoded cannot be read.
    #[error("{field} cannot be read: {error}")]
    Unreadable {
        /// Field in the standard's terms.
        field: &'static str,
        /// Why.
        #[source]
        error: ParseError,
    },
    /// A part that is already encoded deviates from the standard.
    #[error("{field} deviates from the standard: {code}")]
    Deviates {
        /// Field in the standard's terms.
        field: &'static str,
        /// Code of the first deviation.
        code: &'static str,
    },
}

impl SesWriteError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::VersionNotWritten(_) => "SES_VERSION_NOT_WRITTEN",
            Self::VersionDiffers { .. } => "SES_VERSION_DIFFERS",
            Self::Text { .. } => "SES_TEXT",
            Self::CertList(_) => "SES_CERT_LIST",
            Self::Time { .. } => "SES_TIME",
            Self::Picture(_) => "SES_PICTURE",
            Self::Extension(_) => "SES_EXTENSION",
            Self::DataHash(_) => "SES_DATA_HASH",
            Self::Part { .. } => "SES_PART",
            Self::TimestampInV4Seal => "SES_TIMESTAMP_IN_V4_SEAL",
            Self::Unreadable { .. } => "SES_UNREADABLE",
            Self::Deviates { .. } => "SES_DEVIATES",
        }
    }
}

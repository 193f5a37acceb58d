//! Why something was not written.

use yinxin_crypto::SignError;

use crate::der::ParseError;

/// Why a structure was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// What was asked for is not allowed by the standard.
    #[error("{what} cannot be written: {why}")]
    Invalid {
        /// The part.
        what: &'static str,
        /// The rule it breaks.
        why: &'static str,
    },
    /// A structure handed in cannot be read.
    #[error("{what} handed in cannot be read: {source}")]
    Input {
        /// The part.
        what: &'static str,
        /// Where and why.
        source: ParseError,
    },
    /// The key did not sign.
    #[error("signing failed: {0}")]
    Sign(#[from] SignError),
}

impl BuildError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "BUILD_INVALID",
            Self::Input { .. } => "BUILD_INPUT",
            Self::Sign(e) => e.code(),
        }
    }
}

//! Why a job did not come to its end.

use crate::app::Stop;
use crate::http::Problem;
use yinxin_registry::lifecycle::Refused;
use yinxin_store::StoreError;

/// Why a job did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct Fault {
    words: String,
    hopeless: bool,
}

impl Fault {
    /// It will never succeed as it is.
    pub fn hopeless(words: impl Into<String>) -> Self {
        Self { words: words.into(), hopeless: true }
    }

    /// It may succeed later.
    pub fn passing(words: impl Into<String>) -> Self {
        Self { words: words.into(), hopeless: false }
    }

    /// Whether trying again cannot help.
    pub fn is_hopeless(&self) -> bool {
        self.hopeless
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::passing(error.to_string())
    }
}

impl From<Refused> for Fault {
    fn from(refused: Refused) -> Self {
        Self::passing(refused.to_string())
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self::passing(problem.to_string())
    }
}

impl From<Stop> for Fault {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Problem(problem) => problem.into(),
            Stop::Replay(_) => Self::passing("an answer where none was asked for"),
        }
    }
}

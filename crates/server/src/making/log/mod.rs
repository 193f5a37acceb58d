//! The work log (制作日志): what was done for each order, written down before the next step, so that a crash between two steps
//! neither repeats nor loses one.

mod file;
mod step;

pub use file::FileLog;
pub use step::{LoggedPicture, Step};

use super::journal::JournalError;

/// Why the log does not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The identifier cannot be one of a seal.
    #[error("印章标识格式不正确 / not an identifier of a seal")]
    Id,
    /// The approval was used for another seal.
    #[error("该准予制作凭证已用于另一枚印章（{0}） / the approval was used for another seal ({0})")]
    ApprovalUsed(String),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl LogError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Id => "LOG_ID",
            Self::ApprovalUsed(_) => "APPROVAL_USED",
            Self::Journal(e) => e.code(),
        }
    }
}

impl From<std::io::Error> for LogError {
    fn from(e: std::io::Error) -> Self {
        Self::Journal(JournalError::Io(e))
    }
}

/// The log of one order, held by this task alone until dropped.
pub trait OrderLog: Send {
    /// What was done, in order.
    fn steps(&self) -> &[Step];

    /// Writes a step down. When this returns without error, the step survives a crash.
    ///
    /// # Errors
    /// See [`LogError`].
    fn append(&mut self, step: Step) -> Result<(), LogError>;
}

/// The log of a workshop.
pub trait WorkLog: Send + Sync {
    /// Opens the log of the order for this seal (the registry's key of it), making it if absent.
    ///
    /// # Errors
    /// `JOURNAL_BUSY` where somebody works on the order; see [`LogError`].
    fn open(&self, seal: &str) -> Result<Box<dyn OrderLog>, LogError>;

    /// What was done for a seal, without holding its log; empty where it is not known.
    ///
    /// # Errors
    /// See [`LogError`].
    fn read(&self, seal: &str) -> Result<Vec<Step>, LogError>;

    /// The seals there are logs of, sorted.
    ///
    /// # Errors
    /// See [`LogError`].
    fn seals(&self) -> Result<Vec<String>, LogError>;

    /// Notes that an approval is used for a seal. An approval serves one seal only; asking again for the same is fine.
    ///
    /// # Errors
    /// [`LogError::ApprovalUsed`]; see there.
    fn claim(&self, authority: &str, number: &str, seal: &str) -> Result<(), LogError>;

    /// The seal an approval was used for, if any.
    ///
    /// # Errors
    /// See [`LogError`].
    fn claimed(&self, authority: &str, number: &str) -> Result<Option<String>, LogError>;
}

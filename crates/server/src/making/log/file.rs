//! The work log in a folder: a journal per order, a file per approval used.

use std::path::{Path, PathBuf};

use yinxin_crypto::rand_core::UnwrapErr;
use yinxin_crypto::sm3;

use super::super::durable;
use super::super::journal::{Journal, JournalError};
use super::{LogError, OrderLog, Step, WorkLog};

const EXTENSION: &str = "jsonl";
/// Largest note of an approval used, bytes.
const MAX_CLAIM: u64 = 1 << 10;

/// The log in a folder: `orders/<seal>.jsonl`, `approvals/<SM3 of authority and number>`.
#[derive(Debug)]
pub struct FileLog {
    folder: PathBuf,
}

impl FileLog {
    /// Opens the log in `folder`, making it if absent.
    ///
    /// # Errors
    /// `JOURNAL_IO`.
    pub fn open(folder: &Path) -> Result<Self, LogError> {
        durable::private_folder(&folder.join("orders"))?;
        durable::private_folder(&folder.join("approvals"))?;
        Ok(Self { folder: folder.to_owned() })
    }

    fn order_path(&self, seal: &str) -> Result<PathBuf, LogError> {
        if is_id(seal) {
            Ok(self.folder.join("orders").join(format!("{seal}.{EXTENSION}")))
        } else {
            Err(LogError::Id)
        }
    }

    fn claim_path(&self, authority: &str, number: &str) -> PathBuf {
        let both = [authority.as_bytes(), &[0], number.as_bytes()].concat();
        self.folder.join("approvals").join(hex::encode(sm3(&both)))
    }
}

/// What may stand in a file name everywhere.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

struct FileOrderLog {
    journal: Journal,
    steps: Vec<Step>,
}

impl OrderLog for FileOrderLog {
    fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn append(&mut self, step: Step) -> Result<(), LogError> {
        self.journal.append(&step)?;
        self.steps.push(step);
        Ok(())
    }
}

impl WorkLog for FileLog {
    fn open(&self, seal: &str) -> Result<Box<dyn OrderLog>, LogError> {
        let (journal, steps) = Journal::open(&self.order_path(seal)?)?;
        Ok(Box::new(FileOrderLog { journal, steps }))
    }

    fn read(&self, seal: &str) -> Result<Vec<Step>, LogError> {
        match Journal::peek(&self.order_path(seal)?) {
            Err(JournalError::Io(e)) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            other => Ok(other?),
        }
    }

    fn seals(&self) -> Result<Vec<String>, LogError> {
        let mut out = Vec::new();
        for entry in std::fs::read_dir(self.folder.join("orders"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == EXTENSION)
                && let Some(id) = path.file_stem().and_then(|s| s.to_str()).filter(|s| is_id(s))
            {
                out.push(id.to_owned());
            }
        }
        out.sort();
        Ok(out)
    }

    fn claim(&self, authority: &str, number: &str, seal: &str) -> Result<(), LogError> {
        if !is_id(seal) {
            return Err(LogError::Id);
        }
        let path = self.claim_path(authority, number);
        // The random part only keeps names of unfinished files apart.
        durable::create(&path, seal.as_bytes(), &mut UnwrapErr(getrandom::SysRng))?;
        match self.claimed(authority, number)? {
            Some(by) if by != seal => Err(LogError::ApprovalUsed(by)),
            _ => Ok(()),
        }
    }

    fn claimed(&self, authority: &str, number: &str) -> Result<Option<String>, LogError> {
        match durable::read(&self.claim_path(authority, number), MAX_CLAIM) {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }
}

//! A journal: one JSON value a line, appended and on the disk before the call returns, locked by one process.
//!
//! Every line carries the SM3 of the line before and its own value, so that a changed, lost or moved line is noticed. What
//! a crash left of a line that was never acknowledged has no line end and is cut off.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use yinxin_crypto::{Sm3, sm3};

use super::durable;

/// Largest journal read, bytes.
const MAX_JOURNAL: u64 = 1 << 30;
const HEAD: &str = "{\"sum\":\"";
const MIDDLE: &str = "\",\"entry\":";

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process, or another task of this one, works on it.
    #[error("日志正被占用 / the journal is in use: {0}")]
    Busy(String),
    /// A line is damaged, altered, missing or moved.
    #[error("日志第 {line} 行已损坏或被改动 / line {line} of the journal is damaged or altered")]
    Damaged {
        /// Number of the line, from 1.
        line: usize,
    },
    /// The disk.
    #[error("日志读写失败：{0} / the journal cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

impl JournalError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Busy(_) => "JOURNAL_BUSY",
            Self::Damaged { .. } => "JOURNAL_DAMAGED",
            Self::Io(_) => "JOURNAL_IO",
        }
    }
}

/// An open journal. The lock goes when it is dropped.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    sum: [u8; 32],
    length: u64,
}

impl Journal {
    /// Opens the journal at `path`, making it if absent; gives what it holds.
    pub(crate) fn open<T: DeserializeOwned>(path: &Path) -> Result<(Self, Vec<T>), JournalError> {
        let mut file = durable::open_append(path)?;
        if !durable::lock(&file)? {
            return Err(JournalError::Busy(path.display().to_string()));
        }
        let bytes = read_all(&mut file)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |last| last + 1);
        let (entries, sum) = read_lines(bytes.get(..whole).unwrap_or_default())?;
        let length = whole as u64;
        if whole < bytes.len() {
            file.set_len(length)?;
            file.sync_all()?;
        }
        Ok((Self { file, sum, length }, entries))
    }

    /// Reads a journal without taking its lock; a line being written is left out.
    pub(crate) fn peek<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, JournalError> {
        let bytes = durable::read(path, MAX_JOURNAL)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |last| last + 1);
        read_lines(bytes.get(..whole).unwrap_or_default()).map(|(entries, _)| entries)
    }

    /// Appends one value. When this returns without error, the value survives a crash; with an error, it is not there.
    pub(crate) fn append<T: Serialize>(&mut self, entry: &T) -> Result<(), JournalError> {
        self.append_all(std::slice::from_ref(entry))
    }

    /// Appends values, on the disk together: all of them are there, or, with an error, none.
    pub(crate) fn append_all<T: Serialize>(&mut self, entries: &[T]) -> Result<(), JournalError> {
        let (mut sum, mut lines) = (self.sum, String::new());
        for entry in entries {
            let json = serde_json::to_string(entry).map_err(io::Error::other)?;
            sum = next_sum(&sum, json.as_bytes());
            lines.push_str(&format!("{HEAD}{}{MIDDLE}{json}}}\n", hex::encode(sum)));
        }
        let written = self.file.write_all(lines.as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(e) = written {
            // What got written must not stand before the next line.
            self.file.set_len(self.length)?;
            return Err(e.into());
        }
        self.sum = sum;
        self.length = self.length.saturating_add(lines.len() as u64);
        Ok(())
    }
}

fn read_all(file: &mut File) -> io::Result<Vec<u8>> {
    if file.metadata()?.len() > MAX_JOURNAL {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "larger than 1 GiB"));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_lines<T: DeserializeOwned>(bytes: &[u8]) -> Result<(Vec<T>, [u8; 32]), JournalError> {
    let (mut sum, mut entries) = (first_sum(), Vec::new());
    for (index, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        let damaged = || JournalError::Damaged { line: index + 1 };
        let text = std::str::from_utf8(line).map_err(|_| damaged())?.trim_end_matches('\n');
        let rest = text.strip_prefix(HEAD).ok_or_else(damaged)?;
        let (stated, rest) = rest.split_once(MIDDLE).ok_or_else(damaged)?;
        let json = rest.strip_suffix('}').ok_or_else(damaged)?;
        sum = next_sum(&sum, json.as_bytes());
        if stated != hex::encode(sum) {
            return Err(damaged());
        }
        entries.push(serde_json::from_str(json).map_err(|_| damaged())?);
    }
    Ok((entries, sum))
}

fn first_sum() -> [u8; 32] {
    sm3(b"yinxin-journal-1")
}

fn next_sum(previous: &[u8; 32], json: &[u8]) -> [u8; 32] {
    let mut hasher = Sm3::new();
    hasher.update(previous);
    hasher.update(json);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn lines(path: &Path) -> Result<Vec<u32>, JournalError> {
        Journal::open::<u32>(path).map(|(_, entries)| entries)
    }

    fn written() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        let (mut journal, none) = Journal::open::<u32>(&path).unwrap();
        assert!(none.is_empty());
        (1..=3).for_each(|n| journal.append(&n).unwrap());
        (folder, path)
    }

    #[test]
    fn what_was_appended_is_there_again() {
        let (_folder, path) = written();
        assert_eq!(lines(&path).unwrap(), [1, 2, 3]);
        assert_eq!(Journal::peek::<u32>(&path).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn a_torn_last_line_is_cut_off_and_the_next_one_stands() {
        let (_folder, path) = written();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"{\"sum\":\"00ff");
        std::fs::write(&path, bytes).unwrap();
        let (mut journal, entries) = Journal::open::<u32>(&path).unwrap();
        assert_eq!(entries, [1, 2, 3]);
        journal.append(&4u32).unwrap();
        drop(journal);
        assert_eq!(lines(&path).unwrap(), [1, 2, 3, 4]);
    }

    #[test]
    fn notices_a_changed_a_removed_and_a_moved_line() {
        let (_folder, path) = written();
        let text = std::fs::read_to_string(&path).unwrap();
        let l: Vec<&str> = text.lines().collect();
        for (bent, at) in [
            (text.replace("\"entry\":2", "\"entry\":7"), 2),
            (format!("{}\n{}\n", l[0], l[2]), 2),
            (format!("{}\n{}\n{}\n", l[1], l[0], l[2]), 1),
            (text.replace("sum", "sun"), 1),
        ] {
            std::fs::write(&path, bent).unwrap();
            assert!(matches!(lines(&path), Err(JournalError::Damaged { line }) if line == at));
        }
    }

    #[test]
    fn two_at_once_are_refused() {
        let (_folder, path) = written();
        let (held, _) = Journal::open::<u32>(&path).unwrap();
        assert!(matches!(lines(&path), Err(JournalError::Busy(_))));
        drop(held);
        assert!(lines(&path).is_ok());
    }
}

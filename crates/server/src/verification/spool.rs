//! Documents on the way: small ones stay in memory, larger ones lie in files. The files have no name: their space is free as soon as
//! nobody reads them any more, whoever is killed.

use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use yinxin_crypto::Sm3;

/// The folder, and what may lie in it.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    most: u64,
    used: Arc<AtomicU64>,
}

/// A document being brought, and the digest of what has come of it.
#[derive(Debug)]
pub(super) struct Draft {
    folder: PathBuf,
    file: Option<File>,
    digest: Sm3,
    share: Share,
}

/// A document that was brought.
#[derive(Debug)]
pub(super) enum Content {
    /// A small one.
    Memory(Vec<u8>),
    /// A file without a name.
    File(File),
}

/// Reads a document.
#[derive(Debug)]
pub(super) enum Reader<'a> {
    Memory(Cursor<&'a [u8]>),
    File(&'a File),
}

impl Content {
    pub(super) fn reader(&self) -> Reader<'_> {
        match self {
            Self::Memory(bytes) => Reader::Memory(Cursor::new(bytes)),
            Self::File(file) => Reader::File(file),
        }
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Memory(bytes) => bytes.read(buffer),
            Self::File(file) => file.read(buffer),
        }
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Memory(bytes) => bytes.seek(to),
            Self::File(file) => file.seek(to),
        }
    }
}

/// What a file takes of the disk.
#[derive(Debug)]
pub(super) struct Share {
    size: u64,
    most: u64,
    used: Arc<AtomicU64>,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.used.fetch_sub(self.size, Ordering::Relaxed);
    }
}

impl Share {
    /// Takes more of the disk; `false` when there is not so much.
    fn grow(&mut self, by: u64) -> bool {
        let grown = |used: u64| used.checked_add(by).filter(|used| *used <= self.most);
        let taken = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).is_ok();
        if taken {
            self.size = self.size.saturating_add(by);
        }
        taken
    }
}

impl Spool {
    pub(super) fn new(folder: PathBuf, most: u64) -> Self {
        Self { folder, most, used: Arc::default() }
    }

    /// A document of which nothing has come yet.
    pub(super) fn draft(&self) -> Draft {
        let share = Share { size: 0, most: self.most, used: Arc::clone(&self.used) };
        Draft { folder: self.folder.clone(), file: None, digest: Sm3::new(), share }
    }

    /// Removes files that have a name.
    pub(super) fn sweep(&self) -> io::Result<usize> {
        let found = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            found => found?,
        };
        let mut gone = 0;
        for entry in found {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                std::fs::remove_file(entry.path())?;
                gone += 1;
            }
        }
        Ok(gone)
    }
}

impl Draft {
    /// Writes what comes next to the file, which is made for the first part.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.share.grow(bytes.len() as u64) {
            return Err(ErrorKind::QuotaExceeded.into());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(nameless(&self.folder)?),
        };
        file.write_all(bytes)?;
        self.digest.update(bytes);
        Ok(())
    }

    /// Whether all that came is in the last part, which then need not be written.
    pub(super) fn is_empty(&self) -> bool {
        self.file.is_none()
    }

    /// The document with its last part, its digest, and what it takes of the disk.
    pub(super) fn finish(mut self, last: Vec<u8>) -> io::Result<(Content, [u8; 32], Share)> {
        if self.is_empty() {
            self.digest.update(&last);
        } else {
            self.write(&last)?;
        }
        let content = self.file.map_or(Content::Memory(last), Content::File);
        Ok((content, self.digest.finalize(), self.share))
    }
}

fn nameless(folder: &Path) -> io::Result<File> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let mut name = [0; 16];
    UnwrapErr(SysRng).fill_bytes(&mut name);
    let path = folder.join(hex::encode(name));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path)?;
    match std::fs::remove_file(&path) {
        // Another process of the same folder has just swept.
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_no_name_and_its_space_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("v"), 10);
        let mut draft = spool.draft();
        draft.write(b"123456").unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join("v")).unwrap().count(), 0);
        let mut other = spool.draft();
        assert_eq!(other.write(b"12345").unwrap_err().kind(), ErrorKind::QuotaExceeded);
        other.write(b"12").unwrap();
        let (content, digest, share) = draft.finish(b"78".to_vec()).unwrap();
        assert_eq!(digest, yinxin_crypto::sm3(b"12345678"));
        let mut read = Vec::new();
        let mut reader = content.reader();
        reader.rewind().unwrap();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"12345678");
        drop((content, share));
        other.write(b"12345678").unwrap();
        drop(other);
        assert_eq!(spool.used.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_came_in_one_part_needs_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("v"), 0);
        let (content, digest, _share) = spool.draft().finish(b"12345678".to_vec()).unwrap();
        assert_eq!(digest, yinxin_crypto::sm3(b"12345678"));
        let mut reader = content.reader();
        assert_eq!(reader.seek(SeekFrom::Start(6)).unwrap(), 6);
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"78");
        assert!(!folder.path().join("v").exists());
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("v"), 10);
        assert_eq!(spool.sweep().unwrap(), 0);
        let mut draft = spool.draft();
        draft.write(b"1").unwrap();
        std::fs::write(folder.path().join("v").join("left"), b"left").unwrap();
        std::fs::create_dir(folder.path().join("v").join("somebody's")).unwrap();
        assert_eq!(spool.sweep().unwrap(), 1);
        assert_eq!(std::fs::read_dir(folder.path().join("v")).unwrap().count(), 1);
        draft.write(b"2").unwrap();
    }
}

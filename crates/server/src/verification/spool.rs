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

/// Bytes that are gathered before they are written; a document of fewer is never written.
const PART: usize = 128 << 10;
/// Most bytes of a document that stays in memory because its length was announced and there is room.
const WHOLE: u64 = 1 << 20;
/// Room for such documents, in bytes, all together.
const MEMORY: u64 = 64 << 20;

/// The folder, and what may lie in it.
#[derive(Debug)]
pub(super) struct Spool {
    folder: PathBuf,
    disk: Room,
    memory: Room,
}

/// A document being brought, and the digest of what has come of it.
#[derive(Debug)]
pub(super) struct Draft {
    folder: PathBuf,
    file: Option<File>,
    digest: Sm3,
    /// What came and is not written.
    part: Vec<u8>,
    /// Whether all of it stays in memory.
    whole: bool,
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

/// Bytes of the disk, or of memory, for all documents on the way.
#[derive(Debug, Clone)]
struct Room {
    most: u64,
    used: Arc<AtomicU64>,
}

impl Room {
    fn of(most: u64) -> Self {
        Self { most, used: Arc::default() }
    }

    /// Nothing of it yet.
    fn share(&self) -> Share {
        Share { size: 0, room: self.clone() }
    }
}

/// What a document takes of it.
#[derive(Debug)]
pub(super) struct Share {
    size: u64,
    room: Room,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.room.used.fetch_sub(self.size, Ordering::Relaxed);
    }
}

impl Share {
    /// Takes more; `false` when there is not so much.
    fn grow(&mut self, by: u64) -> bool {
        let grown = |used: u64| used.checked_add(by).filter(|used| *used <= self.room.most);
        let taken = self.room.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown).is_ok();
        if taken {
            self.size = self.size.saturating_add(by);
        }
        taken
    }
}

impl Spool {
    pub(super) fn new(folder: PathBuf, most: u64) -> Self {
        Self { folder, disk: Room::of(most), memory: Room::of(MEMORY) }
    }

    /// A document of which nothing has come yet, and how many bytes are to come, where that is certain.
    pub(super) fn draft(&self, announced: Option<u64>) -> Draft {
        let (folder, file, digest) = (self.folder.clone(), None, Sm3::new());
        let mut memory = self.memory.share();
        match announced.filter(|size| *size <= WHOLE && memory.grow(*size)) {
            Some(size) => {
                let part = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
                Draft { folder, file, digest, part, whole: true, share: memory }
            }
            None => {
                let share = self.disk.share();
                Draft { folder, file, digest, part: Vec::new(), whole: false, share }
            }
        }
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
    /// Takes what came; whether it is time to write. A document that stays in memory is digested as it comes, so that nobody waits long at its end.
    pub(super) fn take(&mut self, bytes: &[u8]) -> bool {
        if self.whole {
            self.digest.update(bytes);
        }
        self.part.extend_from_slice(bytes);
        !self.whole && self.part.len() >= PART
    }

    /// Writes what came to the file, which is made for the first part.
    pub(super) fn write(&mut self) -> io::Result<()> {
        if !self.share.grow(self.part.len() as u64) {
            return Err(ErrorKind::QuotaExceeded.into());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(nameless(&self.folder)?),
        };
        file.write_all(&self.part)?;
        self.digest.update(&self.part);
        self.part.clear();
        Ok(())
    }

    /// Whether all that came is in memory, and need not be written.
    pub(super) fn is_unwritten(&self) -> bool {
        self.file.is_none()
    }

    /// The document, its digest, and what it takes up.
    pub(super) fn finish(mut self) -> io::Result<(Content, [u8; 32], Share)> {
        match self.is_unwritten() {
            true if !self.whole => self.digest.update(&self.part),
            true => (),
            false => self.write()?,
        }
        let content = self.file.map_or(Content::Memory(self.part), Content::File);
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
        let write = |draft: &mut Draft, bytes: &[u8]| {
            assert!(!draft.take(bytes));
            draft.write()
        };
        let mut draft = spool.draft(None);
        write(&mut draft, b"123456").unwrap();
        assert_eq!(std::fs::read_dir(folder.path().join("v")).unwrap().count(), 0);
        let mut other = spool.draft(None);
        assert_eq!(write(&mut other, b"12345").unwrap_err().kind(), ErrorKind::QuotaExceeded);
        let mut other = spool.draft(None);
        write(&mut other, b"12").unwrap();
        draft.take(b"78");
        let (content, digest, share) = draft.finish().unwrap();
        assert_eq!(digest, yinxin_crypto::sm3(b"12345678"));
        let mut read = Vec::new();
        let mut reader = content.reader();
        reader.rewind().unwrap();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"12345678");
        drop((content, share));
        write(&mut other, b"12345678").unwrap();
        drop(other);
        assert_eq!(spool.disk.used.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn what_came_in_one_part_needs_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("v"), 0);
        let mut draft = spool.draft(None);
        draft.take(b"12345678");
        let (content, digest, _share) = draft.finish().unwrap();
        assert_eq!(digest, yinxin_crypto::sm3(b"12345678"));
        let mut reader = content.reader();
        assert_eq!(reader.seek(SeekFrom::Start(6)).unwrap(), 6);
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, b"78");
        assert!(!folder.path().join("v").exists());
    }

    #[test]
    fn what_is_announced_and_not_long_stays_in_memory_while_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("v"), 1 << 20);
        let long = vec![7; PART + 1];
        let mut whole = spool.draft(Some(long.len() as u64));
        assert!(!whole.take(&long));
        assert!(spool.draft(Some(WHOLE + 1)).take(&long));
        assert!(spool.draft(None).take(&long));
        let (content, digest, share) = whole.finish().unwrap();
        assert!(matches!(&content, Content::Memory(bytes) if *bytes == long));
        assert_eq!(digest, yinxin_crypto::sm3(&long));
        assert!(!folder.path().join("v").exists());
        let all: Vec<_> = (0..MEMORY / WHOLE - 1).map(|_| spool.draft(Some(WHOLE))).collect();
        assert!(all.iter().all(|draft| draft.whole));
        assert!(!spool.draft(Some(WHOLE)).whole);
        drop(share);
        assert!(spool.draft(Some(WHOLE)).whole);
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("v"), 10);
        assert_eq!(spool.sweep().unwrap(), 0);
        let mut draft = spool.draft(None);
        draft.take(b"1");
        draft.write().unwrap();
        std::fs::write(folder.path().join("v").join("left"), b"left").unwrap();
        std::fs::create_dir(folder.path().join("v").join("somebody's")).unwrap();
        assert_eq!(spool.sweep().unwrap(), 1);
        assert_eq!(std::fs::read_dir(folder.path().join("v")).unwrap().count(), 1);
        draft.take(b"2");
        draft.write().unwrap();
    }
}

//! The folder of a backup: written under another name and renamed when it is whole, so that nothing half written looks like a backup.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use yinxin_crypto::Sm3;

use super::BackupError;
use super::cipher::{OpeningReader, SealingWriter};
use super::key::DataKey;
use super::manifest::FileOf;
use crate::making::durable::{private_folder, sync_folder};

/// The manifest.
pub(super) const MANIFEST: &str = "manifest.json";
/// Its signature.
pub(super) const SIGNATURE: &str = "manifest.sig";
/// The certificate of the signer, and its issuers.
pub(super) const SIGNER: &str = "signer.pem";

/// A backup being written.
pub(super) struct Draft {
    goal: PathBuf,
    staged: PathBuf,
    pub(super) id: String,
    pub(super) key: DataKey,
}

impl Draft {
    /// Begins one that will stand in `goal`, which must not exist or be empty.
    pub(super) fn begin(goal: &Path, id: String) -> Result<Self, BackupError> {
        let taken = std::fs::read_dir(goal).is_ok_and(|mut entries| entries.next().is_some());
        if taken || goal.is_file() {
            return Err(BackupError::refused(
                "BACKUP_EXISTS",
                format!("{} 已有内容：每次备份请用一个新目录", goal.display()),
                format!("{} is not empty: every backup takes a folder of its own", goal.display()),
            ));
        }
        let mut staged = goal.as_os_str().to_owned();
        staged.push(format!(".unfinished-{}", id.get(..8).unwrap_or_default()));
        let staged = PathBuf::from(staged);
        private_folder(&staged.join("tables")).map_err(BackupError::file(&staged))?;
        private_folder(&staged.join("documents")).map_err(BackupError::file(&staged))?;
        Ok(Self { goal: goal.to_owned(), staged, id, key: DataKey::generate() })
    }

    /// Begins an encrypted file; deflated where that makes it smaller.
    pub(super) fn file(&self, name: &str, deflate: bool) -> Result<Sealed, BackupError> {
        let path = self.staged.join(name);
        let open = || -> io::Result<Stream> {
            let file = Hashing { file: BufWriter::new(create(&path)?), hash: Sm3::new(), bytes: 0 };
            let sealing = SealingWriter::new(file, &self.key, &self.id, name)?;
            Ok(match deflate {
                true => Stream::Deflated(DeflateEncoder::new(sealing, Compression::fast())),
                false => Stream::Plain(sealing),
            })
        };
        let stream = open().map_err(BackupError::file(&path))?;
        Ok(Sealed {
            backup: self.id.clone(),
            name: name.to_owned(),
            path,
            stream,
            content: Sm3::new(),
            length: 0,
        })
    }

    /// Writes a file that is not encrypted.
    pub(super) fn plain(&self, name: &str, bytes: &[u8]) -> Result<FileOf, BackupError> {
        let path = self.staged.join(name);
        let write = || -> io::Result<()> {
            let mut file = create(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(BackupError::file(&path))?;
        let digest = hex::encode(yinxin_crypto::sm3(bytes));
        Ok(FileOf {
            backup: self.id.clone(),
            name: name.to_owned(),
            bytes: bytes.len() as u64,
            sm3: digest.clone(),
            content: digest,
        })
    }

    /// Removes a file that turned out not to be needed.
    pub(super) fn remove(&self, name: &str) -> Result<(), BackupError> {
        let path = self.staged.join(name);
        std::fs::remove_file(&path).map_err(BackupError::file(&path))
    }

    /// Everything is on the disk: the folder gets its name.
    pub(super) fn finish(&self) -> Result<(), BackupError> {
        let rename = || -> io::Result<()> {
            for folder in [&self.staged.join("tables"), &self.staged.join("documents"), &self.staged] {
                sync_folder(folder)?;
            }
            // An empty folder is replaced; one that got content meanwhile is not.
            std::fs::rename(&self.staged, &self.goal)?;
            sync_folder(self.goal.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
        };
        rename().map_err(BackupError::file(&self.goal))
    }

    /// Removes what was written, where the backup failed.
    pub(super) fn discard(&self) {
        let _ = std::fs::remove_dir_all(&self.staged);
    }
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

struct Hashing {
    file: BufWriter<File>,
    hash: Sm3,
    bytes: u64,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(count as u64);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

enum Stream {
    Deflated(DeflateEncoder<SealingWriter<Hashing>>),
    Plain(SealingWriter<Hashing>),
}

/// An encrypted file being written.
pub(super) struct Sealed {
    backup: String,
    name: String,
    path: PathBuf,
    stream: Stream,
    content: Sm3,
    length: u64,
}

impl Sealed {
    /// Adds content.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.content.update(bytes);
        self.length = self.length.saturating_add(bytes.len() as u64);
        let written = match &mut self.stream {
            Stream::Deflated(stream) => stream.write_all(bytes),
            Stream::Plain(stream) => stream.write_all(bytes),
        };
        written.map_err(BackupError::file(&self.path))
    }

    /// Adds content behind its length.
    pub(super) fn put_counted(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.put(&(bytes.len() as u64).to_be_bytes())?;
        self.put(bytes)
    }

    /// Bytes of content so far.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Ends the file; it is on the disk then.
    pub(super) fn finish(self) -> Result<FileOf, BackupError> {
        let Self { backup, name, path, stream, content, .. } = self;
        let end = || -> io::Result<([u8; 32], u64)> {
            let sealing = match stream {
                Stream::Deflated(stream) => stream.finish()?,
                Stream::Plain(stream) => stream,
            };
            let Hashing { file, hash, bytes } = sealing.finish()?;
            file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            Ok((hash.finalize(), bytes))
        };
        let (digest, bytes) = end().map_err(BackupError::file(&path))?;
        let (sm3, content) = (hex::encode(digest), hex::encode(content.finalize()));
        Ok(FileOf { backup, name, bytes, sm3, content })
    }
}

/// An encrypted file being read.
pub(super) struct Opened {
    name: String,
    reader: Box<dyn Read + Send>,
}

impl Opened {
    pub(super) fn open(
        folder: &Path,
        file: &FileOf,
        deflated: bool,
        key: &DataKey,
    ) -> Result<Self, BackupError> {
        let path = folder.join(&file.name);
        let open = || -> io::Result<Box<dyn Read + Send>> {
            let opening =
                OpeningReader::new(BufReader::new(File::open(&path)?), key, &file.backup, &file.name)?;
            Ok(match deflated {
                true => Box::new(BufReader::new(DeflateDecoder::new(opening))),
                false => Box::new(BufReader::new(opening)),
            })
        };
        let reader = open().map_err(BackupError::file(&path))?;
        Ok(Self { name: file.name.clone(), reader })
    }

    /// Exactly so many bytes.
    pub(super) fn exactly(&mut self, length: usize) -> Result<Vec<u8>, BackupError> {
        let mut bytes = vec![0; length];
        self.reader.read_exact(&mut bytes).map_err(|error| self.fault(&error))?;
        Ok(bytes)
    }

    /// The next content behind its length, of at most `most` bytes; `None` at the end of the file.
    pub(super) fn counted(&mut self, most: u64) -> Result<Option<Vec<u8>>, BackupError> {
        let Some(length) = self.maybe_number()? else { return Ok(None) };
        let fits = usize::try_from(length).ok().filter(|_| length <= most);
        let length = fits.ok_or_else(|| self.fault(&"a length is out of bounds"))?;
        self.exactly(length).map(Some)
    }

    /// A number; `None` at the end of the file.
    pub(super) fn maybe_number(&mut self) -> Result<Option<u64>, BackupError> {
        let mut first = [0];
        match self.reader.read(&mut first).map_err(|error| self.fault(&error))? {
            0 => Ok(None),
            _ => {
                let rest = self.exactly(7)?;
                let bytes = [&first[..], &rest].concat();
                Ok(bytes.first_chunk().map(|bytes| u64::from_be_bytes(*bytes)))
            }
        }
    }

    fn fault(&self, error: &dyn std::fmt::Display) -> BackupError {
        super::error::damaged(&self.name, &format!("已损坏：{error}"), &format!("damaged: {error}"))
    }
}

/// Length and SM3 of a file.
pub(super) fn measure(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let (mut hash, mut length, mut buffer) = (Sm3::new(), 0u64, vec![0; 1 << 20]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((length, hex::encode(hash.finalize()))),
            count => {
                hash.update(buffer.get(..count).unwrap_or_default());
                length = length.saturating_add(count as u64);
            }
        }
    }
}

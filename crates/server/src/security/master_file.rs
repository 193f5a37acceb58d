//! The file of the master key: one line, readable by its owner only, made once and never overwritten.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::Secret;
use super::master_key::{MasterKey, WrapError};

/// A key file is shorter than this many bytes.
const LONGEST: u64 = 4096;

/// Why the key file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MasterFileError {
    /// There is none.
    #[error(
        "主密钥文件 {} 不存在；请从备份恢复，丢失主密钥则加密数据无法恢复 / the master key file {} does not exist: restore it from its backup; without it the encrypted data is lost", .0.display(), .0.display()
    )]
    Missing(PathBuf),
    /// There is one already.
    #[error("主密钥文件 {} 已存在，不会覆盖 / the master key file {} exists already and is not overwritten", .0.display(), .0.display())]
    Exists(PathBuf),
    /// Others may read it.
    #[error(
        "主密钥文件 {} 的权限为 {mode:03o}，其他用户可读写；请执行 chmod 600 并考虑更换主密钥 / the master key file {} has mode {mode:03o} and is open to other users: run chmod 600, and consider changing the master key", path.display(), path.display()
    )]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It holds no master key.
    #[error("主密钥文件 {}：{error} / master key file {}: {error}", path.display(), path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Why.
        error: WrapError,
    },
    /// The system refused.
    #[error(
        "主密钥文件 {} 无法读写：{error}；请检查目录是否存在以及属主和权限 / the master key file {} cannot be read or written: {error}; check that its directory exists and who owns it", path.display(), path.display()
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl MasterFileError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "MASTER_KEY_FILE_MISSING",
            Self::Exists(_) => "MASTER_KEY_FILE_EXISTS",
            Self::Permissions { .. } => "MASTER_KEY_FILE_PERMISSIONS",
            Self::Content { error, .. } => error.code(),
            Self::Io { .. } => "MASTER_KEY_FILE_IO",
        }
    }
}

/// Reads the key file.
///
/// # Errors
/// See [`MasterFileError`]; a file that group or others may read or write is refused.
pub fn load(path: &Path) -> Result<MasterKey, MasterFileError> {
    let io = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => MasterFileError::Missing(path.to_owned()),
        _ => MasterFileError::Io { path: path.to_owned(), error },
    };
    let file = File::open(path).map_err(io)?;
    // Asked of the open file, so that nobody can exchange it between the question and the reading.
    let mode = mode_of(&file).map_err(io)?;
    if mode & 0o077 != 0 {
        return Err(MasterFileError::Permissions { path: path.to_owned(), mode });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST).read_to_string(&mut text).map_err(io)?;
    MasterKey::from_text(&Secret::new(text.as_str()))
        .map_err(|error| MasterFileError::Content { path: path.to_owned(), error })
}

/// Makes a new key and its file with mode 0600.
///
/// The file appears whole or not at all, and never in place of another: it is written beside, synced, and linked to its name.
///
/// # Errors
/// [`MasterFileError::Exists`], [`MasterFileError::Io`].
pub fn create(path: &Path, rng: &mut dyn CryptoRng) -> Result<MasterKey, MasterFileError> {
    let key = MasterKey::generate(rng);
    write_new(path, &key.to_text(), rng).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => MasterFileError::Exists(path.to_owned()),
        _ => MasterFileError::Io { path: path.to_owned(), error },
    })?;
    Ok(key)
}

/// Reads the key file, or makes it where there is none; the second value tells whether it was made.
///
/// Only for the first start, when nothing is encrypted yet: later, a missing file must not be replaced by a new key, so the caller
/// uses [`load`] as soon as the store holds a key ring. Of two processes that start at once, one makes the key and both use it.
///
/// # Errors
/// See [`MasterFileError`].
pub fn load_or_create(path: &Path, rng: &mut dyn CryptoRng) -> Result<(MasterKey, bool), MasterFileError> {
    match load(path) {
        Err(MasterFileError::Missing(_)) => match create(path, rng) {
            Ok(key) => Ok((key, true)),
            Err(MasterFileError::Exists(_)) => load(path).map(|key| (key, false)),
            Err(e) => Err(e),
        },
        other => other.map(|key| (key, false)),
    }
}

/// Puts the key file `new` in the place of `path`, whose content stays under the name `kept`. At no moment is there no file at `path`;
/// called again after a crash, it goes on.
///
/// # Errors
/// The system refuses.
pub fn supersede(path: &Path, new: &Path, kept: &Path) -> io::Result<()> {
    match fs::hard_link(path, kept) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    fs::rename(new, path)?;
    let directory = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

fn write_new(path: &Path, text: &Secret, rng: &mut dyn CryptoRng) -> io::Result<()> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let beside = directory.join(format!(".yinxin-master-key-{:016x}", rng.next_u64()));
    let result = write_synced(&beside, text).and_then(|()| fs::hard_link(&beside, path));
    // Whatever happened, no second copy of the key stays.
    let removed = match fs::remove_file(&beside) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    };
    result?;
    removed?;
    File::open(directory)?.sync_all()
}

fn write_synced(path: &Path, text: &Secret) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    let mut file = options.open(path)?;
    file.write_all(text.reveal().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn private(_: &mut OpenOptions) {}

#[cfg(unix)]
fn mode_of(file: &File) -> io::Result<u32> {
    Ok(std::os::unix::fs::MetadataExt::mode(&file.metadata()?) & 0o777)
}

/// Other systems have no permission bits; the access list of the directory protects the file there.
#[cfg(not(unix))]
fn mode_of(file: &File) -> io::Result<u32> {
    file.metadata().map(|_| 0o600)
}

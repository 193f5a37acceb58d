//! Files that must survive a crash: whole or not at all, on the disk before anybody relies on them, for the owner's eyes only.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use yinxin_crypto::rand_core::CryptoRng;

/// How often a lock is tried, and the time between.
const TRIES: u32 = 40;
const BETWEEN: Duration = Duration::from_millis(10);

/// Makes a folder, and those above it, readable by the owner only.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that does not exist yet; gives false, and leaves it alone, where it does.
pub(crate) fn create(path: &Path, bytes: &[u8], rng: &mut dyn CryptoRng) -> io::Result<bool> {
    let staged = stage(path, bytes, rng)?;
    // A link fails where the name is taken; a rename would replace it.
    let linked = std::fs::hard_link(&staged, path);
    std::fs::remove_file(&staged)?;
    match linked {
        Ok(()) => sync_folder(path).map(|()| true),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(e) => Err(e),
    }
}

/// Opens a private file for reading and appending, making it if absent.
pub(crate) fn open_append(path: &Path) -> io::Result<File> {
    let existed = path.exists();
    let file = options().read(true).append(true).create(true).open(path)?;
    if !existed {
        file.sync_all()?;
        sync_folder(path)?;
    }
    Ok(file)
}

/// Locks a file for this process; false where somebody else has it. Who has just ended, or was just started by who had it, holds it for
/// a moment longer: that is waited for.
pub(crate) fn lock(file: &File) -> io::Result<bool> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(false)
}

/// Reads a file of at most `max` bytes.
pub(crate) fn read(path: &Path, max: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    File::open(path)?.take(max.saturating_add(1)).read_to_end(&mut out)?;
    if out.len() as u64 > max {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "larger than such a file can be"));
    }
    Ok(out)
}

/// Overwrites a file with zeros and removes it. On disks that write elsewhere (flash, journals) the old bytes may remain;
/// they are encrypted.
pub(crate) fn destroy(path: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX).min(1 << 20);
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    std::fs::remove_file(path)?;
    sync_folder(path)
}

/// Removes what a crash left of files never finished, at least an hour old: younger ones may be another's work.
pub(crate) fn sweep(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let staged = entry.file_name().to_string_lossy().starts_with('.') && entry.file_type()?.is_file();
        let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
        if staged && age > Duration::from_secs(3600) {
            destroy(&entry.path())?;
        }
    }
    Ok(())
}

/// Makes the names in the folder of `path` as durable as the files.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn stage(path: &Path, bytes: &[u8], rng: &mut dyn CryptoRng) -> io::Result<PathBuf> {
    let mut tail = [0u8; 8];
    rng.fill_bytes(&mut tail);
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", hex::encode(tail)));
    let staged = path.with_file_name(name);
    let mut file = options().write(true).create_new(true).open(&staged)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if let Err(e) = written {
        // Nothing refers to it; a left-over only takes room.
        let _ = std::fs::remove_file(&staged);
        return Err(e);
    }
    Ok(staged)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

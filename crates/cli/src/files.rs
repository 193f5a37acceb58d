//! Reading bounded files, and writing beside the target and renaming.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use crate::failure::Failure;

/// Largest small file (keys, certificates, seals, pictures) read whole, in bytes.
const MAX_SMALL: u64 = 64 << 20;

/// Reads a file that must be small.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let wrong = |e: std::io::Error| Failure::new("FILE_READ", format!("{}: {e}", path.display()));
    let mut out = Vec::new();
    File::open(path).map_err(wrong)?.take(MAX_SMALL + 1).read_to_end(&mut out).map_err(wrong)?;
    if out.len() as u64 > MAX_SMALL {
        return Err(Failure::new("FILE_TOO_LARGE", format!("{}: > {MAX_SMALL} bytes", path.display())));
    }
    Ok(out)
}

/// Opens a file of any size.
pub fn open(path: &Path) -> Result<File, Failure> {
    let wrong = |e: std::io::Error| Failure::new("FILE_READ", format!("{}: {e}", path.display()));
    let file = File::open(path).map_err(wrong)?;
    if file.metadata().map_err(wrong)?.is_dir() {
        return Err(Failure::new("FILE_IS_FOLDER", format!("{}: is a folder", path.display())));
    }
    Ok(file)
}

/// Writes a file as a whole or not at all: beside the target, then renamed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_with(path, |f| {
        f.write_all(bytes).map_err(|e| Failure::new("FILE_WRITE", format!("{}: {e}", path.display())))
    })
}

/// As [`write()`] for secrets: readable by the owner only.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    // tempfile creates files with mode 0600, and renaming keeps it.
    staged(path, true, |f| f.write_all(bytes).map_err(|e| Failure::new("FILE_WRITE", e.to_string())))
}

/// Lets a function write the content; the target changes only if it succeeds.
pub fn write_with<T>(path: &Path, fill: impl FnOnce(&mut File) -> Result<T, Failure>) -> Result<T, Failure> {
    staged(path, false, fill)
}

fn staged<T>(
    path: &Path,
    secret: bool,
    fill: impl FnOnce(&mut File) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let wrong = |e: std::io::Error| Failure::new("FILE_WRITE", format!("{}: {e}", path.display()));
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    let mut staged = tempfile::NamedTempFile::new_in(folder).map_err(wrong)?;
    let value = fill(staged.as_file_mut())?;
    if !secret {
        open_to_all(staged.as_file()).map_err(wrong)?;
    }
    staged.as_file().sync_all().map_err(wrong)?;
    staged.persist(path).map_err(|e| wrong(e.error))?;
    Ok(value)
}

/// Ordinary permissions instead of the private ones of temporary files.
#[cfg(unix)]
fn open_to_all(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_all(_: &File) -> std::io::Result<()> {
    Ok(())
}

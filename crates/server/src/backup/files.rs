//! Key files (密钥文件): the master key, the authority for tests, the workshop's shelf with its record of work and the list of used tokens.
//! They are read after the snapshot: a key that a row names is there.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::BackupError;
use super::folder::{Draft, Opened};
use super::manifest::FilesOf;
use crate::config::Config;
use crate::making::durable::{private_folder, sync_folder};

/// Largest key file, bytes: the record of used tokens of a busy day.
const MOST: u64 = 1 << 30;
const MASTER: &str = "master.key";

/// Folders of key files by the name they have in a backup.
fn folders(config: &Config) -> [(&'static str, PathBuf); 2] {
    [("ca", config.data_dir.join("ca")), ("workshop", config.workshop.keys_dir.clone())]
}

/// Writes them.
pub(super) fn write(draft: &Draft, config: &Config, master: bool) -> Result<FilesOf, BackupError> {
    let mut file = draft.file("keys", true)?;
    let mut count = 0u64;
    let mut found = Vec::new();
    if master {
        found.push((MASTER.to_owned(), config.security.master_key_file.clone()));
    }
    for (label, folder) in folders(config) {
        walk(&folder, label, &mut found).map_err(BackupError::file(&folder))?;
    }
    found.sort();
    for (label, path) in found {
        // A file that was being written has another name by now.
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => zeroize::Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(BackupError::file(&path)(error)),
        };
        file.put_counted(label.as_bytes())?;
        file.put_counted(&bytes)?;
        count = count.saturating_add(1);
    }
    Ok(FilesOf { count, file: file.finish()? })
}

fn walk(folder: &Path, label: &str, found: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        let label = format!("{label}/{name}");
        match entry.file_type()? {
            kind if kind.is_dir() => walk(&entry.path(), &label, found)?,
            kind if kind.is_file() && !is_staged(&name) => found.push((label, entry.path())),
            _ => {}
        }
    }
    Ok(())
}

/// A file that is being written and has yet to get its name.
fn is_staged(name: &str) -> bool {
    name.starts_with('.') || name.ends_with(".partial")
}

/// Puts them where this configuration has them. How many.
pub(super) fn restore(mut file: Opened, config: &Config) -> Result<u64, BackupError> {
    let mut count = 0u64;
    while let Some(label) = file.counted(4096)? {
        let content = zeroize::Zeroizing::new(file.counted(MOST)?.unwrap_or_default());
        let label = String::from_utf8(label).ok();
        let path = label.as_deref().and_then(|label| place(label, config)).ok_or_else(|| {
            super::error::damaged("keys", "含无法识别的路径", "holds a path that is none of ours")
        })?;
        write_file(&path, &content).map_err(BackupError::file(&path))?;
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// Where a file goes; no path leads out of its folder.
fn place(label: &str, config: &Config) -> Option<PathBuf> {
    if label == MASTER {
        return Some(config.security.master_key_file.clone());
    }
    let (first, rest) = label.split_once('/')?;
    let (_, folder) = folders(config).into_iter().find(|(name, _)| *name == first)?;
    let fits = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0']);
    rest.split('/').all(fits).then(|| folder.join(rest))
}

fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    private_folder(folder)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    sync_folder(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_its_folder() {
        let config = Config::defaults_in(Path::new("/srv/data"));
        assert_eq!(place("ca/issuing.cer", &config), Some("/srv/data/ca/issuing.cer".into()));
        assert_eq!(
            place("workshop/log/orders/a.jsonl", &config),
            Some("/srv/data/workshop-keys/log/orders/a.jsonl".into())
        );
        for label in ["ca", "ca/", "ca/../x", "ca//x", "other/x", "/etc/passwd", "ca/.hidden", ""] {
            assert_eq!(place(label, &config), None, "{label}");
        }
    }
}

//! The place a backup is restored into: empty before, marked until it is proved.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use zeroize::Zeroizing;

use super::BackupError;
use super::manifest::Manifest;
use crate::config::Config;
use crate::documents::{DocumentKeys, Documents};
use crate::making::durable::{private_folder, sync_folder};
use crate::security::master_file;
use crate::security::master_key::KeyWrapper as _;
use crate::start::{StartError, open_bare};

/// Stands in the data folder from the beginning of a restore to its end.
const MARKER: &str = "restore-unfinished.json";

/// No registry is opened where a restore did not come to its end.
pub(crate) fn refuse_unfinished(config: &Config) -> Result<(), StartError> {
    let path = config.data_dir.join(MARKER);
    match path.exists() {
        true => Err(StartError::other(
            "data_dir",
            format!("恢复没有完成（{}）：请清空数据目录与数据库，重新运行 yinxin restore", path.display()),
            format!(
                "a restore was not finished ({}): empty data folder and database and run yinxin restore again",
                path.display()
            ),
        )),
        false => Ok(()),
    }
}

/// The document store, to be asked and filled before its keys are known.
pub(super) fn bare_documents(config: &Config) -> Result<Documents, BackupError> {
    Ok(Documents::open(&config.documents, DocumentKeys::new(0, Zeroizing::new([0; 16])))?)
}

/// Refuses a place where anything is. Where the backup has no master key, its file must be there, and nothing else.
pub(super) async fn require_empty(config: &Config, manifest: &Manifest) -> Result<(), BackupError> {
    let master = &config.security.master_key_file;
    if !manifest.master_key.included {
        let found = master_file::load(master)?.id();
        if found != manifest.master_key.id {
            return Err(BackupError::refused(
                "RESTORE_MASTER_KEY",
                format!(
                    "备份不含主密钥；需要主密钥 {}，而 {} 是 {found}",
                    manifest.master_key.id,
                    master.display()
                ),
                format!(
                    "the backup has no master key and needs {}; {} is {found}",
                    manifest.master_key.id,
                    master.display()
                ),
            ));
        }
    }
    let counts = |path: &Path| manifest.master_key.included || path != master.as_path();
    for folder in [&config.data_dir, &config.workshop.keys_dir] {
        if let Some(found) = first_file(folder, &counts).map_err(BackupError::file(folder))? {
            return Err(occupied(&found.display().to_string()));
        }
    }
    if manifest.master_key.included && master.exists() {
        return Err(occupied(&master.display().to_string()));
    }
    let database = config.database.url.reveal();
    let sqlite = database.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    match sqlite {
        Some(path) if Path::new(path).exists() => return Err(occupied(path)),
        Some(_) => {}
        None => {
            let store = open_bare(config).await?;
            let empty = store.is_empty().await;
            store.close().await;
            if !empty? {
                return Err(occupied(&config.database.url.to_string()));
            }
        }
    }
    match bare_documents(config)?.is_empty().await? {
        true => Ok(()),
        false => Err(occupied("documents")),
    }
}

fn first_file(folder: &Path, counts: &dyn Fn(&Path) -> bool) -> std::io::Result<Option<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        match entry.file_type()?.is_dir() {
            true => {
                if let Some(found) = first_file(&path, counts)? {
                    return Ok(Some(found));
                }
            }
            false if counts(&path) => return Ok(Some(path)),
            false => {}
        }
    }
    Ok(None)
}

fn occupied(what: &str) -> BackupError {
    BackupError::refused(
        "RESTORE_NOT_EMPTY",
        format!("只恢复到空的地方，而这里已有内容：{what}"),
        format!("a backup is restored into an empty place only, and here is {what}"),
    )
}

/// Marks the place: from here on nothing but a restore that comes to its end makes it fit for use.
pub(super) fn mark(config: &Config, backup: &str) -> Result<(), BackupError> {
    let path = config.data_dir.join(MARKER);
    let write = || -> std::io::Result<()> {
        private_folder(&config.data_dir)?;
        let mut file = std::fs::File::create_new(&path)?;
        file.write_all(json!({ "backup": backup }).to_string().as_bytes())?;
        file.sync_all()?;
        sync_folder(&config.data_dir)
    };
    write().map_err(BackupError::file(&path))
}

/// The place is fit for use.
pub(super) fn unmark(config: &Config) -> Result<(), BackupError> {
    let path = config.data_dir.join(MARKER);
    let remove = || -> std::io::Result<()> {
        std::fs::remove_file(&path)?;
        sync_folder(&config.data_dir)
    };
    remove().map_err(BackupError::file(&path))
}

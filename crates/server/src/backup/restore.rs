//! Restoring into an empty place.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use serde_json::json;
use yinxin_formats::x509::Certificate;
use yinxin_store::Store;

use super::chain::{Chain, MOST};
use super::error::damaged;
use super::key::DataKey;
use super::manifest::Manifest;
use super::proof::{self, Proof};
use super::{BackupError, Unlock, documents, files, place, schema};
use crate::app::Shared;
use crate::app::clock::Source;
use crate::config::Config;
use crate::documents::Digest;
use crate::start::{commanded, look_restored, open_bare};

/// What is to be restored.
pub struct Wanted {
    /// Folders of the backup and of those before it, in any order.
    pub folders: Vec<PathBuf>,
    /// What opens it.
    pub unlock: Unlock,
    /// Whose signature counts; any registry's own where there is none.
    pub signers: Vec<Certificate>,
}

/// Restores into the place the configuration names, which must be empty, and proves what is there then. Where the proof does not hold, or
/// anything fails on the way, the place stays marked and no service starts on it.
///
/// # Errors
/// [`BackupError`]; nothing was written where the backup itself is at fault.
pub async fn restore(config: Config, source: Box<dyn Source>, wanted: &Wanted) -> Result<Proof, BackupError> {
    let chain = Chain::open(&wanted.folders, &wanted.signers)?;
    let manifest = &chain.head.manifest;
    schema::fits(&manifest.schema, &manifest.product)?;
    if source.now() < manifest.taken_at {
        return Err(clock());
    }
    let files = chain.check_files()?;
    let keys = chain.unlock(&wanted.unlock)?;
    let list = documents::list(chain.file(&manifest.documents.list, true, &keys)?, &manifest.documents)?;
    place::require_empty(&config, manifest).await?;
    place::mark(&config, &manifest.id)?;
    let store = open_bare(&config).await?;
    let filled = fill(&config, &store, &chain, &keys, &list).await;
    store.close().await;
    filled?;
    let app = look_restored(config, source).await?;
    let proof = proof::prove(&app, &chain, &list, files).await?;
    if proof.holds() {
        record(&app, manifest, &chain.head.digest).await?;
        app.store.finish_restore().await?;
        place::unmark(&app.config)?;
    }
    app.store.close().await;
    Ok(proof)
}

fn clock() -> BackupError {
    BackupError::refused(
        "RESTORE_CLOCK",
        "系统时钟早于备份的时刻，请先校准",
        "the clock stands before the moment of the backup: set it right first",
    )
}

/// Rows in one transaction, then keys, then documents. The database comes to the schema of this program last.
async fn fill(
    config: &Config,
    store: &Store,
    chain: &Chain,
    keys: &BTreeMap<String, DataKey>,
    list: &HashMap<Digest, u32>,
) -> Result<(), BackupError> {
    let manifest = &chain.head.manifest;
    store.begin_restore().await?;
    store.migrate_restored(manifest.schema.version).await?;
    load(store, chain, keys).await?;
    store.migrate_restored(i64::MAX).await?;
    let restored = files::restore(chain.file(&manifest.files.file, true, keys)?, config)?;
    if restored != manifest.files.count {
        return Err(damaged(&manifest.files.file.name, "与清单不符", "differs from the manifest"));
    }
    let target = place::bare_documents(config)?;
    // Also a store without documents is one that was in use.
    target.mark().await?;
    let mut count = 0u64;
    for (index, pack) in (0u32..).zip(&manifest.documents.packs) {
        let file = chain.file(pack, false, keys)?;
        count = count.saturating_add(documents::unpack(file, index, list, Some(&target)).await?);
    }
    match count == manifest.documents.count {
        true => Ok(()),
        false => Err(damaged("documents", "与清单不符", "differ from the manifest")),
    }
}

async fn load(store: &Store, chain: &Chain, keys: &BTreeMap<String, DataKey>) -> Result<(), BackupError> {
    let manifest = &chain.head.manifest;
    let mut loading = store.load().await?;
    for (name, table) in &manifest.tables {
        let mut count = 0u64;
        for part in &table.parts {
            let mut file = chain.file(&part.file, true, keys)?;
            let mut next = || file.counted(MOST);
            let rows = loading.fill(name, &table.columns, &mut next).await?;
            count = count.saturating_add(rows);
        }
        if count != table.rows {
            return Err(damaged(name, "行数与清单不符", "has another number of rows than the manifest"));
        }
    }
    for (name, highest) in &manifest.sequences {
        loading.number(name, *highest).await?;
    }
    Ok(loading.commit().await?)
}

/// The first record behind those of the backup.
async fn record(app: &Shared, manifest: &Manifest, digest: &str) -> Result<(), BackupError> {
    let now = app.now().map_err(|_| clock())?;
    let details =
        json!({ "manifest": digest, "taken_at": manifest.taken_at, "audit_seq": manifest.audit.seq });
    let entry =
        commanded("yinxin restore", "backup.restore", &format!("backup/{}", manifest.id), details, now);
    let mut tx = app.store.begin().await?;
    tx.append_audit(&app.audit_keys().0, &[entry]).await?;
    tx.commit().await?;
    Ok(())
}

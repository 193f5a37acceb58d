//! The key hierarchy at start: key file → key ring in the database → keys of rows, audit chain, documents and fields.

use super::StartError;
use crate::config::Config;
use crate::documents::DocumentKeys;
use crate::security::keyring::{KeyRing, Purpose, WrappedKey};
use crate::security::master_file;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use std::path::Path;
use yinxin_registry::audit::AuditKey;
use yinxin_store::{RowKeys, Store};
use zeroize::Zeroizing;

/// Makes a folder that only its owner enters.
pub(super) fn private_folder(path: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| StartError::File { path: path.display().to_string(), source })
}

/// The key ring of the database, made at the first start.
pub(super) async fn ring(config: &Config, store: &Store, now: Timestamp) -> Result<KeyRing, StartError> {
    let mut rng = UnwrapErr(SysRng);
    let path = &config.security.master_key_file;
    let stored = store.read().await?.wrapped_keys().await?;
    if !stored.is_empty() {
        let master = master_file::load(path)?;
        return Ok(KeyRing::open(&[&master], &records(&stored)?)?);
    }
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    let (master, _) = master_file::load_or_create(path, &mut rng)?;
    let ring = KeyRing::create(&master, &mut rng, now)?;
    let mut tx = store.begin().await?;
    // Another node may have been first: then its keys count.
    let stored = tx.wrapped_keys().await?;
    if !stored.is_empty() {
        tx.rollback().await?;
        return Ok(KeyRing::open(&[&master], &records(&stored)?)?);
    }
    for record in ring.records() {
        tx.add_wrapped_key(&stored_form(record)).await?;
    }
    tx.commit().await?;
    Ok(ring)
}

/// As the store keeps a key.
pub fn stored_form(record: &WrappedKey) -> yinxin_store::WrappedKey {
    yinxin_store::WrappedKey {
        label: record.purpose.as_str().to_owned(),
        number: record.number,
        wrapped: record.wrapped.clone(),
        wrapped_by: record.wrapped_by.clone(),
        created_at: record.created_at,
        retired_at: record.retired_at,
    }
}

fn records(stored: &[yinxin_store::WrappedKey]) -> Result<Vec<WrappedKey>, StartError> {
    stored
        .iter()
        .map(|key| {
            let purpose = Purpose::from_name(&key.label).ok_or_else(|| {
                StartError::other(
                    "key_ring",
                    format!("密钥环含未知用途 {}，数据库可能由较新的程序写入", key.label),
                    format!(
                        "the key ring has the unknown purpose {}: a newer program may have written it",
                        key.label
                    ),
                )
            })?;
            Ok(WrappedKey {
                purpose,
                number: key.number,
                wrapped: key.wrapped.clone(),
                wrapped_by: key.wrapped_by.clone(),
                created_at: key.created_at,
                retired_at: key.retired_at,
            })
        })
        .collect()
}

/// Keys of the row MAC.
pub fn row_keys(ring: &KeyRing) -> RowKeys {
    let active = ring.active_number(Purpose::Row);
    let current = ring.keys(Purpose::Row).find(|(number, _)| *number == active);
    let keys = RowKeys::new(active, current.map(|(_, key)| key).unwrap_or_default());
    ring.keys(Purpose::Row)
        .filter(|(number, _)| *number != active)
        .fold(keys, |keys, (n, key)| keys.with_older(n, key))
}

/// Key of the audit chain.
pub(super) fn audit_key(ring: &KeyRing) -> Result<AuditKey, StartError> {
    let key = ring.keys(Purpose::Audit).next().and_then(|(_, key)| <&[u8; 32]>::try_from(key).ok());
    key.map(AuditKey::new)
        .ok_or_else(|| StartError::other("key_ring", "缺少审计密钥", "the audit key is missing"))
}

/// Keys of the documents at rest.
pub fn document_keys(ring: &KeyRing) -> Result<DocumentKeys, StartError> {
    let fault = || StartError::other("key_ring", "缺少材料密钥", "the key of documents is missing");
    let mut keys = ring.keys(Purpose::Document).map(|(number, key)| {
        <[u8; 16]>::try_from(key).map(|key| (number, Zeroizing::new(key))).map_err(|_| fault())
    });
    let (number, key) = keys.next().ok_or_else(fault)??;
    keys.try_fold(DocumentKeys::new(number, key), |all, next| next.map(|(number, key)| all.and(number, key)))
}

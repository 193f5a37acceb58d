//! The key hierarchy at start: key file → key ring in the database → keys of rows, audit chain, documents and fields.

use super::StartError;
use crate::app::keys::{ring_of, stored_form};
use crate::config::Config;
use crate::security::keyring::KeyRing;
use crate::security::master_file;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use std::path::Path;
use yinxin_store::Store;

/// Makes a folder that only its owner enters.
pub(crate) fn private_folder(path: &Path) -> Result<(), StartError> {
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
        return Ok(ring_of(&master, &stored)?);
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
        return Ok(ring_of(&master, &stored)?);
    }
    for record in ring.records() {
        tx.add_wrapped_key(&stored_form(record)).await?;
    }
    tx.commit().await?;
    Ok(ring)
}

//! This node's name in the database. It lies in the data folder, so that a process that was killed and started again knows which work
//! was its own, and takes it up at once instead of waiting for the end of the lease.

use super::StartError;
use crate::app::Shared;
use crate::making::durable;
use getrandom::rand_core::CryptoRng;
use jiff::Timestamp;
use std::fs::File;
use std::path::Path;

/// Longest name.
const LONGEST: u64 = 64;

/// A name that one process has at a time.
#[derive(Debug)]
pub struct Node {
    name: String,
    // Held as long as this is.
    _lock: Option<File>,
}

impl Node {
    /// The name in a folder, made at the first start. Where another process holds it, a name for this run alone.
    ///
    /// # Errors
    /// The files cannot be written.
    pub(super) fn open(folder: &Path, rng: &mut dyn CryptoRng) -> Result<Self, StartError> {
        let file = |path: &Path| {
            let path = path.display().to_string();
            move |source| StartError::File { path, source }
        };
        let path = folder.join("node.lock");
        let lock = durable::open_append(&path).map_err(file(&path))?;
        let mut bytes = [0; 8];
        rng.fill_bytes(&mut bytes);
        let fresh = format!("node_{}", hex::encode(bytes));
        if !durable::lock(&lock).map_err(file(&path))? {
            return Ok(Self { name: fresh, _lock: None });
        }
        let path = folder.join("node");
        let known = durable::read(&path, LONGEST).ok().and_then(|text| String::from_utf8(text).ok());
        let name = match known.filter(|name| name.starts_with("node_")) {
            Some(name) => name,
            None => {
                durable::create(&path, fresh.as_bytes(), rng).map_err(file(&path))?;
                fresh
            }
        };
        Ok(Self { name, _lock: Some(lock) })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Takes up the name, and sets free what a killed process of this name was at work on.
///
/// # Errors
/// The files, the database.
pub(super) async fn take_up(app: &Shared, now: Timestamp) -> Result<(), StartError> {
    let node = Node::open(&app.config.data_dir, &mut app.rng())?;
    let mut tx = app.store.begin().await?;
    let freed = tx.free_jobs(node.name(), now).await?;
    tx.commit().await?;
    if freed > 0 {
        tracing::info!(jobs = freed, "work that was broken off is taken up again");
    }
    let _ = app.node.set(node);
    Ok(())
}

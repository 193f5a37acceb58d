//! The data keys under a new master key (更换主密钥). Broken off anywhere, the next call goes on: the new key lies beside the old one
//! until the database holds nothing that the old one wraps, and takes its place then.

use super::{StartError, commanded, open_bare};
use crate::app::keys::{Turns, audit_keys, records_of, row_keys};
use crate::config::Config;
use crate::security::keyring::KeyRing;
use crate::security::master_file;
use crate::security::master_key::{KeyWrapper, MasterKey};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use serde_json::json;
use std::path::{Path, PathBuf};
use yinxin_store::Store;

/// Most looks at the ring: somebody may be making keys meanwhile.
const ROUNDS: usize = 5;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrapped {
    /// How many keys were wrapped anew.
    pub keys: usize,
    /// Name of the new master key.
    pub master: String,
    /// Where the former one was put: to be kept as long as a backup needs it, and destroyed then.
    pub former: PathBuf,
}

/// How the master key file stands to the ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterState {
    /// It opens every key.
    Sound {
        /// How many keys there are.
        keys: usize,
        /// Former master keys that still lie beside it.
        former: Vec<PathBuf>,
    },
    /// A change of it was broken off: [`rewrap`] goes on.
    Unfinished,
    /// There is no ring yet.
    NoRing,
}

/// Makes a new master key, wraps every data key under it, and puts its file in place of the old one. The service may run meanwhile:
/// it reads the file when it makes or takes over a key.
///
/// # Errors
/// [`StartError`]; what was done stays done, and the next call goes on from there.
pub async fn rewrap(config: &Config) -> Result<Rewrapped, StartError> {
    crate::backup::refuse_unfinished(config)?;
    let path = &config.security.master_key_file;
    let store = open_bare(config).await?;
    store.ready().await?;
    if store.read().await?.wrapped_keys().await?.is_empty() {
        return Err(StartError::other("key_ring", "此处没有密钥环", "there is no key ring here"));
    }
    let old = master_file::load(path)?;
    let (new, _) = master_file::load_or_create(&beside(path), &mut UnwrapErr(SysRng))?;
    let former = former(path)?;
    let masters: Vec<&MasterKey> = [&new, &old].into_iter().chain(&former).collect();
    let mut keys = 0;
    for _ in 0..ROUNDS {
        match put_under(&store, &masters, &new).await? {
            0 => break,
            some => keys += some,
        }
    }
    // Nothing is put in place that would not open the ring.
    KeyRing::open(&[&new], &records_of(&store.read().await?.wrapped_keys().await?)?)?;
    store.close().await;
    let kept = append(path, &format!(".old-{}", old.id()));
    let fault = |source| StartError::File { path: path.display().to_string(), source };
    master_file::supersede(path, &beside(path), &kept).map_err(fault)?;
    Ok(Rewrapped { keys, master: new.id(), former: kept })
}

/// How the master key file stands to the ring of the database.
///
/// # Errors
/// [`StartError`]: the file, the database, or a ring that another master key wraps.
pub async fn master_state(config: &Config, store: &Store) -> Result<MasterState, StartError> {
    let path = &config.security.master_key_file;
    let stored = store.read().await?.wrapped_keys().await?;
    if stored.is_empty() {
        return Ok(MasterState::NoRing);
    }
    let master = master_file::load(path)?;
    if beside(path).exists() {
        return Ok(MasterState::Unfinished);
    }
    KeyRing::open(&[&master], &records_of(&stored)?)?;
    Ok(MasterState::Sound { keys: stored.len(), former: former_files(path) })
}

/// One transaction: every key that is not under `new` yet; how many.
async fn put_under(store: &Store, masters: &[&MasterKey], new: &MasterKey) -> Result<usize, StartError> {
    let mut rng = UnwrapErr(SysRng);
    let wrappers: Vec<&dyn KeyWrapper> = masters.iter().map(|master| *master as &dyn KeyWrapper).collect();
    let now = Timestamp::now();
    // The row key is in the ring that is read to find it.
    let ring = KeyRing::open(&wrappers, &records_of(&store.read().await?.wrapped_keys().await?)?)?;
    let store = store.with_keys(row_keys(&ring.settled(now)));
    let mut tx = store.begin().await?;
    let ring = KeyRing::open(&wrappers, &records_of(&tx.wrapped_keys().await?)?)?;
    let left: Vec<_> = ring
        .records()
        .iter()
        .filter(|record| !record.is_destroyed() && record.wrapped_by != new.id())
        .map(|record| (record.purpose, record.number))
        .collect();
    if left.is_empty() {
        tx.rollback().await?;
        return Ok(0);
    }
    let changed = ring.rewrapped(new, &mut rng)?;
    for record in changed.records().iter().filter(|r| left.contains(&(r.purpose, r.number))) {
        tx.rewrap_key(record.purpose.as_str(), record.number, &record.wrapped, &record.wrapped_by).await?;
    }
    let turns = Turns::load(&mut tx).await?;
    let details = json!({ "keys": left.len(), "master": new.id() });
    let entry = commanded("yinxin keys rewrap", "key.rewrap", "key/master", details, now);
    tx.append_audit(&audit_keys(&ring, &turns)?, &[entry]).await?;
    tx.commit().await?;
    Ok(left.len())
}

/// Where the new key waits.
fn beside(path: &Path) -> PathBuf {
    append(path, ".new")
}

fn append(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    name.into()
}

fn former_files(path: &Path) -> Vec<PathBuf> {
    let start = append(path, ".old-");
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(start) = start.file_name().map(|name| name.to_string_lossy().into_owned()) else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|e| e.file_name().to_string_lossy().starts_with(&start)).map(|e| e.path()).collect()
}

fn former(path: &Path) -> Result<Vec<MasterKey>, StartError> {
    Ok(former_files(path).iter().map(|file| master_file::load(file)).collect::<Result<_, _>>()?)
}

//! The key ring between database and memory.

use crate::app::{App, Stop};
use crate::http::{Code, Problem};
use crate::security::keyring::{KeyRing, KeyringError, Purpose, WrappedKey};
use crate::security::master_file;
use crate::security::master_key::MasterKey;
use crate::security::vault::Vault;
use tokio::sync::Mutex;

/// Held while the ring in memory is replaced.
pub(super) static CHANGING: Mutex<()> = Mutex::const_new(());

/// As the store keeps a key.
pub(super) fn stored(key: &WrappedKey) -> yinxin_store::WrappedKey {
    yinxin_store::WrappedKey {
        label: key.purpose.as_str().to_owned(),
        number: key.number,
        wrapped: key.wrapped.clone(),
        wrapped_by: key.wrapped_by.clone(),
        created_at: key.created_at,
        retired_at: key.retired_at,
    }
}

/// The ring that stored keys make, opened with the master key.
///
/// # Errors
/// [`KeyringError`]; a purpose that this program does not know counts as a damaged record of none.
pub fn ring_of(master: &MasterKey, stored: &[yinxin_store::WrappedKey]) -> Result<KeyRing, KeyringError> {
    let known = stored.iter().filter_map(|key| {
        Some(WrappedKey {
            purpose: Purpose::from_name(&key.label)?,
            number: key.number,
            wrapped: key.wrapped.clone(),
            wrapped_by: key.wrapped_by.clone(),
            created_at: key.created_at,
            retired_at: key.retired_at,
        })
    });
    KeyRing::open(&[master], &known.collect::<Vec<_>>())
}

/// Reads the master key from its file: it is in memory only while it is needed.
///
/// # Errors
/// `UNAVAILABLE` when the file does not serve; why stands in the log.
pub(super) async fn master_key(app: &App) -> Result<MasterKey, Problem> {
    let path = app.config.security.master_key_file.clone();
    let read = tokio::task::spawn_blocking(move || master_file::load(&path)).await;
    match read {
        Ok(Ok(master)) => Ok(master),
        Ok(Err(error)) => {
            tracing::error!(code = error.code(), "the master key cannot be read");
            let (zh, en) = (
                "主密钥文件无法读取，详见服务器日志。",
                "The master key file cannot be read; see the server's log.",
            );
            Err(Problem::new(Code::Unavailable).detail(zh, en))
        }
        Err(_) => Err(Problem::new(Code::Internal)),
    }
}

/// What a key ring says, as a problem.
pub(super) fn keyring_fault(error: &KeyringError) -> Problem {
    tracing::error!(code = error.code(), "the key ring");
    let (zh, en) = crate::api::words::both(&error.to_string());
    match error {
        KeyringError::NotRotatable(_) | KeyringError::Exhausted => {
            Problem::new(Code::Conflict).detail(zh, en)
        }
        _ => Problem::new(Code::Internal),
    }
}

/// Takes over keys that another node has made since: to be called now and then where several nodes share a database. Gives whether
/// there were any.
///
/// # Errors
/// Problems of the database, the master key file and the ring.
pub async fn reload(app: &App) -> Result<bool, Stop> {
    let _changing = CHANGING.lock().await;
    let stored = app.store.read().await?.wrapped_keys().await?;
    let vault = app.vault();
    let known = |key: &yinxin_store::WrappedKey| {
        vault.ring().records().iter().any(|r| r.purpose.as_str() == key.label && r.number == key.number)
    };
    if stored.iter().all(known) {
        return Ok(false);
    }
    let master = master_key(app).await?;
    let ring = ring_of(&master, &stored).map_err(|error| keyring_fault(&error))?;
    app.set_vault(Vault::new(ring));
    Ok(true)
}

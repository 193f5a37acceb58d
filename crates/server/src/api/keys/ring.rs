//! The key ring between database and memory.

use crate::app::keys::{Turns, ring_of};
use crate::app::{App, Stop};
use crate::http::{Code, Problem};
use crate::security::keyring::{KeyringError, Purpose};
use crate::security::master_file;
use crate::security::master_key::MasterKey;
use tokio::sync::Mutex;

/// Held while the ring in memory is replaced.
pub(super) static CHANGING: Mutex<()> = Mutex::const_new(());

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
        KeyringError::Exhausted => Problem::new(Code::Conflict).rule("KEYS_EXHAUSTED").detail(zh, en),
        // Somebody changed the master key this moment, or its file is not the right one.
        KeyringError::WrongMaster { .. } => Problem::new(Code::Unavailable).detail(zh, en),
        _ => Problem::new(Code::Internal),
    }
}

/// Takes over keys that another node has made since, and puts a new key to use once it has settled: to be called now and then. Gives
/// whether anything changed.
///
/// # Errors
/// Problems of the database, the master key file and the ring.
pub async fn reload(app: &App) -> Result<bool, Stop> {
    let _changing = CHANGING.lock().await;
    let now = app.now()?;
    let mut access = app.store.read().await?;
    let stored = access.wrapped_keys().await?;
    let turns = Turns::load(&mut access).await?;
    drop(access);
    let vault = app.vault();
    let known = |key: &yinxin_store::WrappedKey| {
        vault.ring().records().iter().any(|r| r.purpose.as_str() == key.label && r.number == key.number)
    };
    let ring = if stored.iter().all(known) {
        let settled = vault.ring().settled(now);
        let same = Purpose::ALL.iter().all(|p| settled.active_number(*p) == vault.ring().active_number(*p));
        if same && app.audit_keys().1 == turns {
            return Ok(false);
        }
        settled
    } else {
        ring_of(&master_key(app).await?, &stored).map_err(|error| keyring_fault(&error))?
    };
    app.install(&ring, turns, now).map_err(|error| keyring_fault(&error))?;
    Ok(true)
}

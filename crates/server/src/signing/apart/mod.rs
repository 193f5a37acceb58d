//! The key process (用印密钥进程, `--roles signer`): the gate and the keys of seals, apart from the registry. It has no database and no
//! accounts; what it signs, a token of a registry it was told of must name. It stands beside a workshop apart and has its keys in common.

mod issuers;
mod serve;

use crate::app::clock::Source;
use crate::config::Config;
use crate::making::keys::{KeyShelf, SealKeys as _};
use crate::security::master_file;
use crate::signing::{KeyHolder as _, LocalGate, SignAsk, SignFault};
use crate::start::StartError;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use issuers::Issuers;
use std::sync::Arc;
use yinxin_crypto::keystore::Password;

pub use serve::{BoundSigner, bind_signer};

/// Gate and keys of a process of their own.
pub struct Signer {
    config: Config,
    keys: Arc<KeyShelf>,
    issuers: Arc<Issuers>,
    clock: Arc<dyn Source>,
    gate: LocalGate,
}

impl Signer {
    /// Opens shelf and gate. Blocks.
    ///
    /// # Errors
    /// [`StartError`]: there is no shelf, its key file is another's, a certificate cannot be read, another process has the gate.
    pub fn open(config: Config, source: Box<dyn Source>) -> Result<Self, StartError> {
        let clock: Arc<dyn Source> = Arc::from(source);
        let folder = config.workshop.keys_dir.clone();
        if !folder.join("shelf.json").exists() {
            return Err(StartError::other(
                "workshop.keys_dir",
                format!("{} 中没有密钥库；请填写制作系统的密钥目录", folder.display()),
                format!("{} holds no key store: name the keys folder of the workshop", folder.display()),
            ));
        }
        let master = master_file::load(&config.security.master_key_file)?;
        let secret = Password::new(master.secret_for("workshop").reveal().as_bytes().to_vec());
        let fault = |zh: String, code: &str| StartError::other("workshop.keys_dir", zh, code.to_owned());
        let keys = KeyShelf::open(&folder, &secret, &mut UnwrapErr(SysRng))
            .map_err(|e| fault(e.to_string(), e.code()))?;
        let keys = Arc::new(keys);
        let issuers = Arc::new(Issuers::read(&config.signer.issuers)?);
        let (known, time) = (Arc::clone(&issuers), Arc::clone(&clock));
        let (ask, now) = (Arc::clone(&clock), clock.now());
        let gate = LocalGate::new(
            folder.join("gate"),
            Arc::clone(&keys) as _,
            move || known.at(ask.now()),
            // A clock set back is found by the list of used tokens.
            move || Some(time.now()),
        );
        gate.open().map_err(|e| fault(e.to_string(), e.code()))?;
        if issuers.at(now).is_empty() {
            tracing::warn!("no certificate of signer.issuers is in its time: nothing is signed until one is");
        }
        Ok(Self { config, keys, issuers, clock, gate })
    }

    /// Signs, each by its own token.
    pub async fn sign(&self, asks: Vec<SignAsk>) -> Vec<Result<Vec<u8>, SignFault>> {
        self.gate.sign(asks).await
    }

    /// Why it could sign nothing now: a stable code with its words.
    fn held(&self) -> Option<(&'static str, &'static str, &'static str)> {
        if self.issuers.at(self.clock.now()).is_empty() {
            return Some((
                "SIGNER_ISSUERS",
                "没有在有效期内的登记系统证书",
                "no certificate of a registry is in its time",
            ));
        }
        match self.keys.list() {
            Ok(_) => None,
            Err(_) => Some(("KEY_STORE_IO", "密钥目录无法读取", "the folder of the keys cannot be read")),
        }
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("gate", &self.gate).finish_non_exhaustive()
    }
}

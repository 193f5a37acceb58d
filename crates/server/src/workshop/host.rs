//! Folder, keys, log and authority of the workshop in this process.

use super::state::State;
use crate::app::{App, Shared};
use crate::making::authority::{AuthorityError, CertificateAuthority};
use crate::making::keys::{KeyId, KeyShelf, KeyStoreError, SealKeys};
use crate::making::log::{FileLog, LogError};
use crate::making::transport::{OutgoingRequest, RequestSigner, SignerFault};
use crate::making::{License, MakerIdentity, Settings, Workshop};
use crate::security::request_signature::{RequestLine, RequestSigner as Signing, sign_request};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use yinxin_crypto::keystore::Password;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_imprint::Font;
use yinxin_registry::maker::Maker;
use yinxin_store::StoreError;

/// Why the workshop cannot work.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// Its keys.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// Its log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The certificate authority.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The registry's database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A certification request could not be signed.
    #[error("证书申请无法签名：{0} / the certification request cannot be signed: {0}")]
    Request(String),
    /// Its state file.
    #[error("制作系统的状态文件 {path}：{detail} / state file of the workshop {path}: {detail}")]
    State {
        /// Which.
        path: String,
        /// What is wrong.
        detail: String,
    },
}

impl HostError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Keys(e) => e.code(),
            Self::Log(e) => e.code(),
            Self::Authority(e) => e.code(),
            Self::Store(e) => e.code(),
            Self::Request(_) => "WORKSHOP_REQUEST",
            Self::State { .. } => "WORKSHOP_STATE",
        }
    }
}

/// The workshop's belongings.
pub struct Host {
    folder: PathBuf,
    pub(super) keys: Arc<KeyShelf>,
    pub(super) authority: Arc<dyn CertificateAuthority>,
    log: Arc<FileLog>,
    state: RwLock<Option<State>>,
}

impl Host {
    /// Opens the folder, making it at first use. `secret` opens the keys.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn open_folder(
        folder: &Path,
        secret: &Password,
        authority: Arc<dyn CertificateAuthority>,
    ) -> Result<Self, HostError> {
        let keys = KeyShelf::open(folder, secret, &mut UnwrapErr(SysRng))?;
        let log = FileLog::open(&folder.join("log"))?;
        let path = folder.join("workshop.json");
        let state = match std::fs::read(&path) {
            Ok(bytes) => Some(serde_json::from_slice(&bytes).map_err(|e| state_fault(&path, &e))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(state_fault(&path, &error)),
        };
        Ok(Self {
            folder: folder.to_owned(),
            keys: Arc::new(keys),
            authority,
            log: Arc::new(log),
            state: RwLock::new(state),
        })
    }

    /// Takes up work for a maker.
    ///
    /// # Errors
    /// [`HostError::State`] when the file cannot be written.
    pub fn take_up(&self, state: State) -> Result<(), HostError> {
        let path = self.folder.join("workshop.json");
        let bytes = serde_json::to_vec_pretty(&state).map_err(|e| state_fault(&path, &e))?;
        replace_file(&path, &bytes).map_err(|e| state_fault(&path, &e))?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Some(state);
        Ok(())
    }

    /// For whom it works.
    pub fn state(&self) -> Option<State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs requests to the registry, by the server's clock.
    pub fn signer(&self, app: &Shared) -> Option<Arc<dyn RequestSigner>> {
        let state = self.state()?;
        let (keys, app) = (Arc::clone(&self.keys), Arc::clone(app));
        Some(Arc::new(move |request: &OutgoingRequest| {
            let fault = |error: &dyn std::fmt::Display| SignerFault(error.to_string());
            let now = app.now().map_err(|problem| SignerFault(problem.code().kind().code.to_owned()))?;
            let id = KeyId::parse(&state.client_key).map_err(|e| fault(&e))?;
            let key = keys.open(&id).map_err(|e| fault(&e))?;
            let line = RequestLine::new(request.method, &request.target);
            let signer = Signing::Sm2(&*key);
            let mut rng = UnwrapErr(SysRng);
            sign_request(&state.client, &signer, &line, &request.body, now, &mut rng)
                .map(|signed| {
                    signed.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
                })
                .map_err(|e| fault(&e))
        }))
    }

    /// The workshop as it can work now: license and stop come from the registry's record of the maker. `None` before it has taken up
    /// work for anyone.
    ///
    /// # Errors
    /// [`HostError`].
    pub async fn open(&self, app: &App) -> Result<Option<Workshop>, HostError> {
        let Some(state) = self.state() else { return Ok(None) };
        let maker = app.store.read().await?.get::<Maker>(&state.maker).await?.value;
        let path = self.folder.join("workshop.json");
        let der = state.certificates.first().and_then(|text| hex::decode(text).ok()).unwrap_or_default();
        let certificate = Certificate::parse(&der, &Limits::default()).map_err(|e| state_fault(&path, &e))?;
        let key = self.keys.open(&KeyId::parse(&state.maker_key)?)?;
        let license = License {
            number: maker.license.number,
            from: maker.license.from,
            until: maker.license.until,
            areas: maker.jurisdictions.iter().map(|path| path.as_str().to_owned()).collect(),
            stopped: maker.stopped.is_some(),
        };
        Ok(Some(Workshop {
            maker: MakerIdentity {
                id: state.maker,
                code: maker.credit_code.to_string(),
                license,
                certificate,
                key: Arc::from(key),
            },
            settings: Settings { approvers: vec![app.authority.as_approver()], ..Settings::default() },
            keys: self.keys.clone(),
            authority: Arc::clone(&self.authority),
            log: self.log.clone(),
            font: Font::builtin(),
        }))
    }
}

/// Writes beside the file and moves it there: a crash leaves the old or the new one.
fn replace_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let staged = path.with_extension("partial");
    let mut file = std::fs::File::create(&staged)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&staged, path)?;
    std::fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

fn state_fault(path: &Path, error: &dyn std::fmt::Display) -> HostError {
    HostError::State { path: path.display().to_string(), detail: error.to_string() }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("state", &self.state()).finish_non_exhaustive()
    }
}

//! Folder, keys, log and authority of the workshop in this process.

use super::state::{State, Waiting};
use crate::api::orders::workshop_facts;
use crate::app::{App, Shared};
use crate::imprints::Drawer;
use crate::making::authority::{AuthorityError, CertificateAuthority, CertificateFault};
use crate::making::dto::WorkshopFactsDto;
use crate::making::keys::{KeyId, KeyShelf, KeyStoreError, SealKeys};
use crate::making::log::{FileLog, LogError};
use crate::making::transport::{OutgoingRequest, RequestSigner, SignerFault};
use crate::making::{License, MakerIdentity, Settings, Workshop};
use crate::proof::AuthorizedSigner;
use crate::security::request_signature::{RequestLine, RequestSigner as Signing, sign_request};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use yinxin_crypto::keystore::Password;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_registry::maker::Maker;
use yinxin_seal::TrustFacts;
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
    /// A certificate that came from outside does not fit.
    #[error(transparent)]
    Certificate(#[from] CertificateFault),
    /// Certificates and lists that seals are judged by.
    #[error("{0}")]
    Trust(String),
    /// There is nothing to be renewed yet.
    #[error("制作系统尚无证书 / the workshop has no certificate yet")]
    NoIdentity,
    /// A certificate came that nobody asked for.
    #[error("没有等待签发的制章人证书申请 / no certificate of the maker was asked for")]
    NothingAsked,
    /// The folder holds the keys of another maker.
    #[error("该目录已属于制作单位 {0} / the folder belongs to the maker {0}")]
    OtherMaker(String),
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
            Self::Certificate(e) => e.code(),
            Self::Trust(_) => "WORKSHOP_TRUST",
            Self::NoIdentity => "WORKSHOP_NO_IDENTITY",
            Self::NothingAsked => "WORKSHOP_NOTHING_ASKED",
            Self::OtherMaker(_) => "WORKSHOP_OTHER_MAKER",
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
    drawer: Arc<Drawer>,
    state: RwLock<Option<State>>,
}

impl Host {
    /// Opens the folder, making it at first use. `secret` opens the keys; imprints are drawn by `drawer`.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn open_folder(
        folder: &Path,
        secret: &Password,
        authority: Arc<dyn CertificateAuthority>,
        drawer: Arc<Drawer>,
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
            drawer,
            state: RwLock::new(state),
        })
    }

    /// Removes what a crash left of files never finished.
    ///
    /// # Errors
    /// [`HostError::Keys`].
    pub fn sweep_unfinished(&self) -> Result<(), HostError> {
        self.keys.sweep_unfinished().map_err(|error| HostError::Keys(error.into()))
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

    /// The key that waits for a maker's certificate from an authority outside, made at the first call for this maker.
    ///
    /// # Errors
    /// The shelf or the file cannot be used.
    pub(super) fn waiting_key(&self, maker: &str) -> Result<KeyId, HostError> {
        let path = self.folder.join("waiting.json");
        let known = std::fs::read(&path).ok();
        let known = known.and_then(|bytes| serde_json::from_slice::<Waiting>(&bytes).ok());
        if let Some(waiting) = known.filter(|waiting| waiting.maker == maker) {
            return Ok(KeyId::parse(&waiting.maker_key)?);
        }
        let id = KeyId::new(&mut UnwrapErr(SysRng));
        let waiting = Waiting { maker: maker.to_owned(), maker_key: id.as_str().to_owned() };
        let bytes = serde_json::to_vec_pretty(&waiting).map_err(|e| state_fault(&path, &e))?;
        replace_file(&path, &bytes).map_err(|e| state_fault(&path, &e))?;
        Ok(id)
    }

    /// The keys of the seals it made.
    pub fn seal_keys(&self) -> Arc<dyn SealKeys> {
        Arc::clone(&self.keys) as Arc<dyn SealKeys>
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// For whom it works.
    pub fn state(&self) -> Option<State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs requests to the registry beside it, by the server's clock.
    pub fn signer(&self, app: &Shared) -> Option<Arc<dyn RequestSigner>> {
        let state = self.state()?;
        let (client, client_key) = (state.client?, state.client_key?);
        let (keys, app) = (Arc::clone(&self.keys), Arc::clone(app));
        Some(Arc::new(move |request: &OutgoingRequest| {
            let now = app.now().map_err(|problem| SignerFault(problem.code().kind().code.to_owned()))?;
            let id = KeyId::parse(&client_key).map_err(|e| SignerFault(e.to_string()))?;
            let key = keys.open(&id).map_err(|e| SignerFault(e.to_string()))?;
            signed_headers(request, &client, &Signing::Sm2(&*key), now)
        }))
    }

    /// The workshop beside a registry as it can work now. `None` before it has taken up work for anyone.
    ///
    /// # Errors
    /// [`HostError`].
    pub async fn open(&self, app: &App) -> Result<Option<Workshop>, HostError> {
        let Some(state) = self.state() else { return Ok(None) };
        let maker = app.store.read().await?.get::<Maker>(&state.maker).await?.value;
        let approvers = app.authority.as_approvers();
        self.workshop(&workshop_facts(&maker, &app.authority), approvers, None)
    }

    /// Certificate of the maker as this workshop has it; `None` before it was issued.
    ///
    /// # Errors
    /// [`HostError::State`] where the file cannot be read.
    pub fn certificate(&self) -> Result<Option<Certificate>, HostError> {
        let path = self.folder.join("workshop.json");
        let Some(text) = self.state().and_then(|state| state.certificates.into_iter().next()) else {
            return Ok(None);
        };
        let der = hex::decode(text).map_err(|e| state_fault(&path, &e))?;
        Certificate::parse(&der, &Limits::default()).map(Some).map_err(|e| state_fault(&path, &e))
    }

    /// The state file is not as it should be.
    pub(super) fn broken(&self, error: &dyn std::fmt::Display) -> HostError {
        state_fault(&self.folder.join("workshop.json"), error)
    }

    /// The workshop by what the registry has on record of its maker: license and stop come from there, and with which of its certificates
    /// it signs. `None` before it has one.
    ///
    /// # Errors
    /// [`HostError`].
    pub fn workshop(
        &self,
        facts: &WorkshopFactsDto,
        approvers: Vec<AuthorizedSigner>,
        approver_trust: Option<Arc<TrustFacts>>,
    ) -> Result<Option<Workshop>, HostError> {
        self.settle(facts)?;
        let (Some(state), Some(certificate)) = (self.state(), self.certificate()?) else { return Ok(None) };
        let key = self.keys.open(&KeyId::parse(&state.maker_key)?)?;
        let license = License {
            number: facts.license.clone(),
            from: facts.from,
            until: facts.until,
            areas: facts.areas.clone(),
            stopped: facts.stopped,
        };
        Ok(Some(Workshop {
            maker: MakerIdentity {
                id: state.maker,
                code: facts.credit_code.clone(),
                license,
                certificate,
                key: Arc::from(key),
            },
            settings: Settings { approvers, approver_trust, ..Settings::default() },
            keys: self.keys.clone(),
            authority: Arc::clone(&self.authority),
            log: self.log.clone(),
            drawer: Arc::clone(&self.drawer),
        }))
    }
}

/// The header fields by which the registry knows who sends a request.
pub(super) fn signed_headers(
    request: &OutgoingRequest,
    client: &str,
    signer: &Signing<'_>,
    now: Timestamp,
) -> Result<Vec<(String, String)>, SignerFault> {
    let line = RequestLine::new(request.method, &request.target);
    sign_request(client, signer, &line, &request.body, now, &mut UnwrapErr(SysRng))
        .map(|signed| signed.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
        .map_err(|e| SignerFault(e.to_string()))
}

/// Writes beside the file and moves it there: a crash leaves the old or the new one.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
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

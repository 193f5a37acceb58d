//! The workshop in a process of its own (制作独立运行): its folder, its keys, its client of the registry's API. It knows nothing of the
//! registry but what that API says, and believes of it only what the configured certificates vouch for.

mod client;
mod pins;
mod renewal;
mod serve;
mod standing;

pub use renewal::ask_for_renewal;
pub use serve::{BoundWorkshop, bind_workshop};
pub use standing::Hold;

use super::attach::{maker_request, own_identity};
use super::host::{Host, HostError, replace_file};
use crate::app::clock::Source;
use crate::config::{CaKind, Config};
use crate::imprints::Drawer;
use crate::making::Workshop;
use crate::making::authority::{AuthorityError, CertificateAuthority, ImportAuthority, TestAuthority};
use crate::making::dto::WorkshopFactsDto;
use crate::making::runner::{self, Fate, Round};
use crate::making::transport::{RegistryPort as _, RemoteRegistry};
use crate::security::master_file;
use crate::start::{StartError, add_trust_files, drawer_fault, private_folder};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::{SignedDuration, Timestamp};
use pins::Pins;
use standing::Standing;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use yinxin_crypto::keystore::Password;
use yinxin_formats::pem;
use yinxin_seal::TrustFacts;

/// Days a revocation list of the test authority is valid, and the time after which it is made anew.
const LIST_DAYS: u16 = 7;
const RENEW: SignedDuration = SignedDuration::from_hours(12);
/// File of the maker's certificate, to be registered, in the data folder.
const CERTIFICATE_FILE: &str = "maker.pem";
/// Files, in the data folder, of the request that an authority outside is to sign, and of what it issued.
const REQUEST_FILE: &str = "maker.csr";
const ANSWER_FILE: &str = "maker-issued.pem";

/// A workshop that stands alone.
pub struct Apart {
    config: Config,
    maker: String,
    clock: Arc<dyn Source>,
    host: Arc<Host>,
    test: Option<Arc<TestAuthority>>,
    registry: RemoteRegistry,
    pins: Pins,
    test_trust: Mutex<Option<(Timestamp, TrustFacts)>>,
    renewing: Mutex<Option<String>>,
    standing: Standing,
}

impl Apart {
    /// Opens the workshop's folder, making it at the first start. The registry is not asked yet. Blocks.
    ///
    /// # Errors
    /// [`StartError`] says what, where and what to do.
    pub fn open(config: Config, source: Box<dyn Source>) -> Result<Self, StartError> {
        let clock: Arc<dyn Source> = Arc::from(source);
        let mut rng = UnwrapErr(SysRng);
        private_folder(&config.data_dir)?;
        let master = &config.security.master_key_file;
        if let Some(folder) = master.parent() {
            private_folder(folder)?;
        }
        // Once there are keys, a key file that is gone must be restored, not replaced.
        let shelf = config.workshop.keys_dir.join("shelf.json");
        let master = match shelf.exists() {
            true => master_file::load(master)?,
            false => master_file::load_or_create(master, &mut rng)?.0,
        };
        let secret = Password::new(master.secret_for("workshop").reveal().as_bytes().to_vec());
        let test = match config.ca.kind {
            CaKind::Test => {
                let folder = config.data_dir.join("ca");
                let name = format!("印信 {}", config.area.name);
                let opened = TestAuthority::open(&folder, &name, &secret, clock.now(), &mut rng)?;
                Some(Arc::new(opened.with_seal_days(config.ca.test_validity_days)))
            }
            CaKind::Import => None,
        };
        let authority: Arc<dyn CertificateAuthority> = match &test {
            Some(test) => Arc::clone(test) as _,
            None => Arc::new(ImportAuthority),
        };
        let drawer = Arc::new(Drawer::of(&config.imprint).map_err(drawer_fault)?);
        let host = Host::open_folder(&config.workshop.keys_dir, &secret, authority, drawer)
            .map_err(|e| StartError::other("workshop.keys_dir", e.to_string(), e.code()))?;
        let signer = client::signer(&config.workshop, Arc::clone(&clock))?;
        let address = config.workshop.registry_url.clone().unwrap_or_default();
        let registry = RemoteRegistry::new(&address, signer)
            .map_err(|e| StartError::other("workshop.registry_url", e.to_string(), e.code()))?;
        Ok(Self {
            maker: config.workshop.maker.clone().unwrap_or_default(),
            pins: Pins::read(&config.workshop.registry_signers)?,
            host: Arc::new(host),
            test_trust: Mutex::default(),
            renewing: Mutex::default(),
            standing: Standing::new(),
            clock,
            test,
            registry,
            config,
        })
    }

    /// One round: ask the registry who approves and what is ordered, make it, hand it in.
    ///
    /// # Errors
    /// [`Hold`]: what keeps the whole workshop. What goes wrong with a single order stands in the round.
    pub async fn round(self: &Arc<Self>) -> Result<Round, Hold> {
        let facts = self.registry.facts(&self.maker).await?;
        let (workshop, trust) = {
            let apart = Arc::clone(self);
            let task = tokio::task::spawn_blocking(move || apart.prepared(&facts));
            task.await.map_err(|_| Hold::Facts)??
        };
        let round = runner::round(&workshop, &self.registry, &trust, self.clock.now()).await?;
        let broken = round.orders.iter().find_map(|(_, fate)| match fate {
            Fate::Refused(error) if error.is_temporary() => Some(error.clone()),
            _ => None,
        });
        match broken {
            Some(error) => Err(error.into()),
            None => Ok(round),
        }
    }

    /// The workshop as it can work by these facts, and what seals are judged by.
    fn prepared(&self, facts: &WorkshopFactsDto) -> Result<(Arc<Workshop>, Arc<TrustFacts>), Hold> {
        let now = self.clock.now();
        if facts.maker != self.maker {
            return Err(Hold::Facts);
        }
        let (approvers, approver_trust) = self.pins.approvers(&facts.approvers)?;
        let trust = self.seal_trust(now)?;
        self.identity(facts, &trust, now)?;
        self.renewal(facts, &trust, now)?;
        let file = self.certificate_file()?;
        let workshop = self.host.workshop(facts, approvers, Some(Arc::new(approver_trust)))?;
        let workshop = workshop.ok_or(Hold::Facts)?;
        let registered = facts.certificate.as_ref().and_then(|text| STANDARD.decode(text).ok());
        if registered.as_deref() != Some(workshop.maker.certificate.raw()) {
            return Err(Hold::NotRegistered(file.display().to_string()));
        }
        Ok((Arc::new(workshop), trust))
    }

    /// Key and certificate of the maker. Where the authority is outside, the request lies in the data folder, and the certificate is
    /// looked for beside it.
    fn identity(&self, facts: &WorkshopFactsDto, trust: &TrustFacts, now: Timestamp) -> Result<(), Hold> {
        let [request, answer] = [REQUEST_FILE, ANSWER_FILE].map(|name| self.config.data_dir.join(name));
        let chain = std::fs::read_to_string(&answer).ok();
        match own_identity(&self.host, facts, chain.as_deref(), trust, now) {
            Err(HostError::Authority(AuthorityError::Pending)) => {
                if !request.exists() {
                    let text = maker_request(&self.host, &facts.maker, &facts.name, &facts.credit_code)?;
                    write(&request, &text)?;
                }
                Err(Hold::Certificate { request, answer })
            }
            other => Ok(other?),
        }
    }

    /// The maker's certificate as a file, for those who register it: the one that is to follow, where there is one.
    fn certificate_file(&self) -> Result<PathBuf, Hold> {
        let path = self.config.data_dir.join(CERTIFICATE_FILE);
        let certificate = match self.host.next_certificate()? {
            Some(next) => Some(next),
            None => self.host.certificate()?,
        };
        if let Some(certificate) = certificate {
            let text = pem::encode("CERTIFICATE", certificate.raw());
            if std::fs::read_to_string(&path).ok().as_deref() != Some(&text) {
                write(&path, &text)?;
            }
        }
        Ok(path)
    }

    /// What certificates and seals are judged by: the test authority with fresh lists, and the configured files.
    fn seal_trust(&self, now: Timestamp) -> Result<Arc<TrustFacts>, Hold> {
        let mut facts = match &self.test {
            Some(test) => self.test_trust(test, now)?,
            None => TrustFacts::default(),
        };
        // The files may be exchanged any time.
        add_trust_files(&self.config.ca.trust_anchors, &mut facts)
            .map_err(|e| HostError::Trust(e.to_string()))?;
        Ok(Arc::new(facts))
    }

    /// The test authority with lists that are not old; each is numbered, so they are kept for a while.
    fn test_trust(&self, test: &TestAuthority, now: Timestamp) -> Result<TrustFacts, HostError> {
        let mut kept = self.test_trust.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((made, trust)) if now.duration_since(*made).abs() < RENEW => Ok(trust.clone()),
            _ => {
                let trust = test.trust(now, LIST_DAYS)?;
                *kept = Some((now, trust.clone()));
                Ok(trust)
            }
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), HostError> {
    replace_file(path, text.as_bytes())
        .map_err(|e| HostError::State { path: path.display().to_string(), detail: e.to_string() })
}

impl std::fmt::Debug for Apart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Apart").field("maker", &self.maker).finish_non_exhaustive()
    }
}

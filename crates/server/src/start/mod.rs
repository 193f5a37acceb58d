//! From a configuration to a running server: keys, database, documents, authority, first start.

mod areas;
pub(crate) mod authority;
mod commanded;
mod error;
mod first;
mod keys;
mod metrics_port;
mod node;
mod rewrap;
mod router;
mod serve;
mod side;
mod trust;
mod workers;

pub use authority::{
    AuthorityCertificate, RequestFor, SECRET_SETTINGS, authority_certificates, authority_request,
    import_authority, renew_authority,
};
pub(crate) use commanded::commanded;
pub use error::StartError;
pub(crate) use keys::private_folder;
pub use node::Node;
pub use rewrap::{MasterState, Rewrapped, master_state, rewrap};
pub(crate) use router::metrics_page;
pub use router::{api_document, assemble};
pub use serve::{Bound, bind};
pub(crate) use side::Side;
pub(crate) use trust::add_files as add_trust_files;
pub(crate) use workers::told;
pub use workers::{renew_trust, sweep};

use crate::api::profiles::reload;
use crate::api::words::both;
use crate::app::authority::Authority;
use crate::app::clock::{Clock, Source};
use crate::app::keys::{Keys, Turns, document_keys, row_keys};
use crate::app::{App, Parts, Profiles, Shared};
use crate::backup::refuse_unfinished;
use crate::config::{CaKind, Config, Role};
use crate::documents::Documents;
use crate::imprints::{Drawer, DrawerFault};
use crate::making::authority::{CertificateAuthority, ImportAuthority, TestAuthority};
use crate::security::Secret;
use crate::security::keyring::KeyRing;
use crate::security::password::PasswordHasher;
use crate::security::rate_limit::{Rate, RateLimiter};
use crate::security::vault::Vault;
use crate::signing::{LocalGate, RemoteGate};
use crate::telemetry::metrics::database_round_trip;
use crate::workshop::Host;
use jiff::{SignedDuration, Timestamp};
use std::num::NonZeroUsize;
use std::sync::Arc;
use yinxin_store::{RowKeys, Store, StoreOptions};

/// A server that is ready to be bound to an address.
pub struct Prepared {
    /// The server.
    pub app: Shared,
    /// The test authority, where this process runs one.
    pub test_authority: Option<Arc<TestAuthority>>,
    /// Login names and one-time passwords of the first administrators; only at the first start, to be shown once.
    pub first: Vec<(String, Secret)>,
}

/// Opens everything; at the first start makes keys, areas, profiles and administrators.
///
/// # Errors
/// [`StartError`] says what, where and what to do.
pub async fn prepare(config: Config, source: Box<dyn Source>) -> Result<Prepared, StartError> {
    prepare_showing(config, source, |_| Ok(())).await
}

/// The same where somebody is to see the one-time passwords of the first start: `show` gets login names and passwords before the
/// accounts are kept. Where it fails nothing is kept; where the process dies after it, either the accounts are there and the passwords
/// count, or the next start makes and shows new ones.
///
/// # Errors
/// [`StartError`] says what, where and what to do.
pub async fn prepare_showing(
    config: Config,
    source: Box<dyn Source>,
    show: impl FnOnce(&[(String, Secret)]) -> std::io::Result<()> + Send,
) -> Result<Prepared, StartError> {
    let now = source.now();
    refuse_unfinished(&config)?;
    keys::private_folder(&config.data_dir)?;
    let base = Base::open(&config, open_store(&config).await?, now).await?;
    let now = base.now;
    let (authority, test_authority) = authority::open(&config, &base.store, &base.vault, now).await?;
    let app = base.app(config, source, authority).await?;
    if let Some(test) = &test_authority {
        let _ = app.test_authority.set(Arc::clone(test));
    }
    let issuer: Option<Arc<dyn CertificateAuthority>> = match (app.config.ca.kind, &test_authority) {
        (CaKind::Import, _) => Some(Arc::new(ImportAuthority)),
        (CaKind::Test, test) => test.clone().map(|test| test as _),
    };
    if makes(&app.config)
        && let Some(authority) = issuer
    {
        let secret = authority::password(&app.store, &app.vault(), now).await?;
        let drawer = Arc::clone(app.imprints.drawer());
        let host = Host::open_folder(&app.config.workshop.keys_dir, &secret, authority, drawer)
            .map_err(|e| StartError::other("workshop", e.to_string(), e.to_string()))?;
        let gate = gate_before(&app, &host);
        let _ = app.keys_of_seals.set(Arc::new(gate));
        let _ = app.workshop.set(Arc::new(host));
    }
    if let Some(url) = &app.config.signer.url {
        let gate = RemoteGate::new(url)
            .map_err(|e| StartError::other("signer.url", e.to_string(), e.code().to_owned()))?;
        let _ = app.keys_of_seals.set(Arc::new(gate));
    }
    node::take_up(&app, now).await?;
    let first = first::start(&app, show).await?;
    reload(&app)
        .await
        .map_err(|_| StartError::other("profiles", "地区配置无法读取", "the profiles cannot be read"))?;
    Ok(Prepared { app, test_authority, first })
}

/// The gate before the keys of the workshop beside the registry. The clock is the server's, as tests and guards have it.
fn gate_before(app: &Shared, host: &Host) -> LocalGate {
    let (one, other) = (Arc::downgrade(app), Arc::downgrade(app));
    let issuers = move || {
        let app = one.upgrade();
        app.and_then(|app| app.authority.signing().certificate.public_key().ok()).into_iter().collect()
    };
    let clock = move || other.upgrade().and_then(|app| app.now().ok());
    LocalGate::new(host.folder().join("gate"), host.seal_keys(), issuers, clock)
}

/// The store with its keys, both made at the first start.
async fn open_secured(config: &Config, now: Timestamp) -> Result<(Store, KeyRing), StartError> {
    keys::private_folder(&config.data_dir)?;
    secured(config, open_store(config).await?, now).await
}

async fn secured(config: &Config, bare: Store, now: Timestamp) -> Result<(Store, KeyRing), StartError> {
    let ring = keys::ring(config, &bare, now).await?;
    Ok((bare.with_keys(row_keys(&ring.settled(now))), ring))
}

/// Opens a registry that was started before, to look at it: nothing is made, written or locked, so that a server may go on serving it
/// meanwhile.
///
/// # Errors
/// [`StartError`] says what, where and what to do.
pub async fn look(config: Config, source: Box<dyn Source>) -> Result<Shared, StartError> {
    refuse_unfinished(&config)?;
    let store = open_bare(&config).await?;
    store.ready().await?;
    look_into(config, source, store).await
}

/// The same for a place that is being restored.
pub(crate) async fn look_restored(config: Config, source: Box<dyn Source>) -> Result<Shared, StartError> {
    let store = open_bare(&config).await?;
    look_into(config, source, store).await
}

async fn look_into(config: Config, source: Box<dyn Source>, store: Store) -> Result<Shared, StartError> {
    let now = source.now();
    let base = Base::open(&config, store, now).await?;
    let authority = authority::existing(&config, &base.store, &base.vault, base.now).await?;
    base.app(config, source, authority).await
}

/// Database, keys and documents.
struct Base {
    store: Store,
    /// The moment of the start. With a clock that was set back: the latest time recorded, so that what is made is dated by that.
    now: Timestamp,
    highest: Timestamp,
    documents: Documents,
    keys: Keys,
    vault: Vault,
}

impl Base {
    async fn open(config: &Config, bare: Store, now: Timestamp) -> Result<Self, StartError> {
        let highest = bare.read().await?.latest_time().await?;
        let now = now.max(highest);
        let (store, ring) = secured(config, bare, now).await?;
        let turns = Turns::load(&mut store.read().await?).await?;
        let documents = Documents::open(&config.documents, document_keys(&ring.settled(now))?)?;
        let vault = Vault::new(ring.settled(now));
        let keys = Keys::new(&ring, turns, now)?;
        Ok(Self { store, now, highest, documents, keys, vault })
    }

    async fn app(
        self,
        config: Config,
        source: Box<dyn Source>,
        authority: Authority,
    ) -> Result<Shared, StartError> {
        let Self { store, highest, documents, keys, .. } = self;
        let tolerance = SignedDuration::from_secs(i64::from(config.clock.max_backward_seconds));
        let parallel =
            NonZeroUsize::new(std::thread::available_parallelism().map_or(2, NonZeroUsize::get).min(4));
        let hasher = PasswordHasher::new(config.security.hash_cost(), parallel.unwrap_or(NonZeroUsize::MIN))?;
        let security = config.security.clone();
        let drawer = Drawer::of(&config.imprint).map_err(drawer_fault)?;
        Ok(App::new(Parts {
            clock: Clock::new(source, highest, tolerance),
            profiles: Profiles::default(),
            drawer,
            by_address: RateLimiter::new(
                Rate {
                    burst: security.request_burst,
                    period: per_second(security.request_burst, security.requests_per_second),
                },
                100_000,
            ),
            logins: RateLimiter::new(
                Rate { burst: security.login_per_minute, period: SignedDuration::from_mins(1) },
                100_000,
            ),
            config,
            store,
            documents,
            keys,
            hasher,
            authority,
        }))
    }
}

/// Rules or font of imprints are not what the configuration says.
pub(crate) fn drawer_fault(fault: DrawerFault) -> StartError {
    let (zh, en) = both(&fault.to_string());
    StartError::other("imprint", zh, en)
}

fn per_second(burst: u32, rate: u32) -> SignedDuration {
    SignedDuration::from_millis(i64::from(burst) * 1000 / i64::from(rate.max(1)))
}

/// The store with the schema of this program. A new database and SQLite files are migrated at once; a PostgreSQL database that
/// others may be using is migrated by `yinxin migrate`, when its operator says so.
async fn open_store(config: &Config) -> Result<Store, StartError> {
    let store = open_bare(config).await?;
    let schema = store.schema().await?;
    if !config.database.url.is_postgres() || schema.version == 0 {
        store.migrate().await?;
    }
    store.ready().await?;
    Ok(store)
}

/// The store before its keys are known, for `yinxin migrate` and `yinxin doctor`.
///
/// # Errors
/// The database cannot be opened.
pub async fn open_bare(config: &Config) -> Result<Store, StartError> {
    let url = match &config.database.password {
        Some(password) => config.database.url.with_password(password.read()?.reveal()),
        None => zeroize::Zeroizing::new(config.database.url.reveal().to_owned()),
    };
    let mut options = StoreOptions::new(&url, RowKeys::new(0, b""));
    options.max_connections = config.database.max_connections;
    options.observer = Some(|took| database_round_trip("registry", took));
    Ok(Store::open(&options).await?)
}

/// Whether this process makes seals.
pub(crate) fn makes(config: &Config) -> bool {
    config.runs(Role::Maker)
}

/// Now, for what happens before there is a guarded clock.
pub fn machine_time() -> Timestamp {
    crate::app::clock::System.now()
}

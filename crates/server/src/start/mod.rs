//! From a configuration to a running server: keys, database, documents, authority, first start.

mod areas;
mod authority;
mod error;
mod first;
mod keys;
mod router;
mod serve;
mod trust;
mod workers;

pub use error::StartError;
pub use router::{api_document, assemble};
pub use serve::{Bound, bind};
pub use workers::renew_trust;
pub(crate) use workers::told;

use crate::api::profiles::reload;
use crate::app::clock::{Clock, Source};
use crate::app::{App, Parts, Profiles, Shared};
use crate::config::{Config, Role};
use crate::documents::Documents;
use crate::making::authority::TestAuthority;
use crate::security::Secret;
use crate::security::password::{HashCost, PasswordHasher};
use crate::security::rate_limit::{Rate, RateLimiter};
use crate::security::vault::Vault;
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
    let now = source.now();
    keys::private_folder(&config.data_dir)?;
    let bare = open_store(&config).await?;
    let ring = keys::ring(&config, &bare, now).await?;
    let store = bare.with_keys(keys::row_keys(&ring));
    let documents = Documents::open(&config.documents, keys::document_keys(&ring)?)?;
    let audit_key = keys::audit_key(&ring)?;
    let vault = Vault::new(ring);
    let (authority, test_authority) = authority::open(&config, &store, &vault, now).await?;
    let tolerance = SignedDuration::from_secs(i64::from(config.clock.max_backward_seconds));
    let highest = store.read().await?.latest_time().await?;
    let parallel =
        NonZeroUsize::new(std::thread::available_parallelism().map_or(2, NonZeroUsize::get).min(4));
    let hasher = PasswordHasher::new(HashCost::default(), parallel.unwrap_or(NonZeroUsize::MIN))?;
    let security = config.security.clone();
    let app = App::new(Parts {
        clock: Clock::new(source, highest, tolerance),
        profiles: Profiles::default(),
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
        audit_key,
        vault,
        hasher,
        authority,
    });
    if makes(&app.config)
        && let Some(test) = &test_authority
    {
        let secret = authority::password(&app.store, &app.vault(), now).await?;
        let authority = Arc::clone(test) as Arc<dyn crate::making::authority::CertificateAuthority>;
        let host = Host::open_folder(&app.config.workshop.keys_dir, &secret, authority)
            .map_err(|e| StartError::other("workshop", e.to_string(), e.to_string()))?;
        let _ = app.workshop.set(Arc::new(host));
    }
    let first = first::start(&app).await?;
    reload(&app)
        .await
        .map_err(|_| StartError::other("profiles", "地区配置无法读取", "the profiles cannot be read"))?;
    Ok(Prepared { app, test_authority, first })
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

//! What the running server consists of.

pub mod authority;
pub mod clock;
pub mod ending;
pub mod fault;
pub mod health;
pub mod keys;
pub mod profiles;
pub mod work;

pub use authority::Authority;
pub use fault::Stop;
pub use profiles::Profiles;
pub(crate) use work::count_events;
pub use work::{Subject, Work};

use crate::config::{Config, TimestampConfig};
use crate::documents::Documents;
use crate::http::Problem;
use crate::imprints::{Drawer, Imprints};
use crate::making::authority::TestAuthority;
use crate::security::password::PasswordHasher;
use crate::security::rate_limit::RateLimiter;
use crate::signing::KeyHolder;
use crate::signing::timestamp::HttpTimestamp;
use crate::start::Node;
use crate::workshop::Host;
use clock::Clock;
use ending::EndingCertificate;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;
use yinxin_store::Store;

/// The running server, shared by every request.
pub struct App {
    /// Configuration.
    pub config: Config,
    /// Database.
    pub store: Store,
    /// Documents and materials.
    pub documents: Documents,
    /// Guarded clock.
    pub clock: Clock,
    /// Hashes passwords, a few at a time.
    pub hasher: PasswordHasher,
    /// Profiles of practice.
    pub profiles: Profiles,
    /// Looks at imprints.
    pub imprints: Imprints,
    /// Signs certificates of the authority and heads of the audit chain.
    pub authority: Authority,
    /// Requests by address.
    pub by_address: RateLimiter,
    /// Tries to log in by address.
    pub logins: RateLimiter,
    /// The workshop of this process, where it runs one.
    pub workshop: OnceLock<Arc<Host>>,
    /// The built-in test authority, where this process runs one.
    pub test_authority: OnceLock<Arc<TestAuthority>>,
    /// Certificates that end soon, as a worker found them last.
    pub ending: RwLock<Vec<EndingCertificate>>,
    /// Who holds the keys of seals, where this process can reach him.
    pub keys_of_seals: OnceLock<Arc<dyn KeyHolder>>,
    /// How quickly documents were sealed last.
    pub pace: crate::jobs::Pace,
    /// Timestamp service for documents that are sealed, where one is configured.
    pub timestamps: Option<HttpTimestamp>,
    /// Name of this node, where it serves.
    pub node: OnceLock<Node>,
    /// Where it listens, once it does: the system may have chosen the port.
    pub address: OnceLock<SocketAddr>,
    /// Whether it can serve.
    pub health: health::Health,
    /// Status answers kept in memory.
    pub statuses: crate::status::Cache,
    /// Verifies documents.
    pub verifications: crate::verification::Service,
    /// How far the feed of status changes was read.
    pub feed: crate::status::feed::Feed,
    /// The list of status as it was last served.
    pub status_lists: crate::status::list::Shelf,
    /// The authority's trust list as it was last served.
    pub trust_list: crate::exchange::Shelf,
    /// Trust lists of other systems.
    pub peer_lists: crate::exchange::Lists,
    /// Mails and events on their way out.
    pub outbound: crate::outbound::Outbound,
    keys: keys::Keys,
}

/// Handle that handlers take as state.
pub type Shared = Arc<App>;

/// The parts an [`App`] is put together from.
pub struct Parts {
    /// Configuration.
    pub config: Config,
    /// Database.
    pub store: Store,
    /// Documents.
    pub documents: Documents,
    /// Clock.
    pub clock: Clock,
    /// Keys of rows, audit chain and personal data.
    pub keys: keys::Keys,
    /// Passwords.
    pub hasher: PasswordHasher,
    /// Profiles.
    pub profiles: Profiles,
    /// Rules and characters of imprints.
    pub drawer: Drawer,
    /// Authority.
    pub authority: Authority,
    /// Requests by address.
    pub by_address: RateLimiter,
    /// Tries to log in by address.
    pub logins: RateLimiter,
}

impl App {
    /// Puts it together.
    pub fn new(parts: Parts) -> Shared {
        Arc::new(Self {
            statuses: crate::status::feed::cache(parts.config.status.cache_mebibytes),
            feed: crate::status::feed::Feed::default(),
            verifications: crate::verification::Service::new(
                &parts.config.verification,
                &parts.config.data_dir,
            ),
            status_lists: crate::status::list::Shelf::default(),
            trust_list: crate::exchange::Shelf::default(),
            peer_lists: crate::exchange::Lists::default(),
            pace: crate::jobs::Pace::default(),
            timestamps: timestamps(&parts.config.timestamp),
            outbound: crate::outbound::Outbound::new(&parts.config),
            config: parts.config,
            store: parts.store,
            documents: parts.documents,
            clock: parts.clock,
            hasher: parts.hasher,
            profiles: parts.profiles,
            imprints: Imprints::new(parts.drawer),
            authority: parts.authority,
            by_address: parts.by_address,
            logins: parts.logins,
            workshop: OnceLock::new(),
            test_authority: OnceLock::new(),
            ending: RwLock::default(),
            keys_of_seals: OnceLock::new(),
            node: OnceLock::new(),
            address: OnceLock::new(),
            health: health::Health::default(),
            keys: parts.keys,
        })
    }

    /// Under which address clients reach it, without a slash at the end.
    pub fn base(&self) -> String {
        match &self.config.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.address.get().unwrap_or(&self.config.listen)),
        }
    }

    /// Now.
    ///
    /// # Errors
    /// `CLOCK_WENT_BACK`.
    pub fn now(&self) -> Result<Timestamp, Problem> {
        self.clock.now()
    }

    /// Name of this node in the database; empty where it only looks.
    pub fn node_name(&self) -> &str {
        self.node.get().map_or("", Node::name)
    }

    /// The system's random generator.
    pub fn rng(&self) -> UnwrapErr<SysRng> {
        UnwrapErr(SysRng)
    }
}

/// The client of the timestamp service. An address that is none was refused with the configuration.
fn timestamps(config: &TimestampConfig) -> Option<HttpTimestamp> {
    let timeout = Duration::from_secs(u64::from(config.timeout_seconds));
    config.url.as_deref().and_then(|url| HttpTimestamp::new(url, timeout).ok())
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("store", &self.store).finish_non_exhaustive()
    }
}

//! What the running server consists of.

pub mod authority;
pub mod clock;
pub mod fault;
pub mod health;
pub mod profiles;
pub mod work;

pub use authority::Authority;
pub use fault::Stop;
pub use profiles::Profiles;
pub use work::{Subject, Work};

use crate::config::Config;
use crate::documents::Documents;
use crate::http::Problem;
use crate::security::password::PasswordHasher;
use crate::security::rate_limit::RateLimiter;
use crate::security::vault::Vault;
use crate::workshop::Host;
use clock::Clock;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::Timestamp;
use std::sync::{Arc, OnceLock, RwLock};
use yinxin_registry::audit::AuditKey;
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
    /// Key of the audit chain.
    pub audit_key: AuditKey,
    /// Hashes passwords, a few at a time.
    pub hasher: PasswordHasher,
    /// Profiles of practice.
    pub profiles: Profiles,
    /// Signs certificates of the authority and heads of the audit chain.
    pub authority: Authority,
    /// Requests by address.
    pub by_address: RateLimiter,
    /// Tries to log in by address.
    pub logins: RateLimiter,
    /// The workshop of this process, where it runs one.
    pub workshop: OnceLock<Arc<Host>>,
    vault: RwLock<Arc<Vault>>,
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
    /// Key of the audit chain.
    pub audit_key: AuditKey,
    /// Keys of personal data.
    pub vault: Vault,
    /// Passwords.
    pub hasher: PasswordHasher,
    /// Profiles.
    pub profiles: Profiles,
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
            config: parts.config,
            store: parts.store,
            documents: parts.documents,
            clock: parts.clock,
            audit_key: parts.audit_key,
            hasher: parts.hasher,
            profiles: parts.profiles,
            authority: parts.authority,
            by_address: parts.by_address,
            logins: parts.logins,
            workshop: OnceLock::new(),
            vault: RwLock::new(Arc::new(parts.vault)),
        })
    }

    /// Now.
    ///
    /// # Errors
    /// `CLOCK_WENT_BACK`.
    pub fn now(&self) -> Result<Timestamp, Problem> {
        self.clock.now()
    }

    /// The system's random generator.
    pub fn rng(&self) -> UnwrapErr<SysRng> {
        UnwrapErr(SysRng)
    }

    /// Keys of personal data as they are now.
    pub fn vault(&self) -> Arc<Vault> {
        // A poisoned lock still holds a whole value: it is only ever replaced at once.
        Arc::clone(&self.vault.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Puts rotated keys in place.
    pub fn set_vault(&self, vault: Vault) {
        *self.vault.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(vault);
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("store", &self.store).finish_non_exhaustive()
    }
}

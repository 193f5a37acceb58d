//! The verification service (核验服务): documents that anybody brings are read to a file without a name, judged on threads that may
//! block, and forgotten.
//!
//! Everything is bounded: how many documents are on the way (`places`), what they take of the disk (`spool`), how long they may take
//! (`upload`, `watch`), how many are judged at once, and what one may cost ([`limits`]).

mod known;
mod places;
mod run;
mod seals;
mod spool;
mod upload;
mod watch;

pub use known::KnownUse;
pub(crate) use known::{current_status, told, uses_of};
pub use places::Place;
pub use run::{Judged, Language};
pub use upload::Received;
pub(crate) use upload::too_large;

use crate::config::VerificationConfig;
use crate::http::{Code, Problem};
use crate::security::lockout::address_key;
use crate::security::rate_limit::{Rate, RateLimiter};
use crate::telemetry::metrics;
use jiff::{SignedDuration, Timestamp};
use places::Places;
use spool::Spool;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;
use yinxin_store::{StoreError, Tx};

/// Where documents are brought. Their bodies are read by the endpoint, piece by piece: no layer before it may.
pub const PATH: &str = "/api/v1/verifications";
/// Addresses that are remembered.
const ADDRESSES: usize = 100_000;

/// The service of a process.
#[derive(Debug)]
pub struct Service {
    settings: VerificationConfig,
    places: Places,
    spool: Spool,
    strangers: RateLimiter,
}

impl Service {
    /// With these settings; documents lie in a folder of their own below `data`.
    pub fn new(settings: &VerificationConfig, data: &Path) -> Self {
        let rate = Rate { burst: settings.anonymous_per_minute, period: SignedDuration::from_mins(1) };
        Self {
            places: Places::new(settings.parallel, settings.queue),
            spool: Spool::new(data.join("verifications"), u64::from(settings.spool_mebibytes) << 20),
            strangers: RateLimiter::new(rate, ADDRESSES),
            settings: settings.clone(),
        }
    }

    /// Lets somebody unknown ask once more, or not.
    ///
    /// # Errors
    /// `RATE_LIMITED`.
    pub fn let_in(&self, address: IpAddr, now: Timestamp) -> Result<(), Problem> {
        self.strangers.take(&address_key(address), now).map_err(|limited| {
            metrics::verification_refused("rate");
            let seconds = u32::try_from(limited.retry_after.as_secs()).unwrap_or(1).max(1);
            Problem::new(Code::RateLimited).retry_after(seconds)
        })
    }

    /// Most bytes of a document.
    pub fn most_bytes(&self, known: bool) -> u64 {
        if known { self.settings.registered_max_bytes } else { self.settings.anonymous_max_bytes }
    }

    /// Longest a request may take: brought, waiting, judged, and a little more.
    pub fn longest(&self) -> Duration {
        let seconds = u64::from(self.settings.upload_seconds) + 2 * u64::from(self.settings.timeout_seconds);
        Duration::from_secs(seconds + 30)
    }

    /// Removes records whose time is over, at most a thousand; how many.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn prune(&self, tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
        let kept = SignedDuration::from_hours(24 * i64::from(self.settings.keep_days));
        tx.prune_verifications(now.checked_sub(kept).unwrap_or(Timestamp::MIN), 1000).await
    }

    /// Removes what killed processes left of documents: without a name there is nothing, but a process can die between making a file and
    /// taking its name away. To be called before the first document comes.
    ///
    /// # Errors
    /// The folder cannot be read, or a file not be removed.
    pub fn sweep(&self) -> std::io::Result<usize> {
        self.spool.sweep()
    }
}

/// What one document may cost. Tighter than what the command allows: strangers send these, several at once.
pub fn limits() -> yinxin_ofd::Limits {
    yinxin_ofd::Limits { max_part_size: 32 << 20, max_xml_nodes: 500_000, ..yinxin_ofd::Limits::default() }
}

//! The feed of changes: what another node changed must not be answered from memory here.

use super::Cache;
use crate::app::Shared;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use yinxin_store::StoreError;

/// Time between two looks.
pub const EVERY: Duration = Duration::from_millis(250);
/// Longest a look may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Changes are kept for an hour; whoever has not looked for this long begins anew.
const TOO_LONG: Duration = Duration::from_secs(600);

/// How far a node has read the feed.
#[derive(Debug)]
pub struct Feed {
    begun: Instant,
    /// Microseconds from `begun` to the beginning of the last look that succeeded, plus one; 0 without one.
    looked: AtomicU64,
    cursor: Mutex<Option<i64>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self { begun: Instant::now(), looked: AtomicU64::new(0), cursor: Mutex::new(None) }
    }
}

impl Feed {
    /// Whether the feed was read so lately.
    pub fn is_fresh(&self, within: Duration) -> bool {
        self.age().is_some_and(|age| age <= within)
    }

    /// Time since the beginning of the last look that succeeded.
    pub fn age(&self) -> Option<Duration> {
        let looked = self.looked.load(Ordering::SeqCst).checked_sub(1)?;
        Some(self.begun.elapsed().saturating_sub(Duration::from_micros(looked)))
    }
}

/// Reads what changed since the last look and drops it from memory.
///
/// # Errors
/// Problems of the database; then what is kept is not used until a look succeeds.
pub async fn look(app: &Shared) -> Result<(), StoreError> {
    let feed = &app.feed;
    // One look at a time; what the one before found need not be found again.
    let mut cursor = feed.cursor.lock().await;
    let begun = u64::try_from(feed.begun.elapsed().as_micros()).unwrap_or(u64::MAX - 1);
    let mut access = app.store.read().await?;
    let known = cursor.filter(|_| feed.is_fresh(TOO_LONG));
    let mut at = match known {
        Some(at) => at,
        None => {
            let last = access.last_status_change().await?;
            app.statuses.clear();
            last
        }
    };
    loop {
        let changes = access.status_changes(at).await?;
        let Some(last) = changes.last() else { break };
        at = last.seq;
        app.statuses.forget(changes.iter().map(|change| change.code.as_str()));
    }
    *cursor = Some(at);
    feed.looked.store(begun + 1, Ordering::SeqCst);
    Ok(())
}

/// A look that waits for nothing longer than a moment.
pub(crate) async fn follow(app: Shared) {
    match tokio::time::timeout(PATIENCE, look(&app)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(code = error.code(), "the feed of status changes cannot be read"),
        Err(_) => tracing::warn!("the feed of status changes was not read in time"),
    }
}

/// The cache of a configuration.
pub(crate) fn cache(mebibytes: u32) -> Cache {
    Cache::new(usize::try_from(mebibytes).unwrap_or(usize::MAX >> 20).saturating_mul(1 << 20))
}

//! How many documents are on the way. A place is taken before the first byte is read, so that what has no place costs nothing.

use crate::http::{Code, Problem};
use crate::telemetry::metrics;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Seconds after which to come again when every place is taken.
const COME_AGAIN: u32 = 5;

/// All places.
#[derive(Debug)]
pub(super) struct Places {
    all: Arc<Semaphore>,
    /// Half of them: whoever is known finds one when strangers have taken theirs.
    strangers: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place of a document on the way; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    _all: OwnedSemaphorePermit,
    _stranger: Option<OwnedSemaphorePermit>,
}

/// A document that is judged now, or whose record is written: as many as are judged at once write at once, however many wait.
#[derive(Debug)]
pub struct Running {
    _one: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        metrics::verifications_in_flight(-1.0);
    }
}

impl Places {
    pub(super) fn new(parallel: u32, queue: u32) -> Self {
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let all = parallel.saturating_add(queue);
        Self {
            all: Arc::new(Semaphore::new(count(all))),
            strangers: Arc::new(Semaphore::new(count(all.div_ceil(2)))),
            running: Arc::new(Semaphore::new(count(parallel))),
        }
    }

    /// A place, if there is one now.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub(super) fn take(&self, known: bool) -> Result<Place, Problem> {
        let stranger = if known { None } else { Some(one_of(&self.strangers)?) };
        let all = one_of(&self.all)?;
        metrics::verifications_in_flight(1.0);
        Ok(Place { _all: all, _stranger: stranger })
    }

    /// Waits for its turn to be judged.
    ///
    /// # Errors
    /// `UNAVAILABLE` when it does not come in time.
    pub(super) async fn turn(&self, patience: Duration) -> Result<Running, Problem> {
        match tokio::time::timeout(patience, Arc::clone(&self.running).acquire_owned()).await {
            Ok(Ok(one)) => Ok(Running { _one: one }),
            Ok(Err(_)) | Err(_) => Err(full()),
        }
    }
}

fn one_of(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(places).try_acquire_owned().map_err(|_| full())
}

fn full() -> Problem {
    metrics::verification_refused("full");
    Problem::new(Code::Unavailable)
        .detail("正在核验的文件过多，请稍后再试。", "Too many documents are being verified: try again later.")
        .retry_after(COME_AGAIN)
}

//! Whether the server can serve now.

use super::App;
use super::fault::problem_of;
use crate::http::{Code, Problem};
use crate::telemetry::metrics;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use yinxin_store::StoreError;

/// How long the answer may take: whoever asks is a machine that asks again soon.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long an answer counts: whoever asks, and however often, the dependencies are asked once in this time.
const FRESH: SignedDuration = SignedDuration::from_secs(2);

/// What was found last, and whether the process is to stop.
#[derive(Debug, Default)]
pub struct Health {
    stopping: AtomicBool,
    last: Mutex<Option<(Timestamp, Result<(), Problem>)>>,
}

impl Health {
    /// From now on the server is not ready: it is about to stop.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether it is: nothing new is begun.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

/// Whether the server can serve, as it was found two seconds ago at most.
///
/// # Errors
/// The problem of the first part that is not well; `UNAVAILABLE` where they do not answer in time, and when the server is to stop.
pub async fn check(app: &App) -> Result<(), Problem> {
    if app.health.is_stopping() {
        let (zh, en) = ("服务正在停止。", "The server is about to stop.");
        return Err(Problem::new(Code::Unavailable).detail(zh, en));
    }
    let now = app.now()?;
    match tokio::time::timeout(PATIENCE, ask_once(app, now)).await {
        Ok(answer) => answer,
        Err(_) => Err(Problem::new(Code::Unavailable)),
    }
}

async fn ask_once(app: &App, now: Timestamp) -> Result<(), Problem> {
    // Held while the parts are asked: who comes meanwhile takes the same answer.
    let mut last = app.health.last.lock().await;
    if let Some((at, found)) = &*last
        && (SignedDuration::ZERO..FRESH).contains(&now.duration_since(*at))
    {
        return found.clone();
    }
    let found = ask(app, now).await;
    *last = Some((now, found.clone()));
    found
}

async fn ask(app: &App, now: Timestamp) -> Result<(), Problem> {
    let database = async {
        app.store.ready().await?;
        // Written, too: a database that only reads serves nobody.
        let mut tx = app.store.begin().await?;
        tx.advance_clock(now).await?;
        tx.commit().await.map(|_| ())
    };
    let database: Result<(), StoreError> = database.await;
    metrics::ready("database", database.is_ok());
    database.map_err(|error| problem_of(&error))?;
    let documents = app.documents.probe().await;
    metrics::ready("documents", documents.is_ok());
    Ok(documents?)
}

//! What goes on beside requests: jobs, heads of the audit chain, housekeeping, the workshop.

use super::{Prepared, StartError, trust};
use crate::api::profiles::reload;
use crate::app::Shared;
use crate::audit::sign_head;
use crate::jobs;
use crate::making::authority::TestAuthority;
use crate::outbound;
use crate::revocation;
use crate::status::{certificates, feed, list};
use crate::telemetry::metrics;
use axum::Router;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Days finished jobs are kept.
const KEEP_JOBS_DAYS: i64 = 30;

/// What is broken off has this long to let go of what it holds.
const SHORT: Duration = Duration::from_secs(1);

/// The workers of a process.
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts them; `noted` where the start stands in the audit log already.
    pub fn start(prepared: &Prepared, router: Router, noted: bool) -> Self {
        let (stop, stopped) = watch::channel(false);
        let app = prepared.app.clone();
        let heads = Duration::from_secs(u64::from(app.config.audit.head_interval_seconds.max(1)));
        let mut tasks = vec![
            // At once, and then four times a day.
            tokio::spawn(watch(app.clone())),
            repeat(stopped.clone(), Duration::from_millis(500), app.clone(), work),
            repeat(stopped.clone(), Duration::from_secs(1), app.clone(), send),
            repeat(stopped.clone(), heads, app.clone(), head),
            repeat(stopped.clone(), Duration::from_secs(5), app.clone(), keep_house),
            repeat(stopped.clone(), Duration::from_secs(3600 * 24), app.clone(), sweep),
            repeat(stopped.clone(), Duration::from_secs(3600 * 6), app.clone(), watch),
            repeat(stopped.clone(), feed::EVERY, app.clone(), feed::follow),
            repeat(stopped.clone(), Duration::from_secs(5), app.clone(), listed(stopped.clone())),
            repeat(stopped.clone(), Duration::from_secs(60), app.clone(), certificates::keep),
        ];
        tasks.push(tokio::spawn(revocation::keep(app.clone(), stopped.clone())));
        if !noted {
            tasks.push(tokio::spawn(note_start(stopped.clone(), app.clone())));
        }
        if let Some(test) = prepared.test_authority.clone() {
            let every = Duration::from_secs(3600 * 12);
            let (app, stopped) = (app.clone(), stopped.clone());
            tasks.push(tokio::spawn(renew_lists(stopped, every, app, test)));
        }
        tasks.extend(crate::workshop::start(prepared, router, stopped));
        Self { stop, tasks }
    }

    /// Stops them and waits until then. What is not done by then is broken off where it waits: nothing of it is committed, and whoever starts next
    /// takes it up again.
    pub async fn stop(self, end: Instant) {
        let _ = self.stop.send(true);
        let mut broken_off = Vec::new();
        for mut task in self.tasks {
            if tokio::time::timeout_at(end, &mut task).await.is_err() {
                task.abort();
                broken_off.push(task);
            }
        }
        if !broken_off.is_empty() {
            tracing::warn!(
                count = broken_off.len(),
                "work beside requests was broken off; the next start takes it up"
            );
        }
        for task in broken_off {
            let _ = tokio::time::timeout_at(end + SHORT, task).await;
        }
    }
}

/// Waits until the process is to stop.
pub(crate) async fn told(stopped: &mut watch::Receiver<bool>) {
    // The guard that this gives must not live across another await.
    let _ = stopped.wait_for(|stop| *stop).await;
}

fn repeat<F, R>(mut stopped: watch::Receiver<bool>, every: Duration, app: Shared, work: F) -> JoinHandle<()>
where
    F: Fn(Shared) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send,
{
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = told(&mut stopped) => return,
                () = tokio::time::sleep(every) => work(app.clone()).await,
            }
        }
    })
}

/// The list of status. A first list of a million seals takes minutes; broken off, nothing of it is lost that another start would not make.
fn listed(stopped: watch::Receiver<bool>) -> impl Fn(Shared) -> BoxFuture<'static, ()> {
    move |app| {
        let mut stopped = stopped.clone();
        Box::pin(async move {
            tokio::select! {
                () = told(&mut stopped) => {}
                () = list::keep(app) => {}
            }
        })
    }
}

/// Notes the start as soon as the clock lets it.
async fn note_start(mut stopped: watch::Receiver<bool>, app: Shared) {
    while !matches!(super::first::note_start(&app).await, Ok(true)) {
        tokio::select! {
            () = told(&mut stopped) => return,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

async fn work(app: Shared) {
    let Ok(now) = app.now() else { return };
    // As long as there is something due; what fails stays for its next time.
    while let Ok(done) = jobs::tick(&app, now).await {
        if done == 0 || app.health.is_stopping() {
            return;
        }
    }
}

/// Sends what is due to leave the building, beside other work: a receiver that keeps one waiting holds up no job.
async fn send(app: Shared) {
    let Ok(now) = app.now() else { return };
    while let Ok(done) = outbound::tick(&app, now).await {
        if done == 0 || app.health.is_stopping() {
            return;
        }
    }
}

async fn head(app: Shared) {
    if sign_head(&app).await.is_err() {
        tracing::error!("the head of the audit chain could not be signed");
    }
}

/// Looks which certificates end soon.
async fn watch(app: Shared) {
    if let Err(error) = crate::app::ending::look(&app).await {
        tracing::warn!(code = error.code(), "certificates could not be looked at");
    }
}

/// Removes what killed processes left half-written in the document store and in the workshop's folder: once a day, files an hour old
/// or more.
pub async fn sweep(app: Shared) {
    match app.documents.sweep_unfinished(Duration::from_secs(3600)).await {
        Ok(0) => {}
        Ok(files) => tracing::info!(files, "unfinished documents removed"),
        Err(error) => tracing::warn!(code = error.code(), "unfinished documents could not be removed"),
    }
    let Some(host) = app.workshop.get().cloned() else { return };
    match tokio::task::spawn_blocking(move || host.sweep_unfinished()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(code = error.code(), "unfinished files of the workshop"),
        Err(error) => tracing::error!(%error, "unfinished files of the workshop"),
    }
}

/// Values of metrics that nobody but a look at the database tells, and the recorder's own housekeeping.
async fn measure(app: &Shared, now: Timestamp) -> Result<(), yinxin_store::StoreError> {
    if let Ok(page) = metrics::Metrics::install() {
        page.upkeep();
    }
    let mut access = app.store.read().await?;
    for queue in [jobs::CLOCK, jobs::WORK, jobs::MAIL, jobs::HOOK, jobs::EXCHANGE] {
        metrics::jobs_waiting(queue, access.jobs_due(queue, now).await?);
    }
    let since = |at: Timestamp| Duration::try_from(now.duration_since(at)).unwrap_or_default();
    if let Some(sealed) = access.last_audit_seal().await? {
        metrics::audit_head_age(since(sealed.head.at));
    }
    Ok(())
}

async fn keep_house(app: Shared) {
    let behind = app.clock.highest().duration_since(super::machine_time());
    metrics::clock_behind(Duration::try_from(behind).unwrap_or_default());
    let Ok(now) = app.now() else { return };
    if let Err(error) = measure(&app, now).await {
        tracing::warn!(code = error.code(), "metrics");
    }
    let kept: Result<(), yinxin_store::StoreError> = async {
        let mut tx = app.store.begin().await?;
        tx.advance_clock(now).await?;
        tx.prune(now, SignedDuration::from_hours(24 * KEEP_JOBS_DAYS), 1000).await?;
        app.verifications.prune(&mut tx, now).await?;
        tx.add_up_figures(20_000).await?;
        app.clock.saw(tx.latest_time().await?.min(now));
        tx.commit().await?;
        Ok(())
    }
    .await;
    if let Err(error) = kept {
        tracing::warn!(code = error.code(), "housekeeping");
    }
    if crate::api::keys::reload(&app).await.is_err() {
        tracing::warn!("keys of another node could not be read");
    }
    if reload(&app).await.is_err() {
        tracing::warn!("profiles could not be read again");
    }
    if let Err(error) = super::renew_authority(&app).await {
        tracing::warn!(code = error.code(), "the authority's certificate could not be read again");
    }
    match trust::load(&app.config, &app.store).await {
        Ok(facts) => app.authority.set_trust(facts),
        Err(error) => tracing::warn!(code = error.code(), "trust could not be read again"),
    }
}

async fn renew_lists(
    mut stopped: watch::Receiver<bool>,
    every: Duration,
    app: Shared,
    test: Arc<TestAuthority>,
) {
    loop {
        tokio::select! {
            () = told(&mut stopped) => return,
            () = tokio::time::sleep(every) => {}
        }
        if let Err(error) = renew_trust(&app, &test).await {
            tracing::error!(code = error.code(), "new revocation lists");
        }
    }
}

/// New revocation lists of the test authority, taken up at once: what a worker does twice a day, and what has to be done where a
/// clock was moved ahead.
///
/// # Errors
/// The lists cannot be made or kept.
pub async fn renew_trust(app: &Shared, test: &TestAuthority) -> Result<(), StartError> {
    // A clock that was set back dates nothing: lists of the past would have run out once it is right again.
    let now = app.now().unwrap_or_else(|_| app.clock.highest());
    trust::publish(&app.store, test, now).await?;
    app.authority.set_trust(trust::load(&app.config, &app.store).await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    struct Dropped(Arc<AtomicBool>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Release);
        }
    }

    #[tokio::test]
    async fn a_stop_waits_for_work_until_its_end_and_no_longer() {
        let (stop, mut stopped) = watch::channel(false);
        let flags: [Arc<AtomicBool>; 2] = Default::default();
        let [done, gone] = flags.clone();
        let ends = tokio::spawn(async move {
            told(&mut stopped).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
            done.store(true, Ordering::Release);
        });
        let held = Dropped(gone);
        let endless = tokio::spawn(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        Workers { stop, tasks: vec![endless, ends] }.stop(Instant::now() + Duration::from_millis(500)).await;
        assert!(
            flags.iter().all(|flag| flag.load(Ordering::Acquire)),
            "one ended, one let go of what it held"
        );
    }
}

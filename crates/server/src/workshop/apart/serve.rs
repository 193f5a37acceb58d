//! The process around a workshop apart: its rounds, its probes and metrics, its end.

use super::{Apart, Hold};
use crate::http::{CursorKey, FrameSettings, frame};
use crate::start::{Side, StartError, metrics_page, told};
use crate::workshop::Noted;
use axum::extract::{Request, State};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Longest wait between two tries to reach the registry.
const LONGEST: Duration = Duration::from_secs(60);

/// A workshop bound to the address of its probes.
pub struct BoundWorkshop {
    apart: Arc<Apart>,
    side: Side,
}

/// Binds a workshop.
///
/// # Errors
/// The address cannot be had.
pub async fn bind_workshop(apart: Apart) -> Result<BoundWorkshop, StartError> {
    let side = Side::bind(&apart.config).await?;
    Ok(BoundWorkshop { apart: Arc::new(apart), side })
}

impl BoundWorkshop {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.side.address()
    }

    /// Works until `stop` is done; then the seal that is being made is finished, within the configured time.
    ///
    /// # Errors
    /// The listener breaks.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let grace = Duration::from_secs(u64::from(self.apart.config.limits.stop_grace_seconds));
        let (tell, stopped) = watch::channel(false);
        let working = tokio::spawn(work(Arc::clone(&self.apart), stopped.clone()));
        let page = metrics_route(&self.apart).with_state(Arc::clone(&self.apart));
        let serving = self.side.serve(router(&self.apart), page, &stopped);
        stop.await;
        self.apart.standing.note(Err(Hold::Stopping));
        let _ = tell.send(true);
        tracing::info!("stopping");
        if tokio::time::timeout(grace, working).await.is_err() {
            tracing::warn!(
                seconds = grace.as_secs(),
                "an order under way was left; the next start goes on with it"
            );
        }
        serving.end(Duration::from_secs(1)).await;
        Ok(())
    }
}

/// Round after round; while the workshop is kept from its work, with growing pauses.
async fn work(apart: Arc<Apart>, mut stopped: watch::Receiver<bool>) {
    let poll = Duration::from_secs(u64::from(apart.config.workshop.poll_seconds.max(1)));
    let (mut noted, mut failures) = (Noted::default(), 0u32);
    while !*stopped.borrow() {
        let outcome = apart.round().await;
        if *stopped.borrow() {
            return;
        }
        let standing = match outcome {
            Ok(round) => {
                noted.take(&round);
                failures = 0;
                Ok(())
            }
            Err(hold) => {
                failures = failures.saturating_add(1);
                tracing::debug!(code = hold.code(), failures, "no round");
                Err(hold)
            }
        };
        apart.standing.note(standing);
        tokio::select! {
            () = told(&mut stopped) => return,
            () = tokio::time::sleep(pause(poll, failures)) => {}
        }
    }
}

/// Twice as long after each failure, up to a minute.
fn pause(poll: Duration, failures: u32) -> Duration {
    let doubled = poll.saturating_mul(1 << failures.saturating_sub(1).min(6));
    doubled.min(LONGEST.max(poll))
}

fn router(apart: &Arc<Apart>) -> Router {
    let routes = Router::new()
        .route("/healthz", get(async || Json(json!({ "status": "ok" }))))
        .route("/readyz", get(readyz))
        .layer(from_fn(crate::telemetry::metrics::track));
    let config = &apart.config;
    let routes = match config.metrics.listen {
        None => routes.merge(metrics_route(apart)),
        Some(_) => routes,
    };
    // There are no lists here, so that no cursor is ever made with this key.
    let settings = FrameSettings::new(CursorKey::derive(b"no lists"));
    frame(routes, &settings).with_state(Arc::clone(apart))
}

fn metrics_route(apart: &Arc<Apart>) -> Router<Arc<Apart>> {
    Router::new().route(&apart.config.metrics.path, get(metrics))
}

async fn readyz(State(apart): State<Arc<Apart>>) -> Response {
    match apart.standing.ready() {
        Ok(()) => Json(json!({ "status": "ready" })).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn metrics(State(apart): State<Arc<Apart>>, request: Request) -> Response {
    metrics_page(&apart.config, &request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_minute_and_never_fall_below_the_usual() {
        let seconds = |poll, failures| pause(Duration::from_secs(poll), failures).as_secs();
        assert_eq!([0, 1, 2, 3, 6, 7, 50].map(|failures| seconds(2, failures)), [2, 2, 4, 8, 60, 60, 60]);
        assert_eq!([0, 1, 9].map(|failures| seconds(600, failures)), [600, 600, 600]);
    }
}

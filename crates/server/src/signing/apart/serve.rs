//! The process around the gate: it answers those who ask for signatures, and probes.

use super::Signer;
use crate::http::{Code, CursorKey, FrameSettings, Json, Problem, frame};
use crate::signing::transport::wire::{Answer, Answers, Ask, Asks, MOST_ASKS, MOST_BODY, PATH};
use crate::start::{Side, StartError, metrics_page, told};
use crate::telemetry::metrics;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract};
use serde_json::json;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// Exchanges at the same time; more wait before their bytes are read, so that memory stays bounded.
const PARALLEL: usize = 8;
/// Pause between two looks at how it stands.
const LOOK: Duration = Duration::from_secs(15);

/// A key process bound to its address.
pub struct BoundSigner {
    signer: Arc<Signer>,
    side: Side,
}

/// Binds a key process.
///
/// # Errors
/// The address cannot be had.
pub async fn bind_signer(signer: Signer) -> Result<BoundSigner, StartError> {
    let side = Side::bind(&signer.config).await?;
    Ok(BoundSigner { signer: Arc::new(signer), side })
}

impl BoundSigner {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.side.address()
    }

    /// Signs until `stop` is done; what is being signed then is answered, within the configured time.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send) {
        let grace = Duration::from_secs(u64::from(self.signer.config.limits.stop_grace_seconds));
        let (tell, stopped) = watch::channel(false);
        let page = metrics_route(&self.signer).with_state(Arc::clone(&self.signer));
        let looking = tokio::spawn(look(Arc::clone(&self.signer), stopped.clone()));
        let serving = self.side.serve(router(&self.signer), page, &stopped);
        stop.await;
        let _ = tell.send(true);
        tracing::info!("stopping");
        serving.end(grace).await;
        let _ = looking.await;
    }
}

/// How it stands, for the metrics and the log.
async fn look(signer: Arc<Signer>, mut stopped: watch::Receiver<bool>) {
    let mut before = None;
    while !*stopped.borrow() {
        let held = held(&signer).await;
        metrics::ready("signer", held.is_none());
        let code = held.map(|(code, ..)| code);
        if before != Some(code) {
            match code {
                None => tracing::info!("the key process works"),
                Some(code) => tracing::warn!(code, "the key process signs nothing"),
            }
            before = Some(code);
        }
        tokio::select! {
            () = told(&mut stopped) => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    metrics::ready("signer", false);
}

fn router(signer: &Arc<Signer>) -> Router {
    let places = Arc::new(Semaphore::new(PARALLEL));
    let signatures =
        post(sign).layer(DefaultBodyLimit::max(MOST_BODY)).layer(from_fn_with_state(places, turn));
    let routes = Router::new()
        .route(PATH, signatures)
        .route("/healthz", get(async || extract::Json(json!({ "status": "ok" }))))
        .route("/readyz", get(readyz))
        .layer(from_fn(metrics::track));
    let routes = match signer.config.metrics.listen {
        None => routes.merge(metrics_route(signer)),
        Some(_) => routes,
    };
    // There are no lists here, so that no cursor is ever made with this key.
    let settings = FrameSettings::new(CursorKey::derive(b"no lists"));
    frame(routes, &settings).with_state(Arc::clone(signer))
}

fn metrics_route(signer: &Arc<Signer>) -> Router<Arc<Signer>> {
    Router::new().route(&signer.config.metrics.path, get(metrics_of))
}

async fn turn(State(places): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match places.acquire().await {
        Ok(_place) => next.run(request).await,
        Err(_) => Problem::new(Code::Unavailable).into_response(),
    }
}

/// Who asks is not looked at: every ask carries its own token, and nothing else counts.
async fn sign(State(signer): State<Arc<Signer>>, Json(asked): Json<Asks>) -> Result<Response, Problem> {
    let wrong = |zh: &str, en: &str| Problem::new(Code::Validation).detail(zh, en);
    if asked.asks.len() > MOST_ASKS {
        return Err(wrong("一次请求的签名过多。", "Too many signatures at once."));
    }
    let asks = asked.asks.iter().map(Ask::read).collect::<Option<Vec<_>>>();
    let asks = asks.ok_or_else(|| wrong("应为 Base64。", "Base64 is expected."))?;
    let outcomes = signer.sign(asks).await;
    for outcome in &outcomes {
        let word = outcome
            .as_ref()
            .map_or_else(|fault| if fault.temporary { "later" } else { "refused" }, |_| "signed");
        metrics::gate(word);
        if let Err(fault) = outcome {
            tracing::warn!(code = fault.code, "not signed");
        }
    }
    let answers = outcomes.into_iter().map(Answer::from).collect();
    Ok(extract::Json(Answers { answers }).into_response())
}

async fn held(signer: &Arc<Signer>) -> Option<(&'static str, &'static str, &'static str)> {
    let signer = Arc::clone(signer);
    let looked = tokio::task::spawn_blocking(move || signer.held()).await;
    looked.unwrap_or(Some(("INTERNAL", "内部错误", "an error inside")))
}

async fn readyz(State(signer): State<Arc<Signer>>) -> Response {
    match held(&signer).await {
        None => extract::Json(json!({ "status": "ready" })).into_response(),
        Some((code, zh, en)) => Problem::new(Code::Unavailable)
            .detail(format!("{zh}（{code}）"), format!("{en} ({code})"))
            .into_response(),
    }
}

async fn metrics_of(State(signer): State<Arc<Signer>>, request: Request) -> Response {
    metrics_page(&signer.config, &request)
}

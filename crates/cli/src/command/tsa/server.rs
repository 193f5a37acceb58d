//! The responder behind HTTP (RFC 3161 §3.4): one thread, bounded requests.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::oneshot;

use super::responder::Responder;
use crate::failure::Failure;

/// Largest request, in bytes; a real one has a hundred.
const MAX_REQUEST: usize = 64 << 10;

const PAGE: &str = "yinxin：测试时间戳服务。请用 POST 发送 application/timestamp-query（RFC 3161）。\n\
yinxin: a timestamp service for tests. POST an application/timestamp-query (RFC 3161).\n";

/// A responder that runs on a thread of this process until dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Its address for clients.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Starts a responder on its own thread at a free port of this machine.
pub fn spawn(responder: Responder) -> Result<Running, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| failed(&e))?;
    let address = listener.local_addr().map_err(|e| failed(&e))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let runtime = runtime()?;
    let thread = std::thread::spawn(move || {
        // Whoever uses the responder notices by itself that it does not answer.
        let _ = runtime.block_on(serve(responder, listener, async {
            let _ = stopped.await;
        }));
        runtime.shutdown_background();
    });
    Ok(Running { address, stop: Some(stop), thread: Some(thread) })
}

/// Serves on this thread until the process is told to stop. `ready` is called once it may be told.
pub fn run_until_signal(
    responder: Responder,
    listener: TcpListener,
    ready: impl FnOnce(),
) -> Result<(), Failure> {
    runtime()?.block_on(async {
        let stopped = signal();
        ready();
        serve(responder, listener, stopped).await
    })
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| failed(&e))
}

fn failed(e: &std::io::Error) -> Failure {
    Failure::new("TSA_SERVER", e.to_string())
}

async fn serve(
    responder: Responder,
    listener: TcpListener,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    listener.set_nonblocking(true).map_err(|e| failed(&e))?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|e| failed(&e))?;
    // One address serves every path: clients append what they like.
    let routes = Router::new()
        .fallback_service(get(page).post(stamp).with_state(Arc::new(responder)))
        .layer(DefaultBodyLimit::max(MAX_REQUEST));
    axum::serve(listener, routes).with_graceful_shutdown(stopped).await.map_err(|e| failed(&e))
}

async fn page() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], PAGE)
}

async fn stamp(State(responder): State<Arc<Responder>>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let known = ["", "application/timestamp-query", "application/octet-stream"];
    if !known.iter().any(|k| k.eq_ignore_ascii_case(kind)) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, PAGE).into_response();
    }
    let answer = responder.respond(&body);
    ([(header::CONTENT_TYPE, "application/timestamp-reply")], answer).into_response()
}

/// Signals count from the call on, not from the first look at what it gives.
#[cfg(unix)]
fn signal() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) else {
            let _ = tokio::signal::ctrl_c().await;
            return;
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}

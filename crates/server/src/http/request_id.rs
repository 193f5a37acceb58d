//! An identifier for every request: in its response, its problem, its audit rows and every log line in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::problem::{Code, Problem};
use super::target::Target;

/// Name of the header, in and out.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The identifier of a request (请求编号): the client's own if it sent a good one (8 to 64 letters, digits, `-`, `_`,
/// `.`), else one made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn accepted(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        ((8..=64).contains(&text.len()) && text.bytes().all(good)).then(|| Self(text.into()))
    }

    pub(crate) fn make() -> Self {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let mut bytes = [0; 16];
        if getrandom::fill(&mut bytes).is_err() {
            // It need not be secret, only distinct.
            let count = COUNTER.fetch_add(1, Ordering::Relaxed);
            bytes = (u128::from(std::process::id()) << 64 | u128::from(count)).to_be_bytes();
        }
        Self(format!("req_{}", hex::encode(bytes)).into())
    }
}

impl core::fmt::Display for RequestId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!("a request is served outside the frame: no request id");
            Problem::new(Code::Internal)
        })
    }
}

/// Layer: gives the request its identifier and log span, and the response its header and `instance`.
pub(crate) async fn identify(mut request: Request, next: Next) -> Response {
    let id =
        request.headers().get(&X_REQUEST_ID).and_then(RequestId::accepted).unwrap_or_else(RequestId::make);
    let target = Target::new(request.uri().clone());
    // The route's pattern where there is one: paths hold identifiers, queries may hold more.
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", id = id.as_str(), method = %request.method(), route);
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(target);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let mut code = "";
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        code = problem.code().kind().code;
        let problem = problem.instance(id.as_str());
        *response.body_mut() = Body::from(problem.body());
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.extensions_mut().insert(problem);
    }
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }
    let (status, elapsed) = (response.status().as_u16(), started.elapsed().as_millis() as u64);
    span.in_scope(|| tracing::info!(status, code, elapsed_ms = elapsed, "answered"));
    response
}

//! The way of a status answer that is kept in memory: past the layers that have nothing to do for it.
//!
//! A plain `GET` of a code by nobody in particular is answered here, with the limits by address, the headers and the metrics of the
//! others; it leaves a line in the log only at the level `debug`. Everything else goes the way of all requests.

use super::FRESH;
use crate::app::Shared;
use crate::auth::{address_of, client_request};
use crate::http::{RequestId, X_REQUEST_ID};
use crate::security::lockout::address_key;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::time::Instant;
use tower::ServiceExt as _;

/// State of the short way.
#[derive(Clone)]
pub(crate) struct Hot {
    /// The server.
    pub app: Shared,
    /// The way of all other requests.
    pub rest: Router,
    /// Whether clients come over HTTPS.
    pub https: bool,
}

/// How clients and proxies may keep an answer: never without asking whether it still holds.
pub(crate) const CACHING: HeaderValue = HeaderValue::from_static("public, no-cache");
const PATH: &str = "/api/v1/status/";
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Answers from memory, or lets the request go its way.
pub(crate) async fn hot(State(hot): State<Hot>, request: Request) -> Response {
    // A code that needs escapes is none.
    let code = request.uri().path().strip_prefix(PATH).filter(|code| !code.contains(['/', '%']));
    if let Some(code) = code
        && is_plain(&request)
        && let Some(response) = kept(&hot, code, &request)
    {
        return response;
    }
    hot.rest.oneshot(request).await.unwrap_or_else(|never| match never {})
}

fn is_plain(request: &Request) -> bool {
    let headers = request.headers();
    *request.method() == Method::GET
        && request.uri().query().is_none()
        && !headers.contains_key(header::COOKIE)
        && !client_request::is_signed(headers)
        && !headers.contains_key(X_REQUEST_ID)
}

fn kept(hot: &Hot, code: &str, request: &Request) -> Option<Response> {
    let started = Instant::now();
    let app = &hot.app;
    if !app.feed.is_fresh(FRESH) {
        return None;
    }
    let now = app.now().ok()?;
    let kept = app.statuses.get(code, now)?;
    if app.by_address.take(&address_key(address_of(app, request)), now).is_err() {
        // Refused in full form on the other way; nothing was counted.
        return None;
    }
    let known = is_known(request.headers(), &kept.etag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(kept.body));
        response.headers_mut().insert(header::CONTENT_TYPE, JSON);
        response
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, kept.etag);
    headers.insert(header::CACHE_CONTROL, CACHING);
    for (name, value) in crate::http::default_headers(hot.https) {
        headers.entry(name).or_insert(value);
    }
    let id = RequestId::make();
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(X_REQUEST_ID, value);
    }
    crate::telemetry::metrics::status_from_memory(started.elapsed(), known);
    tracing::debug!(id = id.as_str(), "status answered from memory");
    Some(response)
}

/// Whether the client holds this very answer.
fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else { return false };
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|tag| {
            let tag = tag.trim();
            tag == "*" || tag.trim_start_matches("W/") == etag
        })
    })
}

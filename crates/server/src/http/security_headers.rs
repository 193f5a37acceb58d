//! Headers that keep browsers from doing more with a response than was meant.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// For every response that does not set its own.
const DEFAULTS: [(HeaderName, HeaderValue); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// One year; without `includeSubDomains`, which is not ours to say.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What every response has that does not set its own.
pub(crate) fn defaults(https: bool) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    DEFAULTS.into_iter().chain(https.then_some((header::STRICT_TRANSPORT_SECURITY, HSTS)))
}

/// Layer: adds the headers a response lacks; `Strict-Transport-Security` when clients come over HTTPS.
pub(crate) async fn add(State(https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

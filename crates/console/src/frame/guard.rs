//! The wall around the pages: what a browser may do with them, and who may send forms to them.

use super::fault::Fault;
use super::visit::Visit;
use crate::state::{Console, Shared};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// Everything from here, nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// With a policy of `no-referrer` browsers would not say where a form stood.
const HEADERS: [(HeaderName, HeaderValue); 8] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// One year, as the API has it.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Puts the wall around the pages.
pub fn around(pages: Router<Shared>, console: &Arc<Console>) -> Router<Shared> {
    pages
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(own_site))
        .layer(from_fn_with_state(Arc::clone(console), headers))
}

async fn headers(State(console): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    dress(&mut response, console.https);
    response
}

/// Adds the headers that an answer lacks.
pub(super) fn dress(response: &mut Response, https: bool) {
    let strict = https.then_some((header::STRICT_TRANSPORT_SECURITY, HSTS));
    for (name, value) in HEADERS.into_iter().chain(strict) {
        response.headers_mut().entry(name).or_insert(value);
    }
}

/// Refuses forms that another site sends. The session's token does so too; this also covers what needs no session.
async fn own_site(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if !safe && from_elsewhere(request.headers()) {
        let (parts, _body) = request.into_parts();
        return Fault::OtherSite.page(&Visit::of(&parts).anonymous());
    }
    next.run(request).await
}

fn from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    if let Some(site) = site {
        return !matches!(site, "same-origin" | "none");
    }
    // Old browsers say only where a form stood.
    let host = text(&header::HOST).unwrap_or_default();
    text(&header::ORIGIN).is_some_and(|origin| origin.split_once("://").is_none_or(|(_, from)| from != host))
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)");
    tracing::error!(message, "a page panicked");
    Fault::Internal.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_site_is_known_by_what_the_browser_says() {
        let said = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs.iter().map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v)));
            from_elsewhere(&pairs.collect())
        };
        assert!(!said(&[]));
        assert!(!said(&[("sec-fetch-site", "same-origin")]));
        assert!(said(&[("sec-fetch-site", "cross-site")]));
        assert!(said(&[("sec-fetch-site", "same-site")]));
        assert!(!said(&[("origin", "http://a.example:8080"), ("host", "a.example:8080")]));
        assert!(said(&[("origin", "https://b.example"), ("host", "a.example")]));
        assert!(said(&[("origin", "null"), ("host", "a.example")]));
    }
}

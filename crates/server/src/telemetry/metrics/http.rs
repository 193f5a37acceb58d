//! Counts and times requests by route template, method and class of status.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, gauge, histogram};

use super::table;

/// Middleware for `axum::middleware::from_fn`. Layer it on the router after its routes, so that the template is known;
/// requests that match none count under `unmatched`.
pub async fn track(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    let method = method(request.method());
    let _counted = InFlight::begin();
    let start = Instant::now();
    let response = next.run(request).await;
    let status = class(response.status());
    let labels = [("method", method.to_owned()), ("route", route), ("status", status.to_owned())];
    counter!(table::HTTP_REQUESTS, &labels).increment(1);
    histogram!(table::HTTP_DURATION, &labels).record(start.elapsed());
    response
}

/// A request being answered; also counted out when its client goes away in the middle.
struct InFlight;

impl InFlight {
    fn begin() -> Self {
        gauge!(table::HTTP_IN_FLIGHT).increment(1.0);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!(table::HTTP_IN_FLIGHT).decrement(1.0);
    }
}

/// Methods that anyone may invent share one label.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

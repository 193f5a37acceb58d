//! Paths that are none of the console's: the API's.

use super::{Fault, Visit};
use crate::state::Shared;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt as _;

/// The API's answer; where it knows no such path and a browser wants a page, the page that says so.
pub async fn beyond(State(console): State<Shared>, request: Request) -> Response {
    let accepts =
        request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wants_page = *request.method() == Method::GET
        && accepts.contains("text/html")
        && !request.uri().path().starts_with("/api/");
    if !wants_page {
        return answer(&console, request).await;
    }
    let (parts, body) = request.into_parts();
    let visit = Visit::of(&parts).anonymous();
    let response = answer(&console, Request::from_parts(parts, body)).await;
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if response.status() == StatusCode::NOT_FOUND && kind.starts_with("application/problem+json") {
        let mut page = Fault::NotFound.page(&visit);
        super::guard::dress(&mut page, console.https);
        return page;
    }
    response
}

async fn answer(console: &Shared, request: Request) -> Response {
    let Ok(response) = console.api.routes().oneshot(request).await;
    response.into_response()
}

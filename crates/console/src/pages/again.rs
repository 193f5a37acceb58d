//! A session ended while somebody typed: after the login the form is there again, to be sent or not.

use crate::api::with_query;
use crate::frame::{Fault, Frame, Nav, Page, Person, Sent, html};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// Largest form, as forms are read.
const MOST: usize = 256 << 10;

#[derive(Template)]
#[template(path = "ask/again.html")]
struct AgainPage {
    frame: Frame,
    action: String,
    fields: Vec<(String, String)>,
    shown: Vec<String>,
}

/// Layer: a form that was answered with the login is kept, and found again behind it.
pub async fn keep_typed(State(console): State<Shared>, request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let form = kind.unwrap_or_default().starts_with("application/x-www-form-urlencoded");
    let path = request.uri().path().to_owned();
    if *request.method() != Method::POST || !form || matches!(path.as_str(), "/login" | "/logout") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else { return Fault::BadForm.into_response() };
    let response = next.run(Request::from_parts(parts, Body::from(bytes.clone()))).await;
    let to = response.headers().get(header::LOCATION).map_or(&b""[..], HeaderValue::as_bytes);
    if response.status() != StatusCode::SEE_OTHER || !to.starts_with(b"/login?") {
        return response;
    }
    match console.typed.put(&path, &Sent::read(&bytes)) {
        Ok(name) => {
            let again = format!("/again/{name}");
            Redirect::to(&with_query("/login", &[("next", &again)])).into_response()
        }
        Err(_) => response,
    }
}

/// `GET /again/{name}`.
pub async fn show(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(name): Path<String>,
) -> Response {
    let page = || {
        let typed = console.typed.get(&name)?;
        // What a person typed, not what the page hid in the form.
        let typed_by_hand = |name: &str| {
            ["s:/", "l:/", "n:/"].iter().any(|kind| name.starts_with(kind))
                && !matches!(name, "s:/digest" | "s:/seal" | "s:/right/kind" | "s:/right/grant")
        };
        let shown = typed.fields.iter().filter(|(name, value)| typed_by_hand(name) && !value.is_empty());
        let shown = shown.map(|(_, value)| value.clone()).collect();
        let frame = Frame::new(&visit, Page { title: Words(visit.lang).again_title(), nav: Nav::None });
        Ok(html(StatusCode::OK, &AgainPage { frame, action: typed.path, fields: typed.fields, shown }))
    };
    visit.finish(page())
}

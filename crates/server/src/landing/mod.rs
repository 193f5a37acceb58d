//! The page that a code on paper leads to (验证页): for whoever scans it, without a script, without an account. It says in words what
//! `GET /api/v1/copies/by-code/{code}` says to programs.

mod markup;
mod page;

use crate::api::copies::{Traced, trace};
use crate::app::{App, Shared, Stop};
use crate::auth::address_of;
use crate::http::{Path, Problem};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::net::IpAddr;

/// The route. It stands outside the layer that finds out who asks: a session that has ended must not keep anybody from reading.
pub(crate) fn routes() -> Router<Shared> {
    Router::new().route("/v/{code}", get(show))
}

/// The address of the page of a code: what its QR code holds.
pub(crate) fn address(app: &App, code: &str) -> String {
    format!("{}/v/{code}", app.base())
}

async fn show(State(app): State<Shared>, path: Result<Path<String>, Problem>, request: Request) -> Response {
    let address = address_of(&app, &request);
    // A path that is no text holds no code either.
    let typed = path.map(|Path(code)| code).unwrap_or_default();
    match look(&app, &typed, address).await {
        Ok(Some(traced)) => match page::found(&app, &traced) {
            Ok(page) => answer(StatusCode::OK, page),
            Err(problem) => failed(&app, problem.into()),
        },
        Ok(None) => answer(StatusCode::NOT_FOUND, page::unknown(&app, &typed)),
        Err(stop) => failed(&app, stop),
    }
}

/// What everybody may know of a code, as often as everybody may ask.
async fn look(app: &Shared, typed: &str, address: IpAddr) -> Result<Option<Traced>, Stop> {
    let now = app.now()?;
    app.verifications.let_in(address, now)?;
    trace(app, typed, None, now).await
}

/// The page for what went wrong, with the status of the problem and when to come again.
fn failed(app: &App, stop: Stop) -> Response {
    let problem = stop.into_response();
    let mut response = answer(problem.status(), page::failed(app, problem.status()));
    if let Some(wait) = problem.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

fn answer(status: StatusCode, page: String) -> Response {
    let mut response = (status, Html(page)).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&markup::policy()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

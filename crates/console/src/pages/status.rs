//! The status of a seal, for everybody.

use crate::api::Call;
use crate::api::shapes::{Envelope, Statement};
use crate::frame::{Fault, Frame, Nav, Page, Sent, Visit, html, is_code};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

#[derive(Template)]
#[template(path = "status.html")]
struct StatusPage {
    frame: Frame,
    code: String,
    bad: bool,
    statement: Option<Statement>,
    tone: &'static str,
}

/// `GET /status?code=`.
pub async fn show(State(console): State<Shared>, visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = Sent::read(query.unwrap_or_default().as_bytes());
    let code: String = query.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    visit.finish(page(&console, &visit, code).await)
}

async fn page(console: &Shared, visit: &Visit, code: String) -> Result<Response, Fault> {
    let frame = Frame::new(visit, Page { title: Words(visit.lang).status_title(), nav: Nav::Status });
    let bad = !code.is_empty() && !is_code(&code);
    let statement = if code.is_empty() || bad { None } else { Some(ask(console, visit, &code).await?) };
    let tone = match statement.as_ref().map(|statement| statement.status.as_str()) {
        Some("valid") => "valid",
        Some("void" | "suspended") => "invalid",
        _ => "unsigned",
    };
    let status = if bad { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(html(status, &StatusPage { frame, code, bad, statement, tone }))
}

/// The statement in the signed answer.
async fn ask(console: &Shared, visit: &Visit, code: &str) -> Result<Statement, Fault> {
    let envelope: Envelope = console.api.call(visit, Call::get(format!("/status/{code}"))).await?.json()?;
    serde_json::from_str(&envelope.statement).map_err(|error| {
        tracing::error!(%error, "a status statement cannot be read");
        Fault::Internal
    })
}

//! One's notices.

use crate::api::shapes::Notices;
use crate::api::{Call, with_query};
use crate::frame::{Frame, Key, Nav, Page, Person, Sent, html, once, see};
use crate::state::Shared;
use crate::words::Words;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    frame: Frame,
    notices: Notices,
    next: Option<String>,
    once: String,
}

/// `GET /notices`.
pub async fn list(
    State(console): State<Shared>,
    Person(visit): Person,
    RawQuery(query): RawQuery,
) -> Response {
    let page = async {
        let query = Sent::read(query.unwrap_or_default().as_bytes());
        let path = with_query("/notices", &[("limit", "30"), ("cursor", query.get("cursor"))]);
        let notices: Notices = console.api.read(&visit, &path).await?;
        let next = notices.next.as_ref().map(|next| with_query("/notices", &[("cursor", next)]));
        let frame = Frame::new(&visit, Page { title: Words(visit.lang).nav_notices(), nav: Nav::Notices });
        Ok(html(StatusCode::OK, &NoticesPage { frame, notices, next, once: once()? }))
    };
    visit.finish(page.await)
}

/// `POST /notices/{id}/read`.
pub async fn read(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let done = async {
        let id = Key::parse(&id)?;
        let call = Call::post(format!("/notices/{id}/read"), &Value::Null)
            .once(sent.get("once"))
            .csrf(sent.get("csrf"));
        console.api.call(&visit, call).await?;
        Ok(see("/notices"))
    };
    visit.finish(done.await)
}

/// `POST /notices/read-all`.
pub async fn read_all(State(console): State<Shared>, Person(visit): Person, sent: Sent) -> Response {
    let done = async {
        let call =
            Call::post("/notices/read-all", &Value::Null).once(sent.get("once")).csrf(sent.get("csrf"));
        console.api.call(&visit, call).await?;
        Ok(see("/notices"))
    };
    visit.finish(done.await)
}

//! The imprint an application asks for, and how it differs from the one on record, as pictures.

use crate::api::Call;
use crate::frame::{Fault, Key, Person};
use crate::state::Shared;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// Kinds of picture browsers show.
const KINDS: [&str; 5] = ["image/png", "image/jpeg", "image/bmp", "image/gif", "image/svg+xml"];

/// `GET /applications/{id}/imprint`.
pub async fn imprint(State(console): State<Shared>, person: Person, Path(id): Path<String>) -> Response {
    picture(&console, person, &id, "imprint").await
}

/// `GET /applications/{id}/imprint/difference`.
pub async fn difference(State(console): State<Shared>, person: Person, Path(id): Path<String>) -> Response {
    picture(&console, person, &id, "imprint/difference").await
}

async fn picture(console: &Shared, Person(visit): Person, id: &str, which: &str) -> Response {
    let read = async {
        let key = Key::parse(id)?;
        let answer = console.api.call(&visit, Call::get(format!("/applications/{key}/{which}"))).await?;
        let said = answer.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = KINDS.into_iter().find(|kind| Some(*kind) == said).ok_or(Fault::Internal)?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            // What a stranger handed in does nothing but be looked at.
            (
                HeaderName::from_static("content-security-policy"),
                HeaderValue::from_static("default-src 'none'; sandbox"),
            ),
        ];
        Ok((headers, answer.body).into_response())
    };
    visit.finish(read.await)
}

//! A draft is put in order and handed in; how far a batch has come; what came of a document.

use crate::api::Call;
use crate::api::shapes::UseRequest;
use crate::frame::{Fault, Key, Person, Sent, see};
use crate::pages::deed::act;
use crate::pages::usage;
use crate::state::Shared;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// `POST /uses/{id}/submit`.
pub async fn submit(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
    sent: Sent,
) -> Response {
    let done = async {
        let key = Key::parse(&id)?;
        let call = Call::post(format!("/use-requests/{key}/submit"), &Value::Null);
        match act(&console, &visit, call, "submit", &sent).await? {
            None => Ok(see(&format!("/uses/{key}?done=handed-in"))),
            Some(failed) => usage::refused(&console, &visit, &id, failed).await,
        }
    };
    visit.finish(done.await)
}

/// `POST /uses/{id}/items/{item}/remove`.
pub async fn remove(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, item)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    let done = async {
        let (key, item) = (Key::parse(&id)?, Key::parse(&item)?);
        let body = json!({ "items": [item.to_string()] });
        let call = Call::post(format!("/use-requests/{key}/remove"), &body);
        match act(&console, &visit, call, "remove", &sent).await? {
            None => Ok(see(&format!("/uses/{key}?done=removed"))),
            Some(failed) => usage::refused(&console, &visit, &id, failed).await,
        }
    };
    visit.finish(done.await)
}

/// `GET /uses/{id}/progress`: for the script that moves the bar.
pub async fn progress(
    State(console): State<Shared>,
    Person(visit): Person,
    Path(id): Path<String>,
) -> Response {
    let read = async {
        let key = Key::parse(&id)?;
        let u: UseRequest = console.api.read(&visit, &format!("/use-requests/{key}")).await?;
        let tally = &u.tally;
        let told = json!({
            "state": u.state, "documents": tally.documents, "signed": tally.signed, "failed": tally.failed,
        });
        Ok(Json(told).into_response())
    };
    visit.finish(read.await)
}

/// `GET /uses/{id}/items/{item}/sealed`: the sealed document, to be saved under the name it had.
pub async fn sealed(
    State(console): State<Shared>,
    Person(visit): Person,
    Path((id, item)): Path<(String, String)>,
) -> Response {
    let read = async {
        let (key, item) = (Key::parse(&id)?, Key::parse(&item)?);
        let path = format!("/use-requests/{key}/items/{item}/sealed");
        let answer = console.api.call(&visit, Call::get(path)).await?;
        let kind = answer.headers.get(header::CONTENT_TYPE).cloned();
        let kind = kind.unwrap_or(HeaderValue::from_static("application/octet-stream"));
        let ending = match kind.to_str().unwrap_or_default() {
            "application/ofd" => "ofd",
            "application/pdf" => "pdf",
            _ => "dat",
        };
        // An identifier is plain: no name of a stranger stands in a header.
        let place = format!("attachment; filename=\"sealed-{item}.{ending}\"");
        let place = HeaderValue::from_str(&place).map_err(|_| Fault::Internal)?;
        Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, place)], answer.body)
            .into_response())
    };
    visit.finish(read.await)
}

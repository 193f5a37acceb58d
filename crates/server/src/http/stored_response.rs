//! A response as a value: made before the transaction ends, kept beside the idempotency key, sent now and at replays.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::etag::etag;
use super::json::to_bytes;
use super::problem::{Code, Problem};

/// Tells a client that the response is the one made for the first request with this key.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A successful response (结果) that can be kept: status, the headers that belong to the result, body.
///
/// Keep only successes: a refused request changed nothing and may be sent again. The body is what the client was
/// shown, with sensitive fields masked already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredResponse {
    /// HTTP status, 200 to 299.
    pub status: u16,
    /// Where the thing made is: the `Location` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The version of the thing: the `ETag` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// JSON text; `None` for a response without a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

impl StoredResponse {
    /// `200 OK` with a JSON body.
    ///
    /// # Errors
    /// `INTERNAL` when the value cannot be written as JSON.
    pub fn ok<T: Serialize>(body: &T) -> Result<Self, Problem> {
        Self::with_status(StatusCode::OK, body)
    }

    /// `201 Created` with the path of the new thing and a JSON body.
    ///
    /// # Errors
    /// `INTERNAL` when the value cannot be written as JSON.
    pub fn created<T: Serialize>(location: impl Into<String>, body: &T) -> Result<Self, Problem> {
        let response = Self::with_status(StatusCode::CREATED, body)?;
        Ok(Self { location: Some(location.into()), ..response })
    }

    /// `202 Accepted` with a JSON body: the work is queued.
    ///
    /// # Errors
    /// `INTERNAL` when the value cannot be written as JSON.
    pub fn accepted<T: Serialize>(body: &T) -> Result<Self, Problem> {
        Self::with_status(StatusCode::ACCEPTED, body)
    }

    /// `204 No Content`.
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT.as_u16(), location: None, version: None, body: None }
    }

    fn with_status<T: Serialize>(status: StatusCode, body: &T) -> Result<Self, Problem> {
        let text = String::from_utf8(to_bytes(body)?).map_err(|_| Problem::new(Code::Internal))?;
        Ok(Self { status: status.as_u16(), location: None, version: None, body: Some(text) })
    }

    /// Adds the version of the thing.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// As text for the store.
    ///
    /// # Errors
    /// `INTERNAL` when it cannot be written.
    pub fn to_text(&self) -> Result<String, Problem> {
        serde_json::to_string(self).map_err(|_| Problem::new(Code::Internal))
    }

    /// From the store's text.
    ///
    /// # Errors
    /// `INTEGRITY` when the text is not one that [`StoredResponse::to_text`] wrote.
    pub fn from_text(text: &str) -> Result<Self, Problem> {
        serde_json::from_str(text).map_err(|_| Problem::new(Code::Integrity))
    }

    /// The response once more, marked as a replay.
    pub fn replay(self) -> Response {
        let mut response = self.into_response();
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        response
    }
}

impl IntoResponse for StoredResponse {
    fn into_response(self) -> Response {
        let has_body = self.body.is_some();
        let mut response = Response::new(self.body.map_or_else(Body::empty, Body::from));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        if has_body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        if let Some(version) = self.version {
            headers.insert(header::ETAG, etag(version));
        }
        response
    }
}

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredResponse {
    status: u16,
    headers: KeptHeaders,
    body: Vec<u8>,
}

/// The headers that are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct KeptHeaders {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
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
        let mut response = Self::with_status(StatusCode::CREATED, body)?;
        response.headers.location = Some(location.into());
        Ok(response)
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
        Self { status: StatusCode::NO_CONTENT.as_u16(), headers: KeptHeaders::default(), body: Vec::new() }
    }

    fn with_status<T: Serialize>(status: StatusCode, body: &T) -> Result<Self, Problem> {
        Ok(Self { status: status.as_u16(), headers: KeptHeaders::default(), body: to_bytes(body)? })
    }

    /// Adds the version of the thing: its `ETag`.
    #[must_use]
    pub fn version(mut self, version: i64) -> Self {
        self.headers.version = Some(version);
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body: JSON, or nothing.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The kept headers as text for the store.
    ///
    /// # Errors
    /// `INTERNAL` when they cannot be written.
    pub fn headers_text(&self) -> Result<String, Problem> {
        serde_json::to_string(&self.headers).map_err(|_| Problem::new(Code::Internal))
    }

    /// From what the store holds: status, [`StoredResponse::headers_text`], body.
    ///
    /// # Errors
    /// `INTEGRITY` when this is not what a response left there.
    pub fn from_parts(status: u16, headers: &str, body: Vec<u8>) -> Result<Self, Problem> {
        if !(200..300).contains(&status) {
            return Err(Problem::new(Code::Integrity));
        }
        let headers = serde_json::from_str(headers).map_err(|_| Problem::new(Code::Integrity))?;
        Ok(Self { status, headers, body })
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
        let has_body = !self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        if has_body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(location) =
            self.headers.location.and_then(|location| HeaderValue::try_from(location).ok())
        {
            headers.insert(header::LOCATION, location);
        }
        if let Some(version) = self.headers.version {
            headers.insert(header::ETAG, etag(version));
        }
        response
    }
}

//! What the API answered.

use super::Problem;
use crate::frame::Fault;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// The body.
    ///
    /// # Errors
    /// It is not what it should be.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|error| {
            tracing::error!(%error, "an answer of the API cannot be read");
            Fault::Internal
        })
    }

    /// What the answer refuses.
    pub fn fault(&self) -> Fault {
        match serde_json::from_slice::<Problem>(&self.body) {
            Ok(problem) => Fault::Api(Box::new(problem)),
            Err(_) if self.status == StatusCode::NOT_FOUND => Fault::NotFound,
            Err(_) => Fault::Internal,
        }
    }

    /// The cookies it sets.
    pub fn cookies(&self) -> Vec<HeaderValue> {
        self.headers.get_all(header::SET_COOKIE).iter().cloned().collect()
    }
}

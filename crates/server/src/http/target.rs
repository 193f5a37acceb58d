//! The path and query a client asked for, kept because nested routers see only the rest of it.

use axum::http::Uri;
use axum::http::request::Parts;

/// Path and query as the client sent them; the frame leaves it among the request's extensions.
#[derive(Debug, Clone)]
pub struct Target(Uri);

impl Target {
    pub(crate) fn new(uri: Uri) -> Self {
        Self(uri)
    }

    /// The target of a request; outside the frame, what the router left of it.
    pub fn of(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self(parts.uri.clone()))
    }

    /// The path: `/api/v1/units`.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// Path and query: `/api/v1/units?limit=5`.
    pub fn path_and_query(&self) -> &str {
        self.0.path_and_query().map_or_else(|| self.0.path(), |both| both.as_str())
    }
}

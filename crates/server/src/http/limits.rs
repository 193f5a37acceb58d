//! What a request may take: time, and the process's calm.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::frame::FrameSettings;
use super::problem::{Code, Problem};

/// How long handlers may take.
#[derive(Debug, Clone)]
pub(crate) struct Deadlines {
    usual: Duration,
    uploads: Arc<[(&'static str, Duration)]>,
}

impl Deadlines {
    pub(crate) fn of(settings: &FrameSettings) -> Self {
        Self { usual: settings.deadline, uploads: settings.uploads.clone().into() }
    }

    fn for_request(&self, request: &Request) -> Duration {
        let path = request.uri().path();
        let posted = *request.method() == Method::POST;
        let upload = self.uploads.iter().find(|(known, _)| posted && *known == path);
        upload.map_or(self.usual, |(_, limit)| *limit)
    }
}

/// Layer: a handler that has not answered in time is dropped (its transaction rolls back) and gives `TIMEOUT`.
pub(crate) async fn deadline(State(deadlines): State<Deadlines>, request: Request, next: Next) -> Response {
    let limit = deadlines.for_request(&request);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => Problem::new(Code::Timeout).into_response(),
    }
}

/// A panic in a handler: logged here, and nothing of it told to the client.
pub(crate) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)");
    tracing::error!(message, "a handler panicked");
    Problem::new(Code::Internal).into_response()
}

//! Everything around the endpoints, mounted in one place and order.

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;

use super::cursor::CursorKey;
use super::{etag, fallback, limits, problem, request_id, security_headers};

/// Most bytes of a body where the route says nothing else: 1 MiB.
pub const DEFAULT_BODY_LIMIT: usize = 1 << 20;
/// Longest a handler may take.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

/// What the frame needs to know.
#[derive(Debug, Clone)]
pub struct FrameSettings {
    /// Most bytes of a request body; a route that takes more layers its own `DefaultBodyLimit`.
    pub body_limit: usize,
    /// Longest a handler may take before the client gets `TIMEOUT`.
    pub deadline: Duration,
    /// Paths to which large things are posted, and how long a handler may take there.
    pub uploads: Vec<(&'static str, Duration)>,
    /// Whether clients come over HTTPS, here or at a proxy: adds `Strict-Transport-Security`.
    pub https: bool,
    /// Key of the cursors of lists.
    pub cursor_key: CursorKey,
}

impl FrameSettings {
    /// The defaults, with a key.
    pub fn new(cursor_key: CursorKey) -> Self {
        Self {
            body_limit: DEFAULT_BODY_LIMIT,
            deadline: DEFAULT_DEADLINE,
            uploads: Vec::new(),
            https: false,
            cursor_key,
        }
    }
}

/// Puts the frame around a router that holds all routes: call it last.
///
/// From outside: request identifier and log span → security headers → `If-None-Match` → plain errors to problems →
/// panics → deadline → body limit → the router's own layers (sessions, signatures, CSRF, rate limits) → handlers.
/// It also serves `/problems` and answers unknown paths and methods.
pub fn frame<S: Clone + Send + Sync + 'static>(router: Router<S>, settings: &FrameSettings) -> Router<S> {
    router
        .merge(problem::pages::routes())
        .fallback(fallback::not_found)
        .method_not_allowed_fallback(fallback::method_not_allowed)
        .layer(Extension(settings.cursor_key.clone()))
        .layer(DefaultBodyLimit::max(settings.body_limit))
        .layer(from_fn_with_state(limits::Deadlines::of(settings), limits::deadline))
        .layer(CatchPanicLayer::custom(limits::panicked))
        .layer(from_fn(fallback::problems_only))
        .layer(from_fn(etag::conditional))
        .layer(from_fn_with_state(settings.https, security_headers::add))
        .layer(from_fn(request_id::identify))
}

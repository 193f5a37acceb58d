//! The API as the console asks it: plain HTTP requests in the same process, in the name of whoever looks at the page.

mod answer;
mod problem;
pub mod shapes;

pub use answer::Answer;
pub use problem::{FieldFault, Problem};

use crate::frame::{Fault, Visit};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::Value;
use tower::ServiceExt as _;

/// Header that carries the token against forged requests.
const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");
/// Header that names an operation once.
const ONCE: HeaderName = HeaderName::from_static("idempotency-key");
/// Largest answer that is read: pictures and documents of requests.
const MOST: usize = 128 << 20;

/// The API.
#[derive(Clone)]
pub struct Api {
    routes: Router,
}

/// A request.
#[derive(Debug)]
pub struct Call {
    method: Method,
    path: String,
    body: Body,
    kind: Option<String>,
    version: Option<i64>,
    once: Option<String>,
    csrf: Option<String>,
    length: Option<u64>,
}

impl Call {
    fn new(method: Method, path: impl Into<String>) -> Self {
        let path = path.into();
        Self {
            method,
            path,
            body: Body::empty(),
            kind: None,
            version: None,
            once: None,
            csrf: None,
            length: None,
        }
    }

    /// `GET` of a path under `/api/v1`.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// `POST` of a JSON body.
    pub fn post(path: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::POST, path).json(body)
    }

    /// `PUT` of a JSON body.
    pub fn put(path: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PUT, path).json(body)
    }

    /// `PATCH` of a JSON body.
    pub fn patch(path: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PATCH, path).json(body)
    }

    /// `DELETE`.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// A request with bytes of this media type.
    pub fn bytes(method: Method, path: impl Into<String>, kind: &str, body: impl Into<Body>) -> Self {
        Self { body: body.into(), kind: Some(kind.to_owned()), ..Self::new(method, path) }
    }

    fn json(self, body: &Value) -> Self {
        if body.is_null() {
            return self;
        }
        Self { body: Body::from(body.to_string()), kind: Some("application/json".to_owned()), ..self }
    }

    /// The version the change is based on.
    #[must_use]
    pub fn at(self, version: Option<i64>) -> Self {
        Self { version, ..self }
    }

    /// The operation's own name, the same however often the form is sent.
    #[must_use]
    pub fn once(self, key: impl Into<String>) -> Self {
        Self { once: Some(key.into()).filter(|key: &String| !key.is_empty()), ..self }
    }

    /// The token of the form.
    #[must_use]
    pub fn csrf(self, token: impl Into<String>) -> Self {
        Self { csrf: Some(token.into()), ..self }
    }

    /// How many bytes the body has, where it comes piece by piece.
    #[must_use]
    pub fn length(self, bytes: u64) -> Self {
        Self { length: Some(bytes), ..self }
    }
}

impl Api {
    /// Of these routes.
    pub fn new(routes: Router) -> Self {
        Self { routes }
    }

    /// The routes themselves.
    pub fn routes(&self) -> Router {
        self.routes.clone()
    }

    /// Asks in the name of the visitor; every status is an answer.
    ///
    /// # Errors
    /// A header cannot be written, or the answer does not come whole.
    pub async fn ask(&self, visit: &Visit, call: Call) -> Result<Answer, Fault> {
        let what = format!("{} {}", call.method, call.path);
        let mut request = Request::builder()
            .method(call.method)
            .uri(format!("/api/v1{}", call.path))
            .body(call.body)
            .map_err(|_| Fault::NotFound)?;
        let headers = request.headers_mut();
        visit.sign(headers);
        let typed = [
            (header::CONTENT_TYPE, call.kind),
            (header::IF_MATCH, call.version.map(|version| format!("\"{version}\""))),
            (header::CONTENT_LENGTH, call.length.map(|bytes| bytes.to_string())),
            (ONCE, call.once),
            (CSRF, call.csrf),
        ];
        for (name, value) in typed {
            let Some(value) = value else { continue };
            // What a form says wrongly is refused as if it were absent.
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        if let Some(peer) = visit.peer {
            request.extensions_mut().insert(peer);
        }
        let Ok(response) = self.routes.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, MOST).await.map_err(|error| {
            tracing::error!(%error, what, "an answer of the API did not come whole");
            Fault::Internal
        })?;
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// The same where anything but a success is a fault.
    ///
    /// # Errors
    /// The problem.
    pub async fn call(&self, visit: &Visit, call: Call) -> Result<Answer, Fault> {
        let answer = self.ask(visit, call).await?;
        if answer.status.is_success() { Ok(answer) } else { Err(answer.fault()) }
    }

    /// What `GET path` shows.
    ///
    /// # Errors
    /// The problem; an answer that is not what it should be.
    pub async fn read<T: serde::de::DeserializeOwned>(&self, visit: &Visit, path: &str) -> Result<T, Fault> {
        self.call(visit, Call::get(path)).await?.json()
    }

    /// What a list shows; nothing where the visitor's roles do not reach it.
    ///
    /// # Errors
    /// Other problems.
    pub async fn list<T: serde::de::DeserializeOwned>(
        &self,
        visit: &Visit,
        path: &str,
    ) -> Result<shapes::Page<T>, Fault> {
        match self.read(visit, path).await {
            Err(Fault::Api(problem)) if problem.code == "FORBIDDEN" => Ok(shapes::Page::default()),
            other => other,
        }
    }
}

/// A path with query parameters, those that are empty left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

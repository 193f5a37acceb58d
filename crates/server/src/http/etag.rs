//! Versions of things: `ETag` out, `If-Match` before a change, `If-None-Match` on reading.

use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::json::Json;
use super::problem::{Code, FieldError, Problem};

/// Most tags a conditional header may list.
const MAX_TAGS: usize = 16;

/// The strong entity tag of a version: `"7"`.
pub fn etag(version: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// A thing with its version; as a response it is the thing's JSON with an `ETag`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The version of the stored row.
    pub version: i64,
    /// What is shown of it.
    pub body: T,
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        if response.status().is_success() {
            response.headers_mut().insert(header::ETAG, etag(self.version));
        }
        response
    }
}

/// The versions a change may be based on, from `If-Match`. Required: without it a change gives `PRECONDITION_REQUIRED`.
///
/// `*` is refused with `BAD_REQUEST`: a change must say what it was based on. Weak tags never match (RFC 9110 13.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Vec<String>);

impl IfMatch {
    /// Whether this version is among those named.
    pub fn names(&self, version: i64) -> bool {
        self.0.contains(&format!("\"{version}\""))
    }

    /// Lets the change go on if the present version is among those named.
    ///
    /// # Errors
    /// `PRECONDITION_FAILED`.
    pub fn check(&self, present: i64) -> Result<(), Problem> {
        if self.names(present) {
            return Ok(());
        }
        let present = format!("\"{present}\"");
        Err(Problem::new(Code::PreconditionFailed).detail(
            format!("对象已被修改：当前版本的 ETag 是 {present}。"),
            format!("The thing has changed: its ETag is now {present}."),
        ))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        match tags(&parts.headers, &header::IF_MATCH) {
            Tags::Absent => Err(Problem::new(Code::PreconditionRequired)),
            Tags::Listed(tags) => Ok(Self(tags)),
            Tags::Any | Tags::Malformed => {
                let (zh, en) = (
                    "If-Match 应为 GET 响应中的 ETag，形如 \"3\"；不接受 *。",
                    "If-Match must be the ETag of a GET, like \"3\"; * is not accepted.",
                );
                Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(FieldError::parameter(
                    "If-Match",
                    "BAD_VALUE",
                    zh,
                    en,
                )))
            }
        }
    }
}

/// Documentation of the header: `params(IfMatch)`.
impl IntoParams for IfMatch {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                .required(Required::True)
                .description(Some(
                    "所依据版本的 ETag，原样取自 GET · ETag of the version the change is based on.",
                ))
                .schema(Some(
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .pattern(Some(r#"^"[0-9]{1,19}"$"#))
                        .examples(["\"3\""]),
                ))
                .build(),
        ]
    }
}

enum Tags {
    Absent,
    Any,
    Listed(Vec<String>),
    Malformed,
}

/// Reads a list of entity tags (RFC 9110 8.8.3); weak ones keep their `W/`.
fn tags(headers: &HeaderMap, name: &header::HeaderName) -> Tags {
    let mut listed = Vec::new();
    for value in headers.get_all(name) {
        let Ok(text) = value.to_str() else { return Tags::Malformed };
        let mut rest = text.trim();
        if rest == "*" {
            return Tags::Any;
        }
        while !rest.is_empty() {
            let weak = if rest.starts_with("W/") { 2 } else { 0 };
            let Some(opaque) = rest.get(weak..).and_then(|tag| tag.strip_prefix('"')) else {
                return Tags::Malformed;
            };
            let Some(end) = opaque.find('"') else { return Tags::Malformed };
            let (tag, after) = rest.split_at(weak + end + 2);
            listed.push(tag.to_owned());
            rest = after.trim_start();
            match rest.strip_prefix(',') {
                Some(more) => rest = more.trim_start(),
                None if rest.is_empty() => {}
                None => return Tags::Malformed,
            }
            if listed.len() > MAX_TAGS {
                return Tags::Malformed;
            }
        }
    }
    if listed.is_empty() && !headers.contains_key(name) { Tags::Absent } else { Tags::Listed(listed) }
}

/// Layer: a reading whose `ETag` the client named in `If-None-Match` becomes `304 Not Modified` without a body.
pub(crate) async fn conditional(request: Request, next: Next) -> Response {
    let reading = request.method() == Method::GET || request.method() == Method::HEAD;
    let known = if reading { tags(request.headers(), &header::IF_NONE_MATCH) } else { Tags::Absent };
    let mut response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let Some(present) = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()) else {
        return response;
    };
    let fresh = match known {
        Tags::Any => true,
        Tags::Listed(tags) => tags.iter().any(|tag| tag.trim_start_matches("W/") == present),
        Tags::Absent | Tags::Malformed => false,
    };
    if fresh {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

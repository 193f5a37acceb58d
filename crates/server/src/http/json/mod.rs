//! JSON bodies in and out.

mod fault;
mod tree;
mod typed;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};

pub(crate) use fault::Fault;
pub use tree::{MAX_DEPTH, MAX_VALUES};

use crate::http::problem::{Checked, Code, Problem, checked};

/// A JSON body: as an extractor it reads the request within limits, as a response it writes `application/json`.
///
/// Reading refuses with `UNSUPPORTED_MEDIA_TYPE` (not JSON, or compressed), `BODY_TOO_LARGE`, `INVALID_JSON` (with
/// line and column; also for a member named twice, more than [`MAX_DEPTH`] levels or [`MAX_VALUES`] values),
/// `UNKNOWN_FIELD` and `VALIDATION` (with a JSON pointer). Unknown members are refused for every type; only types
/// with `flatten` or an untagged or internally tagged enum must say `deny_unknown_fields` themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

/// A JSON body whose rules are checked too: the values of the domain that it becomes.
///
/// Refuses as [`Json`] does, and with `VALIDATION` that names every fault [`Checked`] noted.
#[derive(Debug)]
pub struct Valid<T: Checked>(pub T::Into);

/// The body of a request that says nothing: no bytes, or `{}`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoBody;

/// An object without members.
impl utoipa::PartialSchema for NoBody {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Object).max_properties(Some(0)).into()
    }
}

impl utoipa::ToSchema for NoBody {}

/// Reads a JSON text into a type, with the same limits and errors as [`Json`]. No bytes at all count as `null`.
///
/// # Errors
/// `INVALID_JSON`, `UNKNOWN_FIELD` or `VALIDATION`.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return typed::from_tree(serde_json::Value::Null).map_err(|_| {
            Problem::new(Code::InvalidJson)
                .detail("请求体为空，应为 JSON。", "The body is empty; JSON is expected.")
        });
    }
    typed::from_tree(tree::read(bytes)?).map_err(Fault::into_body_problem)
}

/// Refuses a body that is not uncompressed JSON in UTF-8.
pub(crate) fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let unsupported = |zh: &str, en: &str| Err(Problem::new(Code::UnsupportedMediaType).detail(zh, en));
    let encoding = headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    if encoding.is_some_and(|value| !value.eq_ignore_ascii_case(b"identity")) {
        return unsupported("不接受压缩的请求体。", "Compressed bodies are not accepted.");
    }
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let json = essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json") && essence.len() > 17);
    if !json {
        return unsupported(
            "请求体须为 Content-Type: application/json。",
            "The body must have Content-Type: application/json.",
        );
    }
    for parameter in parts {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        if name.eq_ignore_ascii_case("charset") && !value.trim_matches('"').eq_ignore_ascii_case("utf-8") {
            return unsupported("JSON 须为 UTF-8。", "JSON must be UTF-8.");
        }
    }
    Ok(())
}

/// Reads the bytes of a body within the limit of the route.
pub(crate) async fn read_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(Code::BodyTooLarge)
        } else {
            Problem::new(Code::BadRequest).detail("请求体没有收完整。", "The body did not arrive completely.")
        }
    })
}

/// Reads a body as JSON; a body of no bytes needs no content type.
pub(crate) fn parse_request<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, Problem> {
    if !bytes.is_empty() {
        require_json(headers)?;
    }
    parse(bytes)
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        let bytes = read_body(request, state).await?;
        parse_request(&headers, &bytes).map(Self)
    }
}

impl<T: Checked + DeserializeOwned, S: Send + Sync> FromRequest<S> for Valid<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let Json(body) = Json::<T>::from_request(request, state).await?;
        checked(body).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match to_bytes(&self.0) {
            Ok(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                response
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                response
            }
            Err(problem) => problem.into_response(),
        }
    }
}

/// The JSON of a response.
pub(crate) fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "a response could not be written as JSON");
        Problem::new(Code::Internal)
    })
}

impl<'de> Deserialize<'de> for NoBody {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Nothing;
        impl<'de> Visitor<'de> for Nothing {
            type Value = NoBody;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("no body or an empty object")
            }

            fn visit_unit<E>(self) -> Result<NoBody, E> {
                Ok(NoBody)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<NoBody, A::Error> {
                while access.next_key::<String>()?.is_some() {
                    let IgnoredAny = access.next_value()?;
                }
                Ok(NoBody)
            }
        }
        deserializer.deserialize_any(Nothing)
    }
}

//! Idempotency keys: a request sent twice is done once and answered twice. The store keeps the records; what a record
//! means for a request is decided here.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method};
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};
use yinxin_crypto::Sm3;

use super::json::{parse_request, read_body};
use super::problem::{Code, FieldError, Problem};
use super::stored_response::StoredResponse;
use super::target::Target;

/// Name of the header.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key in characters.
pub const MAX_KEY_LENGTH: usize = 64;

/// The client's name for one operation (幂等键): 1 to 64 visible ASCII characters. Unique per actor, not over all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key as the client sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_headers(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut values = headers.get_all(&IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Err(Problem::new(Code::IdempotencyKeyRequired)) };
        let visible = |bytes: &[u8]| bytes.iter().all(|b| (0x21..=0x7e).contains(b));
        match value.to_str() {
            Ok(text)
                if values.next().is_none()
                    && (1..=MAX_KEY_LENGTH).contains(&text.len())
                    && visible(text.as_bytes()) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => {
                let (zh, en) = (
                    "Idempotency-Key 应为 1 至 64 个可见 ASCII 字符，且只出现一次。",
                    "Idempotency-Key must be 1 to 64 visible ASCII characters and appear once.",
                );
                Err(Problem::new(Code::BadRequest).detail(zh, en).with_error(FieldError::parameter(
                    "Idempotency-Key",
                    "BAD_VALUE",
                    zh,
                    en,
                )))
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Self::from_headers(&parts.headers)
    }
}

/// Documentation of the header: `params(IdempotencyKey)`.
impl IntoParams for IdempotencyKey {
    fn into_params(_parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            ParameterBuilder::new()
                .name("Idempotency-Key")
                .parameter_in(ParameterIn::Header)
                .required(Required::True)
                .description(Some(
                    "每次新操作一个新值（如 UUID），重试时不变 · A new value per operation, the same on retries.",
                ))
                .schema(Some(
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .min_length(Some(1))
                        .max_length(Some(MAX_KEY_LENGTH))
                        .pattern(Some("^[!-~]{1,64}$"))
                        .examples(["0191f2c4-7b1e-7c32-9d57-2f6a1c9e8b10"]),
                ))
                .build(),
        ]
    }
}

/// SM3 over method, path with query, and body: tells two requests with one key apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestDigest(pub [u8; 32]);

impl RequestDigest {
    /// The digest of a request; `target` is path and query as the client sent them.
    pub fn of(method: &Method, target: &str, body: &[u8]) -> Self {
        let mut digest = Sm3::new();
        for part in [method.as_str().as_bytes(), target.as_bytes(), body] {
            digest.update(&(part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        Self(digest.finalize())
    }
}

/// A request that makes or changes something: its key, its digest and its JSON body, in one extractor.
///
/// `Command<NoBody>` is for requests that say all in their path. Document it with `params(IdempotencyKey)` and
/// `request_body = T`.
#[derive(Debug, Clone)]
pub struct Command<T> {
    /// The idempotency key.
    pub key: IdempotencyKey,
    /// The digest of the whole request.
    pub digest: RequestDigest,
    /// The body.
    pub body: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Command<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let key = IdempotencyKey::from_headers(&parts.headers)?;
        let (method, headers, target) = (parts.method.clone(), parts.headers.clone(), Target::of(&parts));
        let bytes = read_body(Request::from_parts(parts, body), state).await?;
        let digest = RequestDigest::of(&method, target.path_and_query(), &bytes);
        Ok(Self { key, digest, body: parse_request(&headers, &bytes)? })
    }
}

/// What the store holds for a key of an actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The digest of the first request with the key.
    pub digest: RequestDigest,
    /// Its response; `None` while it is being worked on.
    pub response: Option<StoredResponse>,
}

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Not seen before: do it.
    Fresh,
    /// Done before: send this, see [`StoredResponse::replay`].
    Replay(StoredResponse),
    /// The key belongs to another request: `IDEMPOTENCY_KEY_REUSED`.
    Reused,
    /// The first request is still being worked on: `IDEMPOTENCY_KEY_IN_PROGRESS`.
    InProgress,
}

/// Decides by what the store holds for the key.
pub fn decide(existing: Option<Record>, digest: &RequestDigest) -> Decision {
    match existing {
        None => Decision::Fresh,
        Some(record) if record.digest != *digest => Decision::Reused,
        Some(Record { response: Some(response), .. }) => Decision::Replay(response),
        Some(Record { response: None, .. }) => Decision::InProgress,
    }
}

impl Decision {
    /// The stored response to replay, or `None` for a fresh request.
    ///
    /// # Errors
    /// `IDEMPOTENCY_KEY_REUSED` or `IDEMPOTENCY_KEY_IN_PROGRESS`.
    pub fn proceed(self) -> Result<Option<StoredResponse>, Problem> {
        match self {
            Self::Fresh => Ok(None),
            Self::Replay(response) => Ok(Some(response)),
            Self::Reused => Err(Problem::new(Code::IdempotencyKeyReused)),
            Self::InProgress => Err(Problem::new(Code::IdempotencyKeyInProgress)),
        }
    }
}

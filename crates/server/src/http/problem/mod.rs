//! Problems (RFC 9457): every refusal of the API in one shape, with a stable code that has a page of its own.

mod catalogue;
mod field;
pub mod pages;
mod rules;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

pub use catalogue::{CODES, Code, ProblemKind, code_named};
pub use field::{Checked, Faults, FieldError, checked};
pub use rules::{RULES, RuleKind};

/// Media type of every problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The members of a problem as they are written (RFC 9457 section 3, with ours).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Page that explains the code, relative to the server: `/problems/NOT_FOUND`.
    #[serde(rename = "type")]
    #[schema(example = "/problems/NOT_FOUND")]
    pub kind: String,
    /// Title in Chinese, the same for every problem of this code.
    pub title: &'static str,
    /// The title in English.
    pub title_en: &'static str,
    /// HTTP status, as in the status line.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What went wrong this time, in Chinese.
    pub detail: String,
    /// The detail in English.
    pub detail_en: String,
    /// The request's identifier, as in `x-request-id`; say it when you ask for help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Stable, language-free code: what programs decide by.
    #[schema(example = "NOT_FOUND")]
    pub code: &'static str,
    /// The fields or parameters at fault, all that were found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds after which the same request may succeed; also in `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// The rule that was not kept, a stable code of the table of rules: with `CONFLICT` where a rule refused, and with
    /// `MAKER_IS_ISSUER`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[A-Z][A-Z_]+$", example = "CHECK_FAILED")]
    pub rule: Option<&'static str>,
    /// With `STATE_CONFLICT`: the state the thing is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// With `STATE_CONFLICT`: the event that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// With `STATE_CONFLICT`: the events this state allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
}

/// A refused request (问题): what handlers and extractors return as their error.
///
/// It becomes `application/problem+json` and leaves itself among the extensions of the response, where the frame
/// finds it to add the request's identifier and to log the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    document: Box<ProblemDocument>,
}

impl Problem {
    /// A problem of this code; its detail is what the code means until [`Problem::detail`] says more.
    pub fn new(code: Code) -> Self {
        let kind = code.kind();
        Self {
            code,
            document: Box::new(ProblemDocument {
                kind: format!("/problems/{}", kind.code),
                title: kind.title_zh,
                title_en: kind.title_en,
                status: kind.status,
                detail: kind.meaning_zh.to_owned(),
                detail_en: kind.meaning_en.to_owned(),
                instance: None,
                code: kind.code,
                errors: Vec::new(),
                retry_after: kind.retry_after,
                rule: None,
                state: None,
                event: None,
                allowed: None,
            }),
        }
    }

    /// A refused event: the thing is in `state`, `event` does not belong there, `allowed` do.
    pub fn state_conflict<S: Into<String>>(
        state: impl Into<String>,
        event: impl Into<String>,
        allowed: impl IntoIterator<Item = S>,
    ) -> Self {
        let (state, event) = (state.into(), event.into());
        let mut problem = Self::new(Code::StateConflict).detail(
            format!("当前状态（{state}）不允许此操作（{event}）。"),
            format!("State {state} does not allow {event}."),
        );
        problem.document.allowed = Some(allowed.into_iter().map(Into::into).collect());
        problem.document.state = Some(state);
        problem.document.event = Some(event);
        problem
    }

    /// Names the rule that was not kept: one of [`RULES`].
    #[must_use]
    pub fn rule(mut self, rule: &'static str) -> Self {
        self.document.rule = Some(rule);
        self
    }

    /// Says what went wrong this time, in both languages. Never put secrets or other people's data here.
    #[must_use]
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.document.detail = zh.into();
        self.document.detail_en = en.into();
        self
    }

    /// Adds a field at fault.
    #[must_use]
    pub fn with_error(mut self, error: FieldError) -> Self {
        self.document.errors.push(error);
        self
    }

    /// Adds fields at fault.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.document.errors.extend(errors);
        self
    }

    /// Sets the seconds after which to try again; they are also written to `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.document.retry_after = Some(seconds);
        self
    }

    /// Sets the request's identifier. The frame does this; handlers need not.
    #[must_use]
    pub fn instance(mut self, request_id: impl Into<String>) -> Self {
        self.document.instance = Some(request_id.into());
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The members as they will be written.
    pub fn document(&self) -> &ProblemDocument {
        &self.document
    }

    /// The body: JSON in UTF-8.
    pub(crate) fn body(&self) -> Vec<u8> {
        // Strings, numbers and lists only: this cannot fail; were it to, the status still tells.
        serde_json::to_vec(&*self.document).unwrap_or_default()
    }
}

impl core::fmt::Display for Problem {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} [{}]", self.document.detail_en, self.document.code)
    }
}

impl core::error::Error for Problem {}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body()));
        *response.status_mut() =
            StatusCode::from_u16(self.document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = self.document.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.document.status == StatusCode::UNAUTHORIZED.as_u16() {
            // RFC 9110 15.5.2 wants a challenge with every 401; a scheme of our own keeps browsers from asking.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Session realm=\"yinxin\""));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The schema of a problem is that of its document.
impl utoipa::PartialSchema for Problem {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        ProblemDocument::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> std::borrow::Cow<'static, str> {
        "Problem".into()
    }

    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
        ProblemDocument::schemas(schemas);
    }
}

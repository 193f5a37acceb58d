//! What came back.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use yinxin_server::http::problem::code_named;

/// An answer of the server.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// What was asked, for messages.
    pub asked: String,
}

impl Answer {
    /// A header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{}: {e}: {}", self.asked, self.text()))
    }

    /// The JSON of a success; `null` for an answer without a body.
    #[track_caller]
    pub fn ok(&self) -> Value {
        let shown = String::from_utf8_lossy(&self.body);
        assert!(self.status.is_success(), "{}: {} {shown}", self.asked, self.status);
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// Version in the ETag.
    #[track_caller]
    pub fn version(&self) -> i64 {
        let tag = self.header("etag");
        tag.trim_matches('"').parse().unwrap_or_else(|_| panic!("{}: ETag `{tag}`", self.asked))
    }

    /// The problem, after checking that it is one with this code.
    #[track_caller]
    pub fn problem(&self, code: &str) -> Value {
        let shown = String::from_utf8_lossy(&self.body);
        assert!(!self.status.is_success(), "{}: expected {code}, but {} {shown}", self.asked, self.status);
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}: {problem}", self.asked);
        let kind = code_named(code).unwrap_or_else(|| panic!("{code} is not in the catalogue"));
        assert_eq!(self.status.as_u16(), kind.status, "{}: {problem}", self.asked);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.asked);
        problem
    }

    /// Codes of the faults that a `VALIDATION` names, by pointer: `[("/agent/id_number", "RESIDENT_ID_CHECK")]`.
    #[track_caller]
    pub fn faults(&self) -> Vec<(String, String)> {
        let problem = self.problem("VALIDATION");
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        errors.iter().map(|e| (text(&e["pointer"]), text(&e["code"]))).collect()
    }
}

//! A client of a small application inside the frame: sends one request, looks at the answer as it would arrive.

#![allow(dead_code, reason = "each test file uses its part")]

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt as _;
use yinxin_server::http::problem::code_named;
use yinxin_server::http::{CursorKey, FrameSettings, frame};

/// Settings with a key that is only for tests.
pub fn settings() -> FrameSettings {
    FrameSettings::new(CursorKey::derive(b"a secret for tests only"))
}

/// The router inside the frame.
pub fn client(router: Router) -> Client {
    Client(frame(router, &settings()))
}

#[derive(Clone)]
pub struct Client(pub Router);

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Client {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 16 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, json: &str) -> Answer {
        self.call("POST", path, &[("content-type", "application/json")], json).await
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// The problem, after checking that it is a sound one with this code.
    #[track_caller]
    pub fn problem(&self, code: &str) -> Value {
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        let kind = code_named(code).unwrap();
        assert_eq!(self.status.as_u16(), kind.status, "{problem}");
        assert_eq!(problem["status"], kind.status);
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert_eq!(problem["title"], kind.title_zh);
        assert_eq!(problem["title_en"], kind.title_en);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["instance"], self.header("x-request-id"));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        assert!(problem["detail_en"].as_str().unwrap().is_ascii(), "{problem}");
        let retry = problem.get("retry_after").map_or(String::new(), |seconds| seconds.to_string());
        assert_eq!(self.header("retry-after"), retry);
        if matches!(kind.status, 429 | 503 | 507) {
            assert!(!retry.is_empty(), "{code} says when to try again");
        }
        problem
    }

    /// Problem with one fault in the body: its pointer and code.
    #[track_caller]
    pub fn fault(&self, code: &str) -> (String, String) {
        let problem = self.problem(code);
        let errors = problem["errors"].as_array().unwrap_or_else(|| panic!("{problem}"));
        assert_eq!(errors.len(), 1, "{problem}");
        let place = errors[0].get("pointer").or_else(|| errors[0].get("parameter")).unwrap();
        (place.as_str().unwrap().to_owned(), errors[0]["code"].as_str().unwrap().to_owned())
    }
}

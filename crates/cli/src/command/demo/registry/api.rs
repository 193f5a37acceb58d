//! Requests to the registry, as any client would send them.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

use crate::failure::Failure;

/// Longest wait for an answer.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Largest answer.
const MOST: u64 = 64 << 20;

/// A client of the registry at one address.
#[derive(Debug, Clone)]
pub struct Api {
    base: String,
    agent: Agent,
}

/// What is sent besides method and path.
#[derive(Debug, Default)]
pub struct Sent<'a> {
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Media type and bytes.
    pub body: Option<(&'a str, Vec<u8>)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// What was asked.
    asked: String,
    /// Status.
    pub status: u16,
    /// `Set-Cookie`, without its attributes.
    pub cookie: Option<String>,
    /// Version in the ETag.
    pub version: Option<i64>,
    /// Body.
    pub body: Vec<u8>,
}

impl Api {
    /// A client.
    pub fn new(base: &str) -> Self {
        // The registry is on this machine: no proxy that the environment names stands between.
        let config = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT));
        Self { base: base.to_owned(), agent: config.build().new_agent() }
    }

    /// Sends a request to a path under `/api/v1`. Every status is an answer.
    ///
    /// # Errors
    /// No whole answer came.
    pub fn send(&self, method: &str, path: &str, sent: Sent<'_>) -> Result<Answer, Failure> {
        let asked = format!("{method} /api/v1{path}");
        let broken = |e: &dyn std::fmt::Display| Failure::new("DEMO_REGISTRY", format!("{asked}: {e}"));
        let mut request = Request::builder().method(method).uri(format!("{}/api/v1{path}", self.base));
        for (name, value) in &sent.headers {
            request = request.header(*name, value);
        }
        let answer = match sent.body {
            Some((kind, bytes)) => {
                let request = request.header("content-type", kind).body(bytes).map_err(|e| broken(&e))?;
                self.agent.run(request)
            }
            None => self.agent.run(request.body(()).map_err(|e| broken(&e))?),
        };
        let mut answer = answer.map_err(|e| broken(&e))?;
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok());
        let cookie = header("set-cookie").and_then(|c| c.split(';').next()).map(str::to_owned);
        let version = header("etag").and_then(|tag| tag.trim_matches('"').parse().ok());
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(|e| broken(&e))?;
        Ok(Answer { asked, status, cookie, version, body })
    }
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The answer, if it is a success.
    ///
    /// # Errors
    /// What the registry says instead.
    pub fn accepted(self) -> Result<Self, Failure> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let text = String::from_utf8_lossy(&self.body);
        Err(Failure::new("DEMO_REGISTRY", format!("{}: {} {text}", self.asked, self.status)))
    }

    /// Code of the problem, empty for a success.
    pub fn problem(&self) -> String {
        text(&self.json(), "code")
    }
}

/// A member that is text; empty where it is none.
pub fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

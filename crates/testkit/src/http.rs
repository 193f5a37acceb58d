//! A small HTTP client for tests of the service: it keeps cookies, follows nothing, and takes every status as an answer.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;
use ureq::Agent;
use ureq::http::{Request, Response};

const TIMEOUT: Duration = Duration::from_secs(60);

/// A client of one service, as one person or program.
#[derive(Debug)]
pub struct Http {
    base: String,
    agent: Agent,
    headers: BTreeMap<String, String>,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Names in lower case, with values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Http {
    /// A client of the service at `base`, as in `http://127.0.0.1:8080`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT));
        Self {
            base: base.trim_end_matches('/').to_owned(),
            agent: config.build().new_agent(),
            headers: BTreeMap::new(),
            cookies: Mutex::default(),
        }
    }

    /// Sends a header with every request from now on.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_ascii_lowercase(), value.to_owned());
        self
    }

    /// Value of a cookie that the service has set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Sends a request; `body` is a content type with bytes.
    ///
    /// # Errors
    /// Where no whole answer came: refused, broken off, timed out. Whether the service acted is then unknown.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(&str, &[u8])>,
    ) -> Result<Answer, String> {
        let told = |error: &dyn std::fmt::Display| format!("{method} {path}: {error}");
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        let mut all = self.headers.clone();
        all.extend(headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), (*value).to_owned())));
        let cookies = self.cookies.lock().unwrap().clone();
        if !cookies.is_empty() {
            let pairs: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            all.entry("cookie".to_owned()).or_insert_with(|| pairs.join("; "));
        }
        if let Some((kind, _)) = body {
            all.entry("content-type".to_owned()).or_insert_with(|| kind.to_owned());
        }
        for (name, value) in &all {
            request = request.header(name, value);
        }
        let answer = match body {
            Some((_, bytes)) => self.agent.run(request.body(bytes).map_err(|e| told(&e))?),
            None => {
                let request = request.body(()).map_err(|e| told(&e))?;
                let again = (method == "GET").then(|| request.clone());
                match (self.agent.run(request), again) {
                    // A connection that was kept is closed by the service at the very moment: reading is safe to do again.
                    (Err(ureq::Error::Io(_)), Some(again)) => self.agent.run(again),
                    (answer, _) => answer,
                }
            }
        };
        let answer = self.read(answer.map_err(|e| told(&e))?).map_err(|e| told(&e))?;
        self.keep_cookies(&answer);
        Ok(answer)
    }

    /// GET.
    ///
    /// # Panics
    /// Where no whole answer came; so do the other verbs.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None).unwrap()
    }

    /// POST of JSON.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, &[], body)
    }

    /// A request with a JSON body and headers of its own, such as `If-Match`.
    #[track_caller]
    pub fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let bytes = serde_json::to_vec(body).unwrap();
        self.send(method, path, headers, Some(("application/json", &bytes))).unwrap()
    }

    /// DELETE.
    #[track_caller]
    pub fn delete(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("DELETE", path, headers, None).unwrap()
    }

    fn read(&self, mut answer: Response<ureq::Body>) -> Result<Answer, ureq::Error> {
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let body = answer.body_mut().with_config().limit(256 << 20).read_to_vec()?;
        Ok(Answer { status: answer.status().as_u16(), headers, body })
    }

    fn keep_cookies(&self, answer: &Answer) {
        let mut cookies = self.cookies.lock().unwrap();
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let ended = line.to_ascii_lowercase().contains("max-age=0");
            if ended || value.is_empty() {
                cookies.remove(name.trim());
            } else {
                cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
}

impl Answer {
    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Where it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("status {}, no JSON ({error}): {}", self.status, self.text()))
    }

    /// The body as JSON, of an answer that must have this status.
    ///
    /// # Panics
    /// Where it has another.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    /// The stable code of a problem that must have this status (RFC 9457; member `code`).
    ///
    /// # Panics
    /// Where the answer is another.
    #[track_caller]
    pub fn problem(&self, status: u16) -> String {
        let kind = self.header("content-type").unwrap_or_default();
        assert_eq!((self.status, kind), (status, "application/problem+json"), "{}", self.text());
        self.json()["code"].as_str().unwrap_or_else(|| panic!("no code: {}", self.text())).to_owned()
    }
}

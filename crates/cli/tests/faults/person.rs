//! Somebody with a session, and requests that can be sent again as they were.

use serde_json::{Value, json};
use yinxin_server::auth::session_cookie::CSRF_HEADER;
use yinxin_server::security::Secret;
use yinxin_server::security::totp::TotpSecret;
use yinxin_testkit::http::{Answer, Http};

use crate::chance::Chance;

/// Somebody with a session, which is good at every node and after every restart.
#[derive(Debug, Clone)]
pub struct Person {
    pub login: String,
    pub password: String,
    cookie: String,
    csrf: String,
}

/// A request, whole: sent again it is the same request.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub key: Option<String>,
    headers: Vec<(String, String)>,
    kind: &'static str,
    pub body: Vec<u8>,
}

impl Request {
    /// Sends it.
    pub fn send(&self, at: &Http) -> Result<Answer, String> {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let body = (self.method != "GET").then_some((self.kind, self.body.as_slice()));
        at.send(self.method, &self.path, &headers, body)
    }
}

impl Request {
    /// With these bytes in the place of JSON, and without a key: each time it is sent it is another request.
    pub fn with(mut self, kind: &'static str, bytes: Vec<u8>) -> Self {
        self.headers.retain(|(name, _)| name != "idempotency-key");
        (self.key, self.kind, self.body) = (None, kind, bytes);
        self
    }
}

/// A path under the API.
pub fn api(path: &str) -> String {
    if path.starts_with("/api/") { path.to_owned() } else { format!("/api/v1{path}") }
}

/// The version of what an answer shows.
pub fn version(answer: &Answer) -> Option<i64> {
    answer.header("etag")?.trim_matches('"').parse().ok()
}

impl Person {
    /// First login with a one-time password: it is changed, and one-time codes are enrolled where asked.
    pub fn enter(url: &str, login: &str, one_time: &str, administers: bool, chance: &mut Chance) -> Self {
        // A client of his own: it keeps the cookie that a login sets.
        let at = &Http::new(url);
        let mut person = Self::log_in(url, login, one_time);
        let password = format!("Tq-{}", chance.key());
        let change = json!({ "current": one_time, "new": password });
        person.take(&person.ask("POST", "/session/password", None, &change, chance).send(at).unwrap());
        person.password = password;
        if administers {
            let begun =
                person.ask("POST", "/session/totp", None, &json!({}), chance).send(at).unwrap().expect(200);
            let secret = TotpSecret::from_base32(&Secret::new(begun["secret"].as_str().unwrap())).unwrap();
            let code = secret.code_at(jiff::Timestamp::now()).unwrap();
            let code = json!({ "code": code.reveal() });
            person.take(&person.ask("PUT", "/session/totp", None, &code, chance).send(at).unwrap());
        }
        person
    }

    /// Logs in with a password.
    pub fn log_in(url: &str, login: &str, password: &str) -> Self {
        let answer = Http::new(url).post(&api("/sessions"), &json!({ "login": login, "password": password }));
        let mut person = Self {
            login: login.to_owned(),
            password: password.to_owned(),
            cookie: String::new(),
            csrf: String::new(),
        };
        person.take(&answer);
        person
    }

    fn take(&mut self, answer: &Answer) {
        assert!((200..300).contains(&answer.status), "{}: {}", self.login, answer.text());
        let cookie = answer.header("set-cookie").expect("a cookie of the session");
        self.cookie = cookie.split(';').next().unwrap().to_owned();
        self.csrf = answer.json()["csrf_token"].as_str().unwrap().to_owned();
    }

    /// Reads.
    pub fn get(&self, at: &Http, path: &str) -> Result<Answer, String> {
        at.send("GET", &api(path), &[("cookie", &self.cookie)], None)
    }

    /// A request with a JSON body; a POST gets a key.
    pub fn ask(
        &self,
        method: &'static str,
        path: &str,
        version: Option<i64>,
        body: &Value,
        chance: &mut Chance,
    ) -> Request {
        let key = (method == "POST").then(|| chance.key());
        let mut headers =
            vec![("cookie".to_owned(), self.cookie.clone()), (CSRF_HEADER.to_owned(), self.csrf.clone())];
        headers.extend(key.iter().map(|key| ("idempotency-key".to_owned(), key.clone())));
        headers.extend(version.map(|version| ("if-match".to_owned(), format!("\"{version}\""))));
        let body = if method == "GET" { Vec::new() } else { body.to_string().into_bytes() };
        Request { method, path: api(path), key, headers, kind: "application/json", body }
    }

    /// Brings bytes to a place.
    pub fn bring(&self, path: &str, version: Option<i64>, kind: &'static str, bytes: Vec<u8>) -> Request {
        self.ask("PUT", path, version, &Value::Null, &mut Chance::fixed(0)).with(kind, bytes)
    }

    /// Hands a PDF in.
    pub fn upload(&self, thing: &str, code: &str, version: i64, document: Vec<u8>) -> Request {
        let path = format!("{thing}/materials/{code}?file_name={code}.pdf");
        self.bring(&path, Some(version), "application/pdf", document)
    }
}

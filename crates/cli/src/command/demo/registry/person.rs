//! Somebody with an account: logs in, changes the first password, enrolls one-time codes, and asks the registry for things.

use std::cell::RefCell;

use serde_json::{Value, json};
use yinxin_server::app::clock::Source as _;
use yinxin_server::auth::session_cookie::CSRF_HEADER;
use yinxin_server::security::Secret;
use yinxin_server::security::totp::TotpSecret;

use super::api::{Answer, Api, Sent, text};
use super::host::StoryClock;
use crate::failure::Failure;

/// Somebody.
#[derive(Debug)]
pub struct Person {
    api: Api,
    clock: StoryClock,
    /// Role, in Chinese and English.
    pub role: (&'static str, &'static str),
    /// Login name.
    pub login: String,
    /// Password.
    pub password: Secret,
    /// Secret of the one-time codes, Base32.
    pub totp: Option<Secret>,
    session: RefCell<Option<Session>>,
}

#[derive(Clone)]
struct Session {
    cookie: String,
    csrf: String,
    days_back: i64,
}

impl Person {
    /// First login: the one-time password is changed; administrators enroll one-time codes.
    pub fn first_login(
        api: &Api,
        clock: &StoryClock,
        role: (&'static str, &'static str),
        login: &str,
        one_time: &str,
        administers: bool,
    ) -> Result<Self, Failure> {
        let mut person = Self {
            api: api.clone(),
            clock: clock.clone(),
            role,
            login: login.to_owned(),
            password: Secret::new(one_time),
            totp: None,
            session: RefCell::new(None),
        };
        person.log_in()?;
        let next = new_password()?;
        person.renew("POST", "/session/password", &json!({ "current": one_time, "new": next.reveal() }))?;
        person.password = next;
        if administers {
            let begun = person.request("POST", "/session/totp", None, Some(&json!({})))?.accepted()?;
            let secret = Secret::new(text(&begun.json(), "secret"));
            let code = code_now(&secret, &person.clock)?;
            person.renew("PUT", "/session/totp", &json!({ "code": code }))?;
            person.totp = Some(secret);
        }
        Ok(person)
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.request("GET", path, None, None)?.accepted()
    }

    /// Reads; a refusal is an answer too.
    pub fn get_any(&self, path: &str) -> Result<Answer, Failure> {
        self.request("GET", path, None, None)
    }

    /// Makes something new.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        Ok(self.request("POST", path, None, Some(body))?.accepted()?.json())
    }

    /// Takes a step on a thing as it is now.
    pub fn step(&self, thing: &str, verb: &str, body: &Value) -> Result<Value, Failure> {
        Ok(self.try_step(thing, verb, body)?.accepted()?.json())
    }

    /// The same; a refusal is an answer too.
    pub fn try_step(&self, thing: &str, verb: &str, body: &Value) -> Result<Answer, Failure> {
        let version = self.get(thing)?.version;
        self.request("POST", &format!("{thing}/{verb}"), version, Some(body))
    }

    /// Replaces a thing as it is now.
    pub fn put(&self, thing: &str, body: &Value) -> Result<Value, Failure> {
        let version = self.get(thing)?.version;
        Ok(self.request("PUT", thing, version, Some(body))?.accepted()?.json())
    }

    /// Changes parts of a thing as it is now.
    pub fn patch(&self, thing: &str, body: &Value) -> Result<Value, Failure> {
        let version = self.get(thing)?.version;
        Ok(self.request("PATCH", thing, version, Some(body))?.accepted()?.json())
    }

    /// Hands a document in to a thing as it is now.
    pub fn upload(&self, thing: &str, code: &str, document: Vec<u8>) -> Result<(), Failure> {
        let version = self.get(thing)?.version;
        let path = format!("{thing}/materials/{code}?file_name={code}.pdf");
        let sent = Sent { headers: self.headers(version)?, body: Some(("application/pdf", document)) };
        self.api.send("PUT", &path, sent)?.accepted().map(|_| ())
    }

    /// Brings bytes to a place, at the version of the thing they belong to.
    pub fn bring(&self, path: &str, version: Option<i64>, kind: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        let sent = Sent { headers: self.headers(version)?, body: Some((kind, bytes)) };
        self.api.send("PUT", path, sent)?.accepted().map(|_| ())
    }

    /// Key of the account.
    pub fn account(&self) -> Result<String, Failure> {
        let session = self.get("/session")?.json();
        Ok(session.get("account").map(|account| text(account, "id")).unwrap_or_default())
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        version: Option<i64>,
        body: Option<&Value>,
    ) -> Result<Answer, Failure> {
        let body = body.map(|value| ("application/json", value.to_string().into_bytes()));
        self.api.send(method, path, Sent { headers: self.headers(version)?, body })
    }

    /// Cookie and token of the session, key and version of the change. The session of another day has ended meanwhile.
    fn headers(&self, version: Option<i64>) -> Result<Vec<(&'static str, String)>, Failure> {
        let days_back = self.clock.days_back();
        if self.session.borrow().as_ref().is_none_or(|s| s.days_back != days_back) {
            self.log_in()?;
        }
        let mut headers = vec![("idempotency-key", random_hex()?)];
        if let Some(session) = &*self.session.borrow() {
            headers.push(("cookie", session.cookie.clone()));
            headers.push((CSRF_HEADER, session.csrf.clone()));
        }
        if let Some(version) = version {
            headers.push(("if-match", format!("\"{version}\"")));
        }
        Ok(headers)
    }

    fn log_in(&self) -> Result<(), Failure> {
        let mut body = json!({ "login": self.login, "password": self.password.reveal() });
        if let (Some(secret), Some(fields)) = (&self.totp, body.as_object_mut()) {
            fields.insert("code".to_owned(), json!(code_now(secret, &self.clock)?));
        }
        let body = Some(("application/json", body.to_string().into_bytes()));
        let answer = self.api.send("POST", "/sessions", Sent { headers: Vec::new(), body })?;
        self.take_session(&answer.accepted()?);
        Ok(())
    }

    /// A request whose answer renews the session.
    fn renew(&self, method: &str, path: &str, body: &Value) -> Result<(), Failure> {
        let answer = self.request(method, path, None, Some(body))?.accepted()?;
        self.take_session(&answer);
        Ok(())
    }

    fn take_session(&self, answer: &Answer) {
        let cookie = answer.cookie.clone().unwrap_or_default();
        let csrf = text(&answer.json(), "csrf_token");
        *self.session.borrow_mut() = Some(Session { cookie, csrf, days_back: self.clock.days_back() });
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(***)")
    }
}

fn code_now(secret: &Secret, clock: &StoryClock) -> Result<String, Failure> {
    let wrong = |e: yinxin_server::security::totp::TotpRefused| Failure::new(e.code(), e.to_string());
    let secret = TotpSecret::from_base32(secret).map_err(wrong)?;
    Ok(secret.code_at(clock.now()).map_err(wrong)?.reveal().to_owned())
}

/// A password that can be typed and is long enough for any policy.
fn new_password() -> Result<Secret, Failure> {
    let hex = random_hex()?;
    Ok(Secret::new(format!("Tq-{}", hex.get(..16).unwrap_or(&hex))))
}

fn random_hex() -> Result<String, Failure> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Failure::new("RANDOM", e.to_string()))?;
    Ok(hex::encode(bytes))
}

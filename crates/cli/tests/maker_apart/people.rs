//! People of a registry that runs as a process: they log in, make accounts, apply and decide, all through the API.

use serde_json::{Value, json};
use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use yinxin_server::security::Secret;
use yinxin_server::security::totp::TotpSecret;
use yinxin_testkit::http::{Answer, Http};

/// Path of 示例市.
pub const CITY: &str = "/100000/610000/610100/";

/// Somebody with an account.
#[derive(Debug)]
pub struct Person {
    http: Http,
    csrf: RefCell<String>,
}

/// A key that was never used.
pub fn new_key() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("{now}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Told to come more slowly, people wait as long as they are told.
fn patiently(ask: impl Fn() -> Answer) -> Answer {
    loop {
        let answer = ask();
        if answer.status != 429 {
            return answer;
        }
        let wait = answer.header("retry-after").and_then(|seconds| seconds.parse().ok()).unwrap();
        std::thread::sleep(Duration::from_secs(wait));
    }
}

impl Person {
    /// First login with a one-time password; administrators enroll one-time codes.
    pub fn enter(base: &str, login: &str, one_time: &str, administers: bool) -> Self {
        let person = Self { http: Http::new(base), csrf: RefCell::default() };
        let password = "Tq-9f1b7c5d3e2a4860".to_owned();
        let login = json!({ "login": login, "password": one_time });
        person.adopt(&patiently(|| person.http.post("/api/v1/sessions", &login)));
        let change = json!({ "current": one_time, "new": password });
        person.adopt(&person.send("POST", "/session/password", None, &change));
        if administers {
            let begun = person.send("POST", "/session/totp", None, &json!({})).json();
            let secret = TotpSecret::from_base32(&Secret::new(begun["secret"].as_str().unwrap())).unwrap();
            let code = secret.code_at(jiff::Timestamp::now()).unwrap().reveal().to_owned();
            person.adopt(&person.send("PUT", "/session/totp", None, &json!({ "code": code })));
        }
        person
    }

    fn adopt(&self, answer: &Answer) {
        let session = accepted(answer);
        self.csrf.replace(session["csrf_token"].as_str().unwrap().to_owned());
    }

    fn send(&self, method: &str, path: &str, version: Option<&str>, body: &Value) -> Answer {
        let (csrf, key) = (self.csrf.borrow().clone(), new_key());
        let mut headers = vec![("x-csrf-token", csrf.as_str()), ("idempotency-key", key.as_str())];
        headers.extend(version.map(|tag| ("if-match", tag)));
        patiently(|| self.http.json(method, &format!("/api/v1{path}"), &headers, body))
    }

    fn ask(&self, path: &str) -> Answer {
        patiently(|| self.http.get(&format!("/api/v1{path}")))
    }

    /// Reads.
    pub fn get(&self, path: &str) -> Value {
        accepted(&self.ask(path))
    }

    /// Reads what is no JSON.
    pub fn text(&self, path: &str) -> String {
        let answer = self.ask(path);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    }

    /// Reads bytes.
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.ask(path);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.body
    }

    /// Makes something; the codes of the fields at fault.
    pub fn faults(&self, path: &str, body: &Value) -> Vec<String> {
        let answer = self.send("POST", path, None, body);
        assert_eq!(answer.status, 422, "{}", answer.text());
        let errors = answer.json()["errors"].as_array().unwrap().clone();
        errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
    }

    /// Makes something.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        accepted(&self.send("POST", path, None, body))
    }

    /// A step on a thing as it is now; any answer.
    pub fn try_step(&self, thing: &str, verb: &str, body: &Value) -> Answer {
        let tag = self.version(thing);
        self.send("POST", &format!("{thing}/{verb}"), Some(&tag), body)
    }

    /// A step on a thing as it is now.
    pub fn step(&self, thing: &str, verb: &str, body: &Value) -> Value {
        accepted(&self.try_step(thing, verb, body))
    }

    /// Replaces a thing as it is now.
    pub fn put(&self, thing: &str, body: &Value) -> Value {
        let tag = self.version(thing);
        accepted(&self.send("PUT", thing, Some(&tag), body))
    }

    fn version(&self, thing: &str) -> String {
        let seen = self.ask(thing);
        accepted(&seen);
        seen.header("etag").unwrap().to_owned()
    }

    /// An account with one role, as a security administrator makes it.
    pub fn account(&self, base: &str, login: &str, role: &str, scope: &str) -> Person {
        let grants = json!([{ "role": role, "scope": scope }]);
        let made = self.post("/accounts", &json!({ "login": login, "name": "示例人员", "grants": grants }));
        Person::enter(base, login, made["one_time_password"].as_str().unwrap(), false)
    }

    /// Applies for a seal of a unit and hands everything in; gives `/applications/app_…`.
    pub fn apply(&self, unit: &str, content: &Value) -> String {
        let body = json!({ "unit": unit, "basis": { "kind": "new" }, "content": content });
        let path = format!("/applications/{}", self.post("/applications", &body)["id"].as_str().unwrap());
        let kind = content["kind"].as_str().unwrap();
        let asked = format!("/procedures?area=610100&applicant_kind=enterprise&seal_kind={kind}");
        for material in self.get(&asked)["materials"].as_array().unwrap() {
            if material["required"] == true {
                self.upload(&path, material["code"].as_str().unwrap());
            }
        }
        let checks = self.get(&format!("{path}/checks"));
        let truth = json!({ "content_digest": checks["content_digest"], "statement": checks["statement"] });
        self.step(&path, "submit", &truth);
        path
    }

    fn upload(&self, application: &str, code: &str) {
        let target = format!("{application}/materials/{code}?file_name={code}.pdf");
        let pdf = format!("%PDF-1.4\n% {code}\n%%EOF\n");
        self.bring(application, &target, "application/pdf", pdf.as_bytes());
    }

    /// Brings a file for a thing as it is now.
    pub fn bring(&self, thing: &str, target: &str, kind: &str, bytes: &[u8]) {
        let (tag, csrf) = (self.version(thing), self.csrf.borrow().clone());
        let headers = [("if-match", tag.as_str()), ("x-csrf-token", csrf.as_str())];
        let body = Some((kind, bytes));
        accepted(&self.http.send("PUT", &format!("/api/v1{target}"), &headers, body).unwrap());
    }
}

/// The body of a success.
#[track_caller]
pub fn accepted(answer: &Answer) -> Value {
    assert!((200..300).contains(&answer.status), "{} {}", answer.status, answer.text());
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// A person of an application.
pub fn person(name: &str, id_number: &str) -> Value {
    json!({ "name": name, "id_number": id_number, "phone": "13900000000" })
}

/// A credit code with its check character (GB 32100).
pub fn credit_code(number: u32) -> String {
    const LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91610100MA{number:07}");
    let (mut sum, mut weight) = (0, 1);
    for letter in body.bytes() {
        sum += LETTERS.iter().position(|known| *known == letter).unwrap() * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(LETTERS[(31 - sum % 31) % 31]))
}

/// A resident identity number with its check character (GB 11643).
pub fn id_number(number: u32) -> String {
    let body = format!("61010219850115{number:03}");
    let (sum, _) = body
        .bytes()
        .rev()
        .fold((0u32, 2u32), |(sum, weight), digit| (sum + u32::from(digit - b'0') * weight, weight * 2 % 11));
    let check = (12 - sum % 11) % 11;
    format!("{body}{}", if check == 10 { "X".to_owned() } else { check.to_string() })
}

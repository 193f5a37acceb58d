//! A service started on a seeded folder, and people logged in at it.

use crate::http::{Answer, Connection};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use yinxin_server::security::Secret;
use yinxin_server::security::totp::TotpSecret;

/// How long a start or a stop may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `yinxin serve`.
pub struct Service {
    child: Child,
    folder: PathBuf,
    /// From the start of the program to `/readyz` answering 200.
    pub ready_after: Duration,
    /// The requests that were seeded with it.
    pub load: Value,
    sessions: BTreeMap<String, String>,
    connection: Connection,
    keys: u64,
}

/// A request of `load.json`.
pub struct Wanted {
    pub method: String,
    pub path: String,
    pub headers: String,
    pub body: String,
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

impl Service {
    /// Starts it and waits until it is ready.
    pub fn start(program: &Path, folder: &Path) -> Result<Self, String> {
        let load = std::fs::read_to_string(folder.join("load.json"))
            .map_err(|error| format!("{}/load.json: {error}: seed it first", folder.display()))?;
        let address = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).map_err(text)?;
        let log = File::create(folder.join("serve.log")).map_err(text)?;
        let begin = Instant::now();
        let child = Command::new(program)
            .arg("serve")
            .arg("--config")
            .arg(folder.join("yinxin.toml"))
            .args(["--listen", &address.to_string()])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let mut service = Self {
            child,
            folder: folder.to_owned(),
            ready_after: Duration::ZERO,
            load: serde_json::from_str(&load).map_err(text)?,
            sessions: BTreeMap::new(),
            connection: Connection::to(address),
            keys: 0,
        };
        loop {
            if Connection::to(address).ask("GET", "/readyz", "", "").is_ok_and(|a| a.status == 200) {
                service.ready_after = begin.elapsed();
                return Ok(service);
            }
            let gone = service.child.try_wait().map_err(text)?;
            if gone.is_some() || begin.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(folder.join("serve.log")).unwrap_or_default();
                return Err(format!("{} does not get ready: {log}", folder.display()));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.connection.address()
    }

    /// Ends it as a service manager does, or as a power cut does.
    pub fn stop(mut self, kill: bool) -> Result<(), String> {
        if kill {
            self.child.kill().map_err(text)?;
        } else {
            let id = self.child.id().to_string();
            Command::new("kill").args(["-TERM", &id]).status().map_err(text)?;
        }
        let begin = Instant::now();
        while self.child.try_wait().map_err(text)?.is_none() {
            if begin.elapsed() > PATIENCE {
                return Err(format!("{} does not stop", self.folder.display()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Logs somebody of `load.json` in, once; the headers of his requests.
    pub fn headers_of(&mut self, who: &str) -> Result<String, String> {
        if let Some(headers) = self.sessions.get(who) {
            return Ok(headers.clone());
        }
        let body = self.login(who)?;
        let answer = self.connection.ask("POST", "/api/v1/sessions", "", &body).map_err(text)?;
        let shown: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let cookie = answer.headers.iter().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        let (Some(cookie), Some(token)) = (cookie, shown["csrf_token"].as_str()) else {
            return Err(format!("{who} cannot log in: {shown}"));
        };
        let headers = format!("Cookie: {cookie}\r\nX-CSRF-Token: {token}\r\n");
        self.sessions.insert(who.to_owned(), headers.clone());
        Ok(headers)
    }

    fn login(&self, who: &str) -> Result<String, String> {
        let person = &self.load["people"][who];
        let mut body = json!({ "login": person["login"], "password": person["password"] });
        if let Some(secret) = person["totp"].as_str() {
            let totp = TotpSecret::from_base32(&Secret::new(secret)).map_err(|refused| refused.code())?;
            let code = totp.code_at(jiff::Timestamp::now()).map_err(|refused| refused.code())?;
            body["code"] = json!(code.reveal());
        }
        Ok(body.to_string())
    }

    /// Names of the classes of requests.
    pub fn classes(&self) -> Vec<String> {
        self.load["classes"].as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
    }

    /// The requests of a class, ready to be sent; people are logged in, the way to a page far behind is gone.
    pub fn prepare(&mut self, class: &str) -> Result<Vec<Wanted>, String> {
        let described = self.load["classes"][class].as_array().cloned().unwrap_or_default();
        described.iter().map(|request| self.wanted(request)).collect()
    }

    fn wanted(&mut self, request: &Value) -> Result<Wanted, String> {
        let method = request["method"].as_str().unwrap_or("GET").to_owned();
        let path = encoded(request["path"].as_str().unwrap_or_default());
        let mut wanted = Wanted { method, path, headers: String::new(), body: String::new() };
        if let Some(who) = request["who"].as_str() {
            wanted.headers = self.headers_of(who)?;
        }
        if let Some(who) = request["login"].as_str() {
            wanted.body = self.login(who)?;
        }
        if request["body"].is_object() {
            wanted.body = request["body"].to_string();
        }
        if let Some(rows) = request["deep"].as_u64() {
            wanted.path = self.far(&wanted, rows)?;
        }
        Ok(wanted)
    }

    /// The address of a page behind `rows` rows.
    fn far(&mut self, wanted: &Wanted, rows: u64) -> Result<String, String> {
        let path = wanted.path.split('?').next().unwrap_or_default();
        let mut cursor = String::new();
        for _ in 0..rows / 200 {
            let page = format!("{path}?limit=200{cursor}");
            let answer = self.connection.ask("GET", &page, &wanted.headers, "").map_err(text)?;
            let page: Value = serde_json::from_slice(&answer.body).map_err(text)?;
            let next = page["next"].as_str().ok_or_else(|| format!("no next page: {page}"))?;
            cursor = format!("&cursor={next}");
        }
        Ok(format!("{}{cursor}", wanted.path))
    }

    /// Sends; the answer and the time until it was whole.
    pub fn ask(&mut self, wanted: &Wanted) -> Result<(Answer, Duration), String> {
        let mut headers = wanted.headers.clone();
        if wanted.method == "POST" && !wanted.path.ends_with("/sessions") {
            self.keys += 1;
            let now = jiff::Timestamp::now().as_microsecond();
            headers.push_str(&format!("Idempotency-Key: load-{now}-{}\r\n", self.keys));
        }
        let begin = Instant::now();
        let answer = self.connection.ask(&wanted.method, &wanted.path, &headers, &wanted.body);
        let time = begin.elapsed();
        let answer = answer.map_err(|error| format!("{}: {error}", wanted.path))?;
        if !(200..300).contains(&answer.status) {
            let said = String::from_utf8_lossy(&answer.body);
            return Err(format!("{} {}: {} {said}", wanted.method, wanted.path, answer.status));
        }
        Ok((answer, time))
    }
}

impl Drop for Service {
    /// Leaves nothing running when something else went wrong.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// With everything beyond ASCII as a percent code.
pub fn encoded(path: &str) -> String {
    let letter =
        |byte: u8| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(letter).collect()
}

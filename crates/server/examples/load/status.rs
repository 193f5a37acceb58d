//! Status answers beside those of a bare axum handler that returns the same bytes: two processes, asked in turn by this third one, the
//! same number of connections each. Prints the rates of every round and the ratio of their medians.
//!
//! ```text
//! load status --data FOLDER --program FILE [--rounds 5] [--seconds 5] [--connections 8]
//! ```

use crate::http::{Connection, quantile};
use crate::options::Options;
use crate::service::Service;
use crate::steady::{Plan, load};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue};
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// Headers that every HTTP server writes by itself.
const OWN: [&str; 4] = ["date", "content-length", "connection", "x-request-id"];

/// Stands in the answer about a seal that is not published.
const UNKNOWN: &[u8] = br#"\"status\":\"unknown\""#;

/// Runs it; the figures.
pub fn run(arguments: &[String]) -> Result<String, String> {
    let known = ["--data", "--program", "--rounds", "--seconds", "--connections"];
    let options = Options::read(arguments, &known)?;
    let (folder, program) = (Path::new(options.needed("--data")?), Path::new(options.needed("--program")?));
    let (rounds, connections) = (options.number("--rounds", 5)?, options.number("--connections", 8)?);
    let seconds = u64::try_from(options.number("--seconds", 5)?).unwrap_or(5);
    let mut service = Service::start(program, folder)?;
    let all: Vec<String> = codes(&mut service)?.iter().map(|code| format!("/api/v1/status/{code}")).collect();
    let mut first = Connection::to(service.address());
    let (mut sample, mut paths) = (None, Vec::new());
    for path in all {
        let answer = first.ask("GET", &path, "", "").map_err(|e| format!("{path}: {e}"))?;
        if answer.status != 200 {
            return Err(format!("{path}: {}", answer.status));
        }
        // Of a seal that is not published there is nothing to keep: such an answer is signed each time.
        if !answer.body.windows(UNKNOWN.len()).any(|part| part == UNKNOWN) {
            paths.push(path);
            sample = Some(answer);
        }
    }
    let sample = sample.ok_or("no seals")?;
    let body = folder.join("status-answer.bin");
    std::fs::write(&body, &sample.body).map_err(|e| e.to_string())?;
    let headers = folder.join("status-answer.headers");
    let own = |line: &&String| !OWN.iter().any(|name| line.starts_with(&format!("{name}:")));
    let lines: Vec<&str> = sample.headers.iter().filter(own).map(String::as_str).collect();
    std::fs::write(&headers, lines.join("\n")).map_err(|e| e.to_string())?;
    let bare = Bare::start(&body, &headers)?;
    let plan = |address: SocketAddr| {
        Arc::new(Plan {
            address,
            connections,
            warm_up: Duration::from_secs(1),
            duration: Duration::from_secs(seconds),
            headers: String::new(),
            requests: paths.iter().map(|path| ("status".to_owned(), path.clone())).collect(),
        })
    };
    let (mut ours, mut theirs, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let [(one, p50, p99), (other, bare50, bare99)] =
            [service.address(), bare.address].map(|address| rate(plan(address)));
        ours.push(one);
        theirs.push(other);
        told.push(json!({
            "status_per_second": one, "bare_per_second": other, "status_p50_us": p50, "status_p99_us": p99,
            "bare_p50_us": bare50, "bare_p99_us": bare99,
        }));
    }
    ours.sort_unstable();
    theirs.sort_unstable();
    let (one, other) = (quantile(&ours, 0.5), quantile(&theirs, 0.5));
    let ratio = one as f64 / other.max(1) as f64;
    service.stop(false)?;
    let result = json!({
        "answer_bytes": sample.body.len(), "seals_asked": paths.len(), "rounds": told,
        "status_per_second": one, "bare_per_second": other, "ratio": (ratio * 1000.0).round() / 1000.0,
    });
    Ok(result.to_string())
}

/// Codes of the seals that the seed names for look-ups.
fn codes(service: &mut Service) -> Result<Vec<String>, String> {
    let wanted = service.prepare("seal by code")?;
    let mut codes: Vec<String> =
        wanted.iter().filter_map(|one| one.path.rsplit('/').next().map(str::to_owned)).collect();
    codes.sort();
    codes.dedup();
    Ok(codes)
}

/// Good answers a second, and their times.
fn rate(plan: Arc<Plan>) -> (u64, u64, u64) {
    let (mut seen, seconds) = load(plan);
    let mut times = seen.times.remove("status").unwrap_or_default();
    times.sort_unstable();
    if !seen.errors.is_empty() {
        eprintln!("errors: {:?}", seen.errors);
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is small and positive"
    )]
    let rate = (times.len() as f64 / seconds) as u64;
    (rate, quantile(&times, 0.5), quantile(&times, 0.99))
}

/// The bare handler in a process of its own.
struct Bare {
    child: Child,
    address: SocketAddr,
}

impl Bare {
    fn start(body: &Path, headers: &Path) -> Result<Self, String> {
        let program = std::env::current_exe().map_err(|e| e.to_string())?;
        let mut child = Command::new(program)
            .arg("bare")
            .arg(body)
            .arg(headers)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| e.to_string())?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(|e| e.to_string())?;
        }
        let address = line.trim().parse().map_err(|_| format!("the bare handler said {line:?}"))?;
        Ok(Self { child, address })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `load bare BODY HEADERS`: a handler of axum that returns these bytes with these headers, and nothing else.
pub fn bare(arguments: &[String]) -> Result<String, String> {
    let [body, headers] = arguments else { return Err("bare BODY HEADERS".to_owned()) };
    let body = Bytes::from(std::fs::read(body).map_err(|e| e.to_string())?);
    let text = std::fs::read_to_string(headers).map_err(|e| e.to_string())?;
    let headers: Vec<(HeaderName, HeaderValue)> = text
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)))
        .collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async move {
        let answer = move || {
            let (body, headers) = (body.clone(), headers.clone());
            async move {
                let mut response = body.into_response();
                response.headers_mut().extend(headers);
                response
            }
        };
        let routes = Router::new().fallback(answer);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|e| e.to_string())?;
        println!("{}", listener.local_addr().map_err(|e| e.to_string())?);
        axum::serve(listener, routes).await.map_err(|e| e.to_string())?;
        Ok(Value::Null.to_string())
    })
}

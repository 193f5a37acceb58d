//! Steady load on a running service: a fixed number of connections, each asking for the next path as soon as it has the last
//! answer, for a fixed time. Prints one JSON object.
//!
//! ```text
//! load --url http://127.0.0.1:8080 --connections 8 --seconds 10 --header 'Authorization: …' --paths paths.txt
//! ```
//! Each line of the file holds a class and a path, as in `lookup /api/v1/seals/seal_…`; figures are given for each
//! class. Only addresses of this machine are taken.

use crate::http::{Connection, quantile};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MAX_SECONDS: u64 = 3600;
const MAX_CONNECTIONS: usize = 1024;

/// What is asked, of whom, how long.
pub struct Plan {
    pub address: SocketAddr,
    pub connections: usize,
    pub warm_up: Duration,
    pub duration: Duration,
    pub headers: String,
    /// Class and path, in the order of the file.
    pub requests: Vec<(String, String)>,
}

/// What one connection saw: microseconds of each good answer by class, and bad ones by what was wrong.
#[derive(Default)]
pub struct Seen {
    pub times: BTreeMap<String, Vec<u64>>,
    pub errors: BTreeMap<String, u64>,
}

/// Runs it; the figures.
pub fn run(arguments: &[String]) -> Result<String, String> {
    let (seen, seconds) = load(Arc::new(plan(arguments)?));
    Ok(figures(seen, seconds))
}

fn plan(arguments: &[String]) -> Result<Plan, String> {
    let (mut url, mut file, mut headers) = (None, None, String::new());
    let (mut connections, mut seconds, mut warm_up) = (8, 10, 1);
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} needs a value", pair.concat())) };
        let number = || value.parse::<u64>().map_err(|_| format!("{name} {value}: not a number"));
        match name.as_str() {
            "--url" => url = Some(value.clone()),
            "--paths" => file = Some(value.clone()),
            "--connections" => connections = usize::try_from(number()?).unwrap_or(usize::MAX),
            "--seconds" => seconds = number()?,
            "--warm-up" => warm_up = number()?,
            "--header" => headers.extend([value.as_str(), "\r\n"]),
            other => return Err(format!("unknown option {other}")),
        }
    }
    if connections == 0 || connections > MAX_CONNECTIONS || seconds == 0 || seconds + warm_up > MAX_SECONDS {
        return Err(format!("1 to {MAX_CONNECTIONS} connections, 1 to {MAX_SECONDS} seconds"));
    }
    let url = url.ok_or("--url is missing")?;
    let host =
        url.trim_end_matches('/').strip_prefix("http://").ok_or("--url begins with http://")?.to_owned();
    let address = host
        .to_socket_addrs()
        .map_err(|error| format!("{host}: {error}"))?
        .find(|address| address.ip().is_loopback())
        .ok_or_else(|| format!("{host} is not an address of this machine's loopback"))?;
    let file = file.ok_or("--paths is missing")?;
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let requests: Vec<(String, String)> = text
        .lines()
        .filter_map(|line| line.split_once(char::is_whitespace))
        .map(|(class, path)| (class.to_owned(), path.trim().to_owned()))
        .collect();
    if requests.is_empty() {
        return Err(format!("{file} holds no line of class and path"));
    }
    let (warm_up, duration) = (Duration::from_secs(warm_up), Duration::from_secs(seconds));
    Ok(Plan { address, connections, warm_up, duration, headers, requests })
}

/// Asks; what was seen, and in how many seconds.
pub fn load(plan: Arc<Plan>) -> (Seen, f64) {
    let begin = Instant::now() + plan.warm_up;
    let threads: Vec<_> = (0..plan.connections)
        .map(|number| {
            let plan = Arc::clone(&plan);
            std::thread::spawn(move || connection(&plan, number, begin))
        })
        .collect();
    let mut all = Seen::default();
    for thread in threads {
        let Ok(seen) = thread.join() else { continue };
        for (class, times) in seen.times {
            all.times.entry(class).or_default().extend(times);
        }
        for (what, count) in seen.errors {
            *all.errors.entry(what).or_default() += count;
        }
    }
    (all, plan.duration.as_secs_f64())
}

/// Asks until the time is over. Connections begin at different lines of the file.
fn connection(plan: &Plan, number: usize, begin: Instant) -> Seen {
    let mut seen = Seen::default();
    let mut stream = Connection::to(plan.address);
    let offset = number * plan.requests.len() / plan.connections;
    for (class, path) in plan.requests.iter().cycle().skip(offset) {
        let start = Instant::now();
        if start >= begin + plan.duration {
            break;
        }
        let status = stream.ask("GET", path, &plan.headers, "").map(|answer| answer.status);
        // Answers to the warm-up do not count.
        if start < begin {
            continue;
        }
        match status {
            Ok(200) => {
                let time = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
                seen.times.entry(class.clone()).or_default().push(time);
            }
            Ok(status) => *seen.errors.entry(format!("{class} {status}")).or_default() += 1,
            Err(error) => {
                *seen.errors.entry(format!("{class} {}", error.kind())).or_default() += 1;
                // A service that is gone is not to be asked as fast as it refuses.
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }
    seen
}

fn figures(seen: Seen, seconds: f64) -> String {
    let mut text = format!("{{\"seconds\":{seconds}");
    let answers: usize = seen.times.values().map(Vec::len).sum();
    let _ =
        write!(text, ",\"answers\":{answers},\"per_second\":{:.1},\"classes\":{{", answers as f64 / seconds);
    for (index, (class, mut times)) in seen.times.into_iter().enumerate() {
        times.sort_unstable();
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(text, "{comma}\"{}\":{{\"answers\":{}", plain(&class), times.len());
        for (name, share) in [("p50", 0.50), ("p90", 0.90), ("p99", 0.99), ("max", 1.0)] {
            let _ = write!(text, ",\"{name}_us\":{}", quantile(&times, share));
        }
        text.push('}');
    }
    text.push_str("},\"errors\":{");
    for (index, (what, count)) in seen.errors.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(text, "{comma}\"{}\":{count}", plain(what));
    }
    text.push_str("}}");
    text
}

/// Text that needs no escape inside JSON.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect()
}

//! Load on a running service from a process of its own: a fixed number of connections, each asking for the next path
//! as soon as it has the last answer, for a fixed time. Prints one JSON object.
//!
//! ```text
//! load --url http://127.0.0.1:8080 --connections 8 --seconds 10 --header 'Authorization: …' --paths paths.txt
//! ```
//! Each line of the file holds a class and a path, as in `lookup /api/v1/seals/seal_…`; figures are given for each
//! class. Only addresses of this machine are taken.
#![allow(clippy::print_stdout, reason = "its output is its result")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

const USAGE: &str = "usage: load --url http://HOST:PORT --paths FILE [--connections N] [--seconds N] [--warm-up N] \
                     [--header 'Name: value']…";
const MAX_SECONDS: u64 = 3600;
const MAX_CONNECTIONS: usize = 1024;
const ANSWER_TIME: Duration = Duration::from_secs(30);

struct Plan {
    address: SocketAddr,
    host: String,
    connections: usize,
    warm_up: Duration,
    duration: Duration,
    headers: String,
    /// Class and path, in the order of the file.
    requests: Vec<(String, String)>,
}

/// What one connection saw: microseconds of each good answer by class, and bad ones by what was wrong.
#[derive(Default)]
struct Seen {
    times: BTreeMap<String, Vec<u64>>,
    errors: BTreeMap<String, u64>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match plan(&arguments) {
        Ok(plan) => {
            let (seen, seconds) = run(Arc::new(plan));
            println!("{}", figures(seen, seconds));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("load: {why}\n{USAGE}");
            ExitCode::FAILURE
        }
    }
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
    Ok(Plan { address, host, connections, warm_up, duration, headers, requests })
}

fn run(plan: Arc<Plan>) -> (Seen, f64) {
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
    let mut stream = None;
    let offset = number * plan.requests.len() / plan.connections;
    for (class, path) in plan.requests.iter().cycle().skip(offset) {
        let start = Instant::now();
        if start >= begin + plan.duration {
            break;
        }
        let status = ask(&mut stream, plan, path);
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

fn ask(stream: &mut Option<BufReader<TcpStream>>, plan: &Plan, path: &str) -> io::Result<u16> {
    let mut reader = match stream.take() {
        Some(open) => open,
        None => {
            let socket = TcpStream::connect(plan.address)?;
            socket.set_nodelay(true)?;
            socket.set_read_timeout(Some(ANSWER_TIME))?;
            BufReader::new(socket)
        }
    };
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\n{}\r\n",
        plan.host, plan.headers
    );
    reader.get_mut().write_all(request.as_bytes())?;
    let (status, keep) = answer(&mut reader)?;
    if keep {
        *stream = Some(reader);
    }
    Ok(status)
}

/// Reads one whole answer; gives its status and whether the connection stays open.
fn answer(reader: &mut impl BufRead) -> io::Result<(u16, bool)> {
    let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let status =
        line.split(' ').nth(1).and_then(|word| word.trim().parse().ok()).ok_or_else(|| bad("no status"))?;
    let (mut length, mut chunked, mut keep) = (0, false, true);
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim_end().to_ascii_lowercase();
        let Some((name, value)) = header.split_once(':') else { break };
        match (name, value.trim()) {
            ("content-length", value) => length = value.parse().map_err(|_| bad("no length"))?,
            ("transfer-encoding", "chunked") => chunked = true,
            ("connection", "close") => keep = false,
            _ => {}
        }
    }
    if !chunked {
        skip(reader, length)?;
        return Ok((status, keep));
    }
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let size = u64::from_str_radix(line.trim(), 16).map_err(|_| bad("no size of a chunk"))?;
        // Each chunk is followed by an empty line, the last one as well.
        skip(reader, size + 2)?;
        if size == 0 {
            return Ok((status, keep));
        }
    }
}

fn skip(reader: &mut impl BufRead, length: u64) -> io::Result<()> {
    if io::copy(&mut reader.take(length), &mut io::sink())? < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
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

/// The smallest value that at least `share` of all do not exceed.
fn quantile(sorted: &[u64], share: f64) -> u64 {
    let rank = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

/// Text that needs no escape inside JSON.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect()
}

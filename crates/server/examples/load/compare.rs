//! `load compare`: two services, one on a small registry and one on a large one, asked in turn over one connection each, so that
//! whatever else the machine does hits both alike. For each class of requests the times of both and their ratio.

use crate::http::quantile;
use crate::options::Options;
use crate::service::Service;
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Pairs of requests that do not count.
const WARM_UP: usize = 30;

/// Runs it; a JSON object with an entry for each class.
pub fn run(arguments: &[String]) -> Result<String, String> {
    let known = ["--small", "--large", "--program", "--rounds", "--seconds", "--only"];
    let options = Options::read(arguments, &known)?;
    let program = Path::new(options.needed("--program")?);
    let rounds = options.number("--rounds", 3_000)?;
    let seconds = Duration::from_secs(options.number("--seconds", 20)? as u64);
    let only = options.text("--only").unwrap_or_default();
    let mut small = Service::start(program, Path::new(options.needed("--small")?))?;
    let mut large = Service::start(program, Path::new(options.needed("--large")?))?;
    let mut all = serde_json::Map::new();
    for class in small.classes().into_iter().filter(|class| class.contains(only)) {
        let figures = compare(&mut small, &mut large, &class, rounds, seconds)?;
        eprintln!("{class}: {figures}");
        all.insert(class, figures);
    }
    small.stop(false)?;
    large.stop(false)?;
    Ok(Value::Object(all).to_string())
}

fn compare(
    small: &mut Service,
    large: &mut Service,
    class: &str,
    rounds: usize,
    limit: Duration,
) -> Result<Value, String> {
    let (few, many) = (small.prepare(class)?, large.prepare(class)?);
    let (mut of_small, mut of_large) = (Vec::new(), Vec::new());
    let (mut bytes_small, mut bytes_large) = (0, 0);
    let begin = Instant::now();
    for ((round, one), other) in (0..rounds + WARM_UP).zip(few.iter().cycle()).zip(many.iter().cycle()) {
        if begin.elapsed() > limit {
            break;
        }
        // Each goes first every other time.
        let ((first, a), (second, b)) = if round % 2 == 0 {
            let first = small.ask(one)?;
            (first, large.ask(other)?)
        } else {
            let second = large.ask(other)?;
            (small.ask(one)?, second)
        };
        if round >= WARM_UP {
            of_small.push(u64::try_from(a.as_micros()).unwrap_or(u64::MAX));
            of_large.push(u64::try_from(b.as_micros()).unwrap_or(u64::MAX));
            bytes_small += first.body.len();
            bytes_large += second.body.len();
        }
    }
    of_small.sort_unstable();
    of_large.sort_unstable();
    let pairs = of_small.len().max(1);
    let share = |share| {
        let (a, b) = (quantile(&of_small, share), quantile(&of_large, share));
        let ratio = b as f64 / a.max(1) as f64;
        json!({ "small_us": a, "large_us": b, "ratio": (ratio * 100.0).round() / 100.0 })
    };
    Ok(json!({
        "pairs": of_small.len(), "p50": share(0.50), "p99": share(0.99),
        "bytes": [bytes_small / pairs, bytes_large / pairs],
    }))
}

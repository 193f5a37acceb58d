//! `load compare`: two services, one on a small registry and one on a large one, asked in turn over one connection each, so that
//! whatever else the machine does hits both alike. For each class of requests the times of both and their ratio, of requests asked for
//! the first time and of the same again.

use crate::http::quantile;
use crate::options::Options;
use crate::service::{Service, Wanted};
use serde_json::{Value, json};
use std::path::Path;
use std::time::{Duration, Instant};

/// Pairs of requests that do not count, where a class has fewer different ones.
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

/// Times of the answers of both, µs, and their bytes.
#[derive(Default)]
struct Times {
    small: Vec<u64>,
    large: Vec<u64>,
    bytes: [usize; 2],
}

impl Times {
    /// Asks both once; each goes first every other time.
    fn ask(
        &mut self,
        round: usize,
        (small, one): (&mut Service, &Wanted),
        (large, other): (&mut Service, &Wanted),
    ) -> Result<(), String> {
        let ((first, a), (second, b)) = if round.is_multiple_of(2) {
            let first = small.ask(one)?;
            (first, large.ask(other)?)
        } else {
            let second = large.ask(other)?;
            (small.ask(one)?, second)
        };
        self.small.push(u64::try_from(a.as_micros()).unwrap_or(u64::MAX));
        self.large.push(u64::try_from(b.as_micros()).unwrap_or(u64::MAX));
        self.bytes[0] += first.body.len();
        self.bytes[1] += second.body.len();
        Ok(())
    }

    fn figures(mut self) -> Value {
        self.small.sort_unstable();
        self.large.sort_unstable();
        let share = |share| {
            let (a, b) = (quantile(&self.small, share), quantile(&self.large, share));
            let ratio = b as f64 / a.max(1) as f64;
            json!({ "small_us": a, "large_us": b, "ratio": (ratio * 100.0).round() / 100.0 })
        };
        let pairs = self.small.len();
        let bytes = self.bytes.map(|bytes| bytes / pairs.max(1));
        json!({ "pairs": pairs, "p50": share(0.50), "p99": share(0.99), "bytes": bytes })
    }
}

/// Every request of a class once, as `first`: the large database does not lie in memory when it begins. Then again and again.
fn compare(
    small: &mut Service,
    large: &mut Service,
    class: &str,
    rounds: usize,
    limit: Duration,
) -> Result<Value, String> {
    let (few, many) = (small.prepare(class)?, large.prepare(class)?);
    let all = few.len().max(many.len());
    let mut pairs = (0..).zip(few.iter().cycle().zip(many.iter().cycle()));
    let mut first = Times::default();
    for (round, (one, other)) in pairs.by_ref().take(all.max(WARM_UP)) {
        first.ask(round, (&mut *small, one), (&mut *large, other))?;
    }
    let mut again = Times::default();
    let begin = Instant::now();
    for (round, (one, other)) in pairs.take(rounds) {
        if begin.elapsed() > limit {
            break;
        }
        again.ask(round, (&mut *small, one), (&mut *large, other))?;
    }
    let mut figures = again.figures();
    figures["first"] = first.figures();
    Ok(figures)
}

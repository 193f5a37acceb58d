//! `load start`: how long a service takes from the start of its program until it is ready, after a clean stop, after a kill, and with
//! nothing of a SQLite file in memory; and how long the first answers take then.

use crate::http::quantile;
use crate::options::Options;
use crate::service::Service;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

/// Asked for once after each start, in this order.
const FIRST: [&str; 3] = ["seal by id", "seals, nation, first page", "overview, nation"];

/// Runs it; a JSON object.
pub fn run(arguments: &[String]) -> Result<String, String> {
    let options = Options::read(arguments, &["--data", "--program", "--starts"])?;
    let program = Path::new(options.needed("--program")?);
    let folder = Path::new(options.needed("--data")?);
    let starts = options.number("--starts", 10)?;
    let database = folder.join("registry.db");
    let mut all = serde_json::Map::new();
    for (name, kill, cold) in
        [("after a clean stop", false, false), ("after kill -9", true, false), ("cold", false, true)]
    {
        if cold && !database.exists() {
            continue;
        }
        let mut times: Vec<Vec<u64>> = vec![Vec::new(); 1 + FIRST.len()];
        // What the first start finds was left by another way of stopping.
        for round in 0..=starts {
            if cold {
                forget(&database)?;
            }
            let mut service = Service::start(program, folder)?;
            let mut seen = vec![micros(service.ready_after)];
            for class in FIRST {
                let wanted = service.prepare(class)?;
                let wanted = wanted.get(round * 37 % wanted.len()).ok_or("nothing to ask for")?;
                seen.push(micros(service.ask(wanted)?.1));
            }
            service.stop(kill)?;
            if round > 0 {
                times.iter_mut().zip(seen).for_each(|(times, time)| times.push(time));
            }
        }
        all.insert(name.to_owned(), figures(times));
    }
    Ok(Value::Object(all).to_string())
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn figures(times: Vec<Vec<u64>>) -> Value {
    let names = ["ready"].into_iter().chain(FIRST);
    names
        .zip(times)
        .map(|(name, mut times)| {
            times.sort_unstable();
            let (p50, most) = (quantile(&times, 0.5), quantile(&times, 1.0));
            (name.to_owned(), json!({ "p50_us": p50, "max_us": most }))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// Asks the kernel to keep nothing of a file in memory.
fn forget(file: &Path) -> Result<(), String> {
    let done = Command::new("dd")
        .arg(format!("of={}", file.display()))
        .args(["oflag=nocache", "conv=notrunc,fdatasync", "count=0"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match done {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("dd: {other:?}")),
    }
}

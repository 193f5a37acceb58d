//! Pages of the console as each role asks for them: the time from the request to the last byte of the page, and its bytes. Pictures, the
//! style sheet and scripts are not counted; they come once.
//!
//! ```text
//! load pages --data FOLDER --program FILE [--rounds 30]
//! ```

use crate::http::quantile;
use crate::options::Options;
use crate::service::{Service, Wanted};
use serde_json::{Value, json};
use std::path::Path;

/// Nobody in particular.
const NOBODY: &str = "";

/// Pages of each person of the seed. What stands in braces is filled in from what the registry holds.
const PAGES: &[(&str, &[&str])] = &[
    (NOBODY, &["/", "/help", "/guide", "/login", "/status", "/status?code={code}"]),
    (
        "reviewer",
        &[
            "/home",
            "/applications",
            "/applications?state=submitted",
            "/applications/{application}",
            "/seals",
            "/seals?state=active",
            "/seals/{seal}",
            "/find?q=810101",
            "/find?q=示例甲字",
            "/desk",
            "/desk/units",
            "/desk/units/{unit}",
            "/desk/making",
            "/desk/making/{seal}",
            "/supervision",
            "/notices",
            "/me",
        ],
    ),
    ("city", &["/home", "/applications", "/seals", "/supervision", "/desk/units"]),
    ("district", &["/home", "/applications", "/seals", "/supervision", "/desk/units"]),
    ("filer", &["/home", "/desk/making?state=made", "/seals"]),
    ("supervisor", &["/home", "/supervision", "/desk/tickets", "/desk/entries", "/seals", "/uses"]),
    // The seed has no maker on record, so his home has nothing to stand on.
    ("operator", &["/desk/making", "/seals"]),
    (
        "agent",
        &[
            "/home",
            "/applications",
            "/applications/new",
            "/seals",
            "/seals/{own}",
            "/uses",
            "/desk/flows",
            "/notices",
        ],
    ),
    ("custodian", &["/home", "/seals", "/seals/{own}", "/seals/{own}/uses", "/uses"]),
    ("approver", &["/home", "/uses"]),
    ("user", &["/home", "/seals", "/uses", "/uses/new"]),
    (
        "auditor",
        &["/home", "/audit", "/audit?action=seal.file", "/audit?subject={seal}", "/audit/100", "/desk"],
    ),
    ("security", &["/home", "/desk", "/desk/accounts", "/desk/clients"]),
    ("system", &["/home", "/desk", "/desk/areas", "/desk/webhooks"]),
];

/// Runs it; the figures, in microseconds.
pub fn run(arguments: &[String]) -> Result<String, String> {
    let options = Options::read(arguments, &["--data", "--program", "--rounds"])?;
    let (folder, program) = (Path::new(options.needed("--data")?), Path::new(options.needed("--program")?));
    let rounds = options.number("--rounds", 30)?;
    let mut service = Service::start(program, folder)?;
    let own = owned(&mut service)?;
    let mut told = Vec::new();
    for (who, pages) in PAGES {
        let headers = if who.is_empty() { String::new() } else { service.headers_of(who)? };
        for page in *pages {
            let (mut times, mut bytes, mut first) = (Vec::with_capacity(rounds), 0, 0);
            for round in 0..=rounds {
                let path = filled(&mut service, page, &own, round)?;
                let wanted =
                    Wanted { method: "GET".to_owned(), path, headers: headers.clone(), body: String::new() };
                let (answer, time) = service.ask(&wanted).map_err(|error| format!("{who}: {error}"))?;
                let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
                bytes = bytes.max(answer.body.len());
                // What the first one finds nobody has read yet.
                if round == 0 { first = time } else { times.push(time) }
            }
            times.sort_unstable();
            told.push(json!({
                "who": who, "page": page, "bytes": bytes, "first_us": first,
                "p50_us": quantile(&times, 0.5), "p99_us": quantile(&times, 0.99),
            }));
        }
    }
    service.stop(false)?;
    Ok(Value::Array(told).to_string())
}

/// A seal of the unit whose people ask.
fn owned(service: &mut Service) -> Result<String, String> {
    let wanted = service.prepare("seals of a unit")?;
    let (answer, _) = service.ask(wanted.first().ok_or("no seals of a unit")?)?;
    let page: Value = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
    page["items"][0]["id"].as_str().map(str::to_owned).ok_or_else(|| format!("no seals of a unit: {page}"))
}

/// The path, with another thing in each round.
fn filled(service: &mut Service, page: &str, own: &str, round: usize) -> Result<String, String> {
    let mut path = page.replace("{own}", own);
    for (name, class) in [
        ("{seal}", "seal by id"),
        ("{code}", "seal by code"),
        ("{application}", "application by id"),
        ("{unit}", "unit by id"),
    ] {
        if !path.contains(name) {
            continue;
        }
        let wanted = service.prepare(class)?;
        let one = wanted.get(round * 37 % wanted.len().max(1)).ok_or("nothing to ask for")?;
        let key = one.path.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        path = path.replace(name, key);
    }
    Ok(crate::service::encoded(&path))
}

//! schemathesis against a running service: hostile and ordinary requests made from its own OpenAPI document, by nobody and by people of
//! several roles, about the things of the demo's story. How a request is made theirs: `schemathesis/principal.py`; how answers are
//! judged: `schemathesis/schemathesis.toml`.

use crate::background::Background;
use crate::debian;
use crate::port::free_port;
use crate::python;
use crate::run::{cargo, run as run_command, target_dir, workspace_root};
use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who asks, in this order: nobody, people by their login in the demo, and `client`, a program that signs its requests. The security
/// administrator comes last, because he may take from others what they need.
const PRINCIPALS: [Option<&str>; 10] = [
    None,
    Some("agent"),
    Some("reviewer"),
    Some("filer"),
    Some("maker"),
    Some("supervisor"),
    Some("client"),
    Some("audit"),
    Some("system"),
    Some("security"),
];
/// Who asks when time is short.
const SHORT: [Option<&str>; 6] =
    [None, Some("agent"), Some("reviewer"), Some("client"), Some("system"), Some("security")];
/// What nobody who is logged in is let do: it ends his session or changes how he logs in, and the rest of the run would ask as nobody.
/// Wrong one-time codes end a session as well. All of it is asked by nobody.
const ENDS_THE_RUN: [&str; 5] = [
    "session.logout",
    "sessions.end",
    "session.change_password",
    "session.begin_totp",
    "session.confirm_totp",
];
/// Requests per operation and phase where nothing else is asked for.
const EXAMPLES: &str = "50";

/// A service on the data that the demo left.
struct Served {
    url: String,
    accounts: PathBuf,
    // Stopped before the folder goes.
    _server: Background,
}

/// Runs schemathesis as everybody, or as those named by a leading `--as NAME,…`; `arguments` go to it as they are.
pub fn run(arguments: &[String]) -> Result<()> {
    let first = ["--max-examples", EXAMPLES].map(str::to_owned);
    let (principals, arguments) = match arguments {
        [flag, names, rest @ ..] if flag == "--as" => (named(names)?, rest),
        _ => (PRINCIPALS.to_vec(), arguments),
    };
    everybody(&principals, &[first.as_slice(), arguments].concat())
}

fn named(names: &str) -> Result<Vec<Option<&'static str>>> {
    let one = |name: &str| {
        let found = PRINCIPALS.into_iter().find(|who| who.unwrap_or("nobody") == name);
        found.ok_or_else(|| anyhow!("{name} asks nothing; who does: nobody, agent, …"))
    };
    names.split(',').map(one).collect()
}

/// The bounded form for every change: fewer people, the examples of the document and a few made ones. Whether everything the schemas allow
/// is accepted is left to the long form: with so few draws it would say today what it did not say yesterday.
pub fn short() -> Result<()> {
    let arguments = [
        "--phases",
        "examples,fuzzing",
        "--max-examples",
        "4",
        "--exclude-checks",
        "positive_data_acceptance",
    ];
    everybody(&SHORT, &arguments.map(str::to_owned))
}

fn everybody(principals: &[Option<&str>], arguments: &[String]) -> Result<()> {
    debian::ensure()?;
    let programs = python::programs()?;
    let folder = target_dir().join("api");
    let served = serve(&folder)?;
    let mut failed = Vec::new();
    for who in principals {
        let name = who.unwrap_or("nobody");
        println!("\n--- schemathesis as {name}");
        let outcome = folder.join(format!("{name}.json"));
        let asked = ask(&programs, &served, *who, &outcome, arguments);
        let told = told(&outcome).with_context(|| format!("what came of the run as {name}"));
        if let Err(error) = asked.and(told) {
            println!("{name}: {error:#}");
            failed.push(name);
        }
    }
    match failed.as_slice() {
        [] => Ok(()),
        failed => bail!("schemathesis found something as {}", failed.join(", ")),
    }
}

/// One run.
fn ask(
    programs: &Path,
    served: &Served,
    who: Option<&str>,
    outcome: &Path,
    arguments: &[String],
) -> Result<()> {
    let hooks = workspace_root().join("xtask/schemathesis");
    let mut command = Command::new(programs.join("schemathesis"));
    command
        .current_dir(target_dir())
        .env("SCHEMATHESIS_HOOKS", "principal")
        .env("PYTHONPATH", &hooks)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("YINXIN_API_URL", &served.url)
        .env("YINXIN_API_ACCOUNTS", &served.accounts)
        .env("YINXIN_API_OUTCOME", outcome)
        .arg("--no-color")
        .arg("--config-file")
        .arg(hooks.join("schemathesis.toml"))
        .args(["run", &format!("{}/api/v1/openapi.json", served.url)])
        .args(["--seed", "1", "--continue-on-failure", "--output-truncate", "false"]);
    if let Some(who) = who {
        command.env("YINXIN_API_AS", who);
        command.args(ENDS_THE_RUN.iter().flat_map(|operation| ["--exclude-operation-id", operation]));
    }
    command.args(arguments);
    // The service is on this machine: no proxy lies between.
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    run_command(&mut command)
}

/// Says how deep a run went; fails when it lost its login on the way, which would make the rest of it a run as nobody.
fn told(outcome: &Path) -> Result<()> {
    let text = fs::read(outcome).with_context(|| format!("reading {}", outcome.display()))?;
    let told: Value = serde_json::from_slice(&text)?;
    let accepted = told.get("accepted").and_then(Value::as_array).map_or(0, Vec::len);
    let member = |name: &str| told.get(name).map(Value::to_string).unwrap_or_default();
    println!(
        "{} requests, by status {}; {accepted} operations accepted",
        member("requests"),
        member("by_status")
    );
    if told.get("alive") != Some(&Value::Bool(true)) {
        bail!("the login was lost during the run");
    }
    if accepted == 0 {
        bail!("no operation accepted anything");
    }
    Ok(())
}

/// Builds `yinxin`, lets its demo play the life of some seals, and serves what that leaves.
fn serve(folder: &Path) -> Result<Served> {
    // Through one of its tests: dependencies have the features that tests give them, so that after `cargo xtask test` nothing is compiled anew.
    run_command(cargo().args(["test", "--workspace", "--no-run", "--test", "help"]))?;
    let program = target_dir().join("debug/yinxin");
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).context("making the folder")?;
    let story = fs::File::create(folder.join("demo.txt")).context("making demo.txt")?;
    let mut demo = Command::new(&program);
    demo.args(["demo", "--once", "--out", "demo"]).current_dir(folder).stdout(story);
    run_command(&mut demo)?;
    let port = free_port().map_err(|error| anyhow!(error))?;
    let mut command = Command::new(&program);
    command
        .args(["serve", "--config", "yinxin.toml"])
        .current_dir(folder.join("demo/registry"))
        .env("YINXIN_LISTEN", format!("127.0.0.1:{port}"))
        // Found things shall be faults of the API, not of its brakes.
        .env("YINXIN_SECURITY__REQUESTS_PER_SECOND", "1000000")
        .env("YINXIN_SECURITY__REQUEST_BURST", "1000000")
        .env("YINXIN_SECURITY__LOGIN_PER_MINUTE", "10000")
        .env("YINXIN_VERIFICATION__ANONYMOUS_PER_MINUTE", "1000000");
    let mut server = Background::start(&command, &folder.join("log.txt"))?;
    server.wait_until_ready(port, "/readyz")?;
    let accounts = folder.join("demo/registry-accounts.json");
    Ok(Served { url: format!("http://127.0.0.1:{port}"), accounts, _server: server })
}

//! schemathesis against a running service: hostile and ordinary requests made from its own OpenAPI document.

use crate::background::Background;
use crate::debian;
use crate::port::free_port;
use crate::python;
use crate::run::{cargo, run as run_command, target_dir};
use anyhow::{Context, Result, anyhow};
use std::fs;
use std::process::Command;

/// Requests per operation and phase where nothing else is asked for.
const EXAMPLES: u32 = 50;

/// A service on a data folder that is removed afterwards.
struct Served {
    url: String,
    // Stopped before the folder goes.
    _server: Background,
}

/// Starts a service and runs schemathesis on it; `arguments` go to schemathesis as they are.
pub fn run(arguments: &[String]) -> Result<()> {
    debian::ensure()?;
    let programs = python::programs()?;
    let served = serve()?;
    let mut command = Command::new(programs.join("schemathesis"));
    command
        .current_dir(target_dir())
        .args(["--no-color", "run", &format!("{}/api/v1/openapi.json", served.url)])
        .args(["--max-examples", &EXAMPLES.to_string(), "--seed", "1"])
        .args(arguments);
    // The service is on this machine: no proxy lies between.
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    run_command(&mut command).context("schemathesis found something")
}

/// Builds `yinxin` and starts `yinxin serve` on an empty data folder.
fn serve() -> Result<Served> {
    run_command(cargo().args(["build", "-p", "yinxin-cli", "--bin", "yinxin"]))?;
    let folder = target_dir().join("api");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("data")).context("making the data folder")?;
    let port = free_port().map_err(|error| anyhow!(error))?;
    let mut command = Command::new(target_dir().join("debug/yinxin"));
    command
        .arg("serve")
        .current_dir(&folder)
        .env("YINXIN_DATA_DIR", folder.join("data"))
        .env("YINXIN_LISTEN", format!("127.0.0.1:{port}"))
        // Found things shall be faults of the API, not of its brakes.
        .env("YINXIN_SECURITY__REQUESTS_PER_SECOND", "1000000")
        .env("YINXIN_SECURITY__REQUEST_BURST", "1000000");
    let mut server = Background::start(&command, &folder.join("log.txt"))?;
    server.wait_until_ready(port, "/readyz")?;
    Ok(Served { url: format!("http://127.0.0.1:{port}"), _server: server })
}

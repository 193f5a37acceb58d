//! Running other programs, and the time they take.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The folder that holds the workspace's `Cargo.toml`.
pub fn workspace_root() -> PathBuf {
    // xtask is always run from the tree it was built in.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that started this program. Where mold is installed it links: the tests are some 150 programs, most of them with the whole server
/// in them. `mold -run` leaves cargo's own idea of what is fresh as it is.
pub fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = if on_path("mold") {
        let mut command = Command::new("mold");
        command.arg("-run").arg(cargo);
        command
    } else {
        Command::new(cargo)
    };
    command.current_dir(workspace_root());
    // What cargo told this program about itself would make some build scripts run again.
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|begin| name.to_string_lossy().starts_with(begin)) {
            command.env_remove(name);
        }
    }
    command
}

/// The folder cargo builds into.
pub fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => workspace_root().join(dir),
        None => workspace_root().join("target"),
    }
}

/// Runs a command to its end, its output going where ours goes.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    let status = command.status().with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns its standard output.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let shown = show(command);
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot start `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` failed ({})", output.status);
    }
    Ok(output.stdout)
}

/// Whether a program of that name stands in one of the folders of `PATH`.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

fn show(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Named steps with their durations, printed as they pass and once more at the end.
#[derive(Default)]
pub struct Stages {
    done: Vec<(String, f64, Result<(), String>)>,
}

impl Stages {
    /// Runs one step; a failure is recorded and does not keep the later steps from running.
    pub fn stage(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        println!("\n=== {name}");
        let start = Instant::now();
        let result = step().map_err(|error| format!("{error:#}"));
        let seconds = start.elapsed().as_secs_f64();
        if let Err(error) = &result {
            println!("{name}: {error}");
        }
        println!("=== {name}: {} in {seconds:.0} s", word(&result));
        self.done.push((name.to_owned(), seconds, result));
    }

    /// Prints the table and fails when any step failed, with what each of them said.
    pub fn finish(self) -> Result<()> {
        println!("\n=== summary");
        let mut total = 0.0;
        for (name, seconds, result) in &self.done {
            println!("{:<12} {seconds:>6.0} s  {}", name, word(result));
            total += seconds;
        }
        println!("{:<12} {total:>6.0} s", "all");
        let said = |(name, _, result): &(String, f64, Result<(), String>)| {
            result.as_ref().err().map(|error| format!("{name}: {error}"))
        };
        let failed: Vec<String> = self.done.iter().filter_map(said).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join("\n"));
        }
        Ok(())
    }
}

fn word(result: &Result<(), String>) -> &'static str {
    if result.is_ok() { "ok" } else { "FAILED" }
}

//! Builds the fuzz targets with stable Rust and runs each for a while.
//!
//! The targets have the layout `cargo fuzz` expects; this needs neither that tool nor a nightly compiler, because
//! coverage comes from LLVM's own pass, which the stable compiler can be asked to run.

use crate::run::{output, run as run_command, target_dir, workspace_root};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

const COVERAGE: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Ccodegen-units=1",
];
const LIMITS: &[&str] =
    &["-rss_limit_mb=512", "-malloc_limit_mb=256", "-timeout=10", "-max_len=262144", "-print_final_stats=1"];

struct Options {
    seconds: u64,
    targets: Vec<String>,
}

/// Runs the named targets, or all of them.
pub fn run(arguments: &[String]) -> Result<()> {
    let options = parse(arguments, &all_targets()?)?;
    let triple = host_triple()?;
    let folder = workspace_root().join("fuzz");
    let build = target_dir().join("fuzz");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // An explicit target keeps the flags away from build scripts and procedural macros.
    cargo
        .current_dir(&folder)
        .args(["build", "--release", "--bins", "--target", &triple, "--target-dir"])
        .arg(&build)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("RUSTFLAGS", COVERAGE.join(" "));
    run_command(&mut cargo)?;

    let seeds = build.join("seeds");
    let count = write_seeds(&seeds)?;
    println!("{count} seeds from vectors/, the oracle's selftest and the interop data, as far as present");
    let programs = build.join(&triple).join("release");
    let run_one = |target: &str| run_target(target, &programs.join(target), &folder, &seeds, options.seconds);
    let failed = side_by_side(&options.targets, run_one);
    if !failed.is_empty() {
        bail!("failed: {}; the inputs are in fuzz/artifacts/", failed.join(", "));
    }
    println!("{} fuzz targets ran {} s each without a finding", options.targets.len(), options.seconds);
    Ok(())
}

fn run_target(target: &str, program: &Path, folder: &Path, seeds: &Path, seconds: u64) -> Result<()> {
    let corpus = folder.join("corpus").join(target);
    let artifacts = folder.join("artifacts").join(target);
    fs::create_dir_all(&corpus).context("making the corpus folder")?;
    fs::create_dir_all(&artifacts).context("making the artifacts folder")?;
    let output = Command::new(program)
        .args(LIMITS)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .arg(&corpus)
        .arg(seeds)
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let log = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        let told = ["stat::number_of_executed_units", "stat::peak_rss_mb"];
        let told: Vec<&str> =
            log.lines().filter(|line| told.iter().any(|start| line.starts_with(start))).collect();
        println!("--- fuzz {target}: {seconds} s\n{}", told.join("\n"));
        return Ok(());
    }
    println!("--- fuzz {target}\n{log}");
    bail!("ended with {}", output.status)
}

/// Runs one for each target, a target per core at a time; gives those that failed.
fn side_by_side(targets: &[String], run_one: impl Fn(&str) -> Result<()> + Sync) -> Vec<&str> {
    let waiting = Mutex::new(targets.iter());
    let failed = Mutex::new(Vec::new());
    let lane = || {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(target) = next else { return };
            if let Err(error) = run_one(target) {
                println!("fuzz {target}: {error:#}");
                failed.lock().unwrap_or_else(PoisonError::into_inner).push(target.as_str());
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(lane);
        }
    });
    let mut failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    failed.sort_unstable();
    failed
}

fn parse(arguments: &[String], all: &[String]) -> Result<Options> {
    let mut options = Options { seconds: 20, targets: Vec::new() };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let value = words.next().context("--seconds needs a number")?;
            options.seconds = value.parse().with_context(|| format!("--seconds {value}: not a number"))?;
        } else if all.contains(word) {
            options.targets.push(word.clone());
        } else {
            bail!("no fuzz target `{word}`; there are: {}", all.join(" "));
        }
    }
    if options.targets.is_empty() {
        options.targets = all.to_vec();
    }
    Ok(options)
}

fn all_targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in
        fs::read_dir(workspace_root().join("fuzz/fuzz_targets")).context("listing fuzz/fuzz_targets")?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

fn host_triple() -> Result<String> {
    let version =
        output(Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-vV"))?;
    let version = String::from_utf8_lossy(&version);
    let host =
        version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV names no host")?;
    Ok(host.to_owned())
}

/// Makes the seed corpus: every file of `vectors/`, every hexadecimal string inside its JSON files, and what the
/// oracle's selftest and other software made, where that is at hand.
fn write_seeds(folder: &Path) -> Result<usize> {
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).context("making the seed folder")?;
    let mut seeds = Vec::new();
    collect(&workspace_root().join("vectors"), &mut seeds)?;
    collect(&target_dir().join("oracle-selftest"), &mut seeds)?;
    if let Some(interop) = crate::test::interop_folder() {
        collect(&interop, &mut seeds)?;
    }
    for (index, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("{index:05}")), seed).context("writing a seed")?;
    }
    Ok(seeds.len())
}

fn collect(folder: &Path, seeds: &mut Vec<Vec<u8>>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, seeds)?;
            continue;
        }
        let bytes = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => hex_strings(&serde_json::from_slice(&bytes).unwrap_or(Value::Null), seeds),
            Some("md" | "tsv") => {}
            _ => seeds.push(bytes),
        }
    }
    Ok(())
}

fn hex_strings(value: &Value, seeds: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => seeds.extend(from_hex(text)),
        Value::Array(items) => items.iter().for_each(|item| hex_strings(item, seeds)),
        Value::Object(members) => members.values().for_each(|item| hex_strings(item, seeds)),
        _ => {}
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() < 8 || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{from_hex, parse, side_by_side};
    use anyhow::bail;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn every_target_runs_once_and_those_that_failed_are_named() {
        let all: Vec<String> = (0..20).map(|n| format!("t{n:02}")).collect();
        let runs = AtomicUsize::new(0);
        let failed = side_by_side(&all, |target| {
            runs.fetch_add(1, Ordering::Relaxed);
            if target.ends_with('7') { bail!("found something") } else { Ok(()) }
        });
        assert_eq!((failed, runs.into_inner()), (vec!["t07", "t17"], 20));
    }

    #[test]
    fn takes_seeds_from_hexadecimal_text_only() {
        assert_eq!(from_hex("3003020101"), Some(vec![0x30, 3, 2, 1, 1]));
        assert_eq!(from_hex("rejects!"), None);
        assert_eq!(from_hex("30030"), None);
    }

    #[test]
    fn refuses_an_unknown_target() {
        let all = ["der".to_owned()];
        assert!(parse(&["seal".to_owned()], &all).is_err());
        assert!(parse(&["--seconds".to_owned()], &all).is_err());
        let options = parse(&["--seconds".to_owned(), "3".to_owned()], &all).unwrap();
        assert_eq!((options.seconds, options.targets.len()), (3, 1));
    }
}

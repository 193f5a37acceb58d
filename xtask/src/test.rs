//! The one test command: oracles and services present, then every test of the workspace, then an honest count.

use crate::run::{cargo, workspace_root};
use crate::services::Services;
use crate::{debian, source};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Runs all tests; `arguments` go to `cargo test` as they are.
pub fn run(arguments: &[String]) -> Result<()> {
    debian::ensure()?;
    let services = Services::start()?;
    let interop = interop_folder();
    let split = arguments.iter().position(|word| word == "--").unwrap_or(arguments.len());
    let (for_cargo, for_tests) = arguments.split_at(split);

    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]).args(for_cargo);
    let picked =
        |word: &String| word == "--package" || word.starts_with("-p") || word.starts_with("--package=");
    if !for_cargo.iter().any(picked) {
        command.arg("--workspace");
    }
    command.arg("--").args(for_tests.iter().skip(1));
    let skipped = if interop.is_some() { Vec::new() } else { source::interop_tests()? };
    match &interop {
        Some(folder) => {
            println!("interop data: {}", folder.display());
            command.env("YINXIN_INTEROP", folder);
        }
        None => {
            absent_banner(skipped.len());
            command.env_remove("YINXIN_INTEROP").args(["--skip", "interop_"]);
            command.args(
                skipped.iter().filter(|name| !name.contains("interop_")).flat_map(|name| ["--skip", name]),
            );
        }
    }

    services.export(&mut command);
    if !services.has_s3() {
        command.args(["--skip", "s3_"]);
    }

    let mut total = Total::default();
    let ok = count_tests(&mut command, &mut total)?;
    println!();
    services.tell();
    if interop.is_none() {
        absent_banner(skipped.len());
    }
    println!("{}", total.line(interop.is_some() && services.has_s3()));
    if !ok || total.failed > 0 {
        bail!("tests failed\n{}", total.failures.join("\n"));
    }
    if total.binaries == 0 {
        bail!("no test binary was run");
    }
    Ok(())
}

/// Runs `cargo test`, shows its output and adds up its counts; gives whether it succeeded.
pub fn count_tests(command: &mut Command, total: &mut Total) -> Result<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo test")?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.context("reading the output of cargo test")?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            total.add(&line);
        }
    }
    Ok(child.wait().context("waiting for cargo test")?.success())
}

/// `YINXIN_INTEROP`, or `../shared/interop` beside the workspace; `None` when there is no such folder.
pub fn interop_folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("YINXIN_INTEROP").filter(|value| !value.is_empty()) {
        Some(folder) => workspace_root().join(folder),
        None => workspace_root().join("../shared/interop"),
    };
    // The list of expected verdicts is what makes the folder usable.
    let folder = folder.canonicalize().ok()?;
    folder.join("expected.tsv").is_file().then_some(folder)
}

fn absent_banner(skipped: usize) {
    println!(
        "!!! INTEROP DATA ABSENT: {skipped} tests on other software's seals and documents are IGNORED, not passed \
         (set YINXIN_INTEROP)"
    );
}

/// The sum over the result lines of all test binaries.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Total {
    binaries: u64,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    ignored: u64,
    filtered: u64,
    /// The tests that failed, each with the first lines it said.
    failures: Vec<String>,
    /// Lines of the last of them still to be kept.
    wanted: usize,
}

/// Lines kept of what a failed test says, and characters of each.
const SAID: usize = 8;
const LONGEST: usize = 400;

impl Total {
    fn add(&mut self, line: &str) {
        self.remember(line);
        let Some(counts) = line.strip_prefix("test result: ") else { return };
        self.binaries += 1;
        // "ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s"
        for part in counts.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += number,
                Some("failed") => self.failed += number,
                Some("ignored") => self.ignored += number,
                Some("filtered") => self.filtered += number,
                _ => {}
            }
        }
    }

    /// Which test failed and why is told once more at the very end: what comes between may be long.
    fn remember(&mut self, line: &str) {
        if line.starts_with("---- ") && line.ends_with(" stdout ----") {
            self.wanted = SAID;
        } else if line.starts_with("stack backtrace") || line == "failures:" {
            self.wanted = 0;
        }
        if self.wanted > 0 && !line.is_empty() {
            self.failures.push(line.chars().take(LONGEST).collect());
            self.wanted -= 1;
        }
    }

    fn line(&self, complete: bool) -> String {
        let word = if self.failed == 0 { "ok" } else { "FAILED" };
        // Where data or a service is absent the skipped tests are the filtered ones: they count as ignored.
        let (ignored, filtered) = if complete {
            (self.ignored, self.filtered)
        } else {
            (self.ignored.saturating_add(self.filtered), 0)
        };
        format!(
            "test total: {word}. {} passed; {} failed; {ignored} ignored; {filtered} filtered out; {} test binaries",
            self.passed, self.failed, self.binaries
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Total;

    #[test]
    fn adds_up_the_result_lines_of_several_binaries() {
        let mut total = Total::default();
        total.add("running 3 tests");
        total.add(
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
        );
        total.add(
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.01s",
        );
        let expected =
            Total { binaries: 2, passed: 14, failed: 1, ignored: 1, filtered: 3, ..Total::default() };
        assert_eq!(total, expected);
    }

    #[test]
    fn counts_tests_without_their_data_as_ignored() {
        let total = Total { binaries: 1, passed: 5, ignored: 1, filtered: 3, ..Total::default() };
        assert!(total.line(false).contains("5 passed; 0 failed; 4 ignored; 0 filtered out"));
        assert!(total.line(true).contains("5 passed; 0 failed; 1 ignored; 3 filtered out"));
    }

    #[test]
    fn what_failed_is_remembered_with_its_first_words() {
        let mut total = Total::default();
        let said = "test a ... FAILED\n\nfailures:\n\n---- a stdout ----\non Sqlite\n\nthread 'a' panicked at b.rs:1:2:\n`x` does not come\nstack \
                    backtrace:\n  0: c\n\nfailures:\n    a";
        said.lines().for_each(|line| total.add(line));
        assert_eq!(
            total.failures,
            ["---- a stdout ----", "on Sqlite", "thread 'a' panicked at b.rs:1:2:", "`x` does not come"]
        );
    }
}

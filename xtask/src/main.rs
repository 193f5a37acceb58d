//! Project chores: the test command, the continuous-integration run and the checks it is made of.
#![allow(clippy::print_stdout, reason = "a command-line chore talks to its user")]

mod api;
mod arrows;
mod background;
mod bench;
mod ci;
mod debian;
mod deny;
mod docs_check;
mod faults;
mod fuzz;
mod oracle;
#[path = "../../crates/testkit/src/port.rs"]
mod port;
/// The cluster of the test kit, which cannot be a dependency: a chore would build half the product first.
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../crates/testkit/src/postgres"]
mod postgres {
    pub mod cluster;
    mod keeper;
    mod psql;
}
mod python;
mod run;
mod services;
mod sizes;
mod source;
mod test;

use anyhow::{Result, bail};
use std::process::ExitCode;

const HELP: &str = "\
usage: cargo xtask COMMAND

  test [ARGS…]        install what the oracles need, start PostgreSQL and a stand-in for S3,
                      then cargo test --workspace ARGS…
  faults [ROUNDS]     tests named faults_* in their long form (200 rounds): power loss under load
  api [--as WHO,…] [ARGS…]
                      schemathesis against a running service, as nobody and as people of
                      every role; ARGS go to schemathesis; --short: as in ci
  packages            only check and install the Debian packages
  ci                  everything a change must pass, in order, with timings
  arrows              crate dependencies point the right way, libraries do no IO
  docs-check          tests named in docs/ exist, every check code has its entry
  sizes               name source files that have grown too long
  oracle              the BouncyCastle oracle agrees with itself
  deny                cargo-deny: bans, licenses, sources
  bench               instructions of sealing and verifying beside their bare cryptography
  fuzz [--seconds N] [TARGET…]
                      build the fuzz targets with stable Rust and run each for N seconds (default 20)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", [].as_slice()),
    };
    match dispatch(command, rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {command}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, rest: &[String]) -> Result<()> {
    match command {
        "test" => test::run(rest),
        "faults" => faults::run(rest),
        "api" if rest == ["--short"] => api::short(),
        "api" => api::run(rest),
        "packages" => debian::ensure(),
        "ci" => ci::run(),
        "arrows" => arrows::run(),
        "docs-check" => docs_check::run(),
        "sizes" => sizes::run(),
        "deny" => deny::run(),
        "bench" => bench::bench(),
        "oracle" => oracle::run(),
        "fuzz" => fuzz::run(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("unknown command `{other}`\n{HELP}"),
    }
}

//! The long form of the fault tests: power loss at random under load, on both engines. `cargo xtask test` runs the
//! same tests with few rounds.

use crate::debian;
use crate::run::cargo;
use crate::services::Services;
use crate::test::{Total, count_tests};
use anyhow::{Context, Result, bail};

const ROUNDS: u32 = 200;

/// Runs every test whose name begins with `faults_`; `arguments` may give the number of rounds.
pub fn run(arguments: &[String]) -> Result<()> {
    let rounds = match arguments {
        [] => ROUNDS,
        [number] => number.parse().with_context(|| format!("{number}: not a number of rounds"))?,
        _ => bail!("usage: cargo xtask faults [ROUNDS]"),
    };
    debian::ensure()?;
    let services = Services::start()?;
    let mut command = cargo();
    command.args(["test", "--no-fail-fast", "-p", "yinxin-store", "-p", "yinxin-server", "-p", "yinxin-cli"]);
    command.args(["--tests", "--", "--include-ignored", "--nocapture", "--test-threads=1", "faults_"]);
    command.env("YINXIN_FAULT_ROUNDS", rounds.to_string());
    services.export(&mut command);
    println!("{rounds} rounds");
    let mut total = Total::default();
    let ok = count_tests(&mut command, &mut total)?;
    services.tell();
    println!("faults: {} passed; {} failed; {rounds} rounds each", total.passed, total.failed);
    if !ok || total.failed > 0 {
        bail!("fault tests failed");
    }
    if total.passed == 0 {
        bail!("there is no test whose name begins with faults_");
    }
    Ok(())
}

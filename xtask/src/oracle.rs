//! Runs the BouncyCastle oracle on itself, so that a verdict of it can be relied on.

use crate::run::{output, target_dir, workspace_root};
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;

const CLASSES: &str = "/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar";

/// Runs `selftest.batch` in an empty folder.
pub fn run() -> Result<()> {
    crate::debian::ensure()?;
    let oracle = workspace_root().join("crates/testkit/oracle");
    let folder = target_dir().join("oracle-selftest");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).context("making the folder of the oracle's selftest")?;
    for text in ["abc", "abd"] {
        fs::write(folder.join(text), text).context("writing the oracle's input")?;
    }
    let mut java = Command::new("java");
    java.current_dir(&folder).args(["-cp", CLASSES]).arg(oracle.join("Oracle.java"));
    let result =
        java.arg("batch").arg(oracle.join("selftest.batch")).output().context("cannot start java")?;
    let answers = String::from_utf8_lossy(&result.stdout);
    for line in answers.lines().filter(|line| !line.starts_with("OK")) {
        println!("{line}");
    }
    if !result.status.success() {
        bail!("the oracle's selftest failed\n{}", String::from_utf8_lossy(&result.stderr));
    }
    let version = output(Command::new("openssl").arg("version"))?;
    print!(
        "{} commands of the BouncyCastle oracle as expected; {}",
        answers.lines().count(),
        String::from_utf8_lossy(&version)
    );
    Ok(())
}

//! Instruction counts of sealing and verifying beside their bare cryptography, by callgrind: repeatable, and free of clocks.

use crate::debian;
use crate::run::{cargo, run, target_dir};
use anyhow::{Context, Result, bail};
use std::process::Command;

/// Few and many runs of an operation; their difference divides out everything around it.
const FEW: u64 = 1;
const MANY: u64 = 11;

/// Prints instructions per operation and the ratios.
pub fn bench() -> Result<()> {
    debian::ensure_program("valgrind", "counts instructions")?;
    run(cargo().args(["build", "--release", "-p", "yinxin-seal", "--example", "measure"]))?;
    for operation in ["verify", "seal", "pdf-verify", "pdf-seal"] {
        let whole = instructions(operation)?;
        let bare = instructions(&format!("{operation}-cryptography"))?;
        println!(
            "{operation:<10} {whole:>12} instructions, its cryptography {bare:>12}, ratio {:.3}",
            whole as f64 / bare as f64
        );
    }
    Ok(())
}

fn instructions(mode: &str) -> Result<u64> {
    let (few, many) = (collected(mode, FEW)?, collected(mode, MANY)?);
    match many.checked_sub(few) {
        Some(difference) => Ok(difference / (MANY - FEW)),
        None => bail!("{mode}: more runs cost less"),
    }
}

/// Instructions of one whole process.
fn collected(mode: &str, count: u64) -> Result<u64> {
    let program = target_dir().join("release/examples/measure");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([mode, &count.to_string()])
        .output()
        .context("cannot start valgrind")?;
    let text = String::from_utf8_lossy(&output.stderr);
    let number = text.lines().find_map(|line| line.split("Collected : ").nth(1));
    match (output.status.success(), number.and_then(|n| n.trim().parse().ok())) {
        (true, Some(n)) => Ok(n),
        _ => bail!("valgrind failed on `measure {mode} {count}`:\n{text}"),
    }
}

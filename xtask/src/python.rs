//! Python programs that tests use, in an environment of their own: schemathesis, moto, pyHanko and ReportLab.

use crate::run::{run, target_dir, workspace_root};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Gives the folder of the programs; installs them once, and again when the list changes.
pub fn programs() -> Result<PathBuf> {
    let list = workspace_root().join("xtask/python-tools.txt");
    let wanted = fs::read_to_string(&list).with_context(|| format!("reading {}", list.display()))?;
    let folder = target_dir().join("tools/venv");
    let done = folder.join("installed.txt");
    if fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(folder.join("bin"));
    }
    println!("installing the Python programs of xtask/python-tools.txt into {} (once)", folder.display());
    let _ = fs::remove_dir_all(&folder);
    // Debian's own, for which its package python3-venv was made; another may come first on the path.
    let debian = Path::new("/usr/bin/python3");
    let python = if debian.is_file() { debian } else { Path::new("python3") };
    run(Command::new(python).args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/pip"))
        .args(["install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"])
        .arg(&list))
    .context("the Python package index may be out of reach")?;
    fs::write(&done, wanted).with_context(|| format!("writing {}", done.display()))?;
    Ok(folder.join("bin"))
}

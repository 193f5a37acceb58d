//! cargo-deny: which crates, licenses and sources the tree may have.

use crate::run::{self, cargo, on_path, target_dir, workspace_root};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Checks bans, licenses and sources. The advisory database needs the network at check time and is left to a
/// run by hand: `cargo deny check advisories`.
fn check(deny: PathBuf) -> Result<()> {
    println!(
        "checking bans, licenses and sources (advisories need their database from the network: not checked)"
    );
    run::run(Command::new(deny).current_dir(workspace_root()).args([
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// Finds cargo-deny or builds it once into the target folder, then runs it.
pub fn run() -> Result<()> {
    if on_path("cargo-deny") {
        return check("cargo-deny".into());
    }
    let tools = target_dir().join("tools");
    let deny = tools.join("bin/cargo-deny");
    if !deny.is_file() {
        println!("cargo-deny is absent: building it into {} (once)", tools.display());
        run::run(
            cargo()
                // Used once a run: building it fast is worth more than its speed.
                .args(["install", "cargo-deny", "--debug", "--locked", "--no-default-features", "--root"])
                .arg(&tools)
                .env("CARGO_PROFILE_DEV_DEBUG", "false")
                .env("CARGO_TARGET_DIR", tools.join("build")),
        )?;
        // Its intermediate files are of no further use.
        let _ = std::fs::remove_dir_all(tools.join("build"));
    }
    check(deny)
}

//! Everything a change must pass, in order.

use crate::run::{self, Stages, cargo};
use crate::{api, arrows, debian, deny, docs_check, fuzz, oracle, sizes, test};
use anyhow::Result;

/// Runs every stage, even after a failure, and prints how long each took.
pub fn run() -> Result<()> {
    let mut stages = Stages::default();
    stages.stage("packages", debian::ensure);
    stages.stage("fmt", || {
        run::run(cargo().args(["fmt", "--all", "--check"]))?;
        run::run(cargo().args(["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"]))
    });
    stages.stage("arrows", arrows::run);
    stages.stage("docs-check", docs_check::run);
    stages.stage("sizes", sizes::run);
    stages.stage("clippy", || {
        run::run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    });
    stages.stage("doc", || {
        run::run(
            cargo().args(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"),
        )
    });
    stages.stage("deny", deny::run);
    stages.stage("oracle", oracle::run);
    stages.stage("fuzz", || fuzz::run(&["--seconds".to_owned(), "10".to_owned()]));
    stages.stage("test", || test::run(&["--locked".to_owned()]));
    stages.stage("api", api::short);
    stages.finish()
}

//! Which crate may depend on which, and that libraries do no input or output of their own.

use crate::run::{cargo, output};
use crate::source::{is_test_file, product_lines, rust_files};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeSet;

/// Each crate with the crates it stands on directly. What those stand on is allowed too: an arrow may skip a
/// floor, never point upward.
const ALLOWED: &[(&str, &[&str])] = &[
    ("crypto", &[]),
    ("formats", &["crypto"]),
    ("imprint", &[]),
    ("ofd", &["formats"]),
    ("pdf", &["formats"]),
    ("render", &["formats", "imprint", "ofd", "pdf"]),
    ("seal", &["crypto", "formats", "imprint", "ofd", "pdf", "render"]),
    ("registry", &["crypto"]),
    ("store", &["registry"]),
    ("console", &["render"]),
    ("server", &["console", "registry", "render", "store", "seal"]),
    ("cli", &["console", "render", "seal", "server"]),
    ("testkit", &["crypto", "formats", "registry"]),
];

/// Libraries that take time, randomness, files and trust as values.
const NO_IO: &[&str] = &["crypto", "formats", "imprint", "ofd", "pdf", "render", "seal", "registry"];

const BANNED: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env::",
    "std::process",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "getrandom::",
    "tokio::",
    "println!",
];

/// Checks both.
pub fn run() -> Result<()> {
    let mut faults = edges()?;
    faults.extend(io()?);
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} fault(s)", faults.len());
    }
    println!("crate arrows and library purity hold");
    Ok(())
}

fn edges() -> Result<Vec<String>> {
    let metadata = output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_slice(&metadata).context("reading cargo metadata")?;
    let mut faults = Vec::new();
    for package in array(&metadata, "packages") {
        let Some(from) = ours(package) else { continue };
        let Some(allowed) = reachable(from) else {
            faults.push(format!(
                "crate yinxin-{from} is not in the table of allowed arrows (xtask/src/arrows.rs)"
            ));
            continue;
        };
        for dependency in array(package, "dependencies") {
            let Some(to) = ours(dependency) else { continue };
            let test_only = to == "testkit" && dependency.get("kind").and_then(Value::as_str) == Some("dev");
            if !test_only && !allowed.contains(to) {
                faults.push(format!("yinxin-{from} may not depend on yinxin-{to}"));
            }
        }
    }
    Ok(faults)
}

fn ours(value: &Value) -> Option<&str> {
    value.get("name")?.as_str()?.strip_prefix("yinxin-")
}

fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// Every crate below `from`, or `None` when `from` is unknown.
fn reachable(from: &str) -> Option<BTreeSet<&'static str>> {
    let direct = |name: &str| ALLOWED.iter().find(|(crate_name, _)| *crate_name == name).map(|(_, to)| *to);
    let mut open: Vec<&'static str> = direct(from)?.to_vec();
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            open.extend(direct(name).unwrap_or_default());
        }
    }
    Some(seen)
}

fn io() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for name in NO_IO {
        for file in rust_files(&format!("crates/{name}/src"))? {
            if is_test_file(&file.path) {
                continue;
            }
            for (number, line) in product_lines(&file.text) {
                if let Some(word) = BANNED.iter().find(|word| line.contains(**word)) {
                    faults.push(format!("{}:{number}: `{word}` in a library that does no IO", file.path));
                }
            }
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn an_arrow_may_skip_a_floor_but_not_point_upward() {
        assert!(reachable("ofd").unwrap().contains("crypto"));
        assert!(!reachable("crypto").unwrap().contains("formats"));
        assert!(reachable("server").unwrap().contains("formats"));
        assert!(reachable("store").unwrap().contains("crypto"));
        // Only the server knows both.
        assert!(!reachable("registry").unwrap().contains("seal"));
        assert!(!reachable("seal").unwrap().contains("registry"));
        assert!(reachable("unheard-of").is_none());
    }

    #[test]
    fn no_crate_reaches_itself() {
        for (name, _) in super::ALLOWED {
            assert!(!reachable(name).unwrap().contains(name), "{name} is in a circle");
        }
    }
}

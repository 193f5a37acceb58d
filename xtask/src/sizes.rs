//! Source files that have grown too long to be read in one sitting. Warns, never fails.

use crate::source::rust_files;
use anyhow::Result;

const LINES: usize = 800;

/// Names every file above the limit.
pub fn run() -> Result<()> {
    let mut counts = Vec::new();
    for folder in ["crates", "xtask"] {
        for file in rust_files(folder)? {
            counts.push((file.text.lines().count(), file.path));
        }
    }
    counts.sort();
    let median = counts.get(counts.len() / 2).map_or(0, |(lines, _)| *lines);
    println!("{} Rust files, median {median} lines", counts.len());
    for (lines, path) in counts.iter().rev().take_while(|(lines, _)| *lines > LINES) {
        println!("warning: {path} has {lines} lines (limit {LINES}): split it by reason");
    }
    Ok(())
}

//! Reading the source tree: which files there are, which tests they hold, which lines are product code.

use crate::run::workspace_root;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A Rust source file of the workspace.
pub struct SourceFile {
    /// Path from the workspace root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Every `.rs` file below a folder given from the workspace root, sorted by path.
pub fn rust_files(folder: &str) -> Result<Vec<SourceFile>> {
    let root = workspace_root();
    let mut paths = Vec::new();
    collect(&root.join(folder), &mut paths)?;
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            let relative = path.strip_prefix(&root).unwrap_or(&path);
            Ok(SourceFile { path: relative.to_string_lossy().replace('\\', "/"), text })
        })
        .collect()
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, into)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
    Ok(())
}

/// The names of all `#[test]` functions of the crates whose path contains `mark`, as `file::function`.
pub fn test_names(mark: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in rust_files("crates")? {
        names.extend(
            test_functions(&file.text)
                .into_iter()
                .filter(|name| name.contains(mark))
                .map(|name| format!("{}::{name}", file.path)),
        );
    }
    Ok(names)
}

/// The functions of a file that carry `#[test]` (or stand inside `proptest!`, which has the same form).
pub fn test_functions(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut armed = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[test]") {
            armed = true;
        } else if let Some(name) = function_name(line) {
            if armed {
                names.push(name.to_owned());
            }
            armed = false;
        } else if !(line.is_empty() || line.starts_with("#[") || line.starts_with("//")) {
            // An attribute may span lines; anything else ends the search.
            armed = armed && !line.ends_with(['{', '}', ';']);
        }
    }
    names
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    let rest = rest.strip_prefix("fn ")?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    rest.get(..end)
}

/// A file's lines with their numbers, without comments and without inline test modules.
pub fn product_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut in_tests = false;
    let mut previous = "";
    for (index, line) in text.lines().enumerate() {
        if in_tests {
            in_tests = line != "}";
        } else if previous == "#[cfg(test)]" && line.starts_with("mod ") && line.ends_with('{') {
            in_tests = true;
        } else if !line.trim_start().starts_with("//") {
            lines.push((index + 1, line));
        }
        previous = line;
    }
    lines
}

/// Whether a whole file holds tests only.
pub fn is_test_file(path: &str) -> bool {
    let inner = path.split('/').skip(2).collect::<Vec<_>>();
    inner.iter().any(|part| matches!(*part, "tests" | "benches" | "examples"))
        || inner.last().is_some_and(|name| *name == "tests.rs" || name.ends_with("_tests.rs"))
}

#[cfg(test)]
mod tests {
    use super::{is_test_file, product_lines, test_functions};

    #[test]
    fn finds_test_functions_and_nothing_else() {
        let text =
            "fn a() {}\n#[test]\nfn b() {\n}\n    #[test]\n    #[ignore]\n    fn interop_c() {\nfn d() {}\n";
        assert_eq!(test_functions(text), ["b", "interop_c"]);
    }

    #[test]
    fn leaves_out_comments_and_inline_test_modules() {
        let text = "use a;\n// std::fs\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\nfn z() {}\n";
        let lines: Vec<usize> = product_lines(text).into_iter().map(|(number, _)| number).collect();
        assert_eq!(lines, [1, 3, 7]);
    }

    #[test]
    fn knows_test_files_by_their_path() {
        assert!(is_test_file("crates/ofd/tests/package.rs"));
        assert!(is_test_file("crates/ofd/src/zip/tests.rs"));
        assert!(!is_test_file("crates/ofd/src/zip/mod.rs"));
        assert!(!is_test_file("crates/tests/src/lib.rs"));
    }
}

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

/// A `#[test]` function (inside `proptest!` it has the same form).
pub struct TestFunction {
    /// Its name.
    pub name: String,
    /// Its lines, from the signature to the closing brace.
    pub body: String,
}

/// The test functions of a file.
pub fn test_functions(text: &str) -> Vec<TestFunction> {
    let mut found: Vec<TestFunction> = Vec::new();
    let mut armed = false;
    // The closing line of the function being read: a brace as far in as its signature.
    let mut end = None;
    for line in text.lines() {
        if let Some(closing) = &end {
            if let Some(test) = found.last_mut() {
                test.body.push_str(line);
                test.body.push('\n');
            }
            if line == closing {
                end = None;
            }
            continue;
        }
        let trimmed = line.trim();
        if trimmed.starts_with("#[test]") || trimmed.starts_with("#[tokio::test") {
            armed = true;
        } else if let Some(name) = function_name(trimmed) {
            // Cases of a contract suite: a macro turns each into a test for each engine, and an unused one does not compile.
            let case = trimmed.starts_with("pub async fn ") && trimmed.contains("(bench: &Bench)");
            if armed || case {
                found.push(TestFunction { name: name.to_owned(), body: format!("{line}\n") });
                let indent = line.len() - line.trim_start().len();
                end = (!line.ends_with('}')).then(|| format!("{}}}", " ".repeat(indent)));
            }
            armed = false;
        } else if !(trimmed.is_empty() || trimmed.starts_with("#[") || trimmed.starts_with("//")) {
            // An attribute may span lines; anything else ends the search.
            armed = armed && !trimmed.ends_with(['{', '}', ';']);
        }
    }
    found
}

/// The tests that read seals and documents made by other software: their name, their body or their file says `interop`.
pub fn interop_tests() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in rust_files("crates")? {
        let whole_file = file.path.rsplit('/').next().is_some_and(|name| name.contains("interop"));
        names.extend(
            test_functions(&file.text)
                .into_iter()
                .filter(|test| whole_file || is_interop(&test.body))
                .map(|test| test.name),
        );
    }
    names.sort();
    Ok(names)
}

fn is_interop(body: &str) -> bool {
    ["interop_", "interop()", "INTEROP"].iter().any(|word| body.contains(word))
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
    use super::{is_interop, is_test_file, product_lines, test_functions};

    #[test]
    fn finds_test_functions_and_nothing_else() {
        let text = "fn a() {}\n#[test]\nfn b() {\n}\n    #[test]\n    #[ignore]\n    fn interop_c() {\n    }\nfn d() {}\n";
        let names: Vec<String> = test_functions(text).into_iter().map(|test| test.name).collect();
        assert_eq!(names, ["b", "interop_c"]);
    }

    #[test]
    fn tells_interop_tests_by_what_they_call() {
        let text = "#[test]\nfn a() {\n    let Some(d) = interop() else { return };\n}\n#[test]\nfn b() {\n}\nfn interop() {}\n";
        let found: Vec<bool> = test_functions(text).iter().map(|test| is_interop(&test.body)).collect();
        assert_eq!(found, [true, false]);
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

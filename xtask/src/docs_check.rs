//! The documents that name tests and check codes name only what exists, and all of it.

use crate::run::workspace_root;
use crate::source::{SourceFile, is_test_file, product_lines, rust_files, test_functions};
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;

/// Documents made of tables whose last column names tests.
const TABLES: &[&str] = &["docs/requirements.md", "docs/standards.md", "docs/journeys.md"];
/// Where every check code has its entry for lay readers.
const CODE_PAGE: &str = "docs/check-codes.md";
/// Where every outside dependency has its reason.
const DEPENDENCY_PAGE: &str = "docs/decisions/0001-dependencies.md";

/// Checks all of it.
pub fn run() -> Result<()> {
    let sources: Vec<SourceFile> = rust_files("crates")?.into_iter().chain(rust_files("xtask")?).collect();
    let mut faults = Vec::new();
    let mut named = 0;
    for table in TABLES {
        let text = read(table)?;
        for row in rows(&text) {
            let tests = row.tests();
            named += tests.len();
            if tests.is_empty() && !row.last().starts_with("planned") {
                faults.push(format!("{table}:{}: names no test and does not say `planned`", row.line));
            }
            for test in tests {
                if let Err(why) = find_test(&sources, test) {
                    faults.push(format!("{table}:{}: `{test}`: {why}", row.line));
                }
            }
        }
    }
    let codes = check_codes(&sources);
    // A page that is not there has no entry.
    let page = read(CODE_PAGE).unwrap_or_default();
    faults.extend(
        codes
            .iter()
            .filter(|code| !has_entry(&page, code))
            .map(|code| format!("{CODE_PAGE}: no entry for {code}")),
    );
    let manifest = read("Cargo.toml")?;
    let reasons = read(DEPENDENCY_PAGE)?;
    faults.extend(
        dependencies(&manifest)
            .filter(|name| !has_entry(&reasons, name))
            .map(|name| format!("{DEPENDENCY_PAGE}: no reason given for the dependency {name}")),
    );
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("{} fault(s)", faults.len());
    }
    println!("{named} named tests exist; {} check codes have their entry", codes.len());
    Ok(())
}

fn read(path: &str) -> Result<String> {
    std::fs::read_to_string(workspace_root().join(path)).with_context(|| format!("reading {path}"))
}

struct Row<'a> {
    line: usize,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn last(&self) -> &'a str {
        self.cells.last().copied().unwrap_or("")
    }

    /// The names in backticks in the last cell that are paths to functions.
    fn tests(&self) -> Vec<&'a str> {
        self.last().split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect()
    }
}

/// The body rows of all tables of a page.
fn rows(text: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut in_body = false;
    for (index, line) in text.lines().enumerate() {
        let Some(inner) = line.trim().strip_prefix('|') else {
            in_body = false;
            continue;
        };
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
        if cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':'))) {
            in_body = true;
        } else if in_body {
            rows.push(Row { line: index + 1, cells });
        }
    }
    rows
}

/// Finds `crate_name::modules::function` or `path/to/file.rs::function` in the source.
fn find_test(sources: &[SourceFile], name: &str) -> Result<(), &'static str> {
    let (place, function) = name.rsplit_once("::").ok_or("not a path")?;
    let in_place: Vec<&SourceFile> = if place.contains(".rs") {
        let file = place.split("::").next().unwrap_or(place);
        sources
            .iter()
            .filter(|source| source.path == file || source.path.ends_with(&format!("/{file}")))
            .collect()
    } else {
        let package = place.split("::").next().unwrap_or(place);
        let folder = package.strip_prefix("yinxin_").unwrap_or(package).replace('_', "-");
        let folder = if folder == "xtask" { "xtask/".to_owned() } else { format!("crates/{folder}/") };
        sources.iter().filter(|source| source.path.starts_with(&folder)).collect()
    };
    if in_place.is_empty() {
        return Err("no such crate or file");
    }
    if in_place.iter().any(|source| test_functions(&source.text).iter().any(|found| found.name == function)) {
        Ok(())
    } else {
        Err("no test of that name there")
    }
}

/// The codes of checks, read from the product's list of them.
fn check_codes(sources: &[SourceFile]) -> BTreeSet<String> {
    sources
        .iter()
        .filter(|source| source.path.starts_with("crates/seal/src/") && !is_test_file(&source.path))
        .filter(|source| source.path.ends_with("codes.rs"))
        .flat_map(|source| product_lines(&source.text))
        .flat_map(|(_, line)| {
            line.split('"').skip(1).step_by(2).filter(|word| is_code(word)).map(str::to_owned)
        })
        .collect()
}

/// The outside crates of `[workspace.dependencies]`.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['=', ' ', '.']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#') && !name.starts_with("yinxin-"))
}

fn is_code(word: &str) -> bool {
    word.len() >= 4
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// An entry is a heading or a table row that begins with the code.
fn has_entry(page: &str, name: &str) -> bool {
    page.lines().any(|line| {
        let line = line.trim_start_matches(['#', '|', ' ', '`']);
        line.strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    })
}

#[cfg(test)]
mod tests {
    use super::{dependencies, find_test, has_entry, rows};
    use crate::source::SourceFile;

    #[test]
    fn reads_the_tests_of_table_rows_only() {
        let text = "# `a::b`\n| id | tests |\n|---|:-:|\n| X | `c::d`, `e.rs::f` `not_a_path` |\n\n| y |\n";
        let found = rows(text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 4);
        assert_eq!(found[0].tests(), ["c::d", "e.rs::f"]);
    }

    #[test]
    fn refuses_a_test_that_is_not_there() {
        let text = "#[test]\nfn rejects_x() {\n}\nfn other() {}\n".to_owned();
        let sources = [SourceFile { path: "crates/formats/tests/der.rs".into(), text }];
        assert!(find_test(&sources, "yinxin_formats::der::rejects_x").is_ok());
        assert!(find_test(&sources, "tests/der.rs::rejects_x").is_ok());
        assert!(find_test(&sources, "crates/formats/tests/der.rs::rejects_x").is_ok());
        assert!(find_test(&sources, "tests/der.rs::other").is_err());
        assert!(find_test(&sources, "tests/gone.rs::rejects_x").is_err());
        assert!(find_test(&sources, "yinxin_ofd::rejects_x").is_err());
    }

    #[test]
    fn an_entry_is_a_heading_or_a_row_of_exactly_that_code() {
        assert!(has_entry("### `FORMAT` · form\n", "FORMAT"));
        assert!(has_entry("| `FORMAT` | x |\n", "FORMAT"));
        assert!(!has_entry("### FORMAT_X\n", "FORMAT"));
        assert!(!has_entry("see FORMAT\n", "FORMAT"));
    }

    #[test]
    fn reads_the_outside_dependencies_of_the_manifest() {
        let text = "[a]\nx = 1\n[workspace.dependencies]\nyinxin-seal = { path = \"\" }\n\nserde = \"1\"\n# note\nsm3.version = \"1\"\n[b]\ny = 1\n";
        assert_eq!(dependencies(text).collect::<Vec<_>>(), ["serde", "sm3"]);
    }
}

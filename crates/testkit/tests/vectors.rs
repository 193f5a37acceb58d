//! The collection on disk is what the code makes.

use std::collections::BTreeSet;

use yinxin_testkit::folder::files;
use yinxin_testkit::vectors;

#[test]
fn regenerating_gives_the_same_bytes() {
    let folder = vectors::folder();
    let made = vectors::generate();
    let differs: Vec<&String> = made
        .iter()
        .filter(|(path, bytes)| std::fs::read(folder.join(path)).ok().as_ref() != Some(bytes))
        .map(|f| f.0)
        .collect();
    assert!(
        differs.is_empty(),
        "out of date (run cargo run -p yinxin-testkit --example write_vectors): {differs:?}"
    );
    let total: usize = made.values().map(Vec::len).sum();
    assert!(total < 3 << 20, "the collection has grown to {total} bytes");
}

#[test]
fn nothing_else_lies_in_the_folder() {
    let made = vectors::generate();
    let names = files(&vectors::folder()).into_iter().map(|path| path.to_string_lossy().into_owned());
    let stray: Vec<_> = names.filter(|name| name != "README.md" && !made.contains_key(name)).collect();
    assert!(stray.is_empty(), "{stray:?}");
}

#[test]
fn every_case_says_what_it_is_and_what_must_come_out() {
    let mut count = 0;
    for family in vectors::load() {
        let ids: BTreeSet<&str> = family.cases.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids.len(), family.cases.len(), "{}", family.family);
        for case in &family.cases {
            count += 1;
            assert!(!case.zh.is_empty() && !case.en.is_empty() && !case.flags.is_empty(), "{}", case.id);
            assert!(case.verdict == "valid" || !case.checks.is_empty(), "{} expects no reason", case.id);
        }
    }
    assert!(count >= 80, "only {count} cases");
}

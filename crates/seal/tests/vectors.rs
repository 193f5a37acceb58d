//! Every case under `vectors/` gives its verdict and its reasons.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use yinxin_testkit::vectors;

fn all(name: &str) {
    let families = vectors::load();
    let family = families.iter().find(|f| f.family == name).unwrap();
    let wrong: Vec<String> = family.cases.iter().filter_map(|c| support::run(family, c)).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), family.cases.len(), wrong.join("\n"));
}

#[test]
fn documents_and_attacks_on_what_is_protected() {
    all("documents");
}

#[test]
fn packages_that_can_be_read_in_two_ways_and_broken_ones() {
    all("packages");
}

#[test]
fn dialects_are_read_and_named() {
    all("dialects");
}

#[test]
fn moments_revocation_and_timestamps() {
    all("time");
}

#[test]
fn pdf_documents_and_the_known_attacks_on_them() {
    all("pdf");
}

#[test]
fn seals_by_themselves() {
    all("seals");
}

#[test]
fn chains_of_certificates_and_revocation_lists() {
    all("trust");
}

#[test]
fn no_family_is_left_out() {
    let names: Vec<String> = vectors::load().into_iter().map(|f| f.family).collect();
    assert_eq!(names, ["dialects", "documents", "packages", "pdf", "seals", "time", "trust"]);
}

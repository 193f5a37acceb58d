//! Every case under `vectors/` gives its verdict and its reasons.

use std::io::Cursor;

use jiff::Timestamp;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::ocsp::OcspResponse;
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::{Check, Lang, to_value};
use yinxin_seal::{Policy, TrustFacts, VerifyOptions, verify, verify_seal};
use yinxin_testkit::vectors::{self, Case, Family};

fn facts(family: &Family, case: &Case) -> TrustFacts {
    let limits = Limits::default();
    let read = |f: &String| std::fs::read(vectors::folder().join(f)).unwrap_or_else(|e| panic!("{f}: {e}"));
    let mut facts = TrustFacts::default();
    for f in case.trust.as_ref().unwrap_or(&family.trust) {
        facts.add_certificate(Certificate::parse(&read(f), &limits).unwrap());
    }
    facts.crls = case.crl.as_ref().unwrap_or(&family.crl).iter().map(|f| Crl::parse(&read(f), &limits).unwrap()).collect();
    facts.ocsp = case.ocsp.iter().map(|f| OcspResponse::parse(&read(f), &limits).unwrap()).collect();
    facts
}

/// What the case expects and the report does not say.
fn missing(case: &Case, verdict: &str, checks: &[&Check]) -> Vec<String> {
    let mut out = Vec::new();
    if verdict != case.verdict {
        out.push(format!("verdict {verdict}, expected {}", case.verdict));
    }
    for e in &case.checks {
        let fits = |c: &&&Check| {
            c.code == e.code
                && to_value(&c.outcome) == e.outcome.as_str()
                && e.evidence.iter().all(|name| c.evidence.iter().any(|(n, _)| n == name))
        };
        if !checks.iter().any(|c| fits(&c)) {
            out.push(format!("no check {} {} {:?}", e.code, e.outcome, e.evidence));
        }
    }
    out
}

fn run(family: &Family, case: &Case) -> Option<String> {
    let facts = facts(family, case);
    let at: Timestamp = case.at.as_ref().unwrap_or(&family.at).parse().unwrap();
    let mut options = VerifyOptions::at(at);
    if case.policy.as_deref() == Some("strict") {
        options.policy = Policy::Strict;
    }
    let bytes = case.load(&vectors::folder());
    let (faults, told) = if family.kind == "seal" {
        let report = verify_seal(&bytes, &facts, &options);
        let checks: Vec<&Check> = report.checks.iter().collect();
        (missing(case, report.verdict.word(), &checks), report.to_text(Lang::En, false))
    } else {
        let report = verify(Cursor::new(bytes), &facts, &options);
        let checks: Vec<&Check> =
            report.checks.iter().chain(report.signatures.iter().flat_map(|s| &s.checks)).collect();
        (missing(case, report.verdict.word(), &checks), report.to_text(Lang::En, false))
    };
    (!faults.is_empty()).then(|| format!("{}/{} ({}): {}\n{told}", family.family, case.id, case.en, faults.join("; ")))
}

fn all(name: &str) {
    let families = vectors::load();
    let family = families.iter().find(|f| f.family == name).unwrap();
    let wrong: Vec<String> = family.cases.iter().filter_map(|c| run(family, c)).collect();
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
    assert_eq!(names, ["dialects", "documents", "packages", "seals", "time", "trust"]);
}

//! Every row of the foreign document collection gives its verdict, with the reason named.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test says what fails by panicking"
)]

use std::fs::File;
use std::path::PathBuf;

use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::{Lang, Outcome, Report, Verdict};
use yinxin_seal::{TrustFacts, VerifyOptions, verify};

fn folder() -> Option<PathBuf> {
    let dir = std::env::var_os("YINXIN_INTEROP").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/interop"),
        PathBuf::from,
    );
    if dir.join("expected.tsv").is_file() {
        return Some(dir);
    }
    println!("INTEROP DATA ABSENT: {} (set YINXIN_INTEROP)", dir.display());
    None
}

/// Warnings besides missing revocation data.
fn telling_warnings(r: &Report) -> Vec<&'static str> {
    r.warnings().map(|(_, c)| c.code).filter(|c| *c != "NO_REVOCATION_DATA").collect()
}

/// Whether everything that is arithmetic, not trust, passed.
fn arithmetic_passed(r: &Report) -> bool {
    let arithmetic =
        ["SEAL_SIGNATURE", "SIGNATURE_VALUE", "DOCUMENT_MODIFIED", "FORMAT", "SIGNER_NOT_LISTED"];
    r.signatures.iter().all(|s| {
        s.checks
            .iter()
            .filter(|c| arithmetic.contains(&c.code))
            .all(|c| matches!(c.outcome, Outcome::Pass | Outcome::Warn))
    })
}

fn fits(expected: &str, r: &Report) -> bool {
    match expected {
        "VALID" => r.verdict == Verdict::Valid,
        "INVALID" => r.verdict == Verdict::Invalid,
        "UNSIGNED" => r.verdict == Verdict::Unsigned,
        "VALID_ARITH" => r.verdict == Verdict::Indeterminate && arithmetic_passed(r),
        "VALID_WARN" => {
            r.verdict == Verdict::Indeterminate
                || r.verdict == Verdict::Valid && !telling_warnings(r).is_empty()
        }
        "VALID_OR_INVALID" => r.warnings().any(|(_, c)| c.code == "DIALECT"),
        other => panic!("unknown expectation {other}"),
    }
}

#[test]
fn interop_every_foreign_document_gives_its_verdict() {
    let Some(dir) = folder() else { return };
    let limits = Limits::default();
    let mut facts = TrustFacts::default();
    let root = std::fs::read(dir.join("pki/root.cer")).unwrap();
    facts.add_certificate(Certificate::parse(&root, &limits).unwrap());
    assert_eq!(facts.anchors.len(), 1);
    let options = VerifyOptions::at("2026-11-22T00:00:00Z".parse().unwrap());
    let table = std::fs::read_to_string(dir.join("expected.tsv")).unwrap();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let mut cells = line.split('\t');
        let (file, count, data) = (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap());
        let (expected, what) = (cells.next().unwrap(), cells.next().unwrap());
        rows += 1;
        let report = verify(File::open(dir.join(file)).unwrap(), &facts, &options);
        let formats: Vec<&str> = report.signatures.iter().map(|s| s.format).collect();
        let formats_fit = data.is_empty() || data.split('+').all(|d| formats.contains(&d));
        let count_fits = report.signatures.len().to_string() == count;
        if !fits(expected, &report) || !formats_fit || !count_fits {
            wrong.push(format!(
                "{file}: expected {count} × {data} {expected} ({what}), got {formats:?}\n{}",
                report.to_text(Lang::En, false)
            ));
        }
    }
    assert!(rows > 70, "only {rows} rows");
    assert!(wrong.is_empty(), "{} of {rows} rows:\n{}", wrong.len(), wrong.join("\n"));
}

//! Our verdicts beside pyHanko's on the same tricks, each difference explained: `docs/pdf-verdicts.md`.
//!
//! pyHanko knows neither SM2 nor SES_Signature: so the values are ECDSA by OpenSSL, and everything else is the PDF family of
//! `vectors/`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failure here fails the test, and absence is said aloud"
)]

mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use yinxin_formats::der::Limits;
use yinxin_formats::pem::parse_pem_or_der;
use yinxin_formats::x509::Certificate;
use yinxin_seal::report::{Outcome, Report};
use yinxin_seal::{TrustFacts, Verdict, VerifyOptions, verify};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::vectors;

const JUDGE: &str = r#"
import logging, re, sys
from datetime import datetime, timezone
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
logging.disable(logging.CRITICAL)
root = load_cert_from_pemder('signer.pem')
def one(path):
    try:
        reader = PdfFileReader(open(path, 'rb'))
        signatures = reader.embedded_regular_signatures
        if not signatures:
            return 'unsigned', 'no signature'
        words = []
        for s in signatures:
            context = ValidationContext(trust_roots=[root], moment=datetime(2030, 1, 1, tzinfo=timezone.utc))
            status = validate_pdf_signature(s, context)
            if not status.bottom_line:
                if not status.intact: words.append('not intact')
                elif not status.valid: words.append('value wrong')
                elif not status.trusted: words.append('not trusted')
                elif not status.docmdp_ok: words.append('changes: ' + re.sub('{[^}]*}', '{…}', ' '.join(str(status.diff_result).split()))[:120])
                else: words.append('refused')
        return ('refused', '; '.join(words)) if words else ('accepted', '')
    except Exception as e:
        return 'refused', type(e).__name__
for path in sys.argv[1:]:
    print('VERDICT\t' + path + '\t' + '\t'.join(one(path)))
"#;

/// Why the two differ, by case. A difference without a reason fails the test, and so does a reason without a difference.
const REASONS: &[(&str, &str)] = &[
    (
        "certified-then-signed",
        "A new visible field after a certification that permits signing: listed here with its place and judged by itself; pyHanko wants the field to have been there.",
    ),
    (
        "value-empty",
        "pyHanko leaves a field without a value out; here a signature without a value is a failed one.",
    ),
    (
        "value-smuggled",
        "Bytes hidden behind the value, which no range covers: pyHanko reads the value and stops.",
    ),
    (
        "saving-no-section",
        "Objects behind the end of the last section: readers that rebuild tables show them, pyHanko goes by the last section.",
    ),
    (
        "form-rendered-anew",
        "NeedAppearances makes readers draw the fields anew after signing; pyHanko passes over it.",
    ),
    (
        "shadow-empty-field",
        "A field without a signature laid over the text: pyHanko permits new empty fields, whatever they cover.",
    ),
    (
        "later-field-acts",
        "The field of a later signature runs a script: pyHanko does not look at what a field does.",
    ),
    (
        "annotation-permitted",
        "Level 3 permits annotations (ISO 32000-1 table 254); pyHanko has no rule for them. Here the annotation is a warning, since it may cover what is below.",
    ),
    (
        "filled-uncertified",
        "A field filled in that no signature said might be: pyHanko permits it by default.",
    ),
    (
        "range-escaped",
        "`/ByteRange` written with an escape: a way to show one dictionary to one reader and another to the next.",
    ),
    ("signature-shared", "Two fields with one signature as their value: pyHanko judges the signature twice."),
    (
        "entry-misleads",
        "The table leads to another object; readers that search for objects see another document.",
    ),
    ("key-twice", "One key twice in a dictionary: readers take the first or the last."),
    ("entry-twice", "A section gives two places for one object: readers take the first or the last."),
    (
        "object-inside-another",
        "An object inside the stream of another: only one of two readings can be meant.",
    ),
    ("stream-longer", "A stream longer than it says: readers that search for its end see more than others."),
    (
        "object-stream-disagrees",
        "The section's place in an object stream is another object's: readers go by place or by number.",
    ),
    ("pdf-and-zip", "A PDF and a package at once: what it is depends on who opens it."),
];

fn python() -> Option<PathBuf> {
    let named = std::env::var_os("YINXIN_PYTHON").map(PathBuf::from).filter(|p| p.is_file());
    if named.is_none() {
        println!(
            "PYHANKO ABSENT: nothing was compared with it; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
        );
    }
    named
}

/// The worst checks of a report, by code.
fn because(report: &Report) -> String {
    let all = || report.checks.iter().chain(report.signatures.iter().flat_map(|s| &s.checks));
    let of = |outcome| {
        let mut codes: Vec<&str> = all().filter(|c| c.outcome == outcome).map(|c| c.code).collect();
        codes.dedup();
        codes.join(", ")
    };
    // Nobody can know revocation of a self-signed certificate, nor whose seal it is.
    [Outcome::Fail, Outcome::Indeterminate, Outcome::Warn]
        .map(of)
        .into_iter()
        .find(|t| !t.is_empty())
        .unwrap_or_default()
}

#[test]
fn every_difference_to_pyhanko_is_explained() {
    let Some(python) = python() else { return };
    let lab = Lab::new("pdf-verdicts");
    lab.openssl(&[
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        "signer.key",
    ]);
    lab.openssl(&[
        "req",
        "-x509",
        "-new",
        "-key",
        "signer.key",
        "-subj",
        "/CN=Sample signer",
        "-days",
        "3650",
        "-out",
        "signer.pem",
        "-addext",
        "keyUsage=critical,digitalSignature,nonRepudiation",
    ]);
    let lab = Arc::new(lab);
    let for_value = Arc::clone(&lab);
    let value = move |covered: &[u8]| {
        for_value.write("covered", covered);
        let head =
            ["cms", "-sign", "-binary", "-in", "covered", "-signer", "signer.pem", "-inkey", "signer.key"];
        for_value.openssl(
            &[&head[..], &["-md", "sha256", "-cades", "-outform", "DER", "-out", "value.der"]].concat(),
        );
        for_value.read("value.der")
    };
    let cases = vectors::pdf_twins(Arc::new(value));
    let names: Vec<String> = cases.iter().map(|c| format!("{}.pdf", c.id)).collect();
    for (case, name) in cases.iter().zip(&names) {
        lab.write(name, &case.bytes);
    }
    lab.write("judge.py", JUDGE);
    let args: Vec<&str> = ["judge.py"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let (ok, text) = lab.run(&python.to_string_lossy(), &args);
    assert!(ok, "{text}");
    let theirs: BTreeMap<&str, (&str, &str)> = text
        .lines()
        .filter_map(|l| l.strip_prefix("VERDICT\t"))
        .map(|l| {
            let parts: Vec<&str> = l.split('\t').collect();
            (parts[0], (parts[1], parts.get(2).copied().unwrap_or_default()))
        })
        .collect();
    assert_eq!(theirs.len(), cases.len(), "{text}");

    let der = parse_pem_or_der(&lab.read("signer.pem"), &Limits::default()).unwrap().remove(0).der;
    let mut facts = TrustFacts::default();
    facts.add_certificate(Certificate::parse(&der, &Limits::default()).unwrap());
    let options = VerifyOptions::at("2030-01-01T00:00:00Z".parse().unwrap());
    let reasons: BTreeMap<&str, &str> = REASONS.iter().copied().collect();
    let mut page = String::from(HEAD);
    let mut wrong = Vec::new();
    for (case, name) in cases.iter().zip(&names) {
        let report = verify(Cursor::new(&case.bytes), &facts, &options);
        let ours = match report.verdict {
            Verdict::Valid => "accepted",
            Verdict::Unsigned => "unsigned",
            _ => "refused",
        };
        let (their, why) = theirs[name.as_str()];
        let reason = reasons.get(case.id.as_str()).copied();
        match (ours == their, reason) {
            (true, Some(_)) => {
                wrong.push(format!("{}: explained, but there is no difference ({ours})", case.id))
            }
            (false, None) => {
                let because = because(&report);
                wrong.push(format!(
                    "{}: {} ({because}) here, {their} ({why}) there",
                    case.id,
                    report.verdict.word()
                ));
            }
            _ => {}
        }
        let _ = writeln!(
            page,
            "| `{}` | {} · {} | {} {} | {their}{} | {} |",
            case.id,
            case.zh,
            case.en,
            report.verdict.word(),
            because(&report),
            if why.is_empty() { String::new() } else { format!(": {why}") },
            reason.unwrap_or_default()
        );
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/pdf-verdicts.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        found == page,
        "docs/pdf-verdicts.md is out of date: run UPDATE_DOCS=1 cargo test --test pdf_verdicts"
    );
}

const HEAD: &str = "# 与 pyHanko 的结论对照 · Our verdicts beside pyHanko's

Every case of the PDF family of `vectors/`, signed anew with ECDSA by OpenSSL because pyHanko knows neither SM2 nor seals, judged by both with the same
certificate as anchor; document timestamps are by the SM2 test authority, which pyHanko cannot read (`TypeError`). *Accepted* is a verdict *valid* here and `bottom_line` there. Where the two differ, the last column says why; the test that makes this
page (`crates/seal/tests/pdf_verdicts.rs`) fails on a difference without a reason.

| case | 是什么 · what it is | Yinxin | pyHanko | why they differ |
|---|---|---|---|---|
";

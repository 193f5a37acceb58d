//! A sealed PDF that carries what verifies it is verified years later, by that and nobody's word.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failure here fails the test, and absence is said aloud"
)]

mod support;

use std::io::Cursor;

use jiff::Timestamp;
use support::{assert_verdict, facts, facts_of, outcome, seal};
use yinxin_formats::cms::Family;
use yinxin_formats::crl::RevocationReason;
use yinxin_formats::ocsp::CertStatus;
use yinxin_formats::ses::SesVersion;
use yinxin_pdf::Level;
use yinxin_seal::report::{Lang, Outcome};
use yinxin_seal::sign::{Extend, LongTerm, SignRequest, TimestampSource, What, extend_pdf, sign_pdf};
use yinxin_seal::{Policy, Report, TrustFacts, Verdict, VerifyOptions, verify};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::pki::{CertSpec, Identity};
use yinxin_testkit::revocation::{CrlForge, ocsp};
use yinxin_testkit::{Pki, clock, pdf, timestamp};

/// An authority that stamps at a fixed time.
struct Stamper(Identity, Timestamp);

impl TimestampSource for Stamper {
    fn stamp(&self, covered: &[u8]) -> Result<Vec<u8>, String> {
        Ok(timestamp::token_of(Family::Rfc5652, &self.0, covered, self.1, true))
    }

    fn stamp_digest(&self, digest: &[u8; 32]) -> Result<Vec<u8>, String> {
        Ok(timestamp::token_over(Family::Rfc5652, &self.0, digest, self.1, true))
    }
}

fn stamper(pki: &Pki, at: &str) -> Stamper {
    Stamper(pki.tsa.clone(), clock::at(at))
}

fn request(pki: &Pki, version: Option<SesVersion>) -> SignRequest {
    let what = version.map_or(What::Sign, |v| What::Seal(seal(pki, v, &pki.signer_a)));
    SignRequest::new(what, pki.signer_a.cert.clone(), clock::signed())
}

fn sign(pki: &Pki, bytes: &[u8], request: &SignRequest, stamp: Option<&Stamper>) -> Vec<u8> {
    let (key, mut out) = (&*pki.signer_a.key, Vec::new());
    let stamp = stamp.map(|s| s as &dyn TimestampSource);
    sign_pdf(Cursor::new(bytes), request, key, &facts(pki), stamp, &mut out, &mut |_, _| ()).unwrap();
    out
}

fn extend(
    bytes: &[u8],
    level: LongTerm,
    facts: &TrustFacts,
    stamp: Option<&Stamper>,
) -> Result<Vec<u8>, &'static str> {
    let mut file = Cursor::new(bytes.to_vec());
    let stamp = stamp.map(|s| s as &dyn TimestampSource);
    let how = Extend { level, now: clock::now(), password: None };
    let done = extend_pdf(&mut file, &how, facts, stamp).map_err(|e| e.code())?;
    let out = file.into_inner();
    assert_eq!(done.bytes, out.len() as u64);
    assert!(out.starts_with(bytes), "the old bytes changed");
    Ok(out)
}

/// By nothing but the root, strictly, at a moment.
fn judge_alone(pki: &Pki, bytes: &[u8], at: &str) -> Report {
    let root = facts_of(&[pki.root.der()], &[]);
    let mut options = VerifyOptions::at(clock::at(at));
    options.policy = Policy::Strict;
    verify(Cursor::new(bytes), &root, &options)
}

fn levels(report: &Report) -> Vec<String> {
    let check = |s: &yinxin_seal::SignatureReport| {
        let found = s.checks.iter().find(|c| c.code == "LONG_TERM").unwrap();
        found.evidence.iter().find(|(k, _)| *k == "level").unwrap().1.clone()
    };
    report.signatures.iter().map(check).collect()
}

#[test]
fn each_level_is_written_and_told() {
    let pki = Pki::new();
    for version in [None, Some(SesVersion::V4), Some(SesVersion::V5)] {
        let stamp = stamper(&pki, "2026-11-20T08:00:01Z");
        let b = sign(&pki, &pdf::plain(), &request(&pki, version), None);
        let t = sign(&pki, &pdf::plain(), &request(&pki, version), Some(&stamp));
        let lt = extend(&t, LongTerm::Data, &facts(&pki), None).unwrap();
        let later = stamper(&pki, "2026-11-21T12:00:00Z");
        let lta = extend(&lt, LongTerm::Archive, &facts(&pki), Some(&later)).unwrap();
        for (bytes, expected) in [(&b, "B"), (&t, "T"), (&lt, "LT"), (&lta, "LTA")] {
            let report = support::judge(bytes, &facts(&pki));
            assert_verdict(&report, Verdict::Valid);
            assert_eq!(levels(&report)[0], expected, "{version:?}\n{}", report.to_text(Lang::En, true));
            assert_eq!(outcome(&report, "LATER_CHANGES"), Outcome::Pass);
        }
        // Fourteen years later all certificates but the root have expired, and no list is to be had.
        for (bytes, expected) in [
            (&b, Verdict::Indeterminate),
            (&t, Verdict::Indeterminate),
            (&lt, Verdict::Valid),
            (&lta, Verdict::Valid),
        ] {
            let report = judge_alone(&pki, bytes, "2040-01-01T00:00:00Z");
            assert_verdict(&report, expected);
        }
        // Nothing is written twice.
        let again = extend(&lta, LongTerm::Data, &facts(&pki), None).unwrap();
        let once_more = extend(&again, LongTerm::Data, &facts(&pki), None).unwrap();
        assert_eq!(again, once_more);
    }
}

#[test]
fn a_document_timestamp_alone_proves_when_a_signature_was_there() {
    let pki = Pki::new();
    let b = sign(&pki, &pdf::plain(), &request(&pki, None), None);
    let later = stamper(&pki, "2026-11-21T12:00:00Z");
    let lta = extend(&b, LongTerm::Archive, &facts(&pki), Some(&later)).unwrap();
    let report = judge_alone(&pki, &lta, "2040-01-01T00:00:00Z");
    assert_verdict(&report, Verdict::Valid);
    assert_eq!(report.signatures[0].time_source, "timestamp");
    assert_eq!(report.signatures[0].signing_time.as_deref(), Some("2026-11-21T12:00:00Z"));
    // The signer says he signed after the document was stamped: one of the two is untrue.
    let early = stamper(&pki, "2026-11-19T12:00:00Z");
    let bad = extend(&b, LongTerm::Archive, &facts(&pki), Some(&early)).unwrap();
    let report = support::judge(&bad, &facts(&pki));
    assert_eq!(outcome(&report, "TIME_ORDER"), Outcome::Fail);
}

#[test]
fn nothing_is_called_long_term_that_is_not() {
    let pki = Pki::new();
    let t = sign(&pki, &pdf::plain(), &request(&pki, None), Some(&stamper(&pki, "2026-11-20T08:00:01Z")));
    let refused = |facts: &TrustFacts| extend(&t, LongTerm::Data, facts, None).unwrap_err();
    assert_eq!(refused(&TrustFacts::default()), "SIGN_LT_INCOMPLETE");
    let certs = [pki.root.der(), pki.ca.der()];
    assert_eq!(refused(&facts_of(&certs, &[])), "SIGN_LT_INCOMPLETE");
    assert_eq!(refused(&facts_of(&certs, &[CrlForge::fresh(&pki.root).build()])), "SIGN_LT_INCOMPLETE");
    let revoked = CrlForge::fresh(&pki.ca).revoke(&pki.tsa, "2026-11-01T00:00:00Z", None).build();
    assert_eq!(
        refused(&facts_of(&certs, &[CrlForge::fresh(&pki.root).build(), revoked])),
        "SIGN_LT_INCOMPLETE"
    );
    assert_eq!(extend(&pdf::plain(), LongTerm::Data, &facts(&pki), None).unwrap_err(), "SIGN_LT_UNSIGNED");
    assert_eq!(extend(&t, LongTerm::Archive, &facts(&pki), None).unwrap_err(), "TIMESTAMP_UNAVAILABLE");
}

#[test]
fn what_the_document_carries_is_trusted_by_nobody_for_standing_there() {
    let pki = Pki::new();
    let t = sign(&pki, &pdf::plain(), &request(&pki, None), Some(&stamper(&pki, "2026-11-20T08:00:01Z")));
    let lt = extend(&t, LongTerm::Data, &facts(&pki), None).unwrap();
    let report = support::judge(&lt, &TrustFacts::default());
    assert_verdict(&report, Verdict::Indeterminate);
    assert_eq!(outcome(&report, "SIGNER_CHAIN"), Outcome::Indeterminate);
    // What the verifier knows outweighs it.
    let revoked = CrlForge::fresh(&pki.ca).revoke(&pki.signer_a, "2026-11-10T00:00:00Z", None).build();
    let known = facts_of(&[pki.root.der()], &[revoked]);
    assert_verdict(&support::judge(&lt, &known), Verdict::Invalid);
}

#[test]
fn a_later_timestamp_keeps_an_earlier_one_whose_authority_lost_its_key() {
    let pki = Pki::new();
    let second = pki.leaf(&CertSpec::tsa("第二时间戳机构"));
    let t = sign(&pki, &pdf::plain(), &request(&pki, None), Some(&stamper(&pki, "2026-11-20T08:00:01Z")));
    let lta = extend(
        &t,
        LongTerm::Archive,
        &facts(&pki),
        Some(&Stamper(second, clock::at("2026-11-21T06:00:00Z"))),
    )
    .unwrap();
    let reason = Some(RevocationReason::KeyCompromise);
    let lost = |at| {
        let list = CrlForge::fresh(&pki.ca).revoke(&pki.tsa, at, reason).build();
        facts_of(&[pki.root.der(), pki.ca.der()], &[CrlForge::fresh(&pki.root).build(), list])
    };
    let after = lost("2026-11-21T12:00:00Z");
    assert_verdict(&support::judge(&t, &after), Verdict::Indeterminate);
    assert_verdict(&support::judge(&lta, &after), Verdict::Valid);
    // Lost before the second timestamp: it may have been made with the stolen key.
    let before = lost("2026-11-20T12:00:00Z");
    assert_verdict(&support::judge(&lta, &before), Verdict::Indeterminate);
}

#[test]
fn ocsp_answers_serve_as_well_as_lists_and_certified_documents_may_be_extended() {
    let pki = Pki::new();
    let good = |who: &Identity, issuer: &Identity, responder: &Identity| {
        let der = ocsp(
            responder,
            issuer,
            who,
            CertStatus::Good,
            "2026-11-21T00:00:00Z",
            Some("2026-11-28T00:00:00Z"),
        );
        yinxin_formats::ocsp::OcspResponse::parse(&der, &Default::default()).unwrap()
    };
    let mut facts = facts_of(&[pki.root.der(), pki.ca.der()], &[CrlForge::fresh(&pki.root).build()]);
    facts.ocsp = vec![good(&pki.signer_a, &pki.ca, &pki.ca), good(&pki.tsa, &pki.ca, &pki.ca)];
    let mut r = request(&pki, None);
    r.certify = Some(Level::Nothing);
    let t = sign(&pki, &pdf::plain(), &r, Some(&stamper(&pki, "2026-11-20T08:00:01Z")));
    let lta = extend(&t, LongTerm::Archive, &facts, Some(&stamper(&pki, "2026-11-21T12:00:00Z"))).unwrap();
    let report = judge_alone(&pki, &lta, "2040-01-01T00:00:00Z");
    assert_verdict(&report, Verdict::Valid);
    assert_eq!(levels(&report), ["LTA", "LT"]);
    assert_eq!(outcome(&report, "CERTIFICATION"), Outcome::Pass);
}

const JUDGE: &str = r#"
import sys
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.validation.dss import DocumentSecurityStore
reader = PdfFileReader(open(sys.argv[1], 'rb'))
store = DocumentSecurityStore.read_dss(reader)
print('store', len(store.certs), len(store.crls), len(store.ocsps), len(store.vri_entries))
for s in reader.embedded_signatures:
    key = '/' + DocumentSecurityStore.sig_content_identifier(s.pkcs7_content).lstrip('/')
    s.coverage = s.evaluate_signature_coverage()
    found = None if s.coverage.name == 'ENTIRE_FILE' else s.evaluate_modifications(DEFAULT_DIFF_POLICY)
    level = getattr(getattr(found, 'modification_level', None), 'name', type(found).__name__)
    print(s.sig_object_type, key in store.vri_entries, s.coverage.name, level)
"#;

#[test]
fn others_read_what_we_append() {
    let (pki, lab) = (Pki::new(), Lab::new("pdf-long-term"));
    let t = sign(&pki, &pdf::plain(), &request(&pki, None), Some(&stamper(&pki, "2026-11-20T08:00:01Z")));
    lab.write("t.pdf", &t);
    for args in [&["--object-streams=generate"][..], &["--linearize"]] {
        let (ok, text) = lab.run("qpdf", &[&["t.pdf", "other.pdf"], args].concat());
        assert!(ok, "{text}");
        // qpdf rewrites, which breaks the signature: what matters is only how the revision is appended.
        let bytes = sign(&pki, &lab.read("other.pdf"), &request(&pki, None), None);
        lab.write("other.pdf", bytes);
        let (ok, text) = lab.run("qpdf", &["--check", "other.pdf"]);
        assert!(ok, "{text}");
    }
    let later = stamper(&pki, "2026-11-21T12:00:00Z");
    let lta = extend(&t, LongTerm::Archive, &facts(&pki), Some(&later)).unwrap();
    lab.write("lta.pdf", &lta);
    let (ok, text) = lab.run("qpdf", &["--check", "lta.pdf"]);
    assert!(ok, "{text}");
    let (_, text) = lab.run("pdfsig", &["-nocert", "lta.pdf"]);
    assert!(text.contains("Name: Yinxin2") && text.contains("Total document signed"), "{text}");
    let (ok, text) = lab.run("mutool", &["show", "lta.pdf", "trailer"]);
    assert!(ok && !text.contains("error") && !text.contains("warning"), "{text}");
    let Some(python) = std::env::var_os("YINXIN_PYTHON") else {
        println!(
            "PYHANKO ABSENT: nothing was compared with it; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
        );
        return;
    };
    lab.write("judge.py", JUDGE);
    let (ok, text) = lab.run(&python.to_string_lossy(), &["judge.py", "lta.pdf"]);
    assert!(ok, "{text}");
    assert!(text.contains("store 4 2 0 1"), "{text}");
    assert!(text.contains("/Sig True ENTIRE_REVISION LTA_UPDATES"), "{text}");
    assert!(text.contains("/DocTimeStamp False ENTIRE_FILE"), "{text}");
}

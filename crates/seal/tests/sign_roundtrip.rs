//! What our signer writes, our verifier calls valid; and it refuses to write what could not be.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use std::io::Cursor;

use support::{assert_verdict, document, facts, judge, outcome, request, seal, seal_request, sign};
use yinxin_formats::ses::SesVersion;
use yinxin_ofd::Package;
use yinxin_ofd::sign::{Edge, Mode, Placement};
use yinxin_seal::make::{self, ListKind};
use yinxin_seal::report::Outcome;
use yinxin_seal::sign::{PreparedSignature, SignRequest, What, prepare_ofd};
use yinxin_seal::{TrustFacts, Verdict};
use yinxin_testkit::clock::{self, at};
use yinxin_testkit::pki::{CertSpec, Pki};
use yinxin_testkit::revocation::CrlForge;
use yinxin_testkit::seal::{Layout, SealForge, extension};
use yinxin_testkit::timestamp;
use yinxin_testkit::value::ValueForm;

fn stamper(pki: &Pki, time: &str) -> impl Fn(&[u8]) -> Result<Vec<u8>, String> {
    let (tsa, time) = (pki.tsa.clone(), at(time));
    move |value| Ok(timestamp::token(&tsa, value, time))
}

#[test]
fn seals_of_both_versions_sign_documents_that_verify() {
    let pki = Pki::new();
    for version in [SesVersion::V4, SesVersion::V5] {
        let what = What::Seal(seal(&pki, version, &pki.signer_a));
        let out =
            sign(&document(1), &request(what, &pki.signer_a), &pki.signer_a, &facts(&pki), None).unwrap();
        let report = judge(&out, &facts(&pki));
        assert_verdict(&report, Verdict::Valid);
        assert_eq!(outcome(&report, "COVERAGE"), Outcome::Pass);
        assert_eq!(report.warnings().count(), 0, "{version}");
    }
}

#[test]
fn signatures_without_a_seal_verify() {
    let pki = Pki::new();
    let out =
        sign(&document(1), &request(What::Sign, &pki.signer_a), &pki.signer_a, &facts(&pki), None).unwrap();
    let report = judge(&out, &facts(&pki));
    assert_verdict(&report, Verdict::Valid);
    assert_eq!(report.signatures[0].format, "GBT35275");
}

#[test]
fn timestamps_on_every_kind_of_signature_prove_the_time() {
    let pki = Pki::new();
    let source = stamper(&pki, "2026-11-20T08:00:30Z");
    let kinds = [
        What::Seal(seal(&pki, SesVersion::V4, &pki.signer_a)),
        What::Seal(seal(&pki, SesVersion::V5, &pki.signer_a)),
        What::Sign,
    ];
    for what in kinds {
        let r = request(what, &pki.signer_a);
        let out = sign(&document(1), &r, &pki.signer_a, &facts(&pki), Some(&source)).unwrap();
        let report = judge(&out, &facts(&pki));
        assert_verdict(&report, Verdict::Valid);
        assert_eq!(report.signatures[0].time_source, "timestamp");
        assert_eq!(outcome(&report, "TIMESTAMP"), Outcome::Pass);
    }
}

#[test]
fn a_stamped_version_5_seal_verifies_and_version_4_takes_no_timestamp() {
    let pki = Pki::new();
    let source = stamper(&pki, "2026-11-01T00:00:30Z");
    for (version, stamped) in [(SesVersion::V5, true), (SesVersion::V4, false)] {
        let r = seal_request(version, &[&pki.signer_a]);
        let der =
            make::make(&r, &pki.maker.cert, &*pki.maker.key, Some(&facts(&pki)), Some(&source)).unwrap();
        let made = yinxin_formats::ses::Seal::parse(&der, &Default::default()).unwrap();
        assert_eq!(made.timestamp.is_some(), stamped);
        let r = request(What::Seal(der), &pki.signer_a);
        let out = sign(&document(1), &r, &pki.signer_a, &facts(&pki), None).unwrap();
        assert_verdict(&judge(&out, &facts(&pki)), Verdict::Valid);
    }
}

#[test]
fn cross_page_seals_over_every_edge_verify() {
    let pki = Pki::new();
    let der = seal(&pki, SesVersion::V4, &pki.signer_a);
    for edge in [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom] {
        let r = SignRequest::new(What::Seal(der.clone()), pki.signer_a.cert.clone(), clock::signed())
            .place(Placement::cross_page(edge, 40.0, 40.0));
        let out = sign(&document(4), &r, &pki.signer_a, &facts(&pki), None).unwrap();
        let report = judge(&out, &facts(&pki));
        assert_verdict(&report, Verdict::Valid);
        let pages: Vec<usize> = report.signatures[0].stamps.iter().map(|s| s.page).collect();
        assert_eq!(pages, [1, 2, 3, 4], "{edge:?}");
    }
}

#[test]
fn second_and_third_seals_by_other_owners_leave_the_first_valid() {
    let pki = Pki::new();
    let third = pki.leaf(&CertSpec::leaf("丙 Third"));
    let mut bytes = document(2);
    for (n, who) in [&pki.signer_a, &pki.signer_b, &third].into_iter().enumerate() {
        let der = seal(&pki, SesVersion::V4, who);
        bytes = sign(&bytes, &request(What::Seal(der), who), who, &facts(&pki), None).unwrap();
        let report = judge(&bytes, &facts(&pki));
        assert_verdict(&report, Verdict::Valid);
        assert_eq!(report.signatures.len(), n + 1);
    }
    let plain = sign(&bytes, &request(What::Sign, &third), &third, &facts(&pki), None).unwrap();
    assert_verdict(&judge(&plain, &facts(&pki)), Verdict::Valid);
}

#[test]
fn whole_mode_is_valid_and_refuses_a_further_signature() {
    let pki = Pki::new();
    let der = seal(&pki, SesVersion::V4, &pki.signer_a);
    let r = SignRequest { mode: Mode::Whole, ..request(What::Seal(der.clone()), &pki.signer_a) };
    let out = sign(&document(1), &r, &pki.signer_a, &facts(&pki), None).unwrap();
    assert_verdict(&judge(&out, &facts(&pki)), Verdict::Valid);
    let r = request(What::Seal(der), &pki.signer_a);
    let refused = sign(&out, &r, &pki.signer_a, &facts(&pki), None).unwrap_err();
    assert_eq!(refused.code(), "SIGN_WOULD_BREAK_SIGNATURE");
}

#[test]
fn a_prepared_signature_survives_json_and_an_external_key() {
    let pki = Pki::new();
    let bytes = document(1);
    let open = || Package::open(Cursor::new(bytes.as_slice()), &yinxin_ofd::Limits::default()).unwrap();
    for what in [What::Seal(seal(&pki, SesVersion::V5, &pki.signer_a)), What::Sign] {
        let prepared = prepare_ofd(&mut open(), &request(what, &pki.signer_a), &facts(&pki)).unwrap();
        let json = serde_json::to_vec(&prepared).unwrap();
        let back = PreparedSignature::from_json(&json).unwrap();
        assert_eq!(back, prepared);
        assert_eq!(
            back.complete(&pki.signer_b.sign(&back.to_sign), None).unwrap_err().code(),
            "WRONG_SIGNATURE"
        );
        let value = back.complete(&pki.signer_a.sign(&back.to_sign), None).unwrap();
        let mut out = Vec::new();
        back.embed(&mut open(), &value, &mut out, &mut |_, _| ()).unwrap();
        assert_verdict(&judge(&out, &facts(&pki)), Verdict::Valid);
    }
}

#[test]
fn a_prepared_signature_is_not_put_into_a_changed_document() {
    let pki = Pki::new();
    let r = request(What::Sign, &pki.signer_a);
    let open = |bytes: Vec<u8>| Package::open(Cursor::new(bytes), &yinxin_ofd::Limits::default()).unwrap();
    let prepared = prepare_ofd(&mut open(document(1)), &r, &facts(&pki)).unwrap();
    let value = prepared.complete(&pki.signer_a.sign(&prepared.to_sign), None).unwrap();
    let other = yinxin_ofd::sample::document(1, "测试合同", &["第一条 金额 900 元。"]);
    let mut out = Vec::new();
    let error = prepared.embed(&mut open(other), &value, &mut out, &mut |_, _| ()).unwrap_err();
    assert_eq!(error.code(), "SIGN_DOCUMENT_CHANGED");
    assert!(out.is_empty(), "{} bytes were written before the refusal", out.len());
}

/// The code with which signing is refused.
fn refusal(what: What, signer: &yinxin_testkit::Identity, facts: &TrustFacts) -> &'static str {
    sign(&document(1), &request(what, signer), signer, facts, None).unwrap_err().code()
}

#[test]
fn refuses_seals_that_are_not_fit_for_use() {
    let pki = Pki::new();
    let f = facts(&pki);
    let a = &pki.signer_a;
    let good = |layout| SealForge::new(layout, &pki, &[a]);
    let old = ["2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "2026-11-01T00:00:00Z"];
    let soon = ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-11-01T00:00:00Z"];
    let forever = ["2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z", "2040-11-01T00:00:00Z"];
    let stranger = yinxin_testkit::pki::issue(&pki.stranger, &CertSpec::leaf("陌生 Stranger"));
    let rows = [
        ("SEAL_EXPIRED_THEN", good(Layout::V4).dates(old[0], old[1], old[2])),
        ("SEAL_NOT_YET_VALID", good(Layout::V4).dates(soon[0], soon[1], soon[2])),
        ("SEAL_OUTLIVES_CERTIFICATE", good(Layout::V4).dates(forever[0], forever[1], forever[2])),
        ("SEAL_SIGNATURE", good(Layout::V4).with(|s| s.form = ValueForm::Flipped)),
        ("SEAL_SIGNATURE", good(Layout::V5).with(|s| s.covers = yinxin_testkit::seal::Covers::V1Style)),
        ("SEAL_MAKER_CHAIN", good(Layout::V4).made_by(&stranger)),
        ("SIGNER_NOT_LISTED", SealForge::new(Layout::V4, &pki, &[&pki.signer_b])),
        ("CRITICAL_EXTENSION", good(Layout::V4).extensions(&[extension("1.2.3", Some(true))])),
        ("SEAL_VERSION_READ_ONLY", good(Layout::V1)),
    ];
    for (code, forged) in rows {
        assert_eq!(refusal(What::Seal(forged.build()), a, &f), code);
    }
    assert_eq!(refusal(What::Seal(b"rubbish".to_vec()), a, &f), "DER_UNEXPECTED_TAG");
}

#[test]
fn refuses_signers_whose_certificate_is_not_good_now() {
    let pki = Pki::new();
    let f = facts(&pki);
    let expired = pki.leaf(&CertSpec::leaf("过期").dates("2025-01-01T00:00:00Z", "2026-11-01T00:00:00Z"));
    assert_eq!(refusal(What::Sign, &expired, &f), "SIGNER_EXPIRED_THEN");
    let usage = yinxin_formats::x509::KeyUsage::KEY_ENCIPHERMENT;
    let encryption = pki.leaf(&CertSpec::leaf("加密").with(|s| s.usage = Some(usage)));
    assert_eq!(refusal(What::Sign, &encryption, &f), "SIGNER_KEY_USAGE");
    let stranger = yinxin_testkit::pki::issue(&pki.stranger, &CertSpec::leaf("陌生 Stranger"));
    assert_eq!(refusal(What::Sign, &stranger, &f), "SIGNER_CHAIN");
    let crl = CrlForge::fresh(&pki.ca)
        .updates("2026-11-19T00:00:00Z", Some("2026-11-26T00:00:00Z"))
        .revoke(&pki.signer_a, "2026-11-10T00:00:00Z", None)
        .build();
    let f = support::facts_of(&[pki.root.der(), pki.ca.der()], &[crl]);
    assert_eq!(refusal(What::Sign, &pki.signer_a, &f), "SIGNER_REVOKED_THEN");
}

#[test]
fn refuses_a_key_that_is_not_the_certificates() {
    let pki = Pki::new();
    let mixed = pki.signer_a.with_key_of(&pki.signer_b);
    assert_eq!(refusal(What::Sign, &mixed, &facts(&pki)), "KEY_MISMATCH");
}

#[test]
fn refuses_where_the_timestamp_cannot_be_had() {
    let pki = Pki::new();
    let none = |_: &[u8]| -> Result<Vec<u8>, String> { Err("down".into()) };
    let r = request(What::Sign, &pki.signer_a);
    let error = sign(&document(1), &r, &pki.signer_a, &facts(&pki), Some(&none)).unwrap_err();
    assert_eq!(error.code(), "TIMESTAMP_UNAVAILABLE");
}

#[test]
fn refuses_a_timestamp_that_does_not_cover_the_value() {
    let pki = Pki::new();
    let tsa = pki.tsa.clone();
    let other = move |_: &[u8]| Ok::<_, String>(timestamp::token(&tsa, b"other", clock::signed()));
    let rubbish = |_: &[u8]| Ok::<_, String>(b"no token".to_vec());
    for what in [What::Seal(seal(&pki, SesVersion::V4, &pki.signer_a)), What::Sign] {
        let r = request(what, &pki.signer_a);
        assert!(sign(&document(1), &r, &pki.signer_a, &facts(&pki), Some(&other)).is_err());
        assert!(sign(&document(1), &r, &pki.signer_a, &facts(&pki), Some(&rubbish)).is_err());
    }
}

#[test]
fn refuses_to_make_seals_that_the_rules_forbid() {
    let pki = Pki::new();
    let f = facts(&pki);
    let a = &pki.signer_a;
    let ask = || seal_request(SesVersion::V5, &[a]);
    let code = |r: &make::SealRequest, m: &yinxin_testkit::Identity| {
        make::make(r, &m.cert, &*m.key, Some(&f), None).unwrap_err().code()
    };
    let with = |change: fn(&mut make::SealRequest)| {
        let mut r = ask();
        change(&mut r);
        code(&r, &pki.maker)
    };
    assert_eq!(with(|r| r.owners.clear()), "SEAL_NO_OWNER");
    assert_eq!(with(|r| r.valid_end = at("2035-01-01T00:00:00Z")), "SEAL_OUTLIVES_CERTIFICATE");
    for refused in [
        with(|r| r.valid_end = at("2026-10-01T00:00:00Z")),
        with(|r| r.version = SesVersion::V1),
        with(|r| r.id = "印章".into()),
        with(|r| r.name = String::new()),
        with(|r| r.picture.data.clear()),
        with(|r| r.picture.width_mm = 0),
    ] {
        assert!(!refused.is_empty());
    }
    assert_eq!(code(&ask(), &pki.maker.with_key_of(a)), "KEY_MISMATCH");
    let usage = yinxin_formats::x509::KeyUsage::KEY_ENCIPHERMENT;
    let encryption = pki.leaf(&CertSpec::leaf("加密").with(|s| s.usage = Some(usage)));
    let expired = pki.leaf(&CertSpec::leaf("过期").dates("2025-01-01T00:00:00Z", "2026-10-01T00:00:00Z"));
    let stranger = yinxin_testkit::pki::issue(&pki.stranger, &CertSpec::leaf("陌生 Stranger"));
    for maker in [&encryption, &expired, &stranger] {
        assert_eq!(code(&ask(), maker), "CERTIFICATE_REFUSED");
    }
    assert_eq!(code(&seal_request(SesVersion::V5, &[&encryption]), &pki.maker), "CERTIFICATE_REFUSED");
}

#[test]
fn a_seal_that_lists_digests_signs_and_verifies() {
    let pki = Pki::new();
    let r = make::SealRequest { list: ListKind::Digests, ..seal_request(SesVersion::V5, &[&pki.signer_a]) };
    let prepared = make::prepare(&r, &pki.maker.cert, Some(&facts(&pki))).unwrap();
    let der = prepared.complete(&pki.maker.sign(prepared.to_sign()), None).unwrap();
    let out = sign(&document(1), &request(What::Seal(der), &pki.signer_a), &pki.signer_a, &facts(&pki), None)
        .unwrap();
    assert_verdict(&judge(&out, &facts(&pki)), Verdict::Valid);
}

//! What the tests of this crate share: facts of the fixture PKI, documents signed by our own signer, and vector cases.
#![allow(dead_code, reason = "each test file uses its part")]

use std::io::Cursor;

use jiff::Timestamp;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::ocsp::OcspResponse;
use yinxin_formats::ses::SesVersion;
use yinxin_formats::x509::Certificate;
use yinxin_ofd::sign::Placement;
use yinxin_ofd::{Package, sample};
use yinxin_seal::make::{ListKind, SealRequest, make};
use yinxin_seal::report::{Check, Lang, Outcome, Report, to_value};
use yinxin_seal::sign::{SignDocumentError, SignRequest, TimestampSource, What, sign_ofd};
use yinxin_seal::{Policy, TrustFacts, Verdict, VerifyOptions, verify, verify_seal};
use yinxin_testkit::revocation::CrlForge;
use yinxin_testkit::seal::PICTURE;
use yinxin_testkit::vectors::{self, Case, Family};
use yinxin_testkit::{Identity, Pki, clock};

/// Root, CA and fresh lists of both.
pub fn facts(pki: &Pki) -> TrustFacts {
    facts_of(
        &[pki.root.der(), pki.ca.der()],
        &[CrlForge::fresh(&pki.root).build(), CrlForge::fresh(&pki.ca).build()],
    )
}

/// These certificates and lists.
pub fn facts_of(certs: &[&[u8]], crls: &[Vec<u8>]) -> TrustFacts {
    let limits = Limits::default();
    let mut facts = TrustFacts::default();
    certs.iter().for_each(|c| facts.add_certificate(Certificate::parse(c, &limits).unwrap()));
    facts.crls = crls.iter().map(|c| Crl::parse(c, &limits).unwrap()).collect();
    facts
}

/// Verifies at the fixture's moment.
pub fn judge(bytes: &[u8], facts: &TrustFacts) -> Report {
    verify(Cursor::new(bytes), facts, &VerifyOptions::at(clock::now()))
}

/// The only check of this code in a document's report.
#[track_caller]
pub fn outcome(report: &Report, code: &str) -> Outcome {
    let all = report.checks.iter().chain(report.signatures.iter().flat_map(|s| &s.checks));
    let found: Vec<&Check> = all.filter(|c| c.code == code).collect();
    assert!(!found.is_empty(), "no {code} in\n{}", report.to_text(Lang::En, true));
    found[0].outcome
}

/// Fails with the report where the verdict is another.
#[track_caller]
pub fn assert_verdict(report: &Report, verdict: Verdict) {
    assert_eq!(report.verdict, verdict, "\n{}", report.to_text(Lang::En, true));
}

/// A seal to be asked for.
pub fn seal_request(version: SesVersion, owners: &[&Identity]) -> SealRequest {
    SealRequest {
        version,
        vendor: "YINXIN".into(),
        id: "31010100000001".into(),
        seal_type: 1,
        name: "测试公司合同专用章".into(),
        owners: owners.iter().map(|o| o.cert.clone()).collect(),
        list: ListKind::Certificates,
        picture: yinxin_formats::ses::SealPicture {
            kind: "PNG".into(),
            data: PICTURE.to_vec(),
            width_mm: 40,
            height_mm: 40,
        },
        created: clock::made(),
        valid_start: clock::made(),
        valid_end: clock::seal_end(),
    }
}

/// A seal made by our own maker.
pub fn seal(pki: &Pki, version: SesVersion, owner: &Identity) -> Vec<u8> {
    make(&seal_request(version, &[owner]), &pki.maker.cert, &*pki.maker.key, Some(&facts(pki)), None).unwrap()
}

/// An unsigned document.
pub fn document(pages: usize) -> Vec<u8> {
    sample::document(pages, "测试合同", &["第一条 金额 100 元。"])
}

/// A request with one placement on the first page.
pub fn request(what: What, signer: &Identity) -> SignRequest {
    let placed = matches!(what, What::Seal(_));
    let r = SignRequest::new(what, signer.cert.clone(), clock::signed());
    if placed { r.place(Placement::on_page(0, 120.0, 200.0, 40.0, 40.0)) } else { r }
}

/// Signs with our own signer.
pub fn sign(
    bytes: &[u8],
    request: &SignRequest,
    signer: &Identity,
    facts: &TrustFacts,
    stamp: Option<&dyn TimestampSource>,
) -> Result<Vec<u8>, SignDocumentError> {
    let mut package = Package::open(Cursor::new(bytes), &yinxin_ofd::Limits::default()).unwrap();
    let mut out = Vec::new();
    sign_ofd(&mut package, request, &*signer.key, facts, stamp, &mut out, &mut |_, _| ())?;
    Ok(out)
}

/// A v4 document sealed by signer A.
pub fn sealed(pki: &Pki) -> Vec<u8> {
    let seal = seal(pki, SesVersion::V4, &pki.signer_a);
    sign(&document(2), &request(What::Seal(seal), &pki.signer_a), &pki.signer_a, &facts(pki), None).unwrap()
}

fn case_facts(family: &Family, case: &Case) -> TrustFacts {
    let read = |f: &String| std::fs::read(vectors::folder().join(f)).unwrap_or_else(|e| panic!("{f}: {e}"));
    let certs: Vec<Vec<u8>> = case.trust.as_ref().unwrap_or(&family.trust).iter().map(read).collect();
    let certs: Vec<&[u8]> = certs.iter().map(Vec::as_slice).collect();
    let crls: Vec<Vec<u8>> = case.crl.as_ref().unwrap_or(&family.crl).iter().map(read).collect();
    let mut facts = facts_of(&certs, &crls);
    facts.ocsp =
        case.ocsp.iter().map(|f| OcspResponse::parse(&read(f), &Limits::default()).unwrap()).collect();
    facts
}

/// What the case expects and the report does not say.
fn missing(case: &Case, verdict: &str, checks: &[&Check]) -> Vec<String> {
    let mut out = Vec::new();
    if verdict != case.verdict {
        out.push(format!("verdict {verdict}, expected {}", case.verdict));
    }
    for e in &case.checks {
        let fits = |c: &&Check| {
            c.code == e.code
                && to_value(&c.outcome) == e.outcome.as_str()
                && e.evidence.iter().all(|name| c.evidence.iter().any(|(n, _)| n == name))
        };
        if !checks.iter().any(fits) {
            out.push(format!("no check {} {} {:?}", e.code, e.outcome, e.evidence));
        }
    }
    out
}

/// Runs one case; gives what is wrong.
pub fn run(family: &Family, case: &Case) -> Option<String> {
    let facts = case_facts(family, case);
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
    (!faults.is_empty())
        .then(|| format!("{}/{} ({}): {}\n{told}", family.family, case.id, case.en, faults.join("; ")))
}

/// The case of this name gives what it must.
#[track_caller]
pub fn case(family: &str, id: &str) {
    let families = vectors::load();
    let family = families.iter().find(|f| f.family == family).unwrap();
    let case = family.cases.iter().find(|c| c.id == id).unwrap_or_else(|| panic!("no case {id}"));
    if let Some(fault) = run(family, case) {
        panic!("{fault}");
    }
}

/// One test for each named case.
#[macro_export]
macro_rules! cases {
    ($family:literal; $($name:ident = $id:literal;)*) => {
        $(#[test] fn $name() { support::case($family, $id); })*
    };
}

/// A PDF with the value of one seal under the picture of another: what a signer may forge who draws the appearance himself.
pub fn pdf_with_appearance_of(pki: &Pki, value: &[u8], shown: &[u8]) -> Vec<u8> {
    use yinxin_seal::sign::prepare_pdf;
    let bytes = yinxin_testkit::pdf::plain();
    let ask = |seal: &[u8]| {
        let what = What::Seal(seal.to_vec());
        SignRequest::new(what, pki.signer_a.cert.clone(), clock::signed())
            .place(Placement::on_page(0, 9.0, 9.0, 40.0, 40.0))
    };
    let mut document = yinxin_pdf::Document::open(Cursor::new(&bytes), &Default::default()).unwrap();
    let mut prepared = prepare_pdf(&mut document, &ask(shown), &facts(pki)).unwrap();
    prepared.to_sign = yinxin_formats::ses::TbsBuilder {
        version: SesVersion::V4,
        seal: value.to_vec(),
        time: clock::signed(),
        data_hash: prepared.document.data_hash.to_vec(),
        property_info: "ByteRange".into(),
        extensions: Vec::new(),
    }
    .build()
    .unwrap();
    let signature = pki.signer_a.sign(&prepared.to_sign);
    let value = prepared.complete(&signature, None).unwrap();
    let mut out = Vec::new();
    prepared.embed(Cursor::new(&bytes), &value, &mut out, &mut |_, _| ()).unwrap();
    out
}

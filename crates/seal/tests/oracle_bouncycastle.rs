//! BouncyCastle on what we write, and we on what it writes. One JVM for everything.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use std::sync::OnceLock;

use yinxin_crypto::{DEFAULT_USER_ID, PublicKey, SigningKey as _, Sm2Signature, SoftwareKey, sm3};
use yinxin_formats::cms::{Family, SignedData};
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::ocsp::{CertStatus, OcspResponse};
use yinxin_formats::ses::SesVersion;
use yinxin_formats::tsp::TimeStampToken;
use yinxin_formats::x509::Certificate;
use yinxin_ofd::Package;
use yinxin_seal::sign::What;
use yinxin_seal::trust::{ChainState, Evaluator, Policy, Purpose, RevocationState};
use yinxin_seal::{TrustFacts, Verdict, VerifyOptions, verify};
use yinxin_testkit::clock;
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::revocation::{CrlForge, ocsp};
use yinxin_testkit::{Identity, Pki, signed_data, timestamp};

/// Everything that was exchanged.
struct Bench {
    lab: Lab,
}

fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let lab = Lab::new("bouncycastle");
        let mut lines = ours(&lab);
        lines.extend(theirs(&lab));
        lab.bouncy_castle(&lines);
        Bench { lab }
    })
}

fn words(parts: &[&str]) -> String {
    parts.join("\t")
}

/// Writes our artifacts; gives the commands that verify them.
fn ours(lab: &Lab) -> Vec<String> {
    let pki = Pki::new();
    let mut lines = Vec::new();
    for (name, id) in [
        ("root", &pki.root),
        ("ca", &pki.ca),
        ("maker", &pki.maker),
        ("a", &pki.signer_a),
        ("tsa", &pki.tsa),
        ("ocsp", &pki.ocsp),
    ] {
        lab.write(&format!("our-{name}.cer"), id.der());
        let issuer = if name == "root" || name == "ca" { "our-root.cer" } else { "our-ca.cer" };
        lines.push(words(&["verify-cert", &format!("our-{name}.cer"), issuer]));
    }
    lines.push(words(&["! verify-cert", "our-a.cer", "our-root.cer"]));
    let message = b"a message";
    lab.write("message", message);
    lab.write("our.sig", pki.signer_a.sign(message));
    lines.push(words(&["verify-sm2", "our-a.cer", "message", "our.sig"]));
    lines.push(words(&["! verify-sm2", "our-a.cer", "our.sig", "our.sig"]));
    lab.write(
        "our.crl",
        CrlForge::fresh(&pki.ca).revoke(&pki.signer_b, "2026-11-10T00:00:00Z", None).build(),
    );
    lines.push(words(&["verify-crl", "our.crl", "our-ca.cer"]));
    lines.push(words(&["! verify-crl", "our.crl", "our-root.cer"]));
    let answer = ocsp(
        &pki.ocsp,
        &pki.ca,
        &pki.signer_a,
        CertStatus::Good,
        "2026-11-21T00:00:00Z",
        Some("2026-11-29T00:00:00Z"),
    );
    lab.write("our.ocsp", answer);
    lines.push(words(&["verify-ocsp", "our.ocsp", "our-ocsp.cer", "our-ca.cer", "our-a.cer"]));
    for (name, family) in [("rfc", Family::Rfc5652), ("gbt", Family::Gbt35275)] {
        for attached in [true, false] {
            let file = format!("our-{name}-{attached}.cms");
            lab.write(&file, signed_data::signed(family, &pki.signer_a, message, clock::signed(), attached));
            lines.push(words(&["verify-cms", &file, "our-a.cer", "message"]));
        }
        let file = format!("our-{name}.tst");
        lab.write(&file, timestamp::token_of(family, &pki.tsa, message, clock::signed(), true));
        lines.push(words(&["verify-tsp", &file, &hex::encode(sm3(message)), "our-tsa.cer"]));
        lines.push(words(&["! verify-tsp", &file, &hex::encode(sm3(b"other")), "our-tsa.cer"]));
    }
    for version in [SesVersion::V4, SesVersion::V5] {
        let der = support::seal(&pki, version, &pki.signer_a);
        let file = format!("our-{version}");
        lab.write(&format!("{file}.esl"), &der);
        let r = support::request(What::Seal(der), &pki.signer_a);
        let out =
            support::sign(&support::document(1), &r, &pki.signer_a, &support::facts(&pki), None).unwrap();
        let mut package = Package::open(std::io::Cursor::new(out), &yinxin_ofd::Limits::default()).unwrap();
        let value = package.read("/Doc_0/Signs/Sign_0/SignedValue.dat").unwrap();
        lab.write(&format!("{file}.dat"), &value);
        let mut bent = value;
        let last = bent.len() - 1;
        bent[last] ^= 1;
        lab.write(&format!("{file}-bent.dat"), bent);
        lines.push(words(&["verify-seal", &format!("{file}.esl")]));
        lines.push(words(&["verify-ses", &format!("{file}.dat")]));
        lines.push(words(&["! verify-ses", &format!("{file}-bent.dat")]));
        lines.push(words(&["check-der", &format!("{file}.dat")]));
    }
    let r = support::request(What::Sign, &pki.signer_a);
    let out = support::sign(&support::document(1), &r, &pki.signer_a, &support::facts(&pki), None).unwrap();
    let mut package = Package::open(std::io::Cursor::new(out), &yinxin_ofd::Limits::default()).unwrap();
    lab.write("our-sign.dat", package.read("/Doc_0/Signs/Sign_0/SignedValue.dat").unwrap());
    lab.write("our-sign.xml", package.read("/Doc_0/Signs/Sign_0/Signature.xml").unwrap());
    lines.push(words(&["verify-cms", "our-sign.dat", "our-a.cer", "our-sign.xml"]));
    lines
}

/// The commands that make theirs.
fn theirs(lab: &Lab) -> Vec<String> {
    lab.write("value", b"a signature value");
    let mut lines = vec![
        words(&["make-pki", "bc"]),
        words(&["sign-sm2", "bc/signer.key", "message", "bc.sig"]),
        words(&[
            "make-ocsp",
            "bc-good.ocsp",
            "bc/ocsp.key",
            "bc/ocsp.cer",
            "bc/ca.cer",
            "bc/signer.cer",
            "good",
        ]),
        words(&[
            "make-ocsp",
            "bc-gone.ocsp",
            "bc/ocsp.key",
            "bc/ocsp.cer",
            "bc/ca.cer",
            "bc/signer2.cer",
            "revoked",
            "sha1",
        ]),
    ];
    for family in ["rfc", "gbt"] {
        for (place, attrs) in
            [("attached", "attrs"), ("detached", "attrs"), ("attached", "noattrs"), ("detached", "noattrs")]
        {
            let file = format!("bc-{family}-{place}-{attrs}.cms");
            lines.push(words(&[
                "make-cms",
                &file,
                "bc/signer.key",
                "bc/signer.cer",
                "message",
                place,
                attrs,
                family,
            ]));
        }
        let file = format!("bc-{family}.tst");
        lines.push(words(&[
            "make-tsp-token",
            &file,
            "bc/tsa.key",
            "bc/tsa.cer",
            &hex::encode(sm3(b"a signature value")),
            family,
        ]));
    }
    lines
}

impl Bench {
    fn cert(&self, name: &str) -> Certificate {
        Certificate::parse(&self.lab.read(&format!("bc/{name}.cer")), &Limits::default()).unwrap()
    }

    fn identity(&self, name: &str) -> Identity {
        let key = SoftwareKey::from_pkcs8_der(&self.lab.read(&format!("bc/{name}.key"))).unwrap();
        Identity { key: std::sync::Arc::new(key), cert: self.cert(name) }
    }

    fn facts(&self) -> TrustFacts {
        let crls = ["root", "ca"].map(|n| self.lab.read(&format!("bc/{n}.crl")));
        support::facts_of(&[self.cert("root").raw(), self.cert("ca").raw()], &crls)
    }
}

#[test]
fn bouncycastle_verifies_everything_we_write_and_refuses_it_bent() {
    // The batch asserts every line, refusals included.
    bench();
}

#[test]
fn we_verify_its_sm2_signature() {
    let b = bench();
    let value = Sm2Signature::from_der(&b.lab.read("bc.sig")).unwrap();
    let key: PublicKey = b.cert("signer").public_key().unwrap();
    assert!(key.verify_sm2(DEFAULT_USER_ID, b"a message", &value).is_ok());
    assert!(key.verify_sm2(DEFAULT_USER_ID, b"another", &value).is_err());
    assert_eq!(b.identity("signer").key.public_key(), &key);
}

#[test]
fn we_follow_its_chains_and_lists() {
    let b = bench();
    let (facts, now) = (b.facts(), jiff::Timestamp::now());
    let evaluator = Evaluator::new(&facts, now, Policy::Strict);
    for (name, purpose) in
        [("maker", Purpose::SealMaker), ("signer", Purpose::Signer), ("tsa", Purpose::Timestamp)]
    {
        let j = evaluator.judge(&b.cert(name), &[], purpose, now);
        assert_eq!(j.chain, ChainState::Anchored, "{name}");
        assert!(matches!(j.revocation, RevocationState::Good(_)), "{name}: {:?}", j.revocation);
        assert!(j.usage.is_ok(), "{name}: {:?}", j.usage);
    }
    let revoked = evaluator.judge(&b.cert("revoked"), &[], Purpose::Signer, now);
    assert!(matches!(revoked.revocation, RevocationState::Revoked(_)));
    assert!(evaluator.judge(&b.cert("encrypt"), &[], Purpose::Signer, now).usage.is_err());
    let crl = Crl::parse(&b.lab.read("bc/ca.crl"), &Limits::default()).unwrap();
    assert!(crl.verify_signature(&b.cert("ca").public_key().unwrap()).is_ok());
}

#[test]
fn we_read_its_ocsp_answers() {
    let b = bench();
    let now = jiff::Timestamp::now();
    let mut facts = b.facts();
    facts.crls.retain(|c| c.issuer == b.cert("root").subject);
    for f in ["bc-good.ocsp", "bc-gone.ocsp"] {
        facts.ocsp.push(OcspResponse::parse(&b.lab.read(f), &Limits::default()).unwrap());
    }
    let state = |name| {
        Evaluator::new(&facts, now, Policy::Default)
            .judge(&b.cert(name), &[], Purpose::Signer, now)
            .revocation
    };
    assert!(matches!(state("signer"), RevocationState::Good(_)), "{:?}", state("signer"));
    assert!(matches!(state("signer2"), RevocationState::Revoked(_)), "{:?}", state("signer2"));
}

#[test]
fn we_verify_its_signed_data_of_both_families() {
    let b = bench();
    let signer = b.cert("signer");
    for family in ["rfc", "gbt"] {
        for (place, attrs) in
            [("attached", "attrs"), ("detached", "attrs"), ("attached", "noattrs"), ("detached", "noattrs")]
        {
            let name = format!("bc-{family}-{place}-{attrs}.cms");
            let cms = SignedData::parse(&b.lab.read(&name), &Limits::default()).unwrap();
            let content: Option<&[u8]> = (place == "detached").then_some(b"a message");
            assert!(
                cms.verify_signer(0, content, &signer).is_ok(),
                "{name}: {:?}",
                cms.verify_signer(0, content, &signer)
            );
            assert!(cms.verify_signer(0, Some(b"another"), &signer).is_err(), "{name}");
            assert_eq!(cms.family == Family::Gbt35275, family == "gbt", "{name}");
        }
    }
}

#[test]
fn we_verify_its_timestamps() {
    let b = bench();
    for family in ["rfc", "gbt"] {
        let token =
            TimeStampToken::parse(&b.lab.read(&format!("bc-{family}.tst")), &Limits::default()).unwrap();
        assert!(token.faults().is_empty(), "{family}: {:?}", token.faults());
        assert_eq!(token.info.imprint.covers(b"a signature value"), Some(true));
        assert!(token.verify(&b.cert("tsa")).is_ok(), "{family}: {:?}", token.verify(&b.cert("tsa")));
    }
}

#[test]
fn a_document_sealed_with_its_keys_and_certificates_is_valid() {
    use yinxin_seal::make::{SealRequest, make};
    let b = bench();
    let (facts, now) = (b.facts(), jiff::Timestamp::now());
    let (maker, signer) = (b.identity("maker"), b.identity("signer"));
    let end = now.saturating_add(jiff::SignedDuration::from_hours(24)).unwrap();
    let ask = SealRequest {
        created: now,
        valid_start: now,
        valid_end: end,
        ..support::seal_request(SesVersion::V5, &[&signer])
    };
    let der = make(&ask, &maker.cert, &*maker.key, Some(&facts), None).unwrap();
    let mut r = support::request(What::Seal(der), &signer);
    r.time = now;
    let out = support::sign(&support::document(1), &r, &signer, &facts, None).unwrap();
    let report = verify(std::io::Cursor::new(out), &facts, &VerifyOptions::at(now));
    support::assert_verdict(&report, Verdict::Valid);
}

//! The test authority, and certificates that come from elsewhere.

use std::time::{Duration, Instant};

use yinxin_crypto::keystore::Password;
use yinxin_crypto::{KeyAlgorithm, SigningKey};
use yinxin_formats::crl::{Crl, RevocationReason};
use yinxin_formats::csr::CsrBuilder;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Name;
use yinxin_server::making::authority::{
    AuthorityError, CertificateAuthority, CertificateFault, CertificateKind, CertificateProfile,
    CertificateRequest, Expected, IssuedCertificate, Level, MARK, SubjectFields, TestAuthority,
    check_certificate, read_chain,
};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::rng::SeededRng;
use yinxin_testkit::{CertSpec, clock, pki};

use crate::sample::{Bench, UNIT, UNIT_CODE, facts, now, password};

fn csr(label: &str) -> Vec<u8> {
    CsrBuilder::new(Name::build(&[])).sign(&*pki::key(label, KeyAlgorithm::Sm2)).unwrap()
}

fn profile() -> CertificateProfile {
    CertificateProfile {
        kind: CertificateKind::Seal,
        subject: SubjectFields {
            organization: UNIT.into(),
            credit_code: Some(UNIT_CODE.into()),
            common_name: "合同专用章".into(),
        },
        not_before: clock::made(),
        not_after: clock::seal_end(),
    }
}

fn issue(bench: &mut Bench, reference: &str, csr: &[u8]) -> Result<IssuedCertificate, AuthorityError> {
    let request = CertificateRequest { reference, csr, profile: profile() };
    bench.ca.issue(&request, now(), &mut bench.rng)
}

#[test]
fn issues_once_per_reference_and_never_for_another_key() {
    let mut bench = Bench::new();
    let first = issue(&mut bench, "one", &csr("a")).unwrap();
    assert_eq!(issue(&mut bench, "one", &csr("a")).unwrap(), first);
    assert!(matches!(issue(&mut bench, "one", &csr("b")), Err(AuthorityError::ReferenceUsed)));
    let second = issue(&mut bench, "two", &csr("a")).unwrap();
    assert_ne!(second.leaf.serial, first.leaf.serial);
    assert_eq!(bench.ca.issued_count(), 2);
    assert_eq!(first.leaf.serial.as_bytes().len(), 16);
    let subject = first.leaf.subject.to_string();
    for part in [MARK, UNIT, UNIT_CODE, "合同专用章"] {
        assert!(subject.contains(part), "{subject}");
    }
    assert!(first.leaf.deviations().is_empty());
}

#[test]
fn what_was_issued_and_revoked_is_known_after_opening_again() {
    let mut bench = Bench::new();
    let cert = issue(&mut bench, "one", &csr("a")).unwrap();
    let serial = cert.leaf.serial.to_string();
    bench.ca.revoke(&serial.to_lowercase(), RevocationReason::KeyCompromise, now()).unwrap();
    bench.ca.revoke(&serial, RevocationReason::Superseded, clock::now()).unwrap();
    assert!(matches!(
        bench.ca.revoke("4001", RevocationReason::Superseded, now()),
        Err(AuthorityError::UnknownSerial)
    ));
    let place = bench.folder.path().join("ca");
    let (mut rng, secret) = (SeededRng::new("x"), password());
    let held = TestAuthority::open(&place, "示例", &secret, now(), &mut rng);
    assert_eq!(held.unwrap_err().code(), "JOURNAL_BUSY");
    let root = bench.ca.certificate(Level::Root).clone();
    drop(bench.ca);
    let ca = TestAuthority::open(&place, "示例", &secret, now(), &mut rng).unwrap();
    assert_eq!(ca.certificate(Level::Root), &root);
    let request = CertificateRequest { reference: "one", csr: &csr("a"), profile: profile() };
    assert_eq!(ca.issue(&request, now(), &mut rng).unwrap(), cert);
    let lists = ca.revocation_lists(now(), 30).unwrap();
    let list = Crl::parse(&lists[1], &Limits::default()).unwrap();
    let found = list.find(&cert.leaf.serial).unwrap().unwrap();
    assert_eq!(found.reason, Some(RevocationReason::KeyCompromise));
    assert_eq!(found.date.as_second(), now().as_second(), "the first date stands");
    assert!(Crl::parse(&lists[0], &Limits::default()).unwrap().find(&cert.leaf.serial).unwrap().is_none());
}

#[test]
fn opens_with_its_password_only_and_soon() {
    let bench = Bench::new();
    let place = bench.folder.path().join("ca");
    drop(bench.ca);
    let mut rng = SeededRng::new("x");
    let wrong = Password::new(b"another".to_vec());
    let refused = TestAuthority::open(&place, "示例", &wrong, now(), &mut rng).unwrap_err();
    assert_eq!(refused.code(), "AUTHORITY_STORE");
    let start = Instant::now();
    TestAuthority::open(&place, "示例", &password(), now(), &mut rng).unwrap();
    // A server is ready within a second and has more to do than this.
    assert!(start.elapsed() < Duration::from_millis(600), "{:?}", start.elapsed());
}

#[test]
fn rejects_requests_without_possession_bad_names_and_dates() {
    let mut bench = Bench::new();
    let mut bent = csr("a");
    *bent.last_mut().unwrap() ^= 1;
    for bad in [bent, b"no request".to_vec(), Vec::new()] {
        assert_eq!(issue(&mut bench, "one", &bad).unwrap_err().code(), "AUTHORITY_REQUEST");
    }
    let foreign = CsrBuilder::new(Name::build(&[])).sign(&*pki::key("p", KeyAlgorithm::P256)).unwrap();
    assert_eq!(issue(&mut bench, "one", &foreign).unwrap_err().code(), "AUTHORITY_REQUEST");
    let ca = bench.ca.clone();
    let mut bent = |bend: fn(&mut CertificateProfile)| {
        let mut profile = profile();
        bend(&mut profile);
        let request = CertificateRequest { reference: "one", csr: &csr("a"), profile };
        ca.issue(&request, now(), &mut bench.rng).unwrap_err().code()
    };
    assert_eq!(bent(|p| p.subject.organization = " ".into()), "AUTHORITY_SUBJECT");
    assert_eq!(bent(|p| p.subject.common_name = "长".repeat(65)), "AUTHORITY_SUBJECT");
    assert_eq!(bent(|p| p.subject.credit_code = Some("9199 0100".into())), "AUTHORITY_SUBJECT");
    assert_eq!(bent(|p| p.not_after = clock::at("2099-01-01T00:00:00Z")), "AUTHORITY_VALIDITY");
    assert_eq!(bent(|p| p.not_after = p.not_before), "AUTHORITY_VALIDITY");
    assert_eq!(ca.issued_count(), 0);
}

#[test]
fn openssl_verifies_its_chain() {
    let mut bench = Bench::new();
    let issued = issue(&mut bench, "one", &csr("a")).unwrap();
    let lab = Lab::new("authority-openssl");
    for (name, cert) in [
        ("root", bench.ca.certificate(Level::Root)),
        ("ca", bench.ca.certificate(Level::Issuing)),
        ("leaf", &issued.leaf),
    ] {
        lab.write(&format!("{name}.pem"), yinxin_formats::pem::encode("CERTIFICATE", cert.raw()));
    }
    let at = clock::now().as_second().to_string();
    let id = "distid:1234567812345678";
    lab.openssl(&["verify", "-attime", &at, "-vfyopt", id, "-CAfile", "root.pem", "ca.pem"]);
    let last = ["verify", "-attime", &at, "-vfyopt", id, "-partial_chain", "-trusted", "ca.pem", "leaf.pem"];
    lab.openssl(&last);
}

#[test]
fn an_imported_certificate_is_taken_only_for_the_key_and_unit_it_is_for() {
    let bench = Bench::new();
    let spec = CertSpec::leaf(UNIT);
    let good = bench.pki.leaf(&spec);
    let key = good.key.public_key().clone();
    let check = |cert: &yinxin_testkit::Identity, organization: &str, facts| {
        let issued = read_chain(&[cert.der(), bench.pki.ca.der()]).unwrap();
        let expected = Expected { key: &key, organization, credit_code: Some(UNIT_CODE) };
        check_certificate(&issued, expected, facts, now())
    };
    assert_eq!(check(&good, UNIT, &bench.facts), Ok(()));
    assert_eq!(check(&good, "示例市另一家公司", &bench.facts), Err(CertificateFault::Subject));
    assert_eq!(check(&bench.pki.signer_a, UNIT, &bench.facts), Err(CertificateFault::Key));
    let as_ca = bench.pki.leaf(&spec.clone().with(|s| s.basic = Some((true, None))));
    assert_eq!(check(&as_ca, UNIT, &bench.facts), Err(CertificateFault::Authority));
    let encryption = spec.clone().with(|s| s.usage = Some(yinxin_formats::x509::KeyUsage::KEY_ENCIPHERMENT));
    let code = |r: Result<(), CertificateFault>| r.unwrap_err().code();
    assert_eq!(code(check(&bench.pki.leaf(&encryption), UNIT, &bench.facts)), "CERTIFICATE_USAGE");
    let past = spec.clone().dates("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    assert_eq!(code(check(&bench.pki.leaf(&past), UNIT, &bench.facts)), "CERTIFICATE_TIME");
    let strange = pki::issue(&bench.pki.stranger, &spec);
    assert_eq!(code(check(&strange, UNIT, &bench.facts)), "CERTIFICATE_CHAIN");
    let revoked = facts(&bench.pki, &bench.ca, &[&good]);
    assert_eq!(code(check(&good, UNIT, &revoked)), "CERTIFICATE_REFUSED");
    assert_eq!(read_chain::<Vec<u8>>(&[]).unwrap_err().code(), "CERTIFICATE_MALFORMED");
    assert_eq!(read_chain(&[b"no certificate"]).unwrap_err().code(), "CERTIFICATE_MALFORMED");
}

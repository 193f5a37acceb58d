//! Every reason not to rely on a proof.

use jiff::SignedDuration;
use yinxin_crypto::KeyAlgorithm;
use yinxin_formats::cms::{Attribute, Family, SignedDataBuilder};
use yinxin_formats::oids;
use yinxin_server::proof::{
    ProofFault, ProofKind, ProofSigner, ProofTrust, SignProofError, sign, to_canonical, verify,
};
use yinxin_testkit::{CertSpec, clock, pki};

use crate::sample::{Office, facts, signed_by, statement};

const KIND: ProofKind = ProofKind::MakingApproval;

#[track_caller]
fn code(office: &Office, der: &[u8]) -> &'static str {
    office.verify(der, KIND, clock::now()).unwrap_err().code()
}

#[test]
fn every_kind_is_signed_and_says_the_same_when_verified() {
    let office = Office::new();
    for kind in ProofKind::ALL {
        let proof = office.sign(statement(kind));
        let verified = office.verify(&proof.der, kind, clock::now()).unwrap();
        assert_eq!(verified.statement, statement(kind));
        assert_eq!(verified.digest, proof.digest);
        assert_eq!(verified.signed_at, clock::made());
        for other in ProofKind::ALL.into_iter().filter(|k| *k != kind) {
            assert_eq!(office.verify(&proof.der, other, clock::now()).unwrap_err().code(), "PROOF_KIND");
        }
    }
}

#[test]
fn no_byte_of_a_proof_can_be_changed() {
    let office = Office::new();
    let proof = office.sign(statement(KIND)).der;
    let mut codes = std::collections::BTreeSet::new();
    for at in 0..proof.len() {
        let mut bent = proof.clone();
        bent[at] ^= 1;
        let refused = office.verify(&bent, KIND, clock::now());
        codes.insert(refused.err().unwrap_or_else(|| panic!("byte {at} does not matter")).code());
    }
    for expected in ["PROOF_SIGNATURE", "PROOF_MALFORMED", "PROOF_CONTENT"] {
        assert!(codes.contains(expected), "{expected} not among {codes:?}");
    }
    for cut in [0, 1, proof.len() / 2, proof.len() - 1] {
        assert_eq!(code(&office, &proof[..cut]), "PROOF_MALFORMED");
    }
    assert_eq!(code(&office, &[proof.as_slice(), &[0]].concat()), "PROOF_MALFORMED");
}

#[test]
fn rejects_a_forged_proof_of_somebody_the_same_ca_certified() {
    let office = Office::new();
    let forged = signed_by(&office.pki.signer_a, statement(KIND), clock::made());
    assert_eq!(code(&office, &forged.der), "PROOF_SIGNER");
    // With the authority's name and serial claimed, the signature tells.
    let disguised = yinxin_testkit::Identity {
        key: office.pki.signer_a.key.clone(),
        cert: office.authority.cert.clone(),
    };
    let content = to_canonical(&statement(KIND)).unwrap();
    let prepared = SignedDataBuilder::attached(Family::Gbt35275, &content)
        .certificate(office.authority.der())
        .signing_time(clock::made())
        .signing_certificate()
        .prepare(&office.authority.cert, yinxin_crypto::SignatureAlgorithm::Sm2Sm3)
        .unwrap();
    let value = disguised.sign(prepared.signed_bytes());
    assert_eq!(code(&office, &prepared.assemble(&value)), "PROOF_SIGNATURE");
}

#[test]
fn rejects_an_authority_that_certifies_for_another_or_for_an_area_not_its_own() {
    let office = Office::new();
    let mut s = statement(KIND);
    s.authority.code = "11990200MB0000002X".into();
    assert_eq!(code(&office, &office.sign(s).der), "PROOF_SIGNER");
    for area in ["/100000/980000/980100/", "/100000/"] {
        let mut s = statement(KIND);
        s.area = area.into();
        assert_eq!(code(&office, &office.sign(s).der), "PROOF_SIGNER", "{area}");
    }
    // An area written without its last slash would cover its neighbors too: it covers nothing.
    let mut signers = office.signers();
    signers[0].area = "/100000/99".into();
    let trust = ProofTrust { facts: &office.facts, signers: &signers };
    let proof = office.sign(statement(KIND));
    assert_eq!(verify(&proof.der, KIND, trust, clock::now()), Err(ProofFault::Signer));
}

#[test]
fn rejects_certificates_revoked_expired_or_without_anchor() {
    let mut office = Office::new();
    let proof = office.sign(statement(KIND)).der;
    let (pki, authority) = (office.pki.clone(), office.authority.clone());
    // Revoked after the signing, for no stated reason: whoever has the key could have dated it back.
    office.facts = facts(&pki, &[&authority]);
    assert_eq!(code(&office, &proof), "PROOF_CERTIFICATE");
    office.facts = yinxin_seal::TrustFacts::default();
    assert_eq!(code(&office, &proof), "PROOF_CERTIFICATE");

    let mut office = Office::new();
    let spec = CertSpec::leaf("示例市政务服务局").dates("2026-01-01T00:00:00Z", "2026-11-01T00:00:01Z");
    office.authority = office.pki.leaf(&spec);
    let proof = office.sign(statement(KIND));
    // Good when it signed: the end of its certificate changes nothing.
    assert!(office.verify(&proof.der, KIND, clock::now()).is_ok());
    let signer = ProofSigner { key: &*office.authority.key, certificate: &office.authority.cert, chain: &[] };
    assert!(matches!(sign(statement(KIND), signer, clock::now()), Err(SignProofError::OutOfDate)));
}

#[test]
fn rejects_times_that_cannot_be_and_proofs_out_of_date() {
    let office = Office::new();
    let proof = office.sign(statement(KIND)).der;
    let before = clock::made().checked_sub(SignedDuration::from_mins(11)).unwrap();
    assert_eq!(office.verify(&proof, KIND, before).unwrap_err().code(), "PROOF_TIME");
    let within = clock::made().checked_sub(SignedDuration::from_mins(9)).unwrap();
    assert!(office.verify(&proof, KIND, within).is_ok());
    let last = clock::at("2026-12-31T00:00:00Z");
    assert!(office.verify(&proof, KIND, last).is_ok());
    let late = clock::at("2026-12-31T00:00:01Z");
    assert_eq!(office.verify(&proof, KIND, late).unwrap_err().code(), "PROOF_EXPIRED");
    // Stated to be older or younger than its signature.
    for issued in ["2026-10-01T00:00:00Z", "2026-11-02T00:00:00Z"] {
        let mut s = statement(KIND);
        s.issued_at = clock::at(issued);
        assert_eq!(code(&office, &office.sign(s).der), "PROOF_TIME");
    }
}

#[test]
fn rejects_other_structures_with_the_same_content() {
    let office = Office::new();
    let content = to_canonical(&statement(KIND)).unwrap();
    let (cert, key) = (&office.authority.cert, &*office.authority.key);
    let base = |family| SignedDataBuilder::attached(family, &content).certificate(cert.raw());
    let full = |family| base(family).signing_time(clock::made()).signing_certificate();
    let cases = [
        (full(Family::Rfc5652), "PROOF_CONTENT_TYPE"),
        (full(Family::Gbt35275).content_type(oids::DATA), "PROOF_CONTENT_TYPE"),
        (base(Family::Gbt35275).without_attributes(), "PROOF_MALFORMED"),
        (
            SignedDataBuilder::attached(Family::Gbt35275, &content)
                .signing_time(clock::made())
                .signing_certificate(),
            "PROOF_MALFORMED",
        ),
        (base(Family::Gbt35275).signing_certificate(), "PROOF_MALFORMED"),
        (base(Family::Gbt35275).signing_time(clock::made()), "PROOF_SIGNER"),
        (
            full(Family::Gbt35275)
                .unsigned_attribute(Attribute::new(oids::ATTR_TIMESTAMP_TOKEN, vec![0x05, 0x00])),
            "PROOF_MALFORMED",
        ),
        (
            SignedDataBuilder::detached(Family::Gbt35275, &content)
                .certificate(cert.raw())
                .signing_time(clock::made())
                .signing_certificate(),
            "PROOF_MALFORMED",
        ),
        (
            SignedDataBuilder::attached(Family::Gbt35275, b"{\"format\":\"another\"}")
                .certificate(cert.raw())
                .signing_time(clock::made())
                .signing_certificate(),
            "PROOF_CONTENT",
        ),
    ];
    for (n, (builder, expected)) in cases.into_iter().enumerate() {
        assert_eq!(code(&office, &builder.sign(cert, key).unwrap()), expected, "case {n}");
    }
    assert!(office.verify(&full(Family::Gbt35275).sign(cert, key).unwrap(), KIND, clock::now()).is_ok());
}

#[test]
fn rejects_a_signature_that_is_not_sm2() {
    let mut office = Office::new();
    office.authority =
        office.pki.leaf(&CertSpec::leaf("示例市政务服务局").with(|s| s.algorithm = KeyAlgorithm::P256));
    let content = to_canonical(&statement(KIND)).unwrap();
    let der = SignedDataBuilder::attached(Family::Gbt35275, &content)
        .signing_time(clock::made())
        .signing_certificate()
        .sign(&office.authority.cert, &*office.authority.key)
        .unwrap();
    assert_eq!(code(&office, &der), "PROOF_MALFORMED");
}

#[test]
fn a_key_that_is_not_the_certificates_signs_nothing() {
    let office = Office::new();
    let other = pki::key("another", KeyAlgorithm::Sm2);
    let signer = ProofSigner { key: &*other, certificate: &office.authority.cert, chain: &[] };
    assert_eq!(sign(statement(KIND), signer, clock::made()).unwrap_err().code(), "PROOF_NOT_SIGNED");
}

//! Statements of truth by an agent's certificate.

use yinxin_formats::cms::{Family, SignedDataBuilder};
use yinxin_server::proof::truth::{TruthFault, TruthSigner, declaration, verify};
use yinxin_testkit::{Identity, clock};

use crate::sample::{Office, facts};

const DIGEST: [u8; 32] = [7; 32];

fn signed(who: &Identity, family: Family, attached: bool, content: &[u8]) -> Vec<u8> {
    let builder = if attached {
        SignedDataBuilder::attached(family, content)
    } else {
        SignedDataBuilder::detached(family, content)
    };
    builder
        .certificate(who.der())
        .signing_time(clock::signed())
        .signing_certificate()
        .sign(&who.cert, &*who.key)
        .unwrap()
}

fn check(office: &Office, der: &[u8]) -> Result<TruthSigner, TruthFault> {
    verify(der, &DIGEST, &office.facts, clock::now())
}

#[test]
fn accepts_every_form_and_names_the_signer() {
    let office = Office::new();
    let agent = &office.pki.signer_a;
    for family in [Family::Gbt35275, Family::Rfc5652] {
        for attached in [true, false] {
            let der = signed(agent, family, attached, &declaration(&DIGEST));
            let who = check(&office, &der).unwrap();
            assert_eq!(who.common_name.as_deref(), Some("测试签章人甲 Test Signer A"));
            assert_eq!(who.certificate_digest, agent.cert.sm3());
            assert_eq!(who.signed_at, Some(clock::signed()));
        }
    }
    let bare = SignedDataBuilder::detached(Family::Gbt35275, &declaration(&DIGEST))
        .certificate(agent.der())
        .without_attributes()
        .sign(&agent.cert, &*agent.key)
        .unwrap();
    assert_eq!(check(&office, &bare).unwrap().signed_at, None);
}

#[test]
fn what_is_signed_can_be_read_by_a_person_and_carries_the_digest() {
    let text = String::from_utf8(declaration(&DIGEST)).unwrap();
    assert!(text.contains("真实、合法、有效") && text.contains(&"07".repeat(32)));
}

#[test]
fn rejects_a_statement_about_another_application() {
    let office = Office::new();
    let other = declaration(&[8; 32]);
    for attached in [true, false] {
        let der = signed(&office.pki.signer_a, Family::Gbt35275, attached, &other);
        assert_eq!(check(&office, &der), Err(TruthFault::Content));
    }
    let bare_digest = signed(&office.pki.signer_a, Family::Gbt35275, true, &DIGEST);
    assert_eq!(check(&office, &bare_digest), Err(TruthFault::Content));
}

#[test]
fn rejects_bent_strange_and_revoked() {
    let mut office = Office::new();
    let agent = office.pki.signer_a.clone();
    let good = signed(&agent, Family::Gbt35275, true, &declaration(&DIGEST));
    let mut bent = good.clone();
    *bent.last_mut().unwrap() ^= 1;
    assert_eq!(check(&office, &bent).unwrap_err().code(), "TRUTH_SIGNATURE");
    assert_eq!(check(&office, b"no DER").unwrap_err().code(), "TRUTH_MALFORMED");
    let without = SignedDataBuilder::attached(Family::Gbt35275, &declaration(&DIGEST))
        .signing_time(clock::signed())
        .sign(&agent.cert, &*agent.key)
        .unwrap();
    assert_eq!(check(&office, &without), Err(TruthFault::CertificateMissing));
    let stranger = signed(&office.pki.stranger, Family::Gbt35275, true, &declaration(&DIGEST));
    assert_eq!(check(&office, &stranger).unwrap_err().code(), "TRUTH_CERTIFICATE");
    let early = clock::at("2026-11-20T07:49:00Z");
    assert_eq!(verify(&good, &DIGEST, &office.facts, early), Err(TruthFault::Time));
    office.facts = facts(&office.pki, &[&agent]);
    assert_eq!(check(&office, &good).unwrap_err().code(), "TRUTH_CERTIFICATE");
}

//! Login with an SM2 certificate: the challenge, its text, whose certificate answered and whether it is trusted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::{KeyAlgorithm, Sm2Signature, sm3};
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::KeyUsage;
use yinxin_seal::trust::{Policy, TrustFacts};
use yinxin_server::security::challenge::{
    CertificateIdentity, Challenge, ChallengePurpose, ChallengeRefused, Expected, verify,
};
use yinxin_testkit::clock::now;
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::revocation::CrlForge;
use yinxin_testkit::rng::SeededRng;
use yinxin_testkit::{CertSpec, Identity, Pki};

const ORIGIN: &str = "https://seal.example.gov.cn";
const LOGIN: ChallengePurpose = ChallengePurpose::Login;

struct Desk {
    pki: Pki,
    facts: TrustFacts,
    policy: Policy,
}

impl Desk {
    fn new() -> Self {
        let pki = Pki::new();
        let mut facts = TrustFacts::default();
        facts.add_certificate(pki.root.cert.clone());
        facts.add_certificate(pki.ca.cert.clone());
        Self { pki, facts, policy: Policy::Default }
    }

    fn crl(&mut self, der: &[u8]) {
        self.facts.crls.push(Crl::parse(der, &Limits::default()).unwrap());
    }

    fn expected<'a>(&'a self, purpose: &'a ChallengePurpose) -> Expected<'a> {
        Expected { purpose, origin: ORIGIN, facts: &self.facts, policy: self.policy }
    }

    /// Answers a fresh login challenge.
    fn login(&self, who: &Identity) -> Result<CertificateIdentity, ChallengeRefused> {
        let challenge = challenge(&LOGIN);
        let signature = who.sign(challenge.to_sign().as_bytes());
        verify(&challenge, &signature, &who.cert, &[], self.expected(&LOGIN), now())
    }

    fn refusal(&self, who: &Identity) -> &'static str {
        self.login(who).unwrap_err().code()
    }
}

fn challenge(purpose: &ChallengePurpose) -> Challenge {
    Challenge::new(purpose.clone(), ORIGIN, now(), &mut SeededRng::new("challenge")).unwrap()
}

#[test]
fn the_text_is_the_documented_one() {
    let challenge = challenge(&ChallengePurpose::Bind("acct_1".to_owned()));
    assert_eq!(
        challenge.to_sign(),
        format!(
            "Yinxin certificate challenge 1\npurpose: bind acct_1\norigin: https://seal.example.gov.cn\n\
             challenge: {}\nexpires: 2026-11-22T00:02:00Z\n",
            challenge.nonce
        )
    );
    assert_eq!(challenge.nonce.len(), 43);
}

#[test]
fn no_two_challenges_are_alike_and_none_can_smuggle_a_line() {
    let mut rng = SeededRng::new("challenges");
    let mut make = |purpose, origin: &str| Challenge::new(purpose, origin, now(), &mut rng);
    assert_ne!(make(LOGIN, ORIGIN).unwrap().nonce, make(LOGIN, ORIGIN).unwrap().nonce);
    let smuggled = ChallengePurpose::Confirm("x\norigin: https://evil.example".to_owned());
    assert_eq!(make(smuggled, ORIGIN), Err(ChallengeRefused::Malformed));
    assert_eq!(make(LOGIN, "https://a\r\n"), Err(ChallengeRefused::Malformed));
    assert_eq!(make(LOGIN, &"x".repeat(257)), Err(ChallengeRefused::Malformed));
}

#[test]
fn tells_whose_certificate_answered() {
    let desk = Desk::new();
    let who = &desk.pki.signer_a;
    let identity = desk.login(who).unwrap();
    assert_eq!(identity.serial, who.cert.serial.to_string().to_lowercase());
    assert_eq!(identity.issuer, "CN=测试签发机构 Test CA, O=测试单位 TEST, C=CN");
    assert_eq!(identity.subject, "CN=测试签章人甲 Test Signer A, O=测试单位 TEST, C=CN");
    assert_eq!(identity.digest, hex::encode(sm3(who.der())));
    assert_eq!(identity.not_after, who.cert.not_after);
    assert!(!identity.revocation_checked);
}

#[test]
fn takes_plain_signature_values_as_devices_give_them() {
    let desk = Desk::new();
    let (who, challenge) = (&desk.pki.signer_a, challenge(&LOGIN));
    let der = who.sign(challenge.to_sign().as_bytes());
    let raw = Sm2Signature::from_der(&der).unwrap().to_raw64();
    assert!(verify(&challenge, &raw, &who.cert, &[], desk.expected(&LOGIN), now()).is_ok());
}

#[test]
fn an_answer_counts_for_two_minutes() {
    let desk = Desk::new();
    let (who, challenge) = (&desk.pki.signer_a, challenge(&LOGIN));
    let signature = who.sign(challenge.to_sign().as_bytes());
    let at =
        |moment: Timestamp| verify(&challenge, &signature, &who.cert, &[], desk.expected(&LOGIN), moment);
    let last = now() + SignedDuration::from_mins(2);
    assert!(at(last).is_ok());
    assert_eq!(at(last + SignedDuration::from_nanos(1)), Err(ChallengeRefused::Expired));
}

#[test]
fn rejects_the_signature_of_another_key_text_or_challenge() {
    let desk = Desk::new();
    let (who, challenge) = (&desk.pki.signer_a, challenge(&LOGIN));
    let mut other = challenge.clone();
    other.nonce = "A".repeat(43);
    let texts =
        [other.to_sign(), challenge.to_sign().trim_end().to_owned(), challenge.nonce.clone(), String::new()];
    for text in texts {
        let signature = who.sign(text.as_bytes());
        let refused = verify(&challenge, &signature, &who.cert, &[], desk.expected(&LOGIN), now());
        assert_eq!(refused, Err(ChallengeRefused::Signature), "{text}");
    }
    assert_eq!(desk.refusal(&who.with_key_of(&desk.pki.signer_b)), "CHALLENGE_SIGNATURE_WRONG");
    for garbage in [&[][..], &[0; 64], &[0x30; 70]] {
        let refused = verify(&challenge, garbage, &who.cert, &[], desk.expected(&LOGIN), now());
        assert_eq!(refused, Err(ChallengeRefused::Signature));
    }
}

#[test]
fn a_signature_made_to_log_in_binds_and_confirms_nothing() {
    let desk = Desk::new();
    let (who, challenge) = (&desk.pki.signer_a, challenge(&LOGIN));
    let signature = who.sign(challenge.to_sign().as_bytes());
    for purpose in
        [ChallengePurpose::Bind("acct_1".to_owned()), ChallengePurpose::Confirm("sm3:00".to_owned())]
    {
        let refused = verify(&challenge, &signature, &who.cert, &[], desk.expected(&purpose), now());
        assert_eq!(refused, Err(ChallengeRefused::Mismatch));
        // Nor if the stored challenge is taken for one of that purpose.
        let turned = Challenge { purpose: purpose.clone(), ..challenge.clone() };
        let refused = verify(&turned, &signature, &who.cert, &[], desk.expected(&purpose), now());
        assert_eq!(refused, Err(ChallengeRefused::Signature));
    }
    let elsewhere = Expected { origin: "https://other.example", ..desk.expected(&LOGIN) };
    let refused = verify(&challenge, &signature, &who.cert, &[], elsewhere, now());
    assert_eq!(refused, Err(ChallengeRefused::Mismatch));
}

#[test]
fn rejects_certificates_without_digital_signature() {
    let desk = Desk::new();
    let with = |usage| desk.pki.leaf(&CertSpec::leaf("测试用途 Test Usage").with(|s| s.usage = usage));
    assert_eq!(desk.refusal(&with(Some(KeyUsage::CONTENT_COMMITMENT))), "CERTIFICATE_USAGE");
    assert_eq!(desk.refusal(&with(Some(KeyUsage::KEY_ENCIPHERMENT))), "CERTIFICATE_USAGE");
    assert_eq!(desk.refusal(&with(None)), "CERTIFICATE_USAGE");
    assert!(desk.login(&with(Some(KeyUsage::DIGITAL_SIGNATURE))).is_ok());
}

#[test]
fn rejects_certificates_that_are_not_sm2() {
    let desk = Desk::new();
    let p256 = desk.pki.leaf(&CertSpec::leaf("测试 P-256").with(|s| s.algorithm = KeyAlgorithm::P256));
    assert_eq!(desk.refusal(&p256), "CERTIFICATE_NOT_SM2");
}

#[test]
fn rejects_certificates_of_strangers_and_their_own_chain() {
    let desk = Desk::new();
    assert_eq!(desk.refusal(&desk.pki.stranger), "CERTIFICATE_USAGE");
    let root = Pki::root(&CertSpec::leaf("自签名 Self-signed"));
    assert_eq!(desk.refusal(&root), "CERTIFICATE_NOT_TRUSTED");
    let leaf = yinxin_testkit::pki::issue(&desk.pki.stranger, &CertSpec::leaf("陌生人 Stranger"));
    let challenge = challenge(&LOGIN);
    let signature = leaf.sign(challenge.to_sign().as_bytes());
    let embedded = [desk.pki.stranger.cert.clone()];
    let refused = verify(&challenge, &signature, &leaf.cert, &embedded, desk.expected(&LOGIN), now());
    assert_eq!(refused.unwrap_err().code(), "CERTIFICATE_NOT_TRUSTED");
}

#[test]
fn an_intermediate_sent_along_completes_the_chain() {
    let mut desk = Desk::new();
    desk.facts.intermediates.clear();
    assert_eq!(desk.refusal(&desk.pki.signer_a), "CERTIFICATE_NOT_TRUSTED");
    let (who, challenge) = (&desk.pki.signer_a, challenge(&LOGIN));
    let signature = who.sign(challenge.to_sign().as_bytes());
    let embedded = [desk.pki.ca.cert.clone()];
    assert!(verify(&challenge, &signature, &who.cert, &embedded, desk.expected(&LOGIN), now()).is_ok());
}

#[test]
fn rejects_certificates_out_of_date() {
    let desk = Desk::new();
    let old = desk.pki.leaf(&CertSpec::leaf("旧 Old").dates("2024-01-01T00:00:00Z", "2026-11-21T23:59:59Z"));
    assert_eq!(desk.refusal(&old), "CERTIFICATE_OUT_OF_DATE");
    let young =
        desk.pki.leaf(&CertSpec::leaf("新 Young").dates("2026-11-22T00:00:01Z", "2029-01-01T00:00:00Z"));
    assert_eq!(desk.refusal(&young), "CERTIFICATE_OUT_OF_DATE");
}

#[test]
fn rejects_revoked_certificates_and_under_strict_policy_those_nobody_can_tell_of() {
    let mut desk = Desk::new();
    desk.policy = Policy::Strict;
    assert_eq!(desk.refusal(&desk.pki.signer_a), "CERTIFICATE_REVOCATION_UNKNOWN");
    let root_list = CrlForge::fresh(&desk.pki.root).build();
    let list = CrlForge::fresh(&desk.pki.ca).revoke(&desk.pki.signer_b, "2026-11-20T00:00:00Z", None).build();
    desk.crl(&root_list);
    desk.crl(&list);
    assert!(desk.login(&desk.pki.signer_a).unwrap().revocation_checked);
    assert_eq!(desk.refusal(&desk.pki.signer_b), "CERTIFICATE_REVOKED");
    desk.policy = Policy::Default;
    assert_eq!(desk.refusal(&desk.pki.signer_b), "CERTIFICATE_REVOKED");
}

#[test]
fn openssl_signs_an_answer_with_the_documented_command() {
    let lab = Lab::new("security-challenge");
    lab.openssl(&["genpkey", "-algorithm", "SM2", "-out", "k.pem"]);
    lab.openssl(&[
        "req",
        "-x509",
        "-new",
        "-key",
        "k.pem",
        "-sm3",
        "-sigopt",
        "distid:1234567812345678",
        "-subj",
        "/C=CN/CN=Example",
        "-days",
        "3650",
        "-addext",
        "keyUsage=critical,digitalSignature,keyCertSign",
        "-outform",
        "DER",
        "-out",
        "c.der",
    ]);
    let cert = yinxin_formats::x509::Certificate::parse(&lab.read("c.der"), &Limits::default()).unwrap();
    let moment = cert.not_before + SignedDuration::from_hours(1);
    let mut facts = TrustFacts::default();
    facts.add_certificate(cert.clone());
    let challenge = Challenge::new(LOGIN, ORIGIN, moment, &mut SeededRng::new("c")).unwrap();
    lab.write("t", challenge.to_sign());
    lab.openssl(&["dgst", "-sm3", "-sign", "k.pem", "-sigopt", "distid:1234567812345678", "-out", "s", "t"]);
    let expected = Expected { purpose: &LOGIN, origin: ORIGIN, facts: &facts, policy: Policy::Default };
    let identity = verify(&challenge, &lab.read("s"), &cert, &[], expected, moment).unwrap();
    assert_eq!(identity.subject, "CN=Example, C=CN");
}

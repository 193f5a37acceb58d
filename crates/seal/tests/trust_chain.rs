//! One test for each rule of chains and usages.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;
use yinxin_seal::trust::{ChainState, Evaluator, Policy, Purpose};
use yinxin_testkit::pki::{CertSpec, Pki, issue};
use yinxin_testkit::{Identity, clock};

cases! { "trust";
    accepts_a_chain_over_one_ca = "chain";
    accepts_a_leaf_issued_by_the_anchor = "chain-by-root";
    accepts_a_leaf_inside_name_constraints = "name-constraints-inside";
    accepts_a_cross_certified_ca_by_its_sound_path = "cross-certified";
    accepts_an_sm2_leaf_under_a_p256_ca = "p256-ca";
    accepts_a_leaf_under_a_ca_with_path_length_zero = "path-length-kept";
    refuses_a_leaf_issued_by_a_non_ca = "issuer-not-ca";
    refuses_a_leaf_whose_issuer_has_no_basic_constraints = "issuer-without-constraints";
    refuses_a_leaf_issued_by_a_signer = "issued-by-a-leaf";
    refuses_a_leaf_whose_issuer_may_not_sign_certificates = "issuer-may-not-sign";
    refuses_an_unknown_critical_extension_in_the_ca = "issuer-critical-extension";
    refuses_an_unknown_critical_extension_in_the_leaf = "maker-critical-extension";
    refuses_a_path_longer_than_allowed = "path-length-exceeded";
    refuses_a_name_outside_the_permitted_tree = "name-constraints-outside";
    refuses_a_name_in_the_excluded_tree = "name-constraints-excluded";
    refuses_a_forged_issuer_signature = "forged-issuer-signature";
    refuses_a_self_signed_leaf = "self-signed";
    refuses_a_chain_whose_ca_has_expired = "issuer-expired";
    names_the_missing_issuer = "issuer-missing";
    names_the_missing_anchor = "anchor-missing";
    calls_nothing_valid_where_nothing_is_trusted = "nobody-trusted";
    refuses_an_encryption_certificate = "usage-encryption";
    refuses_a_certificate_for_issuing_only = "usage-ca-only";
    refuses_a_critical_extended_usage_for_something_else = "eku-wrong-critical";
    warns_of_an_extended_usage_for_something_else = "eku-wrong-not-critical";
    accepts_any_extended_usage = "eku-any";
    warns_of_a_missing_key_usage = "usage-missing";
    accepts_digital_signature_alone = "usage-digital-signature";
    accepts_content_commitment_alone = "usage-content-commitment";
}

fn chain(who: &Identity, facts: &TrustFacts, embedded: &[Certificate]) -> ChainState {
    Evaluator::new(facts, clock::now(), Policy::Default)
        .judge(&who.cert, embedded, Purpose::Signer, clock::now())
        .chain
}

#[test]
fn a_missing_issuer_is_named_by_its_subject() {
    let pki = Pki::new();
    let facts = support::facts_of(&[pki.root.der()], &[]);
    let ChainState::NoAnchor(missing) = chain(&pki.signer_a, &facts, &[]) else {
        panic!("an anchor was found")
    };
    assert_eq!(missing, pki.ca.cert.subject.to_string());
}

#[test]
fn an_embedded_certificate_helps_but_is_never_trusted_by_itself() {
    let pki = Pki::new();
    let root_only = support::facts_of(&[pki.root.der()], &[]);
    assert_eq!(chain(&pki.signer_a, &root_only, std::slice::from_ref(&pki.ca.cert)), ChainState::Anchored);
    let nothing = TrustFacts::default();
    let embedded = [pki.ca.cert.clone(), pki.root.cert.clone()];
    assert!(matches!(chain(&pki.signer_a, &nothing, &embedded), ChainState::NoAnchor(_)));
}

#[test]
fn a_self_issued_certificate_with_another_key_is_no_anchor() {
    let pki = Pki::new();
    // Named like the root on both sides, signed by the root with its own name: a key rollover, not an anchor.
    let rolled =
        issue(&pki.root, &CertSpec::ca("测试根 Test Root").with(|s| s.key = Some("new root key".into())));
    let mut facts = TrustFacts::default();
    facts.add_certificate(rolled.cert.clone());
    assert_eq!((facts.anchors.len(), facts.intermediates.len()), (0, 1));
    facts.add_certificate(pki.root.cert.clone());
    let leaf = issue(&rolled, &CertSpec::leaf("甲"));
    assert_eq!(chain(&leaf, &facts, &[]), ChainState::Anchored);
}

#[test]
fn self_issued_certificates_do_not_count_against_path_length() {
    let pki = Pki::new();
    let zero = issue(&pki.root, &CertSpec::ca("零 Zero").with(|s| s.basic = Some((true, Some(0)))));
    let rolled = issue(&zero, &CertSpec::ca("零 Zero").with(|s| s.key = Some("zero, new key".into())));
    let leaf = issue(&rolled, &CertSpec::leaf("甲"));
    let facts = support::facts_of(&[pki.root.der(), zero.der(), rolled.der()], &[]);
    assert_eq!(chain(&leaf, &facts, &[]), ChainState::Anchored);
}

#[test]
fn a_loop_of_cross_certificates_ends() {
    let a = Pki::root(&CertSpec::ca("甲 A"));
    let b = Pki::root(&CertSpec::ca("乙 B"));
    let a_by_b = issue(&b, &CertSpec::ca("甲 A"));
    let b_by_a = issue(&a, &CertSpec::ca("乙 B"));
    let leaf = issue(&a, &CertSpec::leaf("丙"));
    let facts = support::facts_of(&[a_by_b.der(), b_by_a.der()], &[]);
    assert!(matches!(chain(&leaf, &facts, &[]), ChainState::NoAnchor(_) | ChainState::Broken(_)));
}

#[test]
fn a_chain_longer_than_ten_is_not_followed() {
    let root = Pki::root(&CertSpec::ca("长 0"));
    let mut all = vec![root.clone()];
    for n in 1..14 {
        let next = issue(all.last().unwrap(), &CertSpec::ca(&format!("长 {n}")));
        all.push(next);
    }
    let leaf = issue(all.last().unwrap(), &CertSpec::leaf("末"));
    let ders: Vec<&[u8]> = all.iter().map(Identity::der).collect();
    assert_ne!(chain(&leaf, &support::facts_of(&ders, &[]), &[]), ChainState::Anchored);
}

#[test]
fn a_heap_of_impostors_of_the_issuer_does_not_hide_the_real_one() {
    let pki = Pki::new();
    let mut all = vec![pki.root.cert.raw().to_vec()];
    for n in 0..40 {
        let spec = CertSpec::ca("测试签发机构 Test CA")
            .with(|s| (s.key, s.aki) = (Some(format!("impostor {n}")), false));
        all.push(issue(&pki.stranger, &spec).der().to_vec());
    }
    all.push(pki.ca.der().to_vec());
    let ders: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
    assert_eq!(chain(&pki.signer_a, &support::facts_of(&ders, &[]), &[]), ChainState::Anchored);
}

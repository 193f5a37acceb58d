//! One test for each rule of revocation, dates and timestamps.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use yinxin_formats::crl::RevocationReason;
use yinxin_formats::der::Limits;
use yinxin_formats::ocsp::{CertStatus, OcspResponse};
use yinxin_seal::TrustFacts;
use yinxin_seal::trust::{Evaluator, Policy, Purpose, RevocationState};
use yinxin_testkit::clock::{self, at};
use yinxin_testkit::pki::{CertSpec, Identity, Pki};
use yinxin_testkit::revocation::{CrlForge, ocsp};

cases! { "trust";
    accepts_a_fresh_list = "crl-fresh";
    refuses_a_revoked_maker = "crl-revoked";
    refuses_a_maker_whose_ca_is_revoked = "crl-ca-revoked";
    treats_a_stale_list_as_missing = "crl-stale";
    believes_a_revocation_in_a_stale_list = "crl-stale-revoked";
    treats_a_list_of_the_future_as_missing = "crl-future";
    treats_a_delta_list_alone_as_missing = "crl-delta";
    treats_an_indirect_list_as_missing = "crl-indirect";
    treats_a_list_for_authorities_as_missing_for_a_leaf = "crl-only-ca";
    ignores_a_list_signed_by_somebody_else = "crl-wrong-signer";
    ignores_a_forged_revocation = "crl-forged-revocation";
    treats_a_list_with_an_unknown_critical_extension_as_missing = "crl-critical-extension";
    accepts_a_certificate_removed_from_the_list = "crl-removed";
    accepts_where_somebody_else_is_revoked = "crl-other-revoked";
}

mod signing {
    use super::support;
    crate::cases! { "time";
        revoked_before_signing_is_invalid = "revoked-before";
        revoked_before_signing_is_invalid_with_a_timestamp_too = "revoked-before-stamped";
        revoked_after_signing_is_undecided_without_proof_of_time = "revoked-after";
        revoked_after_signing_is_valid_with_a_timestamp = "revoked-after-stamped";
        a_timestamp_later_than_the_revocation_does_not_help = "stamped-after-revocation";
        missing_lists_are_a_warning = "no-crl";
        missing_lists_are_decisive_when_strict = "no-crl-strict";
        a_stale_list_is_decisive_when_strict = "stale-crl-strict";
        strict_is_valid_with_all_data = "strict-with-data";
        an_ocsp_answer_counts = "ocsp-good";
        an_ocsp_revocation_counts = "ocsp-revoked";
        an_expired_certificate_was_good_when_signing = "signer-expired-since";
        version_4_asks_for_the_maker_at_signing = "maker-expired-v4";
        version_5_asks_for_the_maker_at_making = "maker-expired-since-v5";
    }
}

fn state(who: &Identity, facts: &TrustFacts) -> RevocationState {
    let evaluator = Evaluator::new(facts, clock::now(), Policy::Default);
    evaluator.judge(&who.cert, &[], Purpose::Signer, clock::signed()).revocation
}

fn with(pki: &Pki, crl: CrlForge) -> TrustFacts {
    support::facts_of(&[pki.root.der(), pki.ca.der()], &[CrlForge::fresh(&pki.root).build(), crl.build()])
}

#[test]
fn the_invalidity_date_moves_a_revocation_back() {
    let pki = Pki::new();
    let who = &pki.signer_a;
    let crl = CrlForge::fresh(&pki.ca);
    let crl = CrlForge {
        revoked: vec![(
            who.clone(),
            at("2026-11-21T00:00:00Z"),
            Some(RevocationReason::KeyCompromise),
            Some(at("2026-11-19T00:00:00Z")),
        )],
        ..crl
    };
    assert!(matches!(state(who, &with(&pki, crl)), RevocationState::Revoked(_)));
}

#[test]
fn a_list_made_before_signing_but_in_force_then_suffices() {
    let pki = Pki::new();
    let crl = CrlForge::fresh(&pki.ca).updates("2026-11-19T00:00:00Z", Some("2026-11-21T00:00:00Z"));
    assert!(matches!(state(&pki.signer_a, &with(&pki, crl)), RevocationState::Good(_)));
}

#[test]
fn a_list_without_next_update_made_before_signing_does_not_suffice() {
    let pki = Pki::new();
    let crl = CrlForge::fresh(&pki.ca).updates("2026-11-19T00:00:00Z", None);
    assert!(matches!(state(&pki.signer_a, &with(&pki, crl)), RevocationState::NoData(_)));
}

#[test]
fn a_revocation_outweighs_a_good_answer() {
    let pki = Pki::new();
    let who = &pki.signer_a;
    let crl = CrlForge::fresh(&pki.ca).revoke(who, "2026-11-10T00:00:00Z", None);
    let mut facts = with(&pki, crl);
    let good =
        ocsp(&pki.ocsp, &pki.ca, who, CertStatus::Good, "2026-11-21T00:00:00Z", Some("2026-11-29T00:00:00Z"));
    facts.ocsp.push(OcspResponse::parse(&good, &Limits::default()).unwrap());
    assert!(matches!(state(who, &facts), RevocationState::Revoked(_)));
}

fn answered(pki: &Pki, responder: &Identity, status: CertStatus, about: &Identity) -> RevocationState {
    let mut facts = support::facts_of(&[pki.root.der(), pki.ca.der()], &[CrlForge::fresh(&pki.root).build()]);
    let next = Some("2026-11-29T00:00:00Z");
    let answer = ocsp(responder, &pki.ca, about, status, "2026-11-21T00:00:00Z", next);
    facts.ocsp.push(OcspResponse::parse(&answer, &Limits::default()).unwrap());
    state(&pki.signer_a, &facts)
}

#[test]
fn an_answer_counts_from_the_issuer_or_the_responder_it_named_only() {
    let pki = Pki::new();
    let good = CertStatus::Good;
    let a = &pki.signer_a;
    assert!(matches!(answered(&pki, &pki.ocsp, good, a), RevocationState::Good(_)));
    assert!(matches!(answered(&pki, &pki.ca, good, a), RevocationState::Good(_)));
    let plain = pki.leaf(&CertSpec::leaf("非查询服务 No responder"));
    assert!(matches!(answered(&pki, &plain, good, a), RevocationState::NoData(_)));
    assert!(matches!(answered(&pki, &pki.stranger, good, a), RevocationState::NoData(_)));
    assert!(matches!(answered(&pki, &pki.ocsp, good, &pki.signer_b), RevocationState::NoData(_)));
    assert!(matches!(answered(&pki, &pki.ocsp, CertStatus::Unknown, a), RevocationState::NoData(_)));
}

/// A document of signer A, revoked the day after signing, with a timestamp by `tsa`; facts with these lists.
fn stamped(
    pki: &Pki,
    tsa: &Identity,
    crls: &[CrlForge],
    certs: &[&[u8]],
    policy: Policy,
) -> yinxin_seal::Report {
    use yinxin_testkit::seal::{Layout, SealForge};
    use yinxin_testkit::signature::SignatureForge;
    let tsa = tsa.clone();
    let seal = SealForge::new(Layout::V4, pki, &[&pki.signer_a]).build();
    let sign = SignatureForge::new(Layout::V4, seal.clone(), &pki.signer_a)
        .stamped(move |v| yinxin_testkit::timestamp::token(&tsa, v, at("2026-11-20T08:05:00Z")));
    let part = yinxin_testkit::ofd::SignForge::seal(&seal, move |xml, path| sign.build(xml, path));
    let bytes = yinxin_testkit::ofd::OfdForge::signed(vec![part]).build();
    let crls: Vec<Vec<u8>> = crls.iter().map(CrlForge::build).collect();
    let facts = support::facts_of(certs, &crls);
    let options = yinxin_seal::VerifyOptions { policy, ..yinxin_seal::VerifyOptions::at(clock::now()) };
    yinxin_seal::verify(std::io::Cursor::new(bytes), &facts, &options)
}

#[test]
fn a_timestamp_authority_whose_key_was_compromised_proves_nothing() {
    // Whoever holds the key can date tokens back (RFC 3161 section 4, item 1).
    let pki = Pki::new();
    let compromised = Some(RevocationReason::KeyCompromise);
    let ca = CrlForge::fresh(&pki.ca).revoke(&pki.signer_a, "2026-11-21T00:00:00Z", compromised).revoke(
        &pki.tsa,
        "2026-11-21T00:00:00Z",
        compromised,
    );
    let certs = [pki.root.der(), pki.ca.der()];
    let report = stamped(&pki, &pki.tsa, &[CrlForge::fresh(&pki.root), ca], &certs, Policy::Default);
    assert_ne!(
        report.verdict,
        yinxin_seal::Verdict::Valid,
        "{}",
        report.to_text(yinxin_seal::report::Lang::En, true)
    );
}

#[test]
fn a_timestamp_authority_that_ceased_still_proves_older_times() {
    let pki = Pki::new();
    let ca = CrlForge::fresh(&pki.ca)
        .revoke(&pki.signer_a, "2026-11-21T00:00:00Z", Some(RevocationReason::Superseded))
        .revoke(&pki.tsa, "2026-11-21T00:00:00Z", Some(RevocationReason::CessationOfOperation));
    let certs = [pki.root.der(), pki.ca.der()];
    let report = stamped(&pki, &pki.tsa, &[CrlForge::fresh(&pki.root), ca], &certs, Policy::Default);
    support::assert_verdict(&report, yinxin_seal::Verdict::Valid);
}

#[test]
fn missing_data_of_the_timestamp_authority_is_decisive_when_strict() {
    let pki = Pki::new();
    let other_ca = yinxin_testkit::pki::issue(&pki.root, &CertSpec::ca("时间戳机构 TSA CA"));
    let tsa = yinxin_testkit::pki::issue(&other_ca, &CertSpec::tsa("另一时间戳 Other TSA"));
    let lists = [CrlForge::fresh(&pki.root), CrlForge::fresh(&pki.ca)];
    let certs = [pki.root.der(), pki.ca.der(), other_ca.der()];
    let report = stamped(&pki, &tsa, &lists, &certs, Policy::Strict);
    assert_ne!(
        report.verdict,
        yinxin_seal::Verdict::Valid,
        "{}",
        report.to_text(yinxin_seal::report::Lang::En, true)
    );
}

#[test]
fn a_list_made_after_a_certificate_expired_does_not_say_that_it_was_good() {
    // Lists may drop certificates once they have expired (RFC 5280 section 3.3).
    let pki = Pki::new();
    let who = pki.leaf(&CertSpec::leaf("短期 Short").dates("2026-10-01T00:00:00Z", "2026-11-20T12:00:00Z"));
    assert!(matches!(state(&who, &with(&pki, CrlForge::fresh(&pki.ca))), RevocationState::NoData(_)));
}

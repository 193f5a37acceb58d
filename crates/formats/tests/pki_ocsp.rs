//! OCSP with SM2: round trips and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use pki_support::{at, codes, leaf_with, limits, name, now, root, sm2};
use yinxin_crypto::{DigestAlgorithm, SigningKey};
use yinxin_formats::crl::RevocationReason;
use yinxin_formats::der::{Tag, write};
use yinxin_formats::ocsp::{
    CertId, CertStatus, OcspRequest, OcspResponse, OcspResponseBuilder, OcspStatus, ResponderId,
};
use yinxin_formats::oids;
use yinxin_formats::x509::Serial;

#[test]
fn sm2_responses_round_trip_and_verify() {
    let (ca_key, key) = (sm2(1), sm2(2));
    let ca = root(&ca_key);
    let responder = leaf_with("状态服务", 8, &key, &ca_key, &[oids::KP_OCSP_SIGNING]);
    let id = |n| CertId::new(DigestAlgorithm::Sm3, &ca, &Serial::from_unsigned(&[n])).unwrap();
    let revoked = CertStatus::Revoked { date: now(), reason: Some(RevocationReason::KeyCompromise) };
    let next = Some(at("2026-11-22T12:00:00Z"));
    let builder = OcspResponseBuilder::new(now())
        .answer(&id(1), CertStatus::Good, now(), next)
        .answer(&id(2), revoked, now(), None)
        .answer(&id(3), CertStatus::Unknown, now(), next)
        .nonce(&[9; 16])
        .certificate(responder.raw());
    let read = |der: &[u8]| {
        let response = OcspResponse::parse(der, &limits()).unwrap();
        assert!(response.deviations().is_empty());
        response.basic.unwrap()
    };
    let by_key = read(&builder.sign(&key).unwrap());
    let states: Vec<_> = by_key.responses.iter().map(|r| r.status).collect();
    assert_eq!(states, [CertStatus::Good, revoked, CertStatus::Unknown]);
    assert_eq!((by_key.responses[0].next_update, by_key.responses[1].next_update), (next, None));
    assert!(by_key.responses[1].cert_id.matches(&ca, &Serial::from_unsigned(&[2])));
    assert!(!by_key.responses[1].cert_id.matches(&ca, &Serial::from_unsigned(&[3])));
    assert!(!by_key.responses[1].cert_id.matches(&responder, &Serial::from_unsigned(&[2])));
    assert!(by_key.responder.matches(&responder) && !by_key.responder.matches(&ca));
    assert_eq!((by_key.nonce(), by_key.produced_at), (Some(vec![9; 16]), now()));
    assert_eq!(by_key.verify_signature(key.public_key()), Ok(()));
    assert!(by_key.verify_signature(ca_key.public_key()).is_err());
    assert!(by_key.unknown_critical().is_empty());

    let by_name = read(&builder.responder(ResponderId::Name(name("状态服务"))).sign(&key).unwrap());
    assert!(by_name.responder.matches(&responder) && !by_name.responder.matches(&ca));
}

#[test]
fn requests_round_trip() {
    let ca = root(&sm2(1));
    let id = CertId::new(DigestAlgorithm::Sha1, &ca, &Serial::from_unsigned(&[1])).unwrap();
    let request = OcspRequest { cert_ids: vec![id.clone(), id], nonce: Some(vec![1, 2, 3]) };
    assert_eq!(OcspRequest::parse(&request.to_der(), &limits()).unwrap(), request);
    let bare = OcspRequest { nonce: None, ..request };
    assert_eq!(OcspRequest::parse(&bare.to_der(), &limits()).unwrap(), bare);
}

#[test]
fn refusals_hold_no_answer_and_success_must_hold_one() {
    for status in [OcspStatus::TryLater, OcspStatus::Unauthorized, OcspStatus::SigRequired] {
        let read = OcspResponse::parse(&OcspResponseBuilder::refusal(status), &limits()).unwrap();
        assert_eq!((read.status, read.basic.is_none()), (status, true));
    }
    let empty = OcspResponseBuilder::refusal(OcspStatus::Successful);
    assert_eq!(OcspResponse::parse(&empty, &limits()).unwrap_err().code(), "DER_MISSING");
    let unknown = write::sequence(&[&write::tlv(Tag::ENUMERATED, &[4])]);
    assert_eq!(OcspResponse::parse(&unknown, &limits()).unwrap_err().what, "responseStatus");
}

#[test]
fn signed_bytes_are_those_received_and_the_written_default_is_named() {
    let key = sm2(2);
    let time = write::generalized_time(now());
    let responder = write::explicit(2, &write::octets(&[1; 20]));
    let version = write::explicit(0, &write::small(0));
    let tbs = write::sequence(&[&version, &responder, &time, &write::sequence(&[])]);
    let algorithm = write::sequence(&[&write::oid(&oids::SM2_WITH_SM3)]);
    let basic = write::sequence(&[&tbs, &algorithm, &write::bits(&key.sign(&tbs).unwrap())]);
    let bytes = write::sequence(&[&write::oid(&oids::OCSP_BASIC), &write::octets(&basic)]);
    let der = write::sequence(&[&write::tlv(Tag::ENUMERATED, &[0]), &write::explicit(0, &bytes)]);
    let response = OcspResponse::parse(&der, &limits()).unwrap();
    assert_eq!(codes(response.deviations()), ["EXPLICIT_DEFAULT"]);
    let basic = response.basic.unwrap();
    assert_eq!(basic.tbs(), tbs);
    assert_eq!(basic.verify_signature(key.public_key()), Ok(()));
}

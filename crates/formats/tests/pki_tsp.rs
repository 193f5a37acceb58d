//! Timestamp tokens of both families and what a strict verifier must see in them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use pki_support::{at, leaf_with, limits, now, sm2};
use yinxin_crypto::SoftwareKey;
use yinxin_formats::cms::{CmsError, Family, SignedDataBuilder};
use yinxin_formats::oids;
use yinxin_formats::tsp::{
    Accuracy, AnswerMismatch, EssBinding, FailureInfo, MessageImprint, PkiStatus, TimeStampReq,
    TimeStampResp, TimeStampToken, TokenFault, TstInfo, build_token,
};
use yinxin_formats::x509::{Certificate, Extension, GeneralName, Serial};

fn authority() -> (Certificate, SoftwareKey) {
    let key = sm2(5);
    (leaf_with("时间戳服务", 5, &key, &sm2(1), &[oids::KP_TIME_STAMPING]), key)
}

fn info(data: &[u8]) -> TstInfo {
    TstInfo {
        version: 1,
        policy: oids::ANY_POLICY,
        imprint: MessageImprint::sm3(data),
        serial: Serial::from_unsigned(&[1, 2, 3]),
        gen_time: at("2026-11-21T12:00:00.25Z"),
        accuracy: Some(Accuracy { seconds: 0, millis: 500, micros: 0 }),
        ordering: false,
        nonce: Some(Serial::from_unsigned(&[0x91, 0])),
        tsa: Some(GeneralName::Dns("tsa.test".into())),
        extensions: vec![Extension::new(oids::ANY_POLICY, false, vec![5, 0])],
    }
}

#[test]
fn tokens_of_both_families_round_trip_and_verify() {
    let (cert, key) = authority();
    for family in [Family::Gbt35275, Family::Rfc5652] {
        let info = info(b"data");
        let der = build_token(family, &info, &cert, &[cert.raw()], now(), &key).unwrap();
        let token = TimeStampToken::parse(&der, &limits()).unwrap();
        assert!(token.deviations().is_empty() && token.faults().is_empty());
        let read = TstInfo { extensions: token.info.extensions.clone(), ..info };
        assert_eq!((&token.info, token.raw()), (&read, &der[..]));
        assert_eq!(token.info.gen_time.subsec_millisecond(), 250);
        assert_eq!(token.info.accuracy.unwrap().duration().as_millis(), 500);
        assert_eq!(token.signed_data.version, if family == Family::Rfc5652 { 3 } else { 1 });
        assert_eq!(token.embedded_signer(&limits()).as_ref(), Some(&cert));
        assert_eq!(token.verify(&cert), Ok(()));
        assert_eq!(token.ess_binding(&cert), Ok(EssBinding::Matches));
        assert_eq!(token.info.imprint.covers(b"other"), Some(false));
    }
}

#[test]
fn names_a_substituted_authority_certificate() {
    let (cert, key) = authority();
    let der = build_token(Family::Rfc5652, &info(b"x"), &cert, &[], now(), &key).unwrap();
    let token = TimeStampToken::parse(&der, &limits()).unwrap();
    assert!(token.embedded_signer(&limits()).is_none());
    // Same key, names and serial, but without the purpose: the signature holds, the binding does not.
    let other = pki_support::leaf("时间戳服务", 5, &key, &sm2(1));
    assert_eq!(token.verify(&other), Ok(()));
    assert_eq!(token.ess_binding(&other), Ok(EssBinding::Differs));
}

#[test]
fn reports_what_a_token_lacks() {
    let (cert, key) = authority();
    let mut short = info(b"x");
    short.imprint.hash.pop();
    // TSTInfo under the type of plain data, signed without attributes, with an imprint too short.
    let der = SignedDataBuilder::attached(Family::Rfc5652, &short.to_der())
        .without_attributes()
        .sign(&cert, &key)
        .unwrap();
    let token = TimeStampToken::parse(&der, &limits()).unwrap();
    let expected =
        [TokenFault::ContentType(oids::DATA), TokenFault::NoSignedAttributes, TokenFault::ImprintLength(31)];
    assert_eq!(token.faults(), expected);
    assert_eq!(token.ess_binding(&cert), Ok(EssBinding::Missing));
}

#[test]
fn rejects_a_token_without_or_with_two_signers() {
    let (cert, key) = authority();
    let der = build_token(Family::Rfc5652, &info(b"x"), &cert, &[], now(), &key).unwrap();
    let token = TimeStampToken::parse(&der, &limits()).unwrap();
    let mut none = token.clone();
    none.signed_data.signer_infos.clear();
    assert_eq!(none.faults(), [TokenFault::SignerCount(0)]);
    assert_eq!(none.verify(&cert), Err(CmsError::NoSuchSigner(0)));
    let mut two = token.clone();
    two.signed_data.signer_infos.push(token.signed_data.signer_infos[0].clone());
    assert_eq!(two.faults(), [TokenFault::SignerCount(2)]);
    assert!(two.verify(&cert).is_err());
}

#[test]
fn rejects_what_is_no_token() {
    let (cert, key) = authority();
    let detached = SignedDataBuilder::detached(Family::Rfc5652, b"x").sign(&cert, &key).unwrap();
    assert_eq!(TimeStampToken::parse(&detached, &limits()).unwrap_err().what, "eContent");
    let text = SignedDataBuilder::attached(Family::Rfc5652, b"not a timestamp").sign(&cert, &key).unwrap();
    let e = TimeStampToken::parse(&text, &limits()).unwrap_err();
    assert_eq!((e.what, text.get(e.at)), ("TSTInfo", Some(&b'n')));
}

#[test]
fn a_request_accepts_only_its_own_answer() {
    let (cert, key) = authority();
    let request = TimeStampReq::sm3(b"data", &[0x91, 0]);
    assert_eq!(TimeStampReq::parse(&request.to_der(), &limits()).unwrap(), request);
    let token = |info: &TstInfo| {
        let der = build_token(Family::Rfc5652, info, &cert, &[], now(), &key).unwrap();
        TimeStampToken::parse(&der, &limits()).unwrap()
    };
    assert_eq!(request.is_answered_by(&token(&info(b"data"))), Ok(()));
    assert_eq!(request.is_answered_by(&token(&info(b"other"))), Err(AnswerMismatch::Imprint));
    let old = TstInfo { nonce: None, ..info(b"data") };
    assert_eq!(request.is_answered_by(&token(&old)), Err(AnswerMismatch::Nonce));
    let request = TimeStampReq { policy: Some(oids::SM3), ..request };
    assert_eq!(TimeStampReq::parse(&request.to_der(), &limits()).unwrap(), request);
    assert_eq!(request.is_answered_by(&token(&info(b"data"))), Err(AnswerMismatch::Policy));
}

#[test]
fn responses_round_trip() {
    let refusal = TimeStampResp::rejected(FailureInfo::BAD_ALG, "不支持的算法");
    let read = TimeStampResp::parse(&refusal.to_der(), &limits()).unwrap();
    assert_eq!((read.status, read.failure), (PkiStatus::Rejection, Some(FailureInfo::BAD_ALG)));
    assert_eq!((read.text, read.token), (vec!["不支持的算法".to_owned()], None));
    let granted = TimeStampResp::granted(vec![0x30, 0]);
    assert_eq!(TimeStampResp::parse(&granted.to_der(), &limits()).unwrap().token, Some(vec![0x30, 0]));
    let nothing = TimeStampResp { token: None, ..granted };
    assert_eq!(TimeStampResp::parse(&nothing.to_der(), &limits()).unwrap_err().code(), "DER_MISSING");
}

#[test]
fn keeps_every_fraction_of_a_second() {
    for (text, written) in [
        ("2026-11-21T12:00:00Z", "20261121120000Z"),
        ("2026-11-21T12:00:00.5Z", "20261121120000.5Z"),
        ("2026-11-21T12:00:00.000001Z", "20261121120000.000001Z"),
    ] {
        let info = TstInfo { gen_time: at(text), ..info(b"x") };
        let der = info.to_der();
        assert!(der.windows(written.len()).any(|w| w == written.as_bytes()), "{written}");
        let read = TstInfo::parse(&der, &limits()).unwrap();
        assert_eq!(read.gen_time, info.gen_time);
    }
}

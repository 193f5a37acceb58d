//! Random, truncated and changed input: a value or an error with its position, never a panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use std::sync::LazyLock;

use pki_support::{leaf_with, limits, name, now, root, sm2};
use proptest::prelude::*;
use yinxin_formats::cms::{Family, SignedData, SignedDataBuilder};
use yinxin_formats::crl::{Crl, CrlBuilder, RevocationReason};
use yinxin_formats::csr::{Csr, CsrBuilder};
use yinxin_formats::der::ParseError;
use yinxin_formats::ocsp::{CertId, CertStatus, OcspRequest, OcspResponse, OcspResponseBuilder};
use yinxin_formats::oids;
use yinxin_formats::pem;
use yinxin_formats::tsp::{
    MessageImprint, TimeStampReq, TimeStampResp, TimeStampToken, TstInfo, build_token,
};
use yinxin_formats::x509::{Certificate, GeneralName, KeyUsage, NameConstraints, Serial, extensions};

type Read = fn(&[u8]) -> Result<(), ParseError>;

fn certificate(bytes: &[u8]) -> Result<(), ParseError> {
    let c = Certificate::parse(bytes, &limits())?;
    let _ = (c.basic_constraints(), c.key_usage(), c.extended_key_usage(), c.subject_key_id());
    let _ = (c.authority_key_id(), c.name_constraints(), c.subject_alt_names(), c.certificate_policies());
    let _ = (c.policy_constraints(), c.inhibit_any_policy(), c.crl_uris(), c.authority_info_access());
    let _ = (
        c.public_key(),
        c.unknown_critical(),
        c.subject.to_string(),
        c.is_self_issued(),
        c.serial.to_string(),
    );
    let _ = c.verify_signature(yinxin_crypto::SigningKey::public_key(&*KEY));
    assert!(c.tbs().len() < bytes.len() && !c.tbs().is_empty());
    Ok(())
}

fn list(bytes: &[u8]) -> Result<(), ParseError> {
    let c = Crl::parse(bytes, &limits())?;
    let _ = (c.find(&Serial::from_unsigned(&[9])), c.entries().count(), c.crl_number(), c.delta_base());
    let _ = (c.authority_key_id(), c.issuing_distribution_point(), c.unknown_critical());
    Ok(())
}

fn signed_data(bytes: &[u8]) -> Result<(), ParseError> {
    let s = SignedData::parse(bytes, &limits())?;
    let _ = s.verify_signer(0, Some(b"x"), &CERT);
    for (i, signer) in s.signer_infos.iter().enumerate() {
        let _ = (s.signed_bytes(i, None), signer.algorithms());
        if let Some(a) = &signer.signed_attrs {
            let _ = (a.content_type(), a.message_digest(), a.signing_time(), a.signing_certificate());
        }
    }
    Ok(())
}

fn token(bytes: &[u8]) -> Result<(), ParseError> {
    let t = TimeStampToken::parse(bytes, &limits())?;
    let _ = (t.faults(), t.verify(&CERT), t.ess_binding(&CERT), t.embedded_signer(&limits()));
    let _ = (t.info.to_der(), t.info.accuracy.map(|a| a.duration()), t.info.imprint.covers(b"x"));
    Ok(())
}

fn request(bytes: &[u8]) -> Result<(), ParseError> {
    let c = Csr::parse(bytes, &limits())?;
    let _ = (c.verify(), c.requested_extensions());
    Ok(())
}

fn ocsp(bytes: &[u8]) -> Result<(), ParseError> {
    if let Some(b) = OcspResponse::parse(bytes, &limits())?.basic {
        let _ = (b.nonce(), b.unknown_critical(), b.responder.matches(&CERT), b.tbs(), b.signature());
    }
    Ok(())
}

static KEY: LazyLock<yinxin_crypto::SoftwareKey> = LazyLock::new(|| sm2(3));
static CERT: LazyLock<Certificate> =
    LazyLock::new(|| leaf_with("某", 9, &*KEY, &sm2(1), &[oids::KP_TIME_STAMPING]));

/// A good sample of each format with its reader.
static SAMPLES: LazyLock<Vec<(Vec<u8>, Read)>> = LazyLock::new(|| {
    let ca = root(&*KEY);
    let names = NameConstraints { permitted: vec![GeneralName::Dns("a".into())], excluded: vec![] };
    let full = pki_support::builder("某", "某", 1, &*KEY)
        .extension(extensions::name_constraints(&names))
        .extension(extensions::key_usage(KeyUsage(0x1ff)))
        .extension(extensions::crl_distribution_points(&["http://a.test"]))
        .extension(extensions::authority_info_access(&["http://a.test"], &["http://b.test"]))
        .extension(extensions::certificate_policies(&[oids::ANY_POLICY]))
        .sign(&*KEY)
        .unwrap();
    let crl = CrlBuilder::new(name("根"), now(), None, 1)
        .revoke(&Serial::from_unsigned(&[9]), now(), Some(RevocationReason::KeyCompromise), Some(now()))
        .sign(&*KEY)
        .unwrap();
    let signed = SignedDataBuilder::attached(Family::Gbt35275, b"x")
        .certificate(CERT.raw())
        .signing_time(now())
        .signing_certificate()
        .sign(&CERT, &*KEY)
        .unwrap();
    let imprint = MessageImprint::sm3(b"x");
    let ask = TimeStampReq { policy: Some(oids::ANY_POLICY), ..TimeStampReq::sm3(b"x", &[1]) };
    let info = TstInfo {
        version: 1,
        policy: oids::ANY_POLICY,
        imprint,
        serial: Serial::from_unsigned(&[1]),
        gen_time: now(),
        accuracy: Some(yinxin_formats::tsp::Accuracy { seconds: 1, millis: 2, micros: 3 }),
        ordering: true,
        nonce: ask.nonce.clone(),
        tsa: Some(GeneralName::Directory(name("tsa"))),
        extensions: vec![],
    };
    let stamp = build_token(Family::Rfc5652, &info, &CERT, &[CERT.raw()], now(), &*KEY).unwrap();
    let id = CertId::new(yinxin_crypto::DigestAlgorithm::Sm3, &ca, &CERT.serial).unwrap();
    let status = CertStatus::Revoked { date: now(), reason: Some(RevocationReason::Superseded) };
    let answer = OcspResponseBuilder::new(now()).answer(&id, status, now(), Some(now())).nonce(&[1; 8]);
    let question = OcspRequest { cert_ids: vec![id], nonce: Some(vec![1; 8]) };
    let csr = CsrBuilder::new(name("某")).extension(extensions::ocsp_no_check()).sign(&*KEY).unwrap();
    vec![
        (CERT.raw().to_vec(), certificate),
        (full, certificate),
        (crl, list),
        (signed, signed_data),
        (stamp.clone(), token),
        (TimeStampResp::granted(stamp).to_der(), |b| TimeStampResp::parse(b, &limits()).map(drop)),
        (ask.to_der(), |b| TimeStampReq::parse(b, &limits()).map(drop)),
        (answer.certificate(ca.raw()).sign(&*KEY).unwrap(), ocsp),
        (question.to_der(), |b| OcspRequest::parse(b, &limits()).map(drop)),
        (csr, request),
        (pem::encode("CERTIFICATE", CERT.raw()).into_bytes(), |b| {
            pem::parse_pem_or_der(b, &limits()).map(drop)
        }),
    ]
});

#[test]
fn every_sample_is_good() {
    for (i, (bytes, read)) in SAMPLES.iter().enumerate() {
        assert_eq!(read(bytes), Ok(()), "sample {i}");
    }
}

#[test]
fn every_truncation_is_an_error_inside_the_input() {
    for (i, (bytes, read)) in SAMPLES.iter().enumerate() {
        for length in 0..bytes.len() {
            // The last line break of a PEM file may go.
            match read(&bytes[..length]) {
                Err(e) => assert!(e.at <= length, "sample {i} cut at {length}: {e}"),
                Ok(()) => assert_eq!((i, length), (SAMPLES.len() - 1, bytes.len() - 1)),
            }
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    // The last sample is PEM, which does not look inside DER.
    for (_, read) in SAMPLES.iter().rev().skip(1) {
        for unit in [&[0x30, 0x80][..], &[0xa0, 0x80], &[0x24, 0x80], &[0x31, 0x80]] {
            let mut bytes = vec![0x30, 0x80];
            bytes.extend(unit.repeat(100_000));
            assert!(read(&bytes).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), der: bool) {
        if der && !bytes.is_empty() {
            bytes[0] = 0x30;
        }
        for (_, read) in SAMPLES.iter() {
            if let Err(e) = read(&bytes) {
                prop_assert!(e.at <= bytes.len());
            }
        }
    }

    #[test]
    fn changed_bytes_never_panic(
        sample in 0..11usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let (good, read) = &SAMPLES[sample];
        let mut bytes = good.clone();
        for (at, value) in changes {
            *at.get_mut(&mut bytes) = value;
        }
        if let Err(e) = read(&bytes) {
            prop_assert!(e.at <= bytes.len(), "{e}");
        }
    }

    #[test]
    fn flipped_bits_never_panic(sample in 0..11usize, at: prop::sample::Index, bit in 0..8u8) {
        let (good, read) = &SAMPLES[sample];
        let mut bytes = good.clone();
        *at.get_mut(&mut bytes) ^= 1 << bit;
        if let Err(e) = read(&bytes) {
            prop_assert!(e.at <= bytes.len(), "{e}");
        }
    }
}

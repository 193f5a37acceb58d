//! Certificates as they occur: what is read, what is named, what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use const_oid::ObjectIdentifier;
use pki_support::{at, builder, codes, leaf, limits, name, root, sm2};
use yinxin_crypto::SigningKey;
use yinxin_formats::der::{Limits, Tag, write};
use yinxin_formats::oids;
use yinxin_formats::x509::{
    Certificate, CertificateBuilder, Extension, GeneralName, KeyUsage, NameConstraints, Serial, extensions,
    key_id,
};

/// A certificate out of parts, each in its place or replaced.
struct Parts {
    version: Vec<u8>,
    serial: Vec<u8>,
    inner: Vec<u8>,
    outer: Vec<u8>,
    not_before: Vec<u8>,
    not_after: Vec<u8>,
    spki: Vec<u8>,
    extensions: Vec<u8>,
}

impl Parts {
    fn new() -> Self {
        let algorithm = write::sequence(&[&write::oid(&oids::SM2_WITH_SM3)]);
        Self {
            version: write::explicit(0, &write::small(2)),
            serial: write::small(5),
            inner: algorithm.clone(),
            outer: algorithm,
            not_before: write::x509_time(at("2025-01-01T00:00:00Z")),
            not_after: write::x509_time(at("2035-01-01T00:00:00Z")),
            spki: sm2(1).public_key().spki_der(),
            extensions: Vec::new(),
        }
    }

    fn extensions(mut self, list: &[Vec<u8>]) -> Self {
        self.extensions = write::explicit(3, &write::sequence(&[&list.concat()]));
        self
    }

    fn der(&self) -> Vec<u8> {
        let name = name("某");
        let validity = write::sequence(&[&self.not_before, &self.not_after]);
        let tbs = write::sequence(&[
            &self.version,
            &self.serial,
            &self.inner,
            name.raw(),
            &validity,
            name.raw(),
            &self.spki,
            &self.extensions,
        ]);
        write::sequence(&[&tbs, &self.outer, &write::bits(&[0x30, 0])])
    }

    fn parse(&self) -> Certificate {
        Certificate::parse(&self.der(), &limits()).unwrap()
    }

    fn refuse(&self) -> (&'static str, &'static str) {
        let e = Certificate::parse(&self.der(), &limits()).unwrap_err();
        assert!(e.at > 0 && e.at < self.der().len(), "{e}");
        (e.code(), e.what)
    }
}

#[test]
fn keeps_the_exact_bytes_of_every_part() {
    let key = sm2(2);
    let cert = leaf("签章人甲", 9, &key, &sm2(1));
    let raw = cert.raw();
    let position = |part: &[u8]| raw.windows(part.len()).position(|w| w == part).unwrap();
    assert_eq!(position(cert.tbs()), 4);
    assert_eq!(cert.spki_der(), key.public_key().spki_der());
    assert!(raw.ends_with(cert.signature()));
    assert_eq!(cert.sm3(), yinxin_crypto::sm3(raw));
    for e in &cert.extensions {
        assert_eq!(raw.get(e.at..e.at + e.value.len()), Some(&e.value[..]));
    }
    assert_eq!(cert.verify_signature(sm2(1).public_key()), Ok(()));
    assert_eq!(cert.public_key().unwrap(), *key.public_key());
}

#[test]
fn the_builder_writes_what_the_reader_reads() {
    let constraints = NameConstraints {
        permitted: vec![GeneralName::Directory(name("内")), GeneralName::Rfc822("a.cn".into())],
        excluded: vec![GeneralName::Uri("x.test".into()), GeneralName::Ip(vec![1, 2, 3, 4, 255, 255, 0, 0])],
    };
    let key = sm2(2);
    let der = builder("某", "某", 200, &key)
        .extension(extensions::basic_constraints(true, Some(1)))
        .extension(extensions::key_usage(KeyUsage(0x1ff)))
        .extension(extensions::extended_key_usage(&[oids::KP_OCSP_SIGNING, oids::KP_ANY], false))
        .extension(extensions::subject_key_id(key.public_key()))
        .extension(extensions::authority_key_id(b"key"))
        .extension(extensions::name_constraints(&constraints))
        .extension(extensions::certificate_policies(&[oids::ANY_POLICY, oids::SM3]))
        .extension(extensions::crl_distribution_points(&["http://a.test", "ldap://b.test"]))
        .extension(extensions::authority_info_access(&["http://o.test"], &[]))
        .extension(extensions::ocsp_no_check())
        .sign(&key)
        .unwrap();
    let cert = Certificate::parse(&der, &limits()).unwrap();
    assert!(cert.deviations().is_empty());
    assert_eq!((cert.version, cert.serial.to_string().as_str()), (3, "C8"));
    let ca = cert.basic_constraints().unwrap().unwrap();
    assert_eq!((ca.ca, ca.path_len), (true, Some(1)));
    assert_eq!(cert.key_usage().unwrap(), Some(KeyUsage(0x1ff)));
    assert_eq!(cert.extended_key_usage().unwrap().unwrap(), [oids::KP_OCSP_SIGNING, oids::KP_ANY]);
    assert_eq!(cert.subject_key_id().unwrap(), Some(key_id(key.public_key())));
    assert_eq!(cert.authority_key_id().unwrap().unwrap().key_id.as_deref(), Some(&b"key"[..]));
    assert_eq!(cert.name_constraints().unwrap(), Some(constraints));
    assert_eq!(cert.certificate_policies().unwrap().unwrap(), [oids::ANY_POLICY, oids::SM3]);
    assert_eq!(cert.crl_uris().unwrap(), ["http://a.test", "ldap://b.test"]);
    assert_eq!(cert.authority_info_access().unwrap().ocsp, ["http://o.test"]);
    assert!(cert.ocsp_no_check() && cert.unknown_critical().is_empty() && cert.is_self_issued());
}

#[test]
fn the_builder_refuses_what_the_standard_forbids() {
    let key = sm2(1);
    let twice = builder("a", "a", 1, &key).extension(extensions::ocsp_no_check());
    assert!(twice.extension(extensions::ocsp_no_check()).sign(&key).is_err());
    assert!(builder("a", "a", 0, &key).sign(&key).is_err());
    let make = |serial: &[u8], from: &str, to: &str| {
        let serial = Serial::from_unsigned(serial);
        CertificateBuilder::new(serial, name("a"), name("a"), at(from), at(to), key.public_key()).sign(&key)
    };
    let (early, late) = ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
    assert!(make(&[1], early, late).is_ok());
    assert!(make(&[1], late, early).is_err());
    assert!(make(&[1; 21], early, late).is_err());
    assert!(make(&[0x80; 20], early, late).is_err());
}

#[test]
fn times_from_2050_and_without_end_are_written_and_read() {
    let key = sm2(1);
    let make = |to| {
        let (serial, from) = (Serial::from_unsigned(&[1]), at("1960-01-01T00:00:00Z"));
        let b = CertificateBuilder::new(serial, name("a"), name("a"), from, to, key.public_key());
        Certificate::parse(&b.sign(&key).unwrap(), &limits()).unwrap()
    };
    let cert = make(at("2050-01-01T00:00:00Z"));
    assert_eq!((cert.not_before, cert.not_after), (at("1960-01-01T00:00:00Z"), at("2050-01-01T00:00:00Z")));
    assert!(cert.deviations().is_empty());
    let endless = Parts { not_after: write::tlv(Tag::GENERALIZED_TIME, b"99991231235959Z"), ..Parts::new() };
    assert_eq!(endless.parse().not_after, jiff::Timestamp::MAX);
}

#[test]
fn reads_v1_and_names_what_does_not_belong_there() {
    let v1 = Parts { version: Vec::new(), ..Parts::new() };
    assert_eq!((v1.parse().version, v1.parse().deviations().len()), (1, 0));
    let odd =
        Parts { version: Vec::new(), ..Parts::new() }.extensions(&[extensions::ocsp_no_check().to_der()]);
    assert_eq!(codes(odd.parse().deviations()), ["X509_VERSION"]);
    let written = Parts { version: write::explicit(0, &write::small(0)), ..Parts::new() };
    assert_eq!(codes(written.parse().deviations()), ["EXPLICIT_DEFAULT"]);
    let four = Parts { version: write::explicit(0, &write::small(3)), ..Parts::new() };
    assert_eq!(four.refuse(), ("DER_VALUE", "version"));
}

#[test]
fn names_odd_serials_times_and_defaults() {
    let of = |p: Parts| codes(p.parse().deviations());
    assert_eq!(of(Parts { serial: write::tlv(Tag::INTEGER, &[0x85]), ..Parts::new() }), ["SERIAL_NEGATIVE"]);
    assert_eq!(of(Parts { serial: write::small(0), ..Parts::new() }), ["SERIAL_ZERO"]);
    assert_eq!(of(Parts { serial: write::unsigned(&[1; 24]), ..Parts::new() }), ["SERIAL_TOO_LONG"]);
    let early = write::tlv(Tag::GENERALIZED_TIME, b"20250101000000Z");
    assert_eq!(of(Parts { not_before: early, ..Parts::new() }), ["TIME_FORM"]);
    let offset = write::tlv(Tag::UTC_TIME, b"250101000000+0800");
    assert_eq!(of(Parts { not_before: offset, ..Parts::new() }), ["TIME_FORM"]);
    let explicit_false = write::sequence(&[
        &write::oid(&oids::EXT_BASIC_CONSTRAINTS),
        &write::boolean(false),
        &write::octets(&write::sequence(&[])),
    ]);
    assert_eq!(of(Parts::new().extensions(&[explicit_false])), ["EXPLICIT_DEFAULT"]);
    assert_eq!(of(Parts::new().extensions(&[])), ["EXTENSIONS_EMPTY"]);
}

#[test]
fn rejects_inner_and_outer_algorithms_that_differ() {
    let other = write::sequence(&[&write::oid(&oids::ECDSA_SHA256)]);
    let differ = Parts { outer: other, ..Parts::new() };
    assert_eq!(differ.refuse(), ("DER_VALUE", "signatureAlgorithm"));
    let null = write::sequence(&[&write::oid(&oids::SM2_WITH_SM3), &write::null()]);
    let null = Parts { outer: null, ..Parts::new() };
    assert_eq!(codes(null.parse().deviations()), ["ALGORITHM_PARAMETERS"]);
    let parameters = write::sequence(&[&write::oid(&oids::SM2_WITH_SM3), &write::small(1)]);
    assert_eq!(Parts { outer: parameters, ..Parts::new() }.refuse().0, "DER_VALUE");
}

#[test]
fn rejects_an_extension_type_that_occurs_twice() {
    let e = extensions::ocsp_no_check().to_der();
    assert_eq!(Parts::new().extensions(&[e.clone(), e]).refuse(), ("DER_VALUE", "extensions"));
}

#[test]
fn rejects_more_extensions_than_any_certificate_has() {
    let many: Vec<_> = (0..300)
        .map(|n| Extension::new(ObjectIdentifier::new_unwrap(&format!("1.2.3.{n}")), false, vec![]).to_der())
        .collect();
    assert_eq!(Parts::new().extensions(&many).refuse(), ("DER_LIMIT", "extensions"));
}

#[test]
fn rejects_trailing_bytes_and_oversized_input() {
    let mut der = Parts::new().der();
    let small = Limits { max_bytes: der.len() - 1, ..limits() };
    assert_eq!(Certificate::parse(&der, &small).unwrap_err().code(), "DER_LIMIT");
    let length = der.len();
    der.push(0);
    let e = Certificate::parse(&der, &limits()).unwrap_err();
    assert_eq!((e.code(), e.at), ("DER_TRAILING", length));
}

#[test]
fn reports_critical_extensions_nobody_decodes() {
    let strange = ObjectIdentifier::new_unwrap("1.2.3.4");
    let list = [
        Extension::new(strange, true, vec![5, 0]).to_der(),
        Extension::new(oids::EXT_POLICY_MAPPINGS, false, vec![5, 0]).to_der(),
        extensions::key_usage(KeyUsage::CRL_SIGN).to_der(),
    ];
    assert_eq!(Parts::new().extensions(&list).parse().unknown_critical(), [strange]);
}

#[test]
fn malformed_extensions_are_errors_where_asked_for_with_their_position() {
    let bad = Extension::new(oids::EXT_BASIC_CONSTRAINTS, true, write::octets(b"x")).to_der();
    let cert = Parts::new().extensions(&[bad]).parse();
    let e = cert.basic_constraints().unwrap_err();
    assert_eq!((e.code(), e.at), ("DER_UNEXPECTED_TAG", cert.extensions[0].at));
    assert_eq!(cert.raw()[e.at], 0x04);
    let trailing = [write::sequence(&[]), vec![5, 0]].concat();
    let bad = Extension::new(oids::EXT_BASIC_CONSTRAINTS, true, trailing).to_der();
    let cert = Parts::new().extensions(&[bad]).parse();
    assert_eq!(cert.basic_constraints().unwrap_err().code(), "DER_TRAILING");
}

#[test]
fn reads_sm2_keys_under_the_curve_identifier_itself() {
    let key = sm2(1);
    let point = key.public_key().key_bits();
    for parameters in [vec![], write::null(), write::oid(&oids::SM2)] {
        let algorithm = write::sequence(&[&write::oid(&oids::SM2), &parameters]);
        let spki = write::sequence(&[&algorithm, &write::bits(&point)]);
        let cert = Parts { spki, ..Parts::new() }.parse();
        assert_eq!(cert.public_key().unwrap(), *key.public_key());
    }
}

#[test]
fn rejects_keys_off_the_curve_or_of_unknown_kind_only_when_used() {
    let mut spki = sm2(1).public_key().spki_der();
    *spki.last_mut().unwrap() ^= 1;
    let cert = Parts { spki, ..Parts::new() }.parse();
    assert_eq!(cert.public_key().unwrap_err().what, "subjectPublicKeyInfo");
    let ed25519 = write::sequence(&[&write::oid(&ObjectIdentifier::new_unwrap("1.3.101.112"))]);
    let spki = write::sequence(&[&ed25519, &write::bits(&[1; 32])]);
    let cert = Parts { spki, ..Parts::new() }.parse();
    assert!(cert.public_key().is_err() && cert.public_key_bits().is_ok());
}

#[test]
fn rejects_a_signature_by_another_key_or_over_other_bytes() {
    let cert = root(&sm2(1));
    assert!(cert.verify_signature(sm2(1).public_key()).is_ok());
    assert!(cert.verify_signature(sm2(2).public_key()).is_err());
    assert!(cert.verify_signature(pki_support::p256(1).public_key()).is_err());
    let mut raw = cert.raw().to_vec();
    let cn = raw.windows(4).position(|w| w == b"Root").unwrap();
    raw[cn] = b'B';
    let changed = Certificate::parse(&raw, &limits()).unwrap();
    assert!(changed.verify_signature(sm2(1).public_key()).is_err());
}

#[test]
fn verifies_under_other_identifiers_of_sm2_with_sm3() {
    let key = sm2(1);
    for oid in [oids::SM2, oids::SM2_SIGN] {
        let algorithm = write::sequence(&[&write::oid(&oid)]);
        let parts = Parts { inner: algorithm.clone(), outer: algorithm.clone(), ..Parts::new() };
        let cert = parts.parse();
        let value = key.sign(cert.tbs()).unwrap();
        let signed = write::sequence(&[cert.tbs(), &algorithm, &write::bits(&value)]);
        let cert = Certificate::parse(&signed, &limits()).unwrap();
        assert_eq!(cert.verify_signature(key.public_key()), Ok(()));
    }
}

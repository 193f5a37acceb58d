//! Every dialect of a seal signature is read and named.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod ses_support;

use const_oid::ObjectIdentifier;
use ses_support::raw::{RawSeal, RawSignature, generalized, seq, utc};
use ses_support::{certificate, codes, limits, time};
use yinxin_formats::der::{Tag, write as w};
use yinxin_formats::ses::{SesSignature, SesVersion, TimeForm, deviation_text, read_sm2_signature};

fn read(signature: &RawSignature) -> SesSignature {
    let read = SesSignature::parse(&signature.der(), &limits()).unwrap();
    for d in &read.deviations {
        assert!(deviation_text(d.code, true).is_some(), "{} has no text", d.code);
    }
    read
}

#[track_caller]
fn names(signature: &RawSignature, code: &str) -> SesSignature {
    let read = read(signature);
    assert_eq!(codes(&read.deviations), [code]);
    read
}

fn v4(change: impl FnOnce(&mut RawSignature)) -> RawSignature {
    let mut signature = RawSignature::v4();
    change(&mut signature);
    signature
}

fn v1_time(bits: &[u8]) -> RawSignature {
    RawSignature { time: w::bits(bits), ..RawSignature::v1() }
}

#[test]
fn reads_strict_signatures_of_each_version_without_deviation() {
    let mut five = RawSignature::v4();
    five.version = 5;
    let mut seal = RawSeal::v4();
    seal.header[1] = w::small(5);
    five.seal = seal.der();
    for (signature, version) in
        [(RawSignature::v1(), SesVersion::V1), (RawSignature::v4(), SesVersion::V4), (five, SesVersion::V5)]
    {
        let read = read(&signature);
        assert_eq!((read.version, codes(&read.deviations)), (version, vec![]));
        assert_eq!((read.raw(), read.seal_raw()), (&*signature.der(), &*signature.seal));
        assert_eq!((read.data_hash, read.signer_cert), (vec![0xab; 32], certificate(1)));
        assert_eq!(read.time_info.at, Some(time("2026-11-21T21:25:05Z")));
    }
}

#[test]
fn signed_bytes_are_the_received_tbs() {
    let read = read(&RawSignature::v4());
    let der = RawSignature::v4().der();
    let at = der.windows(read.tbs_raw().len()).position(|w| w == read.tbs_raw());
    assert_eq!(at, Some(4), "TBS_Sign stands right behind the outer header");
    assert_eq!(read.signed_bytes_alternatives(), [("SIGNED_DATA_HASH", vec![0xab; 32])]);
}

#[test]
fn v4_with_a_timestamp_stays_v4() {
    let token = certificate(3);
    let stamped = v4(|s| s.signed.push(w::explicit(0, &w::bits(&token))));
    let stamped = read(&stamped);
    assert_eq!((stamped.version, stamped.timestamp.as_ref()), (SesVersion::V4, Some(&token)));
    assert!(stamped.deviations.is_empty());
    let implicit = w::tlv(Tag::context_primitive(0), &[&[0], token.as_slice()].concat());
    names(&v4(|s| s.signed.push(implicit)), "TIMESTAMP_IMPLICIT");
}

#[test]
fn names_version_numbers_that_do_not_fit() {
    let one = |n| RawSignature { version: n, ..RawSignature::v1() };
    names(&one(2), "V1_LAYOUT_HEADER_2");
    names(&one(3), "V1_LAYOUT_HEADER_3");
    names(&one(4), "HEADER_VERSION_MISMATCH");
    assert_eq!(
        codes(&read(&v4(|s| s.version = 5)).deviations),
        ["SEAL_VERSION_DIFFERS"],
        "a signature of v5 around a seal of v4"
    );
    let e = SesSignature::parse(&v4(|s| s.version = 9).der(), &limits()).unwrap_err();
    assert_eq!(e.code(), "VERSION_UNKNOWN");
}

#[test]
fn reads_every_form_of_time_met_in_v1() {
    let moment = time("2026-11-21T21:25:05Z");
    for (bits, form, expected) in [
        (b"20261121212505Z".to_vec(), TimeForm::BitStringText, vec![]),
        (b"261121212505Z".to_vec(), TimeForm::BitStringText, vec![]),
        (utc("261121212505Z"), TimeForm::BitStringDer, vec![]),
        (generalized("20261121212505Z"), TimeForm::BitStringDer, vec!["TIME_GENERALIZED_IN_V1"]),
        (b"2026-11-22 05:25:05".to_vec(), TimeForm::LocalText, vec!["TIME_LOCAL_TEXT"]),
    ] {
        let read = read(&v1_time(&bits));
        assert_eq!((read.time_info.at, read.time_info.form), (Some(moment), form), "{form:?}");
        assert_eq!((codes(&read.deviations), read.time_info.raw), (expected, bits));
    }
    let bare = RawSignature { time: utc("261121212505Z"), ..RawSignature::v1() };
    assert_eq!(names(&bare, "TIME_NOT_BIT_STRING").time_info.form, TimeForm::Utc);
}

#[test]
fn takes_the_time_out_of_a_token() {
    let oid = |s| w::oid(&ObjectIdentifier::new_unwrap(s));
    let algorithm = seq(&[oid("1.2.156.10197.1.401")]);
    let imprint = seq(&[algorithm, w::octets(&[1; 32])]);
    let when = generalized("20261121212505Z");
    let tst = seq(&[w::small(1), oid("1.2.3"), imprint, w::small(77), when]);
    let content = seq(&[oid("1.2.840.113549.1.9.16.1.4"), w::explicit(0, &w::octets(&tst))]);
    let signed = seq(&[w::small(3), w::tlv(Tag::SET, &[]), content]);
    let token = seq(&[oid("1.2.156.10197.6.1.4.2.2"), w::explicit(0, &signed)]);
    let read = read(&v1_time(&token));
    assert_eq!(read.time_info.form, TimeForm::Token);
    assert_eq!(read.time_info.at, Some(time("2026-11-21T21:25:05Z")));
    assert!(read.deviations.is_empty());
}

#[test]
fn a_time_that_cannot_be_read_is_named_and_unknown() {
    for bits in [&b""[..], b"yesterday", &[0x30, 0], &[0x30, 0x80], &[0x18, 1, 0x41]] {
        let read = read(&v1_time(bits));
        assert_eq!((read.time_info.at, read.time_info.form), (None, TimeForm::Unreadable), "{bits:?}");
        assert!(codes(&read.deviations).contains(&"TIME_UNREADABLE"));
    }
}

#[test]
fn names_times_of_v1_inside_v4() {
    names(&v4(|s| s.time = utc("261121212505Z")), "TIME_UTC_IN_V4");
    names(&v4(|s| s.time = w::bits(b"20261121212505Z")), "TIME_BIT_STRING_IN_V4");
}

#[test]
fn names_odd_digest_and_property_info() {
    names(&v4(|s| s.data_hash = w::octets(&[1; 32])), "DATA_HASH_OCTET_STRING");
    names(&v4(|s| s.data_hash = w::bits(&[1; 20])), "DATA_HASH_LENGTH");
    let json = v4(|s| s.property_info = w::ia5(r#"{"path":"/a"}"#));
    names(&json, "PROPERTY_INFO_JSON");
    names(&v4(|s| s.property_info = w::utf8("/a")), "STRING_TYPE");
    names(&v4(|s| s.signed[2] = w::bits(&[5; 64])), "SIGNATURE_RAW64");
}

#[test]
fn reads_extensions_however_they_are_tagged() {
    let entry = seq(&[w::oid(&ObjectIdentifier::new_unwrap("1.2.3")), w::boolean(true), w::octets(b"x")]);
    let list = seq(std::slice::from_ref(&entry));
    let strict = read(&v4(|s| s.extensions = w::explicit(0, &list)));
    assert!(strict.deviations.is_empty() && strict.extensions[0].critical);
    assert_eq!(names(&v4(|s| s.extensions = list.clone()), "EXT_UNTAGGED").extensions.len(), 1);
    let implicit = v4(|s| s.extensions = w::explicit(0, &[entry.clone(), entry[..].to_vec()].concat()));
    assert_eq!(codes(&read(&implicit).deviations), ["EXT_IMPLICIT", "EXT_DUPLICATE"]);
    let one = v4(|s| s.extensions = w::explicit(0, &entry));
    assert_eq!(names(&one, "EXT_IMPLICIT").extensions.len(), 1);
    let none = v4(|s| s.extensions = w::explicit(0, &seq(&[])));
    assert!(read(&none).extensions.is_empty());
}

#[test]
fn deviations_of_the_seal_inside_are_told_apart() {
    let mut seal = RawSeal::v4();
    seal.signed[2] = w::bits(&[9; 64]);
    let read = read(&v4(|s| {
        s.seal = seal.der();
        s.signed[2] = w::octets(&[9; 64]);
    }));
    assert_eq!(codes(&read.seal.deviations), ["SIGNATURE_RAW64"]);
    assert_eq!(codes(&read.deviations), ["SIGNATURE_RAW64", "SIGNATURE_OCTET_STRING", "SIGNATURE_RAW64"]);
}

#[test]
fn rejects_further_members_and_counts_trailing_bytes() {
    let more = v4(|s| s.extensions = [w::explicit(0, &seq(&[])), w::null()].concat());
    assert_eq!(SesSignature::parse(&more.der(), &limits()).unwrap_err().code(), "DER_TRAILING");
    let mut der = RawSignature::v1().der();
    let end = der.len();
    der.push(0);
    let read = SesSignature::parse(&der, &limits()).unwrap();
    assert_eq!((read.trailing, read.deviations[0].at), (1, end));
    assert!(read.seal.deviations.is_empty() && read.seal.trailing == 0);
}

#[test]
fn the_numbers_of_a_signature_come_out_of_every_encoding() {
    let strict = w::sequence(&[&w::unsigned(&[0x91; 32]), &w::unsigned(&[0x12; 32])]);
    let negative = w::sequence(&[&w::tlv(Tag::INTEGER, &[0x91; 32]), &w::unsigned(&[0x12; 32])]);
    let raw = [[0x91; 32], [0x12; 32]].concat();
    let expected = [None, Some("SIGNATURE_NEGATIVE_INTEGER"), Some("SIGNATURE_RAW64")];
    for (bits, code) in [strict, negative, raw].iter().zip(expected) {
        let (value, deviation) = read_sm2_signature(bits).unwrap();
        assert_eq!((value.r, value.s, deviation.map(|d| d.code)), ([0x91; 32], [0x12; 32], code));
    }
    assert!(read_sm2_signature(b"rubbish").is_err());
}

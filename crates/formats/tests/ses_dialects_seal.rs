//! Every dialect of a seal is read and named.

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
use ses_support::raw::{RawSeal, generalized, seq, utc};
use ses_support::{SM2_WITH_SM3, certificate, codes, limits, sm2_value};
use yinxin_formats::der::{ParseErrorKind, Tag, write as w};
use yinxin_formats::ses::{CertList, Seal, SesVersion, deviation_text};

fn read(seal: &RawSeal) -> Seal {
    let read = Seal::parse(&seal.der(), &limits()).unwrap();
    for d in &read.deviations {
        assert!(deviation_text(d.code, false).is_some(), "{} has no text", d.code);
    }
    read
}

#[track_caller]
fn names(seal: &RawSeal, code: &str) -> Seal {
    let read = read(seal);
    assert_eq!(codes(&read.deviations), [code]);
    read
}

fn v4(change: impl FnOnce(&mut RawSeal)) -> RawSeal {
    let mut seal = RawSeal::v4();
    change(&mut seal);
    seal
}

fn v1(change: impl FnOnce(&mut RawSeal)) -> RawSeal {
    let mut seal = RawSeal::v1();
    change(&mut seal);
    seal
}

#[test]
fn reads_strict_seals_of_each_version_without_deviation() {
    for (seal, version) in [
        (RawSeal::v1(), SesVersion::V1),
        (RawSeal::v4(), SesVersion::V4),
        (v4(|s| s.header[1] = w::small(5)), SesVersion::V5),
    ] {
        let read = read(&seal);
        assert_eq!((read.version, codes(&read.deviations)), (version, vec![]));
        assert_eq!(read.raw(), seal.der());
        assert_eq!(read.maker_cert, certificate(9));
    }
}

#[test]
fn gives_the_bytes_that_each_version_signs() {
    let one = read(&RawSeal::v1());
    let parts = [one.info_raw().to_vec(), w::octets(&certificate(9)), w::oid(&SM2_WITH_SM3)];
    assert_eq!(one.signed_bytes(), seq(&parts));
    assert_eq!(one.signed_bytes_alternatives(), [("SEAL_SIGNED_INFO_ONLY", one.info_raw().to_vec())]);
    let four = read(&RawSeal::v4());
    assert_eq!(four.signed_bytes(), four.info_raw());
    let (code, bytes) = four.signed_bytes_alternatives().remove(0);
    assert_eq!((code, bytes), ("SEAL_SIGNED_V1_STYLE", four.signed_bytes_v1_style()));
}

#[test]
fn names_version_numbers_that_do_not_fit_the_layout() {
    assert_eq!(names(&v1(|s| s.header[1] = w::small(2)), "V1_LAYOUT_HEADER_2").version, SesVersion::V1);
    assert_eq!(names(&v1(|s| s.header[1] = w::small(3)), "V1_LAYOUT_HEADER_3").version, SesVersion::V1);
    assert_eq!(names(&v1(|s| s.header[1] = w::small(4)), "HEADER_VERSION_MISMATCH").version, SesVersion::V1);
    assert_eq!(names(&v4(|s| s.header[1] = w::small(1)), "HEADER_VERSION_MISMATCH").version, SesVersion::V4);
    let stamped = v4(|s| s.signed.push(w::explicit(0, &w::bits(&certificate(1)))));
    assert_eq!(names(&stamped, "HEADER_VERSION_MISMATCH").version, SesVersion::V5);
}

#[test]
fn rejects_unknown_versions_and_member_counts() {
    for n in [0, 6, 99] {
        let e = Seal::parse(&v4(|s| s.header[1] = w::small(n)).der(), &limits()).unwrap_err();
        assert_eq!((e.code(), e.kind), ("VERSION_UNKNOWN", ParseErrorKind::UnknownVersion(n)));
    }
    assert!(Seal::parse(&v4(|s| s.signed.truncate(2)).der(), &limits()).is_err());
    let six = v4(|s| s.signed.extend([w::null(), w::null()]));
    assert!(Seal::parse(&six.der(), &limits()).is_err());
}

#[test]
fn names_odd_header_and_text() {
    names(&v4(|s| s.header[0] = w::ia5("XX")), "HEADER_ID");
    assert_eq!(names(&v4(|s| s.es_id = w::utf8("印1")), "STRING_TYPE").es_id, "印1");
    names(&v4(|s| s.es_id = w::tlv(Tag::IA5, "印".as_bytes())), "STRING_ENCODING");
    names(&v4(|s| s.property[1] = w::tlv(Tag::UTF8, b"\xd5\xc2")), "STRING_ENCODING");
    let bmp = names(&v4(|s| s.property[1] = w::tlv(Tag::BMP, &[0x7a, 0xe0])), "STRING_TYPE");
    assert_eq!(bmp.property.name, "章");
    names(&v4(|s| s.property[1] = w::utf8("")), "NAME_EMPTY");
}

#[test]
fn names_odd_certificate_lists() {
    let digest = seq(&[seq(&[w::printable("SM3"), w::octets(&[7; 32])])]);
    let wrong = names(&v4(|s| s.property[3] = digest.clone()), "CERT_LIST_TYPE_MISMATCH");
    assert!(matches!(&wrong.property.certs, CertList::Digests(d) if d[0].value == [7; 32]));
    let right = v4(|s| {
        s.property[2] = w::small(2);
        s.property[3] = digest.clone();
    });
    assert_eq!(codes(&read(&right).deviations), [""; 0]);
    let unknown = v4(|s| s.property[2] = w::small(7));
    names(&unknown, "CERT_LIST_TYPE_MISMATCH");
    names(&v4(|s| drop(s.property.remove(2))), "CERT_LIST_TYPE_OMITTED");
    names(&v1(|s| s.property.insert(2, w::small(1))), "CERT_LIST_TYPE_IN_V1");
    assert!(names(&v4(|s| s.property[3] = seq(&[])), "CERT_LIST_EMPTY").property.certs.is_empty());
    let bare = seq(&[w::sequence(&[&certificate(4)])]);
    let bare = names(&v4(|s| s.property[3] = bare), "CERT_NOT_WRAPPED");
    assert_eq!(bare.property.certs, CertList::Certificates(vec![w::sequence(&[&certificate(4)])]));
}

#[test]
fn names_odd_times_and_reads_the_right_moment() {
    let moment = read(&RawSeal::v4()).property.create_date;
    for (seal, code) in [
        (v4(|s| s.property[4] = utc("261101000000Z")), "TIME_UTC_IN_V4"),
        (v1(|s| s.property[3] = generalized("20261101000000Z")), "TIME_GENERALIZED_IN_V1"),
        (v4(|s| s.property[4] = generalized("20261101080000+0800")), "TIME_FORM"),
        (v4(|s| s.property[4] = generalized("20261101000000.0Z")), "TIME_FORM"),
        (v4(|s| s.property[4] = generalized("20261101080000")), "TIME_LOCAL_TEXT"),
    ] {
        assert_eq!(names(&seal, code).property.create_date, moment, "{code}");
    }
    let text = read(&v4(|s| s.property[4] = w::ia5("2026-11-01 08:00:00")));
    assert_eq!(codes(&text.deviations), ["TIME_AS_STRING", "TIME_LOCAL_TEXT"]);
    assert_eq!(text.property.create_date, moment);
    names(&v4(|s| s.property[6] = generalized("20201101000000Z")), "VALIDITY_REVERSED");
    assert!(Seal::parse(&v4(|s| s.property[4] = generalized("2026")).der(), &limits()).is_err());
}

#[test]
fn names_odd_pictures_and_bounds_them() {
    names(&v4(|s| s.picture[0] = w::ia5("png")), "PICTURE_TYPE_CASE");
    names(&v4(|s| s.picture[0] = w::ia5("TIFF")), "PICTURE_TYPE_UNKNOWN");
    names(&v4(|s| s.picture[0] = w::ia5("GIF")), "PICTURE_TYPE_MISMATCH");
    names(&v4(|s| s.picture[2] = w::small(0)), "PICTURE_SIZE_ZERO");
    let ofd = v4(|s| {
        s.picture[0] = w::ia5("ofd");
        s.picture[1] = w::octets(b"PK\x03\x04");
    });
    names(&ofd, "PICTURE_TYPE_OFD");
    let huge = v4(|s| s.picture[2] = w::small(10_001));
    assert_eq!(Seal::parse(&huge.der(), &limits()).unwrap_err().code(), "DER_LIMIT");
    let negative = v4(|s| s.picture[2] = w::tlv(Tag::INTEGER, &[0xff]));
    assert!(Seal::parse(&negative.der(), &limits()).is_err());
}

#[test]
fn names_odd_extensions() {
    let oid = w::oid(&ObjectIdentifier::new_unwrap("1.2.3"));
    let entry = |critical: Vec<u8>| seq(&[oid.clone(), critical, w::octets(b"x")]);
    let plain = read(&v4(|s| s.extensions = seq(&[entry(Vec::new())])));
    assert!(plain.deviations.is_empty() && !plain.extensions[0].critical);
    let critical = read(&v4(|s| s.extensions = seq(&[entry(w::boolean(true))])));
    assert!(critical.deviations.is_empty() && critical.extensions[0].critical);
    let written = v4(|s| s.extensions = seq(&[entry(w::boolean(false))]));
    names(&written, "EXT_CRITICAL_FALSE_WRITTEN");
    let odd_true = v4(|s| s.extensions = seq(&[entry(w::tlv(Tag::BOOLEAN, &[1]))]));
    assert!(names(&odd_true, "BER_BOOLEAN").extensions[0].critical);
    names(&v4(|s| s.extensions = seq(&[entry(Vec::new()), entry(Vec::new())])), "EXT_DUPLICATE");
    let tagged = v4(|s| s.extensions = w::explicit(0, &seq(&[entry(Vec::new())])));
    assert_eq!(names(&tagged, "EXT_TAGGED").extensions.len(), 1);
    let implicit = read(&v4(|s| s.extensions = w::explicit(0, &entry(Vec::new()))));
    assert_eq!(codes(&implicit.deviations), ["EXT_TAGGED", "EXT_IMPLICIT"]);
    assert_eq!(implicit.extensions.len(), 1);
}

#[test]
fn names_odd_signature_values() {
    names(&v4(|s| s.signed[2] = w::bits(&[9; 64])), "SIGNATURE_RAW64");
    names(&v4(|s| s.signed[2] = w::bits(b"rubbish")), "SIGNATURE_MALFORMED");
    let negative = w::sequence(&[&w::tlv(Tag::INTEGER, &[0x91; 32]), &w::small(1)]);
    names(&v4(|s| s.signed[2] = w::bits(&negative)), "SIGNATURE_NEGATIVE_INTEGER");
    let octets = names(&v4(|s| s.signed[2] = w::octets(&sm2_value())), "SIGNATURE_OCTET_STRING");
    assert_eq!(octets.signature, sm2_value());
    let identifier = v4(|s| s.signed[1] = seq(&[w::oid(&SM2_WITH_SM3), w::null()]));
    assert_eq!(names(&identifier, "ALGORITHM_IDENTIFIER").algorithm, SM2_WITH_SM3);
    names(&v4(|s| s.signed[0] = certificate(9)), "CERT_NOT_WRAPPED");
    let other = v4(|s| s.signed[1] = w::oid(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11")));
    assert!(read(&other).deviations.is_empty(), "only SM2 values have a known shape");
}

#[test]
fn names_odd_timestamps() {
    let five = |stamp: Vec<u8>| {
        v4(|s| {
            s.header[1] = w::small(5);
            s.signed.push(stamp);
        })
    };
    let token = certificate(3);
    let bits = w::bits(&token);
    let strict = read(&five(w::explicit(0, &bits)));
    assert_eq!((codes(&strict.deviations), strict.timestamp), (vec![], Some(token.clone())));
    let implicit = w::tlv(Tag::context_primitive(0), &[&[0], token.as_slice()].concat());
    assert_eq!(names(&five(implicit), "TIMESTAMP_IMPLICIT").timestamp, Some(token.clone()));
    assert_eq!(names(&five(bits), "TIMESTAMP_UNTAGGED").timestamp, Some(token.clone()));
    let bare = five(w::explicit(0, &token));
    assert_eq!(names(&bare, "TIMESTAMP_NOT_BIT_STRING").timestamp, Some(token));
    assert!(Seal::parse(&five(w::null()).der(), &limits()).is_err());
}

#[test]
fn counts_bytes_after_the_seal_and_says_where_they_are() {
    let mut der = RawSeal::v4().der();
    let end = der.len();
    der.extend([0, 0, 7]);
    let read = Seal::parse(&der, &limits()).unwrap();
    assert_eq!((read.trailing, read.deviations[0].code, read.deviations[0].at), (3, "TRAILING_BYTES", end));
    assert_eq!(read.raw(), &der[..end]);
}

#[test]
fn reads_ber_lengths_and_keeps_the_bytes() {
    let mut der = RawSeal::v4().der();
    assert_eq!(der[1], 0x81);
    let length = der[2];
    der.splice(1..3, [0x82, 0, length]);
    let read = Seal::parse(&der, &limits()).unwrap();
    assert_eq!((codes(&read.deviations), read.raw()), (vec!["BER_LENGTH"], der.as_slice()));
}

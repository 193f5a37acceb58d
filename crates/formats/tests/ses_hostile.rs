//! Whatever bytes come in: a value or a typed error, never a panic, never more than the limits.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod ses_support;

use proptest::prelude::*;
use ses_support::raw::{RawSeal, RawSignature, seq};
use ses_support::{certificate, limits, seal, signature};
use yinxin_formats::der::{Limits, write as w};
use yinxin_formats::ses::{Seal, SesSignature, SesVersion, ToSign, bounds};

/// Every way into the reader.
fn read_all(bytes: &[u8]) {
    if let Ok(t) = ToSign::parse(bytes, &limits()) {
        assert!(t.seal.raw().len() < bytes.len());
    }
    if let Ok(s) = Seal::parse(bytes, &limits()) {
        assert!(s.info_raw().len() < s.raw().len() && s.raw().len() + s.trailing == bytes.len());
        let _ = (s.signed_bytes(), s.signed_bytes_alternatives());
    }
    if let Ok(s) = SesSignature::parse(bytes, &limits()) {
        assert!(s.tbs_raw().len() < s.raw().len() && s.raw().len() + s.trailing == bytes.len());
        assert!(s.seal_raw().len() < s.tbs_raw().len());
    }
}

fn samples() -> Vec<Vec<u8>> {
    vec![
        seal(SesVersion::V4),
        seal(SesVersion::V5),
        signature(SesVersion::V5),
        SesSignature::parse(&signature(SesVersion::V4), &limits()).unwrap().tbs_raw().to_vec(),
        RawSeal::v1().der(),
        RawSignature::v1().der(),
    ]
}

#[test]
fn survives_every_flipped_byte() {
    for sample in samples() {
        for i in 0..sample.len() {
            for mask in [0x01, 0x20, 0x80, 0xff] {
                let mut bytes = sample.clone();
                bytes[i] ^= mask;
                read_all(&bytes);
            }
        }
    }
}

#[test]
fn rejects_every_truncation() {
    for sample in samples() {
        for n in 0..sample.len() {
            assert!(Seal::parse(&sample[..n], &limits()).is_err());
            assert!(SesSignature::parse(&sample[..n], &limits()).is_err());
        }
    }
}

#[test]
fn errors_point_into_the_input() {
    let sample = signature(SesVersion::V4);
    for i in 0..sample.len() {
        let mut bytes = sample.clone();
        bytes[i] ^= 0x1f;
        if let Err(e) = SesSignature::parse(&bytes, &limits()) {
            assert!(e.at <= bytes.len(), "{e}");
        }
    }
}

#[test]
fn rejects_lists_and_pictures_beyond_the_bounds() {
    let code = |seal: &RawSeal| Seal::parse(&seal.der(), &limits()).unwrap_err().code();
    let mut many = RawSeal::v4();
    many.property[3] = seq(&vec![w::octets(&certificate(1)); bounds::MAX_CERTS + 1]);
    assert_eq!(code(&many), "DER_LIMIT");
    let digest = seq(&[w::printable("SM3"), w::octets(&[1; 32])]);
    many.property[3] = seq(&vec![digest; bounds::MAX_CERTS + 1]);
    assert_eq!(code(&many), "DER_LIMIT");
    let mut extended = RawSeal::v4();
    let oid = w::tlv(yinxin_formats::der::Tag::OID, &[0x2a, 3]);
    extended.extensions = seq(&vec![seq(&[oid, w::octets(b"")]); bounds::MAX_EXTENSIONS + 1]);
    assert_eq!(code(&extended), "DER_LIMIT");
    let mut picture = RawSeal::v4();
    picture.picture[1] = w::octets(&vec![0; bounds::MAX_PICTURE_BYTES + 1]);
    assert_eq!(code(&picture), "DER_LIMIT");
    let mut named = RawSeal::v4();
    named.property[1] = w::utf8(&"章".repeat(bounds::MAX_TEXT_BYTES));
    assert_eq!(code(&named), "DER_LIMIT");
}

#[test]
fn rejects_input_beyond_the_callers_limits() {
    let sample = seal(SesVersion::V4);
    let small = Limits { max_bytes: sample.len() - 1, ..limits() };
    assert_eq!(Seal::parse(&sample, &small).unwrap_err().code(), "DER_LIMIT");
    let few = Limits { max_items: 10, ..limits() };
    assert_eq!(Seal::parse(&sample, &few).unwrap_err().code(), "DER_LIMIT");
    let flat = Limits { max_depth: 2, ..limits() };
    assert_eq!(Seal::parse(&sample, &flat).unwrap_err().code(), "DER_LIMIT");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn random_bytes_behind_a_sequence_header_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..127)) {
        read_all(&w::sequence(&[&bytes]));
        read_all(&[&[0x30, 0x80], bytes.as_slice()].concat());
    }

    #[test]
    fn several_flipped_bits_never_panic(which in 0usize..5, flips in prop::collection::vec((any::<usize>(), 0u8..8), 1..8)) {
        let mut bytes = samples().swap_remove(which);
        for (at, bit) in flips {
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
        }
        read_all(&bytes);
    }
}

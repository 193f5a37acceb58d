//! Revocation lists: searching, scope, size, what makes a list unusable.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use pki_support::{at, codes, limits, name, now, sm2};
use yinxin_crypto::SigningKey;
use yinxin_formats::crl::{Crl, CrlBuilder, RevocationReason};
use yinxin_formats::der::{Limits, Tag, write};
use yinxin_formats::oids;
use yinxin_formats::x509::{Extension, GeneralName, Name, Serial};

fn serial(n: u32) -> Serial {
    Serial::from_unsigned(&n.to_be_bytes())
}

fn list() -> CrlBuilder {
    CrlBuilder::new(name("根"), now(), Some(at("2026-12-21T12:00:00Z")), 7)
}

fn parse(b: &CrlBuilder) -> Crl {
    Crl::parse(&b.sign(&sm2(1)).unwrap(), &limits()).unwrap()
}

/// A list out of raw entries and list extensions, unsigned in effect.
fn hand_made(version: &[u8], entries: &[Vec<u8>], extensions: &[Extension]) -> Vec<u8> {
    let algorithm = write::sequence(&[&write::oid(&oids::SM2_WITH_SM3)]);
    let entries = entries.concat();
    let entries = if entries.is_empty() { entries } else { write::sequence(&[&entries]) };
    let mut all: Vec<u8> = extensions.iter().flat_map(Extension::to_der).collect();
    if !all.is_empty() {
        all = write::explicit(0, &write::sequence(&[&all]));
    }
    let time = write::x509_time(now());
    let tbs = write::sequence(&[version, &algorithm, name("根").raw(), &time, &entries, &all]);
    write::sequence(&[&tbs, &algorithm, &write::bits(&[0x30, 0])])
}

fn entry(n: u32, extensions: &[Extension]) -> Vec<u8> {
    let mut all: Vec<u8> = extensions.iter().flat_map(Extension::to_der).collect();
    if !all.is_empty() {
        all = write::sequence(&[&all]);
    }
    write::sequence(&[&serial(n).to_der(), &write::x509_time(now()), &all])
}

const V2: [u8; 3] = [2, 1, 1];

#[test]
fn lists_round_trip_with_every_field() {
    let builder = list()
        .revoke(
            &serial(0x8001),
            now(),
            Some(RevocationReason::CertificateHold),
            Some(at("2026-01-01T00:00:00Z")),
        )
        .revoke(&serial(9), now(), Some(RevocationReason::Unspecified), None);
    let crl = parse(&builder);
    assert!(crl.deviations().is_empty());
    assert_eq!((crl.version, crl.this_update), (2, now()));
    assert_eq!(crl.next_update, Some(at("2026-12-21T12:00:00Z")));
    assert!(crl.issuer.matches(&name("根")));
    assert_eq!(crl.crl_number().unwrap(), Some(serial(7)));
    assert_eq!(crl.delta_base().unwrap(), None);
    assert!(!crl.is_indirect().unwrap());
    let found = crl.find(&serial(0x8001)).unwrap().unwrap();
    assert_eq!((found.date, found.reason), (now(), Some(RevocationReason::CertificateHold)));
    assert_eq!(found.invalidity_date, Some(at("2026-01-01T00:00:00Z")));
    assert_eq!(crl.find(&serial(9)).unwrap().unwrap().reason, None);
    assert_eq!(crl.find(&serial(1)).unwrap(), None);
    assert_eq!(crl.verify_signature(sm2(1).public_key()), Ok(()));
    assert!(crl.verify_signature(sm2(2).public_key()).is_err());
    // The next list takes over the entries.
    let entries: Vec<_> = crl.entries().map(Result::unwrap).collect();
    let again = parse(&list().revoke_all(&entries));
    let positions = |c: &Crl| c.entries().map(|e| e.unwrap().serial).collect::<Vec<_>>();
    assert_eq!(positions(&again), positions(&crl));
}

#[test]
fn an_empty_list_revokes_nobody() {
    let crl = parse(&list());
    assert_eq!(crl.find(&serial(1)).unwrap(), None);
    assert_eq!(crl.entries().count(), 0);
}

#[test]
fn finds_serials_however_they_are_padded() {
    let padded = write::sequence(&[&write::tlv(Tag::INTEGER, &[0, 0, 0x91]), &write::x509_time(now())]);
    let crl = Crl::parse(&hand_made(&V2, &[padded], &[]), &limits()).unwrap();
    assert!(crl.find(&serial(0x91)).unwrap().is_some());
}

#[test]
fn searches_a_list_larger_than_the_item_limit() {
    let entries: Vec<_> = (1..50_000).map(|n| entry(n, &[])).collect();
    let der = hand_made(&V2, &entries, &[]);
    let few = Limits { max_items: 100, ..limits() };
    let crl = Crl::from_vec(der, &few).unwrap();
    assert!(crl.find(&serial(49_999)).unwrap().is_some());
    assert!(crl.find(&serial(50_000)).unwrap().is_none());
}

#[test]
fn the_size_limit_is_the_callers() {
    let der = list().sign(&sm2(1)).unwrap();
    let small = Limits { max_bytes: der.len() - 1, ..limits() };
    assert_eq!(Crl::parse(&der, &small).unwrap_err().code(), "DER_LIMIT");
    assert!(Crl::parse(&der, &Limits { max_bytes: der.len(), ..limits() }).is_ok());
}

#[test]
fn a_malformed_entry_on_the_way_makes_the_search_an_error() {
    let bad = write::sequence(&[&write::octets(b"x")]);
    let crl = Crl::parse(&hand_made(&V2, &[entry(1, &[]), bad, entry(2, &[])], &[]), &limits()).unwrap();
    assert!(crl.find(&serial(1)).unwrap().is_some());
    let e = crl.find(&serial(2)).unwrap_err();
    assert_eq!((e.code(), crl.raw()[e.at]), ("DER_UNEXPECTED_TAG", 0x04));
    assert_eq!(crl.entries().filter(Result::is_ok).count(), 1);
    assert_eq!(crl.entries().count(), 2);
}

#[test]
fn entries_of_other_issuers_in_an_indirect_list_do_not_revoke_ours() {
    let issuer = |cn| {
        let names = GeneralName::Directory(name(cn)).to_der();
        Extension::new(oids::EXT_CERTIFICATE_ISSUER, true, write::sequence(&[&names]))
    };
    let point = write::sequence(&[&write::tlv(Tag::context_primitive(4), &[0xff])]);
    let point = Extension::new(oids::EXT_ISSUING_DISTRIBUTION_POINT, true, point);
    let entries = [
        entry(1, &[]),
        entry(2, &[issuer("另一家")]),
        entry(3, &[]),
        entry(4, &[issuer("根")]),
        entry(5, &[]),
    ];
    let crl = Crl::parse(&hand_made(&V2, &entries, &[point]), &limits()).unwrap();
    assert!(crl.is_indirect().unwrap());
    let found: Vec<_> = (1..6).filter(|n| crl.find(&serial(*n)).unwrap().is_some()).collect();
    assert_eq!(found, [1, 4, 5]);
}

#[test]
fn scope_reasons_and_delta_are_read() {
    let flag = |n| write::tlv(Tag::context_primitive(n), &[0xff]);
    let relative = write::explicit(0, &write::tlv(Tag::context(1), &[]));
    let reasons = write::tlv(Tag::context_primitive(3), &[5, 0x60]);
    let point = write::sequence(&[&relative, &flag(2), &reasons, &flag(5)]);
    let crl = Crl::parse(
        &hand_made(
            &V2,
            &[],
            &[
                Extension::new(oids::EXT_ISSUING_DISTRIBUTION_POINT, true, point),
                Extension::new(oids::EXT_DELTA_CRL, true, write::small(6)),
                Extension::new(oids::SM3, true, vec![]),
            ],
        ),
        &limits(),
    )
    .unwrap();
    let point = crl.issuing_distribution_point().unwrap().unwrap();
    assert!(point.only_ca && point.only_attribute && !point.only_user && !point.indirect);
    assert_eq!(point.only_some_reasons.unwrap().0, 0b110);
    assert!(point.relative.is_some());
    assert_eq!(crl.delta_base().unwrap(), Some(serial(6)));
    assert_eq!(crl.unknown_critical(), [oids::SM3]);
    assert_eq!(crl.next_update, None);
}

#[test]
fn unknown_reasons_and_critical_entry_extensions_do_not_pass_silently() {
    let reason = |n| Extension::new(oids::EXT_REASON_CODE, false, write::tlv(Tag::ENUMERATED, &[n]));
    let strange = Extension::new(oids::SM3, true, vec![]);
    let entries = [entry(1, &[reason(10), strange]), entry(2, &[reason(7)])];
    let crl = Crl::parse(&hand_made(&V2, &entries, &[]), &limits()).unwrap();
    let first = crl.find(&serial(1)).unwrap().unwrap();
    assert_eq!((first.reason.unwrap().name(), first.unknown_critical), ("aACompromise", vec![oids::SM3]));
    assert_eq!(crl.find(&serial(2)).unwrap_err().what, "reasonCode");
}

#[test]
fn version_1_is_read_and_later_parts_in_it_are_named_or_refused() {
    let plain = Crl::parse(&hand_made(&[], &[entry(1, &[])], &[]), &limits()).unwrap();
    assert_eq!((plain.version, plain.find(&serial(1)).unwrap().is_some()), (1, true));
    let number = Extension::new(oids::EXT_CRL_NUMBER, false, write::small(1));
    let odd = Crl::parse(&hand_made(&[], &[entry(1, std::slice::from_ref(&number))], &[number]), &limits())
        .unwrap();
    assert_eq!(codes(odd.deviations()), ["CRL_VERSION"]);
    assert_eq!(odd.find(&serial(1)).unwrap_err().what, "crlEntryExtensions");
    assert!(Crl::parse(&hand_made(&[2, 1, 2], &[], &[]), &limits()).is_err());
}

#[test]
fn the_builder_refuses_reversed_times_and_repeated_extensions() {
    let early = CrlBuilder::new(Name::build(&[]), now(), Some(at("2020-01-01T00:00:00Z")), 1);
    assert!(early.sign(&sm2(1)).is_err());
    let number = Extension::new(oids::EXT_CRL_NUMBER, false, write::small(1));
    assert!(list().extension(number).sign(&sm2(1)).is_err());
}

//! Damage: whatever is done to a valid document, the verdict is never `valid` where a protected byte changed, and
//! nothing panics.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use support::{facts, judge};
use yinxin_seal::report::{Lang, Verdict};
use yinxin_seal::{TrustFacts, VerifyOptions, verify_seal};
use yinxin_testkit::rng::SeededRng;
use yinxin_testkit::vectors::Scene;
use yinxin_testkit::{Pki, clock};

/// A document written by hand: every entry stored, so that a byte of the file is a byte of a part.
fn sound() -> (Pki, Vec<u8>) {
    let scene = Scene::new();
    let bytes = scene.document().build();
    (scene.pki, bytes)
}

/// The stretches of the file that hold contents of parts, and names with their positions.
fn contents(bytes: &[u8]) -> Vec<(std::ops::Range<usize>, String)> {
    let mut out = Vec::new();
    let mut at = 0;
    while bytes[at..].starts_with(b"PK\x03\x04") {
        let word = |i: usize, n: usize| {
            bytes[at + i..at + i + n].iter().rev().fold(0usize, |v, b| v << 8 | usize::from(*b))
        };
        let (size, name) = (word(18, 4), word(26, 2));
        let start = at + 30 + name;
        out.push((start..start + size, String::from_utf8(bytes[at + 30..start].to_vec()).unwrap()));
        at = start + size;
    }
    out
}

#[test]
fn a_flipped_byte_in_any_part_is_noticed() {
    let (pki, bytes) = sound();
    let facts = facts(&pki);
    assert_eq!(judge(&bytes, &facts).verdict, Verdict::Valid);
    let parts = contents(&bytes);
    assert!(parts.len() > 7);
    let mut tried = 0;
    for (range, name) in parts {
        for at in range.step_by(23) {
            let mut bent = bytes.clone();
            bent[at] ^= 1 << (at % 8);
            let verdict = judge(&bent, &facts).verdict;
            // The CRC of every entry is wrong now, so even the unprotected list must not pass.
            assert_ne!(verdict, Verdict::Valid, "{name} at {at}");
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn a_flipped_byte_with_its_checksum_put_right_is_noticed_in_every_protected_part() {
    let scene = Scene::new();
    let facts = facts(&scene.pki);
    let whole = scene.document().zip();
    for number in 0..whole.items.len() {
        let name = String::from_utf8(whole.items[number].name.clone()).unwrap();
        let length = whole.items[number].content.len();
        for at in (0..length).step_by(31) {
            let mut zip = whole.clone();
            zip.items[number].content[at] ^= 1 << (at % 7);
            let report = judge(&zip.build(), &facts);
            // The list of signatures protects nothing and is protected by nothing in continue mode: its identifiers
            // may change. All else is protected, directly or by the signature.
            if !name.ends_with("Signatures.xml") {
                assert_ne!(report.verdict, Verdict::Valid, "{name} at {at}");
            }
        }
    }
}

#[test]
fn a_document_cut_off_anywhere_is_never_valid() {
    let (pki, bytes) = sound();
    let facts = facts(&pki);
    for length in (0..bytes.len()).step_by(41) {
        assert_ne!(judge(&bytes[..length], &facts).verdict, Verdict::Valid, "cut at {length}");
    }
}

#[test]
fn flipped_bits_in_the_zip_structure_never_change_what_is_valid_silently() {
    let (pki, bytes) = sound();
    let facts = facts(&pki);
    let parts = contents(&bytes);
    let inside = |at: usize| parts.iter().any(|(r, _)| r.contains(&at));
    for at in (0..bytes.len()).filter(|at| !inside(*at)).step_by(3) {
        let mut bent = bytes.clone();
        bent[at] ^= 1 << (at % 8);
        let report = judge(&bent, &facts);
        // Times and versions of entries may change without harm; then every part still has its digest.
        if report.verdict == Verdict::Valid {
            let digest = support::outcome(&report, "DOCUMENT_MODIFIED");
            assert_eq!(digest, yinxin_seal::Outcome::Pass, "at {at}");
        }
    }
}

fn random(rng: &mut SeededRng, length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    rand_core::Rng::fill_bytes(rng, &mut out);
    out
}

#[test]
fn random_bytes_give_a_report() {
    let mut rng = SeededRng::new("random bytes");
    let nothing = TrustFacts::default();
    let options = VerifyOptions::at(clock::now());
    for head in [b"".as_slice(), b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"\x30\x82\x10\x00", b"<?xml"] {
        for length in [0usize, 1, 4, 21, 22, 100, 3000] {
            let bytes = [head, &random(&mut rng, length)].concat();
            assert_ne!(judge(&bytes, &nothing).verdict, Verdict::Valid);
            assert_eq!(verify_seal(&bytes, &nothing, &options).verdict, Verdict::Invalid);
        }
    }
}

#[test]
fn random_changes_to_seals_never_pass() {
    let scene = Scene::new();
    let facts = facts(&scene.pki);
    let options = VerifyOptions::at(clock::now());
    let good = scene.seal().build();
    assert_eq!(verify_seal(&good, &facts, &options).verdict, Verdict::Valid);
    for at in (0..good.len()).step_by(7) {
        let mut bent = good.clone();
        bent[at] ^= 1 << (at % 8);
        let report = verify_seal(&bent, &facts, &options);
        assert_ne!(
            report.verdict,
            Verdict::Valid,
            "byte {at} of {}:\n{}",
            good.len(),
            report.to_text(Lang::En, true)
        );
    }
    for length in (0..good.len()).step_by(13) {
        assert_ne!(verify_seal(&good[..length], &facts, &options).verdict, Verdict::Valid);
    }
}

#[test]
fn a_stated_algorithm_that_is_not_the_keys_is_never_valid_without_a_word() {
    let scene = Scene::new();
    let facts = facts(&scene.pki);
    let rsa = yinxin_formats::oids::RSA_SHA256;
    let seal = scene.seal().with(|s| s.algorithm = rsa).build();
    let report = verify_seal(&seal, &facts, &VerifyOptions::at(clock::now()));
    assert_ne!(report.verdict, Verdict::Valid, "seal:\n{}", report.to_text(Lang::En, true));
    let report = judge(&scene.with(|s| s, |s| s.with(|v| v.algorithm = rsa)).build(), &facts);
    assert_ne!(report.verdict, Verdict::Valid, "signature:\n{}", report.to_text(Lang::En, true));
}

#[test]
fn random_signature_values_in_a_sound_package_give_a_report() {
    let scene = Scene::new();
    let facts = facts(&scene.pki);
    let mut rng = SeededRng::new("values");
    let good = scene.document().zip();
    let value = "Doc_0/Signs/Sign_0/SignedValue.dat";
    for length in [0usize, 1, 2, 3, 50, 700, 5000] {
        let noise = random(&mut rng, length);
        for head in [b"".as_slice(), b"\x30\x82\x40\x00\x06\x0a", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff"] {
            let zip = good.clone().edit(value, |c| *c = [head, &noise].concat());
            assert_eq!(judge(&zip.build(), &facts).verdict, Verdict::Invalid);
        }
    }
}

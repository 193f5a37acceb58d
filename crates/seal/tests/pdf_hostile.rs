//! A changed byte is noticed wherever it stands, and no input is anything but a report.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use support::{facts, judge};
use yinxin_seal::Verdict;
use yinxin_seal::report::Lang;
use yinxin_testkit::Pki;
use yinxin_testkit::seal::{Layout, SealForge};
use yinxin_testkit::signature::SignatureForge;
use yinxin_testkit::{pdf, rng::SeededRng};

fn sealed(pki: &Pki) -> Vec<u8> {
    let seal = SealForge::new(Layout::V4, pki, &[&pki.signer_a]).build();
    let sign = SignatureForge::new(Layout::V4, seal, &pki.signer_a);
    let forge = pdf::PdfSignForge::new("GM.sm2seal", move |covered| sign.build(covered, "ByteRange"));
    forge.build(&pdf::plain())
}

#[test]
fn a_flipped_bit_anywhere_in_a_sealed_pdf_is_noticed() {
    let pki = Pki::new();
    let (bytes, facts) = (sealed(&pki), facts(&pki));
    let report = judge(&bytes, &facts);
    assert_eq!(report.verdict, Verdict::Valid);
    let mut clauses = report.checks.iter().chain(&report.signatures[0].checks).map(|c| c.clause);
    assert!(clauses.all(|c| !c.is_empty() && !c.contains("33190")), "no clause of OFD in a report on a PDF");
    // A step that meets every part: structure, content, value, padding.
    for at in (0..bytes.len()).step_by(5) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let report = judge(&changed, &facts);
        assert_ne!(report.verdict, Verdict::Valid, "byte {at}\n{}", report.to_text(Lang::En, true));
    }
}

#[test]
fn whatever_is_appended_without_being_a_revision_is_never_valid() {
    let pki = Pki::new();
    let (bytes, facts) = (sealed(&pki), facts(&pki));
    let mut rng = SeededRng::new("appended");
    let mut random = vec![0; 300];
    rand_core::Rng::fill_bytes(&mut rng, &mut random);
    let tails: [&[u8]; 6] = [
        b"hello",
        b"5 0 obj\n<< >>\nendobj\n",
        b"startxref\n9\n%%EOF\n",
        b"%%EOF\n5 0 obj << >> endobj\n",
        b"trailer << /Root 6 0 R >>\n",
        &random,
    ];
    for tail in tails {
        let report = judge(&[bytes.as_slice(), tail].concat(), &facts);
        assert_ne!(report.verdict, Verdict::Valid, "{}", report.to_text(Lang::En, true));
    }
    assert_eq!(judge(&[bytes.as_slice(), b"\r\n  \n"].concat(), &facts).verdict, Verdict::Valid);
}

#[test]
fn a_sealed_pdf_cut_off_anywhere_is_never_valid() {
    let pki = Pki::new();
    let (bytes, facts) = (sealed(&pki), facts(&pki));
    for end in (0..bytes.len() - 1).step_by(11) {
        let report = judge(&bytes[..end], &facts);
        assert_ne!(report.verdict, Verdict::Valid, "cut at {end}");
    }
}

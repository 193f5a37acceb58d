//! Whatever bytes come in: a tree or a typed error, never a panic, never more than the limits.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]
#![allow(clippy::print_stdout, clippy::expect_used, reason = "of the support module")]

mod ses_support;

use proptest::prelude::*;
use ses_support::{limits, seal, signature};
use yinxin_formats::der::{Limits, write as w};
use yinxin_formats::inspect::{Kind, Lang, inspect};
use yinxin_formats::ses::SesVersion;

fn look(bytes: &[u8]) {
    for hint in [None, Some(Kind::Seal), Some(Kind::PrivateKey)] {
        if let Ok(tree) = inspect(bytes, hint, &limits()) {
            let text = tree.to_text(Lang::Zh);
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}

#[test]
fn survives_every_flipped_byte() {
    for sample in [seal(SesVersion::V4), signature(SesVersion::V5)] {
        for i in 0..sample.len() {
            for mask in [0x01, 0x20, 0xff] {
                let mut bytes = sample.clone();
                bytes[i] ^= mask;
                look(&bytes);
            }
        }
    }
}

#[test]
fn rejects_truncated_and_empty_input() {
    let sample = seal(SesVersion::V4);
    for n in 0..sample.len() {
        assert!(inspect(&sample[..n], None, &limits()).is_err());
    }
}

#[test]
fn nesting_and_numbers_of_values_are_bounded() {
    let mut nested = w::null();
    for _ in 0..200 {
        nested = w::octets(&w::sequence(&[&nested]));
    }
    // Strings nested deeper than the limit are shown as bytes, or refused; the stack never overflows.
    look(&w::sequence(&[&nested]));
    let mut deep = w::null();
    for _ in 0..5000 {
        deep = w::sequence(&[&deep]);
    }
    assert_eq!(inspect(&deep, None, &limits()).unwrap_err().code(), "DER_LIMIT");
    let wide = w::sequence(&[&w::null().repeat(2000)]);
    let few = Limits { max_items: 1000, ..limits() };
    assert_eq!(inspect(&wide, None, &few).unwrap_err().code(), "DER_LIMIT");
    // Each string opens with a state of its own; the number of values counts over all of them.
    let strings = w::sequence(&[&w::octets(&w::sequence(&[&w::null().repeat(50)])).repeat(50)]);
    assert_eq!(inspect(&strings, None, &few).unwrap_err().code(), "DER_LIMIT");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        look(&bytes);
        look(&w::sequence(&[&bytes]));
    }

    #[test]
    fn several_flipped_bits_never_panic(flips in prop::collection::vec((any::<usize>(), 0u8..8), 1..8)) {
        let mut bytes = signature(SesVersion::V4);
        for (at, bit) in flips {
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
        }
        look(&bytes);
    }
}

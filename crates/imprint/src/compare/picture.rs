//! The difference of two imprints as a picture.

use crate::ink::{INKED, Ink};
use crate::png;

const BOTH: [u8; 4] = [0x9A, 0x9A, 0x9A, 255];
const ONLY_FILED: [u8; 4] = [0xE6, 0x00, 0x12, 255];
const ONLY_OTHER: [u8; 4] = [0x00, 0x50, 0xD0, 255];
const NEITHER: [u8; 4] = [255, 255, 255, 255];

/// Gray where both have ink, red where only `a`, blue where only `b`.
pub(super) fn difference(a: &Ink, b: &Ink) -> Vec<u8> {
    let color = |(a, b): (&u8, &u8)| match (*a >= INKED, *b >= INKED) {
        (true, true) => BOTH,
        (true, false) => ONLY_FILED,
        (false, true) => ONLY_OTHER,
        (false, false) => NEITHER,
    };
    let rgba: Vec<u8> = a.values.iter().zip(&b.values).flat_map(color).collect();
    let side = |px: usize| u32::try_from(px).unwrap_or(0);
    // Writing into memory cannot fail.
    png::encode_rgba(side(a.width), side(a.height), &rgba, super::PER_MM * 25.4).unwrap_or_default()
}

//! Pictures made to harm: bounded and refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

use proptest::prelude::*;
use std::time::{Duration, Instant};
use yinxin_imprint::{
    Bitmap, Font, ImportSpec, ImprintSpec, Kind, MAX_PICTURE_BYTES, Rank, Rules, check, compare, draw, import,
};

fn code(bytes: &[u8]) -> &'static str {
    match Bitmap::decode(bytes) {
        Ok(_) => "decoded",
        Err(error) => error.code(),
    }
}

fn sample() -> Vec<u8> {
    draw(&ImprintSpec::personal("李明"), &Font::builtin()).unwrap().to_png(150).unwrap()
}

/// A PNG of one row of data whose head claims another size; the sum over the head is right.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = sample();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// CRC of ISO 3309, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[test]
fn a_head_that_claims_a_huge_picture_is_refused_at_once() {
    let start = Instant::now();
    for (width, height) in [(u32::MAX >> 1, 1), (1, u32::MAX >> 1), (60_000, 60_000), (16_000, 16_000)] {
        assert_eq!(code(&claiming(width, height)), "IMPRINT_PICTURE_TOO_LARGE", "{width}×{height}");
    }
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(code(&claiming(3000, 3000)), "IMPRINT_PICTURE_BROKEN", "the data are too short");
    assert_eq!(code(&claiming(0, 5)), "IMPRINT_PICTURE_BROKEN");
}

#[test]
fn cut_files_are_refused_and_never_shown_in_part() {
    let png = sample();
    let image = image::load_from_memory(&png).unwrap().into_rgb8();
    let mut bmp = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bmp, image::ImageFormat::Bmp).unwrap();
    for whole in [png, bmp.into_inner()] {
        for part in 1..20 {
            let cut = &whole[..whole.len() * part / 20];
            assert!(code(cut).starts_with("IMPRINT_PICTURE_"), "{part}");
        }
    }
    assert_eq!(code(b""), "IMPRINT_PICTURE_FORMAT");
    assert_eq!(code(b"GIF89a\x02\x00\x00\x01"), "IMPRINT_PICTURE_FORMAT");
    assert_eq!(code(&vec![0; MAX_PICTURE_BYTES + 1]), "IMPRINT_PICTURE_TOO_LARGE");
}

#[test]
fn svg_bombs_are_refused() {
    let svg = |head: &str, inside: &str| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {head}>{inside}</svg>").into_bytes()
    };
    let small = "width=\"10mm\" height=\"10mm\"";
    assert_eq!(code(&svg("width=\"90000mm\" height=\"90000mm\"", "<path/>")), "IMPRINT_PICTURE_TOO_LARGE");
    for inside in [
        "<g id=\"a\"><use href=\"#a\"/></g>",
        "<image href=\"file:///etc/passwd\"/>",
        "<image href=\"http://127.0.0.1/\"/>",
        "<style>@import url(http://127.0.0.1/)</style>",
        "<path d=\"M0 0H1e9\" stroke=\"red\" stroke-dasharray=\".0001\"/>",
        "<filter id=\"f\"/>",
    ] {
        assert_eq!(code(&svg(small, inside)), "IMPRINT_PICTURE_BROKEN", "{inside}");
    }
    let many = format!("<path d=\"M0 0{}\"/>", "L9 9L0 0".repeat(200_000));
    assert_eq!(code(&svg(small, &many)), "IMPRINT_PICTURE_BROKEN", "more than a MiB");
    let start = Instant::now();
    let long = format!("<path d=\"M0 0{}z\"/>", "L9 9L0 5".repeat(100_000));
    assert_eq!(code(&svg(small, &long)), "decoded");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn noise_is_measured_in_bounded_time() {
    // Every other pixel red: as many pieces as there can be.
    let image = image::RgbImage::from_fn(1500, 1500, |x, y| {
        if (x + y * 7) % 3 == 0 && y % 2 == 0 { image::Rgb([230, 0, 18]) } else { image::Rgb([255; 3]) }
    });
    let mut out = std::io::Cursor::new(Vec::new());
    image.write_to(&mut out, image::ImageFormat::Png).unwrap();
    let bytes = out.into_inner();
    let start = Instant::now();
    let bitmap = Bitmap::decode(&bytes).unwrap();
    let mm = Some((40.0, 40.0));
    let _ = check(&bitmap, mm, Kind::Official, Rank::Unit, Rules::national());
    let _ = compare(&bitmap, &bitmap, mm, mm);
    let _ = import(&bytes, &ImportSpec::new(Kind::Official), Rules::national());
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(at in 0_usize..2000, value in any::<u8>(), kind in 0_usize..8) {
        let mut png = sample();
        let at = at % png.len();
        png[at] = value;
        let kind = Kind::ALL[kind];
        let _ = import(&png, &ImportSpec::new(kind), Rules::national());
        if let Ok(bitmap) = Bitmap::decode(&png) {
            let _ = check(&bitmap, None, kind, Rank::Unit, Rules::national());
        }
    }

    #[test]
    fn any_text_of_rules_gives_rules_or_an_error(text in "(area|kind|\\[\\[rule\\]\\]|=|'|\n|[a-z0-9.{} ]){0,60}") {
        let _ = Rules::national().with_area(&text);
    }
}

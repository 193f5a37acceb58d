//! Imprints compared with the filed one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use image::{Rgb, RgbImage};
use support::{Pixels, name};
use yinxin_imprint::{Bitmap, Comparison, Font, ImprintSpec, Kind, compare, draw};

fn picture(spec: &ImprintSpec, dpi: u32) -> Bitmap {
    Bitmap::decode(&draw(spec, &Font::builtin()).unwrap().to_png(dpi).unwrap()).unwrap()
}

/// As a scanner at 300 dpi would see the seal, turned, moved, in pale and uneven ink on gray paper, saved as JPEG.
fn scanned(spec: &ImprintSpec, degrees: f64) -> Bitmap {
    let seal = Pixels::read(&draw(spec, &Font::builtin()).unwrap().to_png(300).unwrap());
    let side = 600_u32;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let image = RgbImage::from_fn(side, side, |x, y| {
        let (dx, dy) = (f64::from(x) - 305.0, f64::from(y) - 291.0);
        let sx = dx * cos + dy * sin + seal.width as f64 / 2.0;
        let sy = dy * cos - dx * sin + seal.height as f64 / 2.0;
        let inside = sx >= 0.0 && sy >= 0.0 && sx < seal.width as f64 && sy < seal.height as f64;
        let alpha = if inside { f64::from(seal.at(sx as usize, sy as usize)[3]) / 255.0 } else { 0.0 };
        // A fixed pattern of grain.
        let grain = f64::from((x * 7919 + y * 104_729) % 23);
        let ink = alpha * (0.75 + grain / 100.0);
        let mix = |paper: f64, red: f64| (paper - grain / 3.0) * (1.0 - ink) + red * ink;
        Rgb([mix(245.0, 215.0) as u8, mix(242.0, 40.0) as u8, mix(238.0, 50.0) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    Bitmap::decode(&bytes.into_inner()).unwrap()
}

fn of_scan(filed: &ImprintSpec, scan: &ImprintSpec, degrees: f64) -> Comparison {
    let mm = 600.0 / 300.0 * 25.4;
    compare(&picture(filed, 600), &scanned(scan, degrees), None, Some((mm, mm))).unwrap()
}

#[test]
fn one_seal_at_other_resolutions_is_the_same() {
    let spec = ImprintSpec::official(name(12)).with_code("1101050012345");
    for dpi in [200, 300, 1200] {
        let found = compare(&picture(&spec, 600), &picture(&spec, dpi), None, None).unwrap();
        assert!(found.same && found.score > 0.995, "{dpi}: {found:?}");
    }
}

#[test]
fn a_turned_and_pale_scan_is_the_same_and_its_turn_is_told() {
    for (length, degrees) in [(4, 0.0), (12, 3.0), (20, -7.5), (40, 5.0)] {
        let spec = ImprintSpec::official(name(length));
        let found = of_scan(&spec, &spec, degrees);
        println!("same {length} {degrees}: {} {}", found.score, found.worst_spot);
        assert!(found.same, "{length} at {degrees}: {found:?}");
        assert!((found.turned_degrees - degrees).abs() < 0.3, "{found:?}");
        assert!((found.scale - 1.0).abs() < 0.006, "{found:?}");
    }
}

#[test]
fn one_character_exchanged_is_found_and_its_place_told() {
    for length in [4, 12, 40] {
        let spec = ImprintSpec::official(name(length));
        for at in [0, length / 2, length - 1] {
            let mut letters: Vec<char> = name(length).chars().collect();
            letters[at] = if letters[at] == '国' { '王' } else { '国' };
            let other = ImprintSpec::official(letters.into_iter().collect::<String>());
            let found = of_scan(&spec, &other, 2.0);
            println!("exchanged {at} of {length}: {} {}", found.score, found.worst_spot);
            assert!(!found.same, "{length} at {at}: {found:?}");
            // On the ring of the name, not in the center.
            let (x, y) = found.worst_at_mm;
            assert!((x - 20.0).hypot(y - 20.0) > 9.0, "{found:?}");
        }
    }
}

#[test]
fn other_names_kinds_and_sizes_are_not_the_same() {
    let spec = ImprintSpec::official("示例市示例科技有限公司");
    let others = [
        ImprintSpec::official("示例市示例科枝有限公司"),
        ImprintSpec::official("样品市样品科技有限公司"),
        ImprintSpec::new(Kind::Contract, "示例市示例科技有限公司"),
        spec.clone().with_code("1101050012345"),
        spec.clone().with_size_mm(42.0),
    ];
    for other in others {
        let found = of_scan(&spec, &other, 0.0);
        println!("other: {} {} {}", found.score, found.worst_spot, found.scale);
        assert!(!found.same, "{other:?}: {found:?}");
    }
}

#[test]
fn the_code_s_last_digit_is_seen_at_600_dpi() {
    let spec = |code: &str| ImprintSpec::official(name(12)).with_code(code);
    let found =
        compare(&picture(&spec("1101050012345"), 600), &picture(&spec("1101050012348"), 600), None, None);
    let found = found.unwrap();
    println!("digit: {} {}", found.score, found.worst_spot);
    assert!(found.worst_spot > 0.0);
}

#[test]
fn the_difference_picture_shows_both_and_each_alone() {
    let (one, two) = (ImprintSpec::official("示例公司"), ImprintSpec::official("示例公社"));
    let found = compare(&picture(&one, 300), &picture(&two, 300), None, None).unwrap();
    let pixels = Pixels::read(&found.difference.0);
    assert_eq!((pixels.width, pixels.height), (480, 480));
    let count = |color: [u8; 3]| pixels.rgba.iter().filter(|p| p[..3] == color).count();
    let (both, filed, other) = (count([0x9A; 3]), count([0xE6, 0, 0x12]), count([0, 0x50, 0xD0]));
    assert!(both > 20 * filed && filed > 100 && other > 100, "{both} {filed} {other}");
    // Star and rim are alike; only the last character is colored, at the right.
    let colored = |p: &[u8; 4]| p[..3] == [0xE6, 0, 0x12] || p[..3] == [0, 0x50, 0xD0];
    let right = pixels.rgba.iter().enumerate().filter(|(i, p)| colored(p) && i % 480 > 300).count();
    assert!(right * 10 > (filed + other) * 8, "{right} of {}", filed + other);
}

#[test]
fn the_same_pictures_give_the_same_figures() {
    let spec = ImprintSpec::official(name(9));
    assert_eq!(of_scan(&spec, &spec, 4.0), of_scan(&spec, &spec, 4.0));
}

#[test]
fn pictures_without_ink_or_size_are_refused() {
    let mut empty = std::io::Cursor::new(Vec::new());
    RgbImage::from_pixel(100, 100, Rgb([255; 3])).write_to(&mut empty, image::ImageFormat::Png).unwrap();
    let empty = Bitmap::decode(&empty.into_inner()).unwrap();
    let seal = picture(&ImprintSpec::official("示例公司"), 300);
    let code = |mm| compare(&seal, &empty, None, mm).unwrap_err().code();
    assert_eq!(code(None), "IMPRINT_SIZE_UNKNOWN");
    assert_eq!(code(Some((40.0, 40.0))), "IMPRINT_NOTHING_FOUND");
    assert_eq!(code(Some((1e9, 1e9))), "IMPRINT_SIZE_OUT_OF_RANGE");
    assert_eq!(code(Some((f64::NAN, 40.0))), "IMPRINT_SIZE_OUT_OF_RANGE");
}

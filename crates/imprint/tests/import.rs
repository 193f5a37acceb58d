//! Scans and photos made into imprints.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use image::{ImageFormat, Rgb, RgbImage};
use std::io::Cursor;
use support::{Pixels, name};
use yinxin_imprint::{
    Bitmap, Center, Font, ImportSpec, Imported, ImprintSpec, Kind, Outcome, Rank, Rules, check, compare,
    draw, import,
};

/// How a photo shows a seal.
#[derive(Clone, Copy)]
struct Photo {
    degrees: f64,
    /// Pixels a mm.
    per_mm: f64,
    /// Width to height of a pixel: a photo taken from aside.
    squeezed: f64,
    /// Margin around the seal in pixels; negative cuts it.
    margin: f64,
}

const PLAIN: Photo = Photo { degrees: 0.0, per_mm: 14.0, squeezed: 1.0, margin: 60.0 };

/// Paper with a shadow across it and black print on it, the seal in pale and uneven ink, and a red mark in a corner.
fn photo(spec: &ImprintSpec, how: Photo) -> RgbImage {
    let drawing = draw(spec, &Font::builtin()).unwrap();
    let seal = Pixels::read(&drawing.to_png(600).unwrap());
    let (width_mm, height_mm) = drawing.size_mm();
    let (w, h) = (width_mm * how.per_mm, height_mm * how.per_mm * how.squeezed);
    let wide = (w.max(h) + 2.0 * how.margin) as u32;
    let (sin, cos) = how.degrees.to_radians().sin_cos();
    RgbImage::from_fn(wide, wide, |x, y| {
        let middle = f64::from(wide) / 2.0;
        let (dx, dy) = (f64::from(x) + 0.5 - middle, (f64::from(y) + 0.5 - middle) / how.squeezed);
        let per_mm = seal.width as f64 / width_mm / how.per_mm;
        let sx = (dx * cos + dy * sin) * per_mm + seal.width as f64 / 2.0;
        let sy = (dy * cos - dx * sin) * per_mm + seal.height as f64 / 2.0;
        let inside = sx >= 0.0 && sy >= 0.0 && sx < seal.width as f64 && sy < seal.height as f64;
        let alpha = if inside { f64::from(seal.at(sx as usize, sy as usize)[3]) / 255.0 } else { 0.0 };
        let grain = f64::from((x * 7919 + y * 104_729 + x * y) % 29);
        let ink = alpha * (0.7 + grain / 120.0);
        let mark = how.margin > 40.0 && x < 22 && y < 22;
        let print = y % 60 < 5 && (x / 9) % 3 != 0;
        let light = 0.72 + 0.28 * f64::from(x) / f64::from(wide);
        let color = |paper: f64, red: f64, black: f64| {
            let base = if print { black } else { paper - grain / 2.5 };
            let under = base * (1.0 - ink) + red * ink.min(if print { 0.25 } else { 1.0 });
            ((if mark { red } else { under }) * light).clamp(0.0, 255.0) as u8
        };
        Rgb([color(250.0, 220.0, 40.0), color(246.0, 30.0, 40.0), color(236.0, 45.0, 42.0)])
    })
}

fn bytes(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn imported(spec: &ImprintSpec, how: Photo, size_mm: f64) -> Imported {
    let wanted = ImportSpec { size_mm: Some(size_mm), rank: spec.rank, ..ImportSpec::new(spec.kind) };
    import(&bytes(&photo(spec, how), ImageFormat::Jpeg), &wanted, Rules::national())
        .unwrap_or_else(|e| panic!("{spec:?}: {e}"))
}

fn seal_print_free(kind: Kind) -> ImprintSpec {
    ImprintSpec::new(kind, "示例市示例科技有限公司")
}

#[test]
fn a_turned_pale_and_shadowed_photo_becomes_the_imprint_it_shows() {
    let cases = [
        (ImprintSpec::official(name(11)), 40.0, 8.0),
        (ImprintSpec::official(name(20)).with_code("1101050012345"), 40.0, -14.0),
        (seal_print_free(Kind::Contract), 38.0, 6.0),
        (seal_print_free(Kind::Finance).with_center(Center::Star).with_number(2), 38.0, -5.0),
        (ImprintSpec::invoice("示例市示例科技有限公司", "91110105MA01234567"), 40.0, 4.0),
        (ImprintSpec::personal("欧阳建国"), 18.0, -7.0),
    ];
    for (spec, size, degrees) in cases {
        let per_mm = if size < 20.0 { 24.0 } else { 14.0 };
        let got = imported(&spec, Photo { degrees, per_mm, ..PLAIN }, size);
        let drawing = draw(&spec, &Font::builtin()).unwrap();
        assert_eq!(got.size_mm, drawing.size_mm());
        assert!((got.turned_degrees - degrees).abs() < 0.8, "{spec:?}: {}", got.turned_degrees);
        let pixels = Pixels::read(&got.png.0);
        let wanted = drawing.size_px(600).unwrap();
        assert_eq!((pixels.width, pixels.height), (wanted.0 as usize, wanted.1 as usize));
        assert!(pixels.rgba.iter().all(|p| p[..3] == [0xE6, 0, 0x12]), "one color");
        let original = Bitmap::decode(&drawing.to_png(600).unwrap()).unwrap();
        let found = compare(&original, &Bitmap::decode(&got.png.0).unwrap(), None, None).unwrap();
        println!(
            "{:?} {} {} {} {:?}",
            spec.kind, found.score, found.worst_spot, found.turned_degrees, found.scale
        );
        // Lines of print run through it: where ink lies on black it is lost.
        assert!(found.score > 0.93, "{found:?}");
        assert!(found.turned_degrees.abs() < 0.8 && (found.scale - 1.0).abs() < 0.01, "{found:?}");
    }
}

#[test]
fn every_step_is_a_picture() {
    let got = imported(&ImprintSpec::official(name(11)), Photo { degrees: 5.0, ..PLAIN }, 40.0);
    let names: Vec<&str> = got.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, ["source", "found", "straightened", "ink", "imprint"]);
    for step in &got.steps {
        assert!(Pixels::read(&step.png.0).width >= 400, "{}", step.name);
    }
    let found = Pixels::read(&got.steps[1].png.0);
    assert!(found.rgba.contains(&[0, 0x50, 0xD0, 255]), "the outline is shown");
    assert_eq!(got.steps[4].png, got.png);
}

#[test]
fn a_drawn_imprint_is_imported_as_it_is() {
    for spec in [
        ImprintSpec::official(name(8)).with_size_mm(42.0),
        seal_print_free(Kind::Contract),
        ImprintSpec::invoice(name(9), "91110105MA01234567"),
        ImprintSpec::personal("王小明"),
    ] {
        let drawing = draw(&spec, &Font::builtin()).unwrap();
        for bytes in [drawing.to_png(600).unwrap(), drawing.to_svg().into_bytes()] {
            let got = import(&bytes, &ImportSpec::new(spec.kind), Rules::national()).unwrap();
            assert_eq!(got.size_mm, drawing.size_mm(), "from the resolution the file states");
            let bitmap = Bitmap::decode(&got.png.0).unwrap();
            let filed = Bitmap::decode(&drawing.to_png(600).unwrap()).unwrap();
            let found = compare(&filed, &bitmap, None, None).unwrap();
            assert!(found.same && found.score > 0.995, "{spec:?}: {found:?}");
            let checked = check(&bitmap, None, spec.kind, Rank::Unit, Rules::national()).unwrap();
            assert_eq!(checked.outcome(), Outcome::Pass, "{spec:?}: {checked:#?}");
        }
    }
}

#[test]
fn bitmaps_and_grayless_formats_are_read() {
    let image = photo(&ImprintSpec::official(name(8)), PLAIN);
    let spec = ImportSpec { size_mm: Some(40.0), ..ImportSpec::new(Kind::Official) };
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Jpeg] {
        assert!(import(&bytes(&image, format), &spec, Rules::national()).is_ok(), "{format:?}");
    }
}

#[test]
fn refuses_what_cannot_become_a_true_imprint() {
    let official = ImprintSpec::official(name(11));
    let spec = ImportSpec { size_mm: Some(40.0), ..ImportSpec::new(Kind::Official) };
    let code = |image: &RgbImage, spec: &ImportSpec| match import(
        &bytes(image, ImageFormat::Png),
        spec,
        Rules::national(),
    ) {
        Ok(_) => "imported",
        Err(error) => error.code(),
    };
    let of = |how| code(&photo(&official, how), &spec);
    assert_eq!(of(Photo { margin: -30.0, ..PLAIN }), "IMPRINT_CUT_RIM");
    assert_eq!(of(Photo { squeezed: 0.85, ..PLAIN }), "IMPRINT_RATIO_DIFFERS");
    assert_eq!(of(Photo { per_mm: 5.0, ..PLAIN }), "IMPRINT_DPI_TOO_LOW");
    let white = RgbImage::from_pixel(300, 300, Rgb([250, 250, 248]));
    assert_eq!(code(&white, &spec), "IMPRINT_NOTHING_FOUND");
    let black = RgbImage::from_fn(300, 300, |x, _| if x % 40 < 9 { Rgb([20; 3]) } else { Rgb([250; 3]) });
    assert_eq!(code(&black, &spec), "IMPRINT_NOTHING_FOUND");
    let gaudy = RgbImage::from_fn(400, 400, |x, y| match (x / 40 + y / 40) % 4 {
        0 => Rgb([230, 20, 30]),
        1 => Rgb([20, 60, 220]),
        2 => Rgb([20, 200, 40]),
        _ => Rgb([240, 230, 20]),
    });
    assert_eq!(code(&gaudy, &spec), "IMPRINT_TOO_MANY_COLORS");
    let invoice = ImportSpec { size_mm: None, ..ImportSpec::new(Kind::Invoice) };
    assert_eq!(code(&photo(&official, PLAIN), &invoice), "IMPRINT_RATIO_DIFFERS");
    let large = ImportSpec { size_mm: Some(50.0), ..spec.clone() };
    assert_eq!(code(&photo(&official, PLAIN), &large), "IMPRINT_SIZE_OUT_OF_RANGE");
    let coarse = ImportSpec { dpi: 20, ..spec };
    assert_eq!(code(&photo(&official, PLAIN), &coarse), "IMPRINT_DPI_OUT_OF_RANGE");
}

#[test]
fn a_scan_s_own_resolution_must_agree_with_the_size() {
    let png = draw(&ImprintSpec::official(name(8)), &Font::builtin()).unwrap().to_png(600).unwrap();
    let spec = ImportSpec { size_mm: Some(42.0), ..ImportSpec::new(Kind::Official) };
    let error = import(&png, &spec, Rules::national()).unwrap_err();
    assert_eq!(error.code(), "IMPRINT_SIZE_DIFFERS");
    assert!(error.to_string().contains("40.0 mm"), "{error}");
}

#[test]
fn the_same_bytes_give_the_same_picture() {
    let spec = ImprintSpec::official(name(11));
    let how = Photo { degrees: 3.0, ..PLAIN };
    assert_eq!(imported(&spec, how, 40.0), imported(&spec, how, 40.0));
}

#[test]
fn what_stands_upright_stays_so_with_a_code_and_lines_below_the_star() {
    for length in [4, 8, 11, 20, 40] {
        let plain = ImprintSpec::official(name(length));
        let specs = [
            plain.clone(),
            plain.clone().with_code("6101000000018"),
            plain.clone().with_purpose("合同专用章").with_number(2),
            plain.clone().with_purpose("合同专用章").with_second("电子商务部").with_code("6101000000018"),
            ImprintSpec::new(Kind::Contract, name(length)).with_code("6101000000018"),
        ];
        for spec in specs {
            let png = draw(&spec, &Font::builtin()).unwrap().to_png(300).unwrap();
            let made = import(&png, &ImportSpec::new(spec.kind), Rules::national())
                .unwrap_or_else(|e| panic!("{length} {spec:?}: {e}"));
            println!("{length} {:?} code {}: {}", spec.kind, spec.code.is_some(), made.turned_degrees);
            // Without a star the ends of the name tell it, and a bracket at one end has its ink to one side.
            assert!(made.turned_degrees.abs() < 1.5, "{length} {spec:?}");
        }
    }
}

//! Pictures checked against the rules of their kind.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use image::{Rgba, RgbaImage};
use support::{EMBLEM, name};
use yinxin_imprint::{
    Bitmap, Center, Checked, Font, ImprintSpec, Kind, Outcome, Rank, Rules, Style, Suffix, check, draw,
};

fn png(spec: &ImprintSpec, dpi: u32) -> Vec<u8> {
    draw(spec, &Font::builtin()).unwrap().to_png(dpi).unwrap()
}

fn judge(bytes: &[u8], mm: Option<(f64, f64)>, kind: Kind, rank: Rank) -> Checked {
    check(&Bitmap::decode(bytes).unwrap(), mm, kind, rank, Rules::national()).unwrap()
}

fn outcome(checked: &Checked, code: &str) -> Outcome {
    let found = checked.findings.iter().find(|f| f.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {checked:#?}")).outcome
}

/// A picture of pixels painted by a function of mm, 10 pixels to the mm.
fn painted(size_mm: f64, inked: impl Fn(f64, f64) -> bool) -> Vec<u8> {
    let side = (size_mm * 10.0) as u32;
    let image = RgbaImage::from_fn(side, side, |x, y| {
        let (x, y) = ((f64::from(x) + 0.5) / 10.0, (f64::from(y) + 0.5) / 10.0);
        Rgba([230, 0, 18, if inked(x - size_mm / 2.0, y - size_mm / 2.0) { 255 } else { 0 }])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn ring(x: f64, y: f64) -> bool {
    (18.8..20.0).contains(&x.hypot(y))
}

/// Marks where a name would stand.
fn marks(x: f64, y: f64) -> bool {
    (12.0..16.0).contains(&x.hypot(y)) && y < 0.0 && (x.atan2(-y).to_degrees().rem_euclid(20.0)) < 10.0
}

fn star(x: f64, y: f64, radius: f64, turned: f64) -> bool {
    // Inside at least four of the five lines that the sides lie on.
    let inside = (0..5).filter(|i| {
        let a = f64::from(*i) * 72.0_f64.to_radians() + turned.to_radians();
        x * a.sin() - y * a.cos() <= radius * 36.0_f64.to_radians().cos() * 0.381_966
    });
    inside.count() >= 4
}

#[test]
fn what_is_drawn_by_the_rules_passes_every_rule() {
    let specs = [
        ImprintSpec::official(name(4)),
        ImprintSpec::official(name(40)).with_code("1101050012345"),
        ImprintSpec::official(name(12)).with_rank(Rank::Township),
        ImprintSpec::official(name(12)).with_rank(Rank::ProvinceMinistry).with_emblem(EMBLEM),
        ImprintSpec { inner_ring: true, ..ImprintSpec::official(name(15)) },
        ImprintSpec::new(Kind::Contract, name(20)).with_number(3),
        ImprintSpec::new(Kind::Finance, name(8)).with_center(Center::Star),
        ImprintSpec::new(Kind::Business, name(8)).with_purpose("业务专用章"),
        ImprintSpec::invoice(name(14), "91110105MA01234567"),
        ImprintSpec::personal("欧阳建国"),
        ImprintSpec::personal("王小明").with_suffix(Suffix::Fill).with_style(Style::Cut),
        ImprintSpec::personal("王小明").with_size_mm(24.0).with_height_mm(10.0),
    ];
    for spec in specs {
        for dpi in [300, 600] {
            let checked = judge(&png(&spec, dpi), None, spec.kind, spec.rank);
            assert_eq!(checked.outcome(), Outcome::Pass, "{spec:?}\n{:#?}", checked.findings);
        }
    }
}

#[test]
fn measures_what_was_painted_by_other_code() {
    let bytes = painted(40.0, |x, y| ring(x, y) || marks(x, y) || star(x, y, 6.5, 0.0));
    let checked = judge(&bytes, Some((40.0, 40.0)), Kind::Official, Rank::Unit);
    let of = |code: &str| {
        let found = checked.findings.iter().find(|f| f.code == code).unwrap();
        found.measured.split(' ').next().unwrap().parse::<f64>().unwrap()
    };
    assert!((of("IMPRINT_CHECK_WIDTH") - 40.0).abs() < 0.11, "{checked:#?}");
    assert!((of("IMPRINT_CHECK_RIM_WIDTH") - 1.2).abs() < 0.1, "{checked:#?}");
    assert!((of("IMPRINT_CHECK_CENTER_SIZE") - 13.0).abs() < 0.4, "{checked:#?}");
    assert!((of("IMPRINT_CHECK_RIM_CLEAR") - 2.8).abs() < 0.25, "{checked:#?}");
    assert_eq!(checked.outcome(), Outcome::Warn, "only the resolution of 254 dpi: {checked:#?}");
}

#[test]
fn rejects_each_fault_by_its_own_code() {
    let good = |x, y| ring(x, y) || marks(x, y) || star(x, y, 6.5, 0.0);
    let mm = Some((40.0, 40.0));
    let failed = |bytes: &[u8], mm, code| {
        let checked = judge(bytes, mm, Kind::Official, Rank::Unit);
        assert_eq!(outcome(&checked, code), Outcome::Fail, "{code}: {:#?}", checked.findings);
    };
    failed(&painted(40.0, good), Some((40.0, 42.0)), "IMPRINT_CHECK_RATIO");
    failed(&painted(40.0, good), Some((46.0, 46.0)), "IMPRINT_CHECK_WIDTH");
    failed(&painted(40.0, good), Some((28.0, 28.0)), "IMPRINT_CHECK_HEIGHT");
    let coarse = ImprintSpec::official(name(8));
    failed(&png(&coarse, 100), None, "IMPRINT_CHECK_RESOLUTION");
    let flat =
        |x: f64, y: f64| (18.8..20.0).contains(&x.hypot(y * 1.05)) || marks(x, y) || star(x, y, 6.0, 0.0);
    failed(&painted(40.0, flat), mm, "IMPRINT_CHECK_OUTLINE");
    let broken = |x: f64, y: f64| (ring(x, y) && x.atan2(y) < 2.0) || marks(x, y) || star(x, y, 6.5, 0.0);
    failed(&painted(40.0, broken), mm, "IMPRINT_CHECK_RIM_WHOLE");
    let thick = |x: f64, y: f64| (17.0..20.0).contains(&x.hypot(y)) || marks(x, y);
    failed(&painted(40.0, thick), mm, "IMPRINT_CHECK_RIM_WIDTH");
    let touching = |x: f64, y: f64| good(x, y) || (x.abs() < 0.6 && (-19.5..-12.0).contains(&y));
    failed(&painted(40.0, touching), mm, "IMPRINT_CHECK_RIM_CLEAR");
    let turned = |x, y| ring(x, y) || marks(x, y) || star(x, y, 6.5, 12.0);
    failed(&painted(40.0, turned), mm, "IMPRINT_CHECK_LEVEL");
    let small = |x, y| ring(x, y) || marks(x, y) || star(x, y, 2.5, 0.0);
    failed(&painted(40.0, small), mm, "IMPRINT_CHECK_CENTER_SIZE");
    let against = |x, y| ring(x, y) || star(x, y, 6.5, 0.0) || (x.abs() < 1.0 && (-12.0..-6.3).contains(&y));
    failed(&painted(40.0, against), mm, "IMPRINT_CHECK_CENTER_CLEAR");
    failed(&painted(40.0, ring), mm, "IMPRINT_CHECK_TEXT");
}

#[test]
fn the_center_must_be_what_the_rank_prescribes() {
    let star = png(&ImprintSpec::official(name(8)).with_size_mm(45.0), 300);
    let checked = judge(&star, None, Kind::Official, Rank::PrefectureCounty);
    assert_eq!(outcome(&checked, "IMPRINT_CHECK_CENTER"), Outcome::Fail);
    let emblem = ImprintSpec::official(name(8)).with_rank(Rank::PrefectureCounty).with_emblem(EMBLEM);
    // The sample is a square with a hole; filled, it has ink in the center.
    let filled = ImprintSpec { emblem: Some(EMBLEM.replace("evenodd", "nonzero")), ..emblem };
    let checked = judge(&png(&filled, 300), None, Kind::Official, Rank::PrefectureCounty);
    assert_eq!(outcome(&checked, "IMPRINT_CHECK_CENTER"), Outcome::Pass, "{checked:#?}");
}

#[test]
fn background_and_color_are_told() {
    let image = image::load_from_memory(&png(&ImprintSpec::official(name(8)), 300)).unwrap().into_rgba8();
    let rewritten = |change: &dyn Fn(&mut Rgba<u8>)| {
        let mut image = image.clone();
        image.pixels_mut().for_each(change);
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        judge(&bytes.into_inner(), Some((40.0, 40.0)), Kind::Official, Rank::Unit)
    };
    let white = rewritten(&|p| {
        let a = u32::from(p.0[3]);
        let mix = |c: u8| ((u32::from(c) * a + 255 * (255 - a)) / 255) as u8;
        p.0 = [mix(p.0[0]), mix(p.0[1]), mix(p.0[2]), 255];
    });
    assert_eq!(outcome(&white, "IMPRINT_CHECK_BACKGROUND"), Outcome::Warn);
    assert_eq!(outcome(&white, "IMPRINT_CHECK_COLOR"), Outcome::Pass);
    let blue = rewritten(&|p| p.0 = [0, 60, 200, p.0[3]]);
    assert_eq!(outcome(&blue, "IMPRINT_CHECK_COLOR"), Outcome::Fail);
    assert_eq!(outcome(&blue, "IMPRINT_CHECK_RIM_WIDTH"), Outcome::Pass, "what is dark is measured");
}

#[test]
fn an_empty_picture_or_one_without_size_is_an_error() {
    let code = |bytes: &[u8], mm| {
        let bitmap = Bitmap::decode(bytes).unwrap();
        check(&bitmap, mm, Kind::Official, Rank::Unit, Rules::national()).unwrap_err().code()
    };
    assert_eq!(code(&painted(40.0, |_, _| false), Some((40.0, 40.0))), "IMPRINT_NOTHING_FOUND");
    assert_eq!(code(&painted(40.0, ring), None), "IMPRINT_SIZE_UNKNOWN");
}

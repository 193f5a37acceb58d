//! What the writers promise: exact sizes, paths only, the same bytes every time.
// The lints' exception for tests does not reach the helpers of an integration test.
#![allow(clippy::unwrap_used)]

use std::io::Cursor;
use std::time::Instant;
use yinxin_imprint::{
    Color, Drawing, Font, ImprintError, ImprintSpec, Kind, Picture, PictureKind, Style, Suffix, draw,
};

fn examples() -> Vec<Drawing> {
    let font = Font::builtin();
    [
        ImprintSpec::official("示例市示例科技有限公司").with_code("1101050012345"),
        ImprintSpec::new(Kind::Finance, "示例市示例科技有限公司").with_size_mm(38.5),
        ImprintSpec::personal("王小明").with_style(Style::Cut).with_suffix(Suffix::Fill),
    ]
    .iter()
    .map(|spec| draw(spec, &font).unwrap())
    .collect()
}

#[test]
fn svg_is_well_formed_paths_only_and_of_exact_size() {
    for drawing in examples() {
        let svg = drawing.to_svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        let (width, height) = drawing.size_mm();
        assert_eq!(root.attribute("width").unwrap(), format!("{width}mm"));
        assert_eq!(root.attribute("height").unwrap(), format!("{height}mm"));
        assert_eq!(root.attribute("viewBox").unwrap(), format!("0 0 {width} {height}"));
        let names: Vec<&str> =
            root.descendants().filter(|node| node.is_element()).map(|node| node.tag_name().name()).collect();
        assert!(names.iter().all(|name| ["svg", "g", "path"].contains(name)), "{names:?}");
        assert_eq!(names.iter().filter(|name| **name == "path").count(), drawing.paths().len());
        assert!(!svg.contains("font") && !svg.contains("href") && svg.contains("#E60012"));
        assert!(svg.len() < 60_000, "{}", svg.len());
    }
}

#[test]
fn png_has_exact_pixels_physical_size_and_alpha() {
    for drawing in examples() {
        for dpi in [96, 300, 600, 1200] {
            let png = drawing.to_png(dpi).unwrap();
            let expected = (drawing.size_mm().0 / 25.4 * f64::from(dpi)).round() as u32;
            let probed = Picture::probe(&png);
            assert_eq!((probed.kind, probed.width_px), (PictureKind::Png, Some(expected)));
            assert_eq!(drawing.size_px(dpi).unwrap(), (expected, expected));
            let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
            let info = reader.info();
            assert_eq!((info.width, info.height), (expected, expected));
            let pixel = info.pixel_dims.unwrap();
            assert_eq!(pixel.unit, png::Unit::Meter);
            let per_meter = (f64::from(dpi) / 0.0254).round() as u32;
            assert_eq!((pixel.xppu, pixel.yppu), (per_meter, per_meter));
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let frame = reader.next_frame(&mut pixels).unwrap();
            assert_eq!((frame.color_type, frame.bit_depth), (png::ColorType::Rgba, png::BitDepth::Eight));
            assert!(pixels.chunks_exact(4).all(|pixel| pixel[..3] == [0xE6, 0x00, 0x12]));
            // A rounded corner of 0.7 mm may graze the corner pixel at 96 dpi.
            assert!(pixels[3] < 32, "the corner is clear");
            assert!(pixels.chunks_exact(4).any(|pixel| pixel[3] == 255));
        }
    }
}

#[test]
fn nothing_is_drawn_outside_the_circle() {
    let drawing = draw(&ImprintSpec::official("示例市人民政府"), &Font::builtin()).unwrap();
    let mut reader = png::Decoder::new(Cursor::new(drawing.to_png(300).unwrap())).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let side = 472_usize;
    for (index, pixel) in pixels.chunks_exact(4).enumerate() {
        let (x, y) = ((index % side) as f64 + 0.5 - 236.0, (index / side) as f64 + 0.5 - 236.0);
        assert!(pixel[3] == 0 || x.hypot(y) < 236.8, "{x} {y}");
    }
}

#[test]
fn a_usual_seal_at_600_dpi_is_within_the_64_kib_of_the_filing_record() {
    let spec = ImprintSpec::official("示例市示例科技有限公司").with_code("1101050012345");
    let png = draw(&spec, &Font::builtin()).unwrap().to_png(600).unwrap();
    assert!(png.len() <= 64 * 1024, "{}", png.len());
}

#[test]
fn same_specification_and_font_give_the_same_bytes() {
    for (one, two) in examples().iter().zip(&examples()) {
        assert_eq!(one.to_svg(), two.to_svg());
        assert_eq!(one.to_png(300).unwrap(), two.to_png(300).unwrap());
    }
}

#[test]
fn a_font_handed_in_draws_like_the_builtin_one() {
    let file = include_bytes!("../data/NotoSerifSC-Bold-GB2312.ttf").to_vec();
    let spec = ImprintSpec::official("示例公司");
    let one = draw(&spec, &Font::from_bytes(file, 0).unwrap()).unwrap();
    assert_eq!(one, draw(&spec, &Font::builtin()).unwrap());
}

#[test]
fn color_is_configurable() {
    let mut spec = ImprintSpec::official("示例公司");
    spec.color = "#0050A0".parse::<Color>().unwrap();
    let drawing = draw(&spec, &Font::builtin()).unwrap();
    assert!(drawing.to_svg().contains("fill=\"#0050A0\"") && drawing.color() == spec.color);
}

#[test]
fn specification_survives_json_and_unknown_fields_are_refused() {
    let spec = ImprintSpec::new(Kind::Contract, "示例公司").with_code("1101");
    let json = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<ImprintSpec>(&json).unwrap(), spec);
    let short: ImprintSpec = serde_json::from_str(r#"{"kind":"official","name":"示例公司"}"#).unwrap();
    assert_eq!(short, ImprintSpec::official("示例公司"));
    assert!(serde_json::from_str::<ImprintSpec>(r#"{"kind":"official","name":"示","diametre":4}"#).is_err());
    assert!(serde_json::from_str::<ImprintSpec>(r#"{"kind":"official","name":"示","color":"red"}"#).is_err());
}

#[test]
fn refuses_resolutions_out_of_range() {
    let drawing = draw(&ImprintSpec::personal("李明"), &Font::builtin()).unwrap();
    for dpi in [0, 71, 2401, u32::MAX] {
        let expected = ImprintError::DpiOutOfRange { dpi, min: 72, max: 2400 };
        assert_eq!(drawing.to_png(dpi).unwrap_err(), expected);
    }
}

#[test]
fn drawing_is_quick_even_without_optimization() {
    let start = Instant::now();
    let spec = ImprintSpec::official("示例省示例市人民政府政务服务数据管理局").with_code("1101050012345");
    let svg = draw(&spec, &Font::builtin()).unwrap().to_svg();
    // 2 ms is the aim of an optimized build; this only catches a loss by orders of magnitude.
    assert!(start.elapsed().as_millis() < 1000 && !svg.is_empty());
}

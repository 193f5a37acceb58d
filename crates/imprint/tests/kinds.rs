//! Every kind at many lengths, measured in pixels: nothing touches, everything is there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use support::{EMBLEM, Pixels, name, tool};
use yinxin_imprint::{Center, Drawing, Font, ImprintSpec, Kind, Part, Rank, draw};

const DPI: u32 = 400;

fn specs(length: usize) -> Vec<ImprintSpec> {
    let name = name(length);
    let special = |kind| ImprintSpec::new(kind, &name);
    vec![
        ImprintSpec::official(&name).with_code("1101050012345"),
        ImprintSpec { inner_ring: true, ..ImprintSpec::official(&name).with_size_mm(45.0) },
        ImprintSpec::official(&name).with_rank(Rank::StateCouncil).with_emblem(EMBLEM),
        special(Kind::Business).with_purpose("业务专用章").with_second("第二行").with_number(12),
        special(Kind::Finance),
        special(Kind::Contract).with_center(Center::Star).with_second("电子商务部").with_number(2),
        ImprintSpec::invoice(&name, "91110105MA01234567").with_number(1),
        special(Kind::Customs).with_code("1101050012345"),
        special(Kind::Cancellation).with_center(Center::Star),
    ]
}

fn drawn(spec: &ImprintSpec) -> (Drawing, Pixels) {
    let drawing = draw(spec, &Font::builtin()).unwrap_or_else(|e| panic!("{spec:?}: {e}"));
    let pixels = Pixels::read(&drawing.to_png(DPI).unwrap());
    (drawing, pixels)
}

#[test]
fn no_ink_of_two_parts_is_one_piece_at_any_length() {
    for length in 4..=40 {
        // Each kind sees every third length, so that the test stays short.
        for (_, spec) in specs(length).into_iter().enumerate().filter(|(i, _)| i % 3 == length % 3) {
            let (drawing, pixels) = drawn(&spec);
            let scale = f64::from(DPI) / 25.4;
            let (w, h) = drawing.size_mm();
            let rim =
                drawing.paths().iter().filter(|s| matches!(s.part, Part::Border | Part::InnerRing)).count();
            let mut rings = 0;
            for piece in pixels.pieces() {
                // All of the piece within the box of one part, and a pixel for the soft edge.
                let in_box = |b: yinxin_imprint::Rect| {
                    piece.iter().all(|(x, y)| {
                        let (x, y) = ((*x as f64 + 0.5) / scale, (*y as f64 + 0.5) / scale);
                        let margin = 1.5 / scale;
                        x > b.left - margin
                            && x < b.right + margin
                            && y > b.top - margin
                            && y < b.bottom + margin
                    })
                };
                let letter = drawing.paths().iter().any(|shape| {
                    !matches!(shape.part, Part::Border | Part::InnerRing) && in_box(shape.path.bounds())
                });
                if letter {
                    continue;
                }
                // What is larger than any letter is rim or ring: it stays within 2.9 mm of the edge, whatever its size.
                rings += 1;
                let deep = piece.iter().any(|(x, y)| {
                    let (x, y) = ((*x as f64 + 0.5) / scale - w / 2.0, (*y as f64 + 0.5) / scale - h / 2.0);
                    (x / (w / 2.0 - 2.9)).hypot(y / (h / 2.0 - 2.9)) < 1.0
                });
                assert!(!deep, "{length} {:?}: a piece joins two parts", spec.kind);
            }
            assert_eq!(rings, rim, "{length} {:?}: rim and rings stand alone", spec.kind);
        }
    }
}

#[test]
fn rim_star_and_text_are_found_in_the_pixels_of_a_round_seal() {
    for length in [4, 17, 40] {
        let (_, pixels) = drawn(&ImprintSpec::official(name(length)).with_size_mm(42.0));
        let scale = f64::from(DPI) / 25.4;
        let middle = pixels.width as f64 / 2.0;
        let radius =
            |(x, y): &(usize, usize)| (*x as f64 + 0.5 - middle).hypot(*y as f64 + 0.5 - middle) / scale;
        let span = |piece: &[(usize, usize)]| {
            piece.iter().map(radius).fold((f64::MAX, 0.0_f64), |(low, high), r| (low.min(r), high.max(r)))
        };
        let pieces = pixels.pieces();
        let spans: Vec<(f64, f64)> = pieces.iter().map(|p| span(p)).collect();
        let rim = spans.iter().position(|s| s.1 > 20.5).unwrap();
        assert!((spans[rim].0 - 19.8).abs() < 0.1 && (spans[rim].1 - 21.0).abs() < 0.1, "{:?}", spans[rim]);
        let star = spans.iter().position(|s| s.0 < 0.2).unwrap();
        assert!((spans[star].1 - 7.0).abs() < 0.1, "{:?}", spans[star]);
        let others = spans.iter().enumerate().filter(|(i, _)| *i != rim && *i != star);
        for (_, (near, far)) in others.clone() {
            assert!(*near > 7.0 + 2.0 && *far < 19.8 - 0.6, "{near} {far}");
        }
        // A character has at least one piece; few have more than six.
        let count = others.count();
        assert!((length..length * 7).contains(&count), "{count} pieces for {length} characters");
    }
}

#[test]
fn the_invoice_seal_is_forty_by_thirty_with_a_rim_of_one_millimeter_in_pixels() {
    let (_, pixels) = drawn(&ImprintSpec::invoice(name(12), "91110105MA01234567"));
    let scale = f64::from(DPI) / 25.4;
    assert_eq!((pixels.width, pixels.height), (630, 472));
    let (cx, cy) = (pixels.width / 2, pixels.height / 2);
    let from_left = (0..cx).find(|x| !pixels.inked(*x, cy)).unwrap() as f64 / scale;
    let from_top = (0..cy).find(|y| !pixels.inked(cx, *y)).unwrap() as f64 / scale;
    assert!((from_left - 1.0).abs() < 0.07 && (from_top - 1.0).abs() < 0.07, "{from_left} {from_top}");
    // The tax number stands across the middle, clear of the name at both sides.
    let row: Vec<bool> = (0..pixels.width).map(|x| (cy - 10..cy + 10).any(|y| pixels.inked(x, y))).collect();
    let inked = row.iter().filter(|i| **i).count();
    assert!(inked > 150, "{inked}");
}

#[test]
fn svg_looks_alike_in_rsvg_chromium_and_our_own_pixels() {
    let dir = tempfile::tempdir().unwrap();
    let specs = [
        ImprintSpec::official(name(12)).with_code("1101050012345"),
        ImprintSpec::invoice(name(9), "91110105MA01234567"),
        ImprintSpec::personal("欧阳建国"),
    ];
    for spec in specs {
        let drawing = draw(&spec, &Font::builtin()).unwrap();
        std::fs::write(dir.path().join("a.svg"), drawing.to_svg()).unwrap();
        // 96 CSS pixels to the inch, four times that.
        let own = Pixels::read(&drawing.to_png(384).unwrap());
        let (w, h) = (own.width, own.height);
        tool(
            "rsvg-convert",
            &["-w", &w.to_string(), "-h", &h.to_string(), "-o", "rsvg.png", "a.svg"],
            dir.path(),
        );
        let rsvg = Pixels::read(&std::fs::read(dir.path().join("rsvg.png")).unwrap());
        let html = "<body style='margin:0'><img src='a.svg' style='display:block'></body>";
        std::fs::write(dir.path().join("a.html"), html).unwrap();
        let page = format!("file://{}", dir.path().join("a.html").display());
        let out = format!("--screenshot={}", dir.path().join("chromium.png").display());
        let (css_w, css_h) = (w.div_ceil(4) + 40, h.div_ceil(4) + 40);
        let window = format!("--window-size={},{}", css_w.max(500), css_h.max(400));
        let profile = format!("--user-data-dir={}", dir.path().join("profile").display());
        let args = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"];
        let more = ["--force-device-scale-factor=4", &window, &out, &profile, &page];
        tool("chromium", &[&args[..], &more[..]].concat(), dir.path());
        let chromium = Pixels::read(&std::fs::read(dir.path().join("chromium.png")).unwrap()).cropped(w, h);
        for (which, other) in [("rsvg", &rsvg), ("chromium", &chromium)] {
            // Edges fall on either side of a half: ink that has none of the other within a pixel is what differs.
            let lone = |a: &Pixels, b: &Pixels| {
                let near = |x: usize, y: usize| {
                    (y.saturating_sub(1)..=(y + 1).min(h - 1))
                        .any(|y| (x.saturating_sub(1)..=(x + 1).min(w - 1)).any(|x| b.inked(x, y)))
                };
                (0..w * h).filter(|at| a.inked(at % w, at / w) && !near(at % w, at / w)).count()
            };
            let inked = own.mask().iter().filter(|i| **i).count();
            let differ = lone(&own, other) + lone(other, &own);
            assert!(differ * 1000 < inked, "{which}: {differ} of {inked} differ for {:?}", spec.kind);
        }
    }
}

#[test]
fn the_page_of_ofd_is_parsed_by_other_programs_and_holds_the_same_paths() {
    let dir = tempfile::tempdir().unwrap();
    for spec in [ImprintSpec::official(name(20)), ImprintSpec::invoice(name(8), "91110105MA01234567")] {
        let drawing = draw(&spec, &Font::builtin()).unwrap();
        let (page, last) = drawing.to_ofd_page();
        assert_eq!((&page, last), (&drawing.to_ofd_page().0, drawing.to_ofd_page().1));
        let content = "Content.xml";
        std::fs::write(dir.path().join(content), &page).unwrap();
        tool("xmllint", &["--noout", content], dir.path());
        let ids = tool("xmllint", &["--xpath", "//@ID", content], dir.path());
        let highest = ids.split('"').filter_map(|part| part.parse::<u64>().ok()).max();
        assert!(highest.is_some_and(|highest| highest <= last), "{ids}");
        let count =
            tool("xmllint", &["--xpath", "count(//*[local-name()='PathObject'])", content], dir.path());
        assert_eq!(count.trim(), drawing.paths().len().to_string());
        let (w, h) = drawing.size_mm();
        let boxed =
            tool("xmllint", &["--xpath", "string(//*[local-name()='PhysicalBox'])", content], dir.path());
        assert_eq!(boxed.trim(), format!("0 0 {w} {h}"));
        // The paths turned into SVG by this test alone look like ours: B is C there, C is Z.
        let text = std::fs::read_to_string(dir.path().join(content)).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let mut svg =
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" fill=\"#E60012\">");
        for node in document.descendants().filter(|n| n.tag_name().name() == "AbbreviatedData") {
            let data = node.text().unwrap().replace('C', "Z").replace('B', "C");
            svg.push_str(&format!("<path d=\"{data}\"/>"));
        }
        svg.push_str("</svg>");
        std::fs::write(dir.path().join("ofd.svg"), svg).unwrap();
        let own = Pixels::read(&drawing.to_png(200).unwrap());
        let (width, height) = (own.width.to_string(), own.height.to_string());
        tool("rsvg-convert", &["-w", &width, "-h", &height, "-o", "ofd.png", "ofd.svg"], dir.path());
        let other = Pixels::read(&std::fs::read(dir.path().join("ofd.png")).unwrap());
        let inked = own.mask().iter().filter(|i| **i).count();
        let differ = own.mask().iter().zip(&other.mask()).filter(|(a, b)| a != b).count();
        assert!(differ * 25 < inked, "{differ} of {inked}");
    }
}

#[test]
fn png_states_its_physical_size_to_another_program() {
    let drawing = draw(&ImprintSpec::official(name(8)).with_size_mm(42.0), &Font::builtin()).unwrap();
    let png = drawing.to_png(600).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
    let dims = reader.info().pixel_dims.unwrap();
    let mm = f64::from(reader.info().width) / f64::from(dims.xppu) * 1000.0;
    assert!((mm - 42.0).abs() < 0.02, "{mm}");
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    assert!(reader.next_frame(&mut pixels).is_ok());
}

#[test]
fn scripts_the_font_lacks_are_refused_by_name() {
    for (text, missing) in
        [("བོད་ཡིག", "U+0F56"), ("ئۇيغۇر", "U+0626"), ("ꆈꌠ", "U+A188"), ("示例𠮷公司", "U+20BB7")]
    {
        let error = draw(&ImprintSpec::official(text), &Font::builtin()).unwrap_err();
        assert_eq!(error.code(), "IMPRINT_MISSING_CHARACTERS");
        assert!(error.to_string().contains(missing), "{error}");
    }
    assert!(draw(&ImprintSpec::official("EXAMPLE示例"), &Font::builtin()).is_ok(), "Latin letters are there");
}

#[test]
fn options_a_kind_lacks_or_needs_are_named() {
    let code = |spec: &ImprintSpec| draw(spec, &Font::builtin()).unwrap_err().code();
    assert_eq!(code(&ImprintSpec::new(Kind::Invoice, "示例公司")), "IMPRINT_OPTION_MISSING");
    assert_eq!(code(&ImprintSpec::new(Kind::Business, "示例公司")), "IMPRINT_OPTION_MISSING");
    assert_eq!(code(&ImprintSpec::official("示例").with_rank(Rank::StateCouncil)), "IMPRINT_OPTION_MISSING");
    assert_eq!(
        code(&ImprintSpec::official("示例").with_center(Center::Emblem)),
        "IMPRINT_CENTER_NOT_ALLOWED"
    );
    let tax = ImprintSpec { tax_number: Some("1".into()), ..ImprintSpec::official("示例公司") };
    assert_eq!(code(&tax), "IMPRINT_OPTION_NOT_FOR_KIND");
    assert_eq!(code(&ImprintSpec::official("示例").with_height_mm(30.0)), "IMPRINT_OPTION_NOT_FOR_KIND");
    assert_eq!(code(&ImprintSpec::personal("李明").with_number(1)), "IMPRINT_OPTION_NOT_FOR_KIND");
    assert_eq!(code(&ImprintSpec::official("示例公司").with_number(1000)), "IMPRINT_TEXT_TOO_LONG");
}

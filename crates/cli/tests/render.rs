//! `yinxin render`, `yinxin text`, `yinxin sign --keyword`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use serde_json::Value;
use support::{World, tool};

/// A world whose in.ofd has a line to seal at.
fn world() -> World {
    let world = World::with_seal();
    let lines = ["双方确认。", "甲方（盖章）：            乙方（盖 章）："];
    world.put("in.ofd", &yinxin_ofd::sample::document(2, "示例合同", &lines));
    world
}

fn render(world: &World, more: &[&str]) -> Value {
    world.run(&[&["render", "--no-system-fonts", "--json"], more].concat()).ok().json()
}

#[test]
fn draws_a_page_as_png_and_svg_to_size() {
    let world = world();
    let png = render(&world, &["in.ofd", "--page", "2", "--dpi", "100", "-o", "p.png"]);
    assert_eq!((png["width_px"].as_u64(), png["height_px"].as_u64()), (Some(827), Some(1169)));
    assert_eq!((png["page"].as_u64(), png["pages"].as_u64()), (Some(2), Some(2)));
    assert_eq!(png["notes"][0]["code"], "FONT_SUBSTITUTED");
    assert!(world.get("p.png").starts_with(b"\x89PNG"));
    render(&world, &["in.ofd", "-o", "p.svg"]);
    tool("xmllint", &["--noout", "p.svg"], world.dir.path());
}

#[test]
fn refuses_what_cannot_be_drawn_and_writes_nothing() {
    let world = world();
    world.put("broken.ofd", b"PK\x03\x04 no package");
    let before = world.names();
    let code = |args: &[&str]| world.run(&[&["render", "--json"], args].concat()).error_code();
    assert_eq!(code(&["in.ofd", "-o", "p.gif"]), "RENDER_EXTENSION");
    assert_eq!(code(&["in.ofd", "--page", "3", "-o", "p.png"]), "RENDER_NO_SUCH_PAGE");
    assert_eq!(code(&["in.ofd", "--document", "2", "-o", "p.png"]), "RENDER_NO_SUCH_DOCUMENT");
    assert_eq!(code(&["in.ofd", "--font", "pw", "-o", "p.png"]), "RENDER_BAD_FONT");
    assert_eq!(code(&["in.ofd", "--dpi", "2400", "-o", "p.png"]), "RENDER_TOO_MANY_PIXELS");
    assert_eq!(code(&["broken.ofd", "-o", "p.png"]), "PACKAGE_TRUNCATED");
    assert_eq!(world.names(), before);
}

#[test]
fn text_is_printed_and_words_are_found_with_their_places() {
    let world = world();
    let text = world.run(&["text", "in.ofd", "--page", "1"]).ok();
    assert!(text.out.contains("示例合同") && text.out.contains("甲方（盖章）："), "{}", text.out);
    let pages = world.run(&["text", "in.ofd", "--json"]).ok().json();
    assert_eq!(pages.as_array().unwrap().len(), 2);
    assert_eq!(pages[1]["lines"][0]["words"][0]["text"], "示例合同");
    let find = |more: &[&str]| world.run(&[&["text", "in.ofd", "--json", "--find"], more].concat());
    let hits = find(&["盖章"]).ok().json();
    assert_eq!(hits.as_array().unwrap().len(), 4);
    let last = find(&["盖章)", "--hit", "last"]).ok().json();
    assert_eq!((last[0]["page"].as_u64(), last[0]["text"].as_str()), (Some(2), Some("盖章）")));
    assert_eq!(find(&["丙方"]).code, 1);
}

/// The boundaries of the stamps that a report shows, with their pages.
fn stamps(world: &World, file: &str) -> Vec<(u64, [f64; 4])> {
    let report = world.run(&["verify", file, "--trust", "trust", "--json"]).ok().json();
    let stamps = report[0]["signatures"][0]["stamps"].as_array().unwrap().clone();
    let numbers = |text: &str| text.split(' ').map(|n| n.parse().unwrap()).collect::<Vec<f64>>();
    let one = |stamp: &Value| {
        let boundary = numbers(stamp["boundary"].as_str().unwrap()).try_into().unwrap();
        (stamp["page"].as_u64().unwrap(), boundary)
    };
    stamps.iter().map(one).collect()
}

#[test]
fn a_keyword_places_the_seal_with_its_center_on_the_word() {
    let world = world();
    let area = |hit: &str| {
        let args = ["text", "in.ofd", "--json", "--find", "甲方(盖章)", "--hit", hit];
        let found = world.run(&args).ok().json();
        let part = |n: usize| found[0]["areas"][0][n].as_f64().unwrap();
        (part(0) + part(2) / 2.0, part(1) + part(3) / 2.0)
    };
    world.sign("last.ofd", &["--keyword", "甲方(盖章)", "--offset", "3,-2"]).ok();
    let (x, y) = area("last");
    let [(page, boundary)] = stamps(&world, "last.ofd")[..] else { panic!("one stamp") };
    assert_eq!(page, 2);
    assert!((boundary[0] + 20.0 - x - 3.0).abs() < 0.01 && (boundary[1] + 20.0 - y + 2.0).abs() < 0.01);
    world.sign("every.ofd", &["--keyword", "盖章", "--keyword-hit", "every"]).ok();
    assert_eq!(stamps(&world, "every.ofd").len(), 4);
    world.sign("one.ofd", &["--keyword", "盖章", "--keyword-hit", "2", "--keyword-pages", "1"]).ok();
    let [(page, boundary)] = stamps(&world, "one.ofd")[..] else { panic!("one stamp") };
    assert!(page == 1 && boundary[0] > 50.0, "the second of the first page: {boundary:?}");
    let refused = world.sign("none.ofd", &["--keyword", "丙方", "--json"]);
    assert_eq!(refused.error_code(), "KEYWORD_HITS");
    assert!(!world.path("none.ofd").exists());
}

/// How many pixels are of a color.
fn count(world: &World, file: &str, near: [u8; 3]) -> usize {
    let image = image(&world.get(file));
    image.chunks_exact(3).filter(|p| p.iter().zip(near).all(|(a, b)| a.abs_diff(b) < 12)).count()
}

fn image(bytes: &[u8]) -> Vec<u8> {
    ::image::load_from_memory(bytes).unwrap().to_rgb8().into_raw()
}

#[test]
fn marked_pictures_show_the_verdict_by_color() {
    let world = world();
    world.sign("out.ofd", &["--page", "1", "--x", "120", "--y", "150"]).ok();
    let (green, red, orange) = ([0x1a, 0x7f, 0x37], [0xc6, 0x28, 0x28], [0xb2, 0x6a, 0x00]);
    let marked = |file: &str, more: &[&str]| {
        let done = render(&world, &[&[file, "-o", "m.png", "--dpi", "72", "--marked"], more].concat());
        assert_eq!(done["marks"], 1);
        [green, red, orange].map(|color| count(&world, "m.png", color) > 200)
    };
    assert_eq!(marked("out.ofd", &["--trust", "trust"]), [true, false, false]);
    assert_eq!(marked("out.ofd", &[]), [false, false, true]);
    // The page's text is changed after sealing.
    let dir = world.dir.path();
    tool("unzip", &["-q", "out.ofd", "-d", "u"], dir);
    let page = world.path("u/Doc_0/Pages/Page_0/Content.xml");
    let text = std::fs::read_to_string(&page).unwrap().replacen("双方", "双万", 1);
    std::fs::write(&page, text).unwrap();
    tool("sh", &["-c", "cd u && zip -q -r ../bad.ofd ."], dir);
    assert_eq!(marked("bad.ofd", &["--trust", "trust"]), [false, true, false]);
}

#[test]
fn seals_are_drawn_unless_switched_off() {
    let world = world();
    world.sign("out.ofd", &["--page", "1", "--x", "120", "--y", "150"]).ok();
    let reds = |switch: &str| {
        render(&world, &["out.ofd", "-o", "s.png", "--dpi", "72", "--seals", switch]);
        image(&world.get("s.png")).chunks_exact(3).filter(|p| p[0] > 150 && p[1] < 90 && p[2] < 90).count()
    };
    assert!(reds("on") > 500);
    assert_eq!(reds("off"), 0);
}

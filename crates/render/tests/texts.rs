//! Text: where its ink falls, and that boxes and keywords agree with it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::io::Cursor;

use support::{BLUE, Look, RED, Sheet, difference, drawn_by_librsvg};
use yinxin_ofd::{Limits, Package, Rect, sample};
use yinxin_render::{FontSet, Options, Page, Pages, RenderLimits};

fn text(more: &str, codes: &str) -> Sheet {
    Sheet::of(&format!(
        "<ofd:TextObject ID=\"5\" Font=\"1\" Boundary=\"10 10 80 40\" Size=\"10\" {more}>{codes}</ofd:TextObject>"
    ))
}

fn code(more: &str, letters: &str) -> String {
    format!("<ofd:TextCode X=\"0\" Y=\"10\" {more}>{letters}</ofd:TextCode>")
}

/// Left edges of the columns of ink, in mm.
fn columns(look: &Look) -> Vec<f64> {
    let mut starts = Vec::new();
    let mut before = false;
    for column in 0..look.0.width {
        let x = f64::from(column) / 5.0;
        let inked = (0..look.0.height)
            .any(|row| look.at(x + 0.1, f64::from(row) / 5.0 + 0.1).iter().any(|p| *p < 128));
        if inked && !before {
            starts.push(x);
        }
        before = inked;
    }
    starts
}

#[test]
fn offsets_place_each_character_with_repeats_and_short_lists() {
    // 一 is one stroke, as wide as its em: its columns are its places.
    for delta in ["15 15 15", "g 3 15", "15", "15 g 2 15"] {
        let starts = columns(&text("", &code(&format!("DeltaX=\"{delta}\""), "一一一一")).look());
        assert_eq!(starts.len(), 4, "{delta}");
        let steps: Vec<f64> = starts.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| (step - 15.0).abs() < 0.21), "{delta}: {steps:?}");
    }
}

#[test]
fn characters_without_offsets_stand_side_by_side() {
    let look = text("", &code("", "一二三")).look();
    let [left, _, right, _] = look.ink().unwrap();
    assert!(right - left > 25.0 && right - left < 30.0, "{left} {right}");
    // In the direction of reading.
    let down = text("ReadDirection=\"90\"", "<ofd:TextCode X=\"0\" Y=\"10\">一一一</ofd:TextCode>").look();
    let [left, top, right, bottom] = down.ink().unwrap();
    assert!(right - left < 11.0 && bottom - top > 19.0, "{left} {top} {right} {bottom}");
}

#[test]
fn a_turned_character_is_as_high_as_it_was_wide() {
    let box_of = |more: &str| {
        let [left, top, right, bottom] =
            text(more, "<ofd:TextCode X=\"30\" Y=\"20\">一</ofd:TextCode>").look().ink().unwrap();
        (right - left, bottom - top)
    };
    let (wide, high) = box_of("");
    for turn in [90, 270] {
        let turned = box_of(&format!("CharDirection=\"{turn}\""));
        assert!((turned.1 - wide).abs() < 0.3 && (turned.0 - high).abs() < 0.3, "{turn}: {turned:?}");
    }
    let narrow = box_of("HScale=\"0.5\"");
    assert!((narrow.0 - wide / 2.0).abs() < 0.3 && (narrow.1 - high).abs() < 0.3);
    let double = box_of("CTM=\"2 0 0 2 0 0\"");
    assert!((double.0 - wide * 2.0).abs() < 0.4);
}

#[test]
fn text_is_filled_stroked_slanted_and_made_bold() {
    let colors = "<ofd:FillColor Value=\"255 0 0\"/><ofd:StrokeColor Value=\"0 0 255\"/>";
    let count = |look: &Look, color: [u8; 3]| look.0.rgb.chunks_exact(3).filter(|p| **p == color).count();
    let filled = text("", &(colors.to_owned() + &code("", "口"))).look();
    assert!(count(&filled, RED) > 200 && count(&filled, BLUE) == 0);
    let both = text("Stroke=\"true\" LineWidth=\"0.6\"", &(colors.to_owned() + &code("", "口"))).look();
    assert!(count(&both, RED) > 50 && count(&both, BLUE) > 200);
    let hollow =
        text("Stroke=\"true\" Fill=\"false\" LineWidth=\"0.4\"", &(colors.to_owned() + &code("", "口")))
            .look();
    assert!(count(&hollow, RED) == 0 && count(&hollow, BLUE) > 100);
    let slanted = text("Italic=\"true\"", &code("", "口")).look().ink().unwrap();
    let upright = text("", &code("", "口")).look().ink().unwrap();
    assert!(slanted[2] - slanted[0] > upright[2] - upright[0] + 1.0);
}

#[test]
fn glyph_lists_choose_glyphs_of_an_embedded_font_and_are_passed_over_without_one() {
    let font = yinxin_imprint::Font::builtin().data().to_vec();
    // Glyph 34 or so is a letter; whichever it is, it is not 一.
    let list = "<ofd:CGTransform CodePosition=\"1\" CodeCount=\"1\" GlyphCount=\"1\"><ofd:Glyphs>40</ofd:Glyphs></ofd:CGTransform>";
    let codes = list.to_owned() + &code("DeltaX=\"15 15\"", "一一一");
    let embedded = "<ofd:Fonts><ofd:Font ID=\"2\" FontName=\"Embedded\"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>";
    let sheet = Sheet::of(&format!(
        "<ofd:TextObject Font=\"2\" Boundary=\"10 10 80 40\" Size=\"10\">{codes}</ofd:TextObject>"
    ));
    let with = sheet.clone().resources(embedded).part("Doc_0/Res/f.ttf", &font).look();
    let plain = text("", &code("DeltaX=\"15 15\"", "一一一")).look();
    let middle = [24.0, 10.0, 39.0, 40.0];
    assert_ne!(with.ink_within(middle), plain.ink_within(middle));
    let last = [39.5, 10.0, 60.0, 40.0];
    assert_eq!(with.ink_within(last), plain.ink_within(last));
    let without = text("", &codes).look();
    assert_eq!(without.ink_within(middle), plain.ink_within(middle));
}

#[test]
fn a_broken_embedded_font_is_noted_and_another_one_serves() {
    let embedded = "<ofd:Fonts><ofd:Font ID=\"2\" FontName=\"Noto Serif SC\"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>";
    let sheet = Sheet::of(
        "<ofd:TextObject Font=\"2\" Boundary=\"10 10 80 40\" Size=\"10\"><ofd:TextCode X=\"0\" Y=\"10\">字</ofd:TextCode></ofd:TextObject>",
    );
    let page = sheet.resources(embedded).part("Doc_0/Res/f.ttf", b"no font").read();
    assert_eq!(page.notes()[0].code, "FONT_BROKEN");
    assert!(Look::of(&page).ink().is_some());
}

#[test]
fn a_character_no_font_has_is_an_empty_box_and_a_note() {
    let page = text("", &code("", "龘")).read();
    assert_eq!(page.notes()[0].code, "GLYPH_MISSING");
    let [left, top, right, bottom] = Look::of(&page).ink().unwrap();
    assert!(right - left > 7.0 && bottom - top > 7.0);
    assert_eq!(page.text().plain().trim(), "龘");
}

fn sample_page(lines: &[&str]) -> Page {
    let bytes = sample::document(1, "示例合同", lines);
    let package = Package::open(Cursor::new(bytes), &Limits::default()).unwrap();
    Pages::open(package, Options::new(FontSet::builtin())).unwrap().page(0).unwrap()
}

/// What is inked around a box, found in the pixels, agrees with the box within `slack` mm.
#[track_caller]
fn agrees(look: &Look, area: &Rect, slack: f64) {
    let around = [area.x - 0.8, area.y - 0.8, area.x + area.width + 0.8, area.y + area.height + 0.8];
    let ink = look.ink_within(around).unwrap();
    let expected = [area.x, area.y, area.x + area.width, area.y + area.height];
    for (found, expected) in ink.iter().zip(expected) {
        assert!((found - expected).abs() <= slack, "{ink:?} {expected:?}");
    }
}

#[test]
fn keyword_boxes_agree_with_the_ink_within_half_a_millimeter() {
    // Spaces around the words keep other ink out of what is measured.
    let page = sample_page(&["文本 甲方（盖章） 文本", "合 同 专 用", "ABC gjpq 100"]);
    let picture = page.draw(300, &RenderLimits::default()).unwrap();
    let look = Look(picture);
    for word in ["甲方(盖章)", "专用", "gjpq", "示例合同"] {
        let hits = page.text().find(word);
        assert_eq!(hits.len(), 1, "{word}");
        agrees(&look, &hits[0].areas[0], 0.2);
    }
    // librsvg draws the ink of the SVG in the same places.
    let (width, height) = (look.0.width, look.0.height);
    let mut other = look;
    other.0.rgb = drawn_by_librsvg(&page.to_svg(), width, height);
    agrees(&other, &page.text().find("甲方(盖章)")[0].areas[0], 0.5);
}

#[test]
fn a_keyword_over_two_lines_has_two_boxes_that_agree_with_the_ink() {
    // A line holds 34 characters; the word begins at its end.
    let line = format!("{}      盖章 之处", "文".repeat(27));
    let page = sample_page(&[&line]);
    let hits = page.text().find("盖章");
    assert_eq!(hits[0].areas.len(), 2, "{:?}", hits[0].areas);
    let look = Look(page.draw(300, &RenderLimits::default()).unwrap());
    agrees(&look, &hits[0].areas[0], 0.2);
}

#[test]
fn the_svg_looks_to_librsvg_as_the_picture_does_to_us() {
    let page = sample_page(&["甲方委托乙方承担信息系统建设与运行维护工作，双方经协商一致订立本合同。"; 12]);
    let picture = page.draw(100, &RenderLimits::default()).unwrap();
    let other = drawn_by_librsvg(&page.to_svg(), picture.width, picture.height);
    let found = difference(&picture.rgb, &other);
    assert!(found < 2.0, "{found}");
    // The measure does tell pages apart.
    let different = sample_page(&["别的文字别的文字别的文字别的文字别的文字别的文字"; 12]);
    let different = different.draw(100, &RenderLimits::default()).unwrap();
    assert!(difference(&picture.rgb, &different.rgb) > 5.0);
}

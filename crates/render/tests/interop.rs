//! Documents made by other software, drawn.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod support;

use std::path::{Path, PathBuf};

use support::{Look, difference, drawn_by_librsvg, interop, pages};
use yinxin_render::{Page, RenderLimits};

fn files(folder: &Path, groups: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = groups
        .iter()
        .flat_map(|group| std::fs::read_dir(folder.join(group)).unwrap().map(|file| file.unwrap().path()))
        .collect();
    found.sort();
    found
}

fn all(file: &Path) -> Vec<Page> {
    let mut pages = pages(&std::fs::read(file).unwrap(), &RenderLimits::default());
    (0..pages.count()).map(|n| pages.page(n).unwrap()).collect()
}

/// What the documents themselves leave out: fonts of the system, a list one writer names without writing it, and a color
/// space an invoice names without declaring it.
fn expected(file: &Path, code: &str) -> bool {
    let name = file.file_name().unwrap().to_string_lossy();
    match code {
        "FONT_SUBSTITUTED" => true,
        "RESOURCE_LIST_UNREADABLE" => ["VPage7", "two-seals", "ride"].iter().any(|part| name.contains(part)),
        "RESOURCE_MISSING" => name.contains("gomain"),
        // The built-in font is reduced to GB 2312.
        "GLYPH_MISSING" => name.contains("dianju"),
        _ => false,
    }
}

#[test]
fn interop_every_page_is_drawn_with_ink_to_its_size_and_without_unexpected_notes() {
    let Some(folder) = interop() else { return };
    let mut seen = 0;
    for file in files(&folder, &["documents", "wild", "clean", "dialect", "repo-keys"]) {
        for page in all(&file) {
            let odd: Vec<_> = page.notes().iter().filter(|note| !expected(&file, note.code)).collect();
            assert!(odd.is_empty(), "{}: {odd:?}", file.display());
            let picture = page.draw(50, &RenderLimits::default()).unwrap();
            let (wide, high) = page.size_mm();
            let fits = |pixels: u32, mm: f64| (f64::from(pixels) - mm / 25.4 * 50.0).abs() <= 0.5;
            assert!(fits(picture.width, wide) && fits(picture.height, high));
            assert!(Look(picture).share() > 0.000_5, "{}", file.display());
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn interop_seals_of_other_software_show_red_in_their_boxes() {
    let Some(folder) = interop() else { return };
    for (name, area) in [
        ("wild/gomain-test-tax-seal.ofd", [90.0, 9.0, 120.0, 29.0]),
        ("wild/dianju-v4.ofd", [247.0, 116.0, 289.0, 158.0]),
        ("wild/ofdrw-2.4.0-v4.ofd", [50.0, 50.0, 90.0, 90.0]),
        ("clean/multi-v1-v4.ofd", [50.0, 50.0, 90.0, 90.0]),
    ] {
        let page = all(&folder.join(name)).remove(0);
        let look = Look(page.draw(127, &RenderLimits::default()).unwrap());
        let [left, top, right, bottom] = area;
        let mut red = 0;
        for row in 0..((bottom - top) * 5.0) as usize {
            for column in 0..((right - left) * 5.0) as usize {
                let [r, g, b] = look.at(left + column as f64 / 5.0, top + row as f64 / 5.0);
                red += usize::from(r > 150 && g < 110 && b < 110);
            }
        }
        assert!(red > 500, "{name}: {red}");
    }
}

#[test]
fn interop_librsvg_draws_our_svg_as_we_draw_the_page() {
    let Some(folder) = interop() else { return };
    for name in [
        "wild/gomain-test-tax-seal.ofd",
        "wild/dianju-v4.ofd",
        "documents/doc1File.ofd",
        "clean/multi-v1-v4.ofd",
    ] {
        let page = all(&folder.join(name)).remove(0);
        let picture = page.draw(80, &RenderLimits::default()).unwrap();
        let other = drawn_by_librsvg(&page.to_svg(), picture.width, picture.height);
        let found = difference(&picture.rgb, &other);
        assert!(found < 2.5, "{name}: {found}");
    }
}

#[test]
fn interop_texts_of_an_invoice_are_read_and_found() {
    let Some(folder) = interop() else { return };
    let page = all(&folder.join("wild/gomain-test-tax-seal.ofd")).remove(0);
    let plain = page.text().plain();
    for words in ["北京增值税电子普通发票", "011002680026", "百望股份有限公司", "(详见销货清单)"]
    {
        assert!(plain.contains(words), "{words}: {plain}");
    }
    // 名　称 is written with a wide gap, twice: buyer and seller.
    assert_eq!(page.text().find("名称:").len(), 2);
    assert_eq!(page.text().find("开票人：").len(), 1);
}

//! Characters of embedded fonts that do not say which they are.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failure here fails the test")]

use std::fmt::Write as _;
use std::io::Cursor;

use skrifa::{FontRef, MetadataProvider};
use yinxin_render::{FontSet, Options, Page, Paged};
use yinxin_testkit::oracle::Lab;

const WORDS: &str = "甲方（盖章）示例";

/// A page that shows these codes by an embedded font: its encoding and its collection of characters.
fn document(encoding: &str, ordering: (&str, &str), codes: &[u16]) -> Vec<u8> {
    let font = yinxin_imprint::Font::builtin().data().to_vec();
    let outlines = font.starts_with(b"OTTO");
    let (kind, file) = if outlines { ("CIDFontType0", "FontFile3") } else { ("CIDFontType2", "FontFile2") };
    let map = if outlines { "" } else { "/CIDToGIDMap /Identity " };
    let shown: String = codes.iter().fold(String::new(), |mut out, code| {
        let _ = write!(out, "{code:04X}");
        out
    });
    let content = format!("BT /F 20 Tf 60 700 Td <{shown}> Tj ET");
    let (registry, ordering) = ordering;
    let objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 5 0 R >> >> /Contents 4 0 R >>".to_vec(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()).into_bytes(),
        format!("<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Song /Encoding /{encoding} /DescendantFonts [6 0 R] >>").into_bytes(),
        format!("<< /Type /Font /Subtype /{kind} /BaseFont /ABCDEF+Song /FontDescriptor 7 0 R /DW 1000 {map}/CIDSystemInfo << /Registry ({registry}) /Ordering ({ordering}) /Supplement 0 >> >>").into_bytes(),
        format!("<< /Type /FontDescriptor /FontName /ABCDEF+Song /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 /{file} 8 0 R >>").into_bytes(),
        [format!("<< /Length {} {}>>\nstream\n", font.len(), if outlines { "/Subtype /OpenType " } else { "" }).into_bytes(), font, b"\nendstream".to_vec()].concat(),
    ];
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        out.extend(format!("{} 0 obj\n", at + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    let size = objects.len() + 1;
    out.extend(
        format!(
            "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    out
}

fn page(bytes: &[u8]) -> Page {
    let options = Options::new(FontSet::builtin());
    Paged::open(Cursor::new(bytes.to_vec()), options, &Default::default()).unwrap().page(0).unwrap()
}

fn codes_of_unicode() -> Vec<u16> {
    WORDS.encode_utf16().collect()
}

/// Numbers of the glyphs in the font.
fn codes_of_glyphs() -> Vec<u16> {
    let font = yinxin_imprint::Font::builtin();
    let font = FontRef::from_index(font.data(), 0).unwrap();
    WORDS.chars().map(|c| u16::try_from(font.charmap().map(c).unwrap().to_u32()).unwrap()).collect()
}

#[test]
fn a_font_that_says_nothing_is_read_by_its_own_table() {
    let found = page(&document("Identity-H", ("Adobe", "Identity"), &codes_of_glyphs()));
    assert_eq!(found.text().find("盖章").len(), 1, "{} {:?}", found.text().plain(), found.notes());
    assert!(found.notes().iter().all(|n| n.code != "TEXT_UNKNOWN"), "{:?}", found.notes());
}

#[test]
fn codes_that_are_unicode_are_read_as_such() {
    for encoding in ["UniGB-UCS2-H", "UniGB-UTF16-H"] {
        let found = page(&document(encoding, ("Adobe", "GB1"), &codes_of_unicode()));
        assert_eq!(
            found.text().find("甲方（盖章）").len(),
            1,
            "{} {:?}",
            found.text().plain(),
            found.notes()
        );
    }
}

#[test]
fn characters_of_adobes_collection_are_read_as_mupdf_reads_them() {
    let lab = Lab::new("pdf-collections");
    // ASCII stands first in each of them; ideographs of the first level follow the signs.
    let codes = [34, 35, 36, 1000, 2000, 3000, 4000];
    for ordering in ["GB1", "CNS1", "Japan1", "Korea1"] {
        let bytes = document("Identity-H", ("Adobe", ordering), &codes);
        lab.write("in.pdf", &bytes);
        let (ok, _) = lab.run("mutool", &["draw", "-F", "txt", "-o", "out.txt", "in.pdf"]);
        assert!(ok);
        let other = String::from_utf8(lab.read("out.txt")).unwrap();
        let found = page(&bytes);
        let own = found.text().plain();
        assert!(
            own.starts_with("ABC") && own.trim().chars().count() == 7,
            "{ordering}: {own} {:?}",
            found.notes()
        );
        // MuPDF sees gaps where the letters of this font are narrow.
        assert_eq!(own.trim(), other.trim().replace(' ', ""), "{ordering}");
    }
}

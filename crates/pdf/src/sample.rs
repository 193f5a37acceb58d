//! Sample documents: plain, unsigned, and marked as made up. For demonstrations and tests.

use std::fmt::Write as _;

/// A4 in points.
const PAPER: (f64, f64) = (595.2756, 841.8898);
/// Character sizes of title and text, in points.
const SIZES: (f64, f64) = (20.0, 13.0);
/// Distance between lines, in points.
const LEADING: f64 = 26.0;
/// Left edge and first base line, in points from the upper left corner.
const BEGIN: (f64, f64) = (71.0, 100.0);
/// Numbers of the objects before the pages.
const FRAME: usize = 5;

/// An unsigned PDF of A4 pages that shows `title` and `lines` on each of `pages` (at least one), as text in the Song face that
/// every reader of Chinese PDF brings.
///
/// Same input, same bytes. Characters outside the Basic Multilingual Plane and control characters are left out.
pub fn document(pages: usize, title: &str, lines: &[&str]) -> Vec<u8> {
    document_of(title, &vec![lines; pages])
}

/// As [`document`], with lines of its own on each page; without any there is one empty page.
pub fn document_of(title: &str, texts: &[&[&str]]) -> Vec<u8> {
    let texts = if texts.is_empty() { &[[].as_slice()] } else { texts };
    let page_number = |at: usize| at.saturating_mul(2).saturating_add(FRAME + 1);
    let kids: Vec<String> = (0..texts.len()).map(|at| format!("{} 0 R", page_number(at))).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), texts.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000 /W [1 95 500] \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 \
         /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
    ];
    for (at, lines) in texts.iter().enumerate() {
        let content = content(title, lines, at.saturating_add(1), texts.len());
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            PAPER.0,
            PAPER.1,
            page_number(at).saturating_add(1)
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}endstream", content.len()));
    }
    written(&objects)
}

fn content(title: &str, lines: &[&str], page: usize, pages: usize) -> String {
    let mut out = String::new();
    let mut line = |size: f64, (x, y): (f64, f64), text: &str| {
        // Writing to a String cannot fail.
        let _ =
            writeln!(out, "BT /F1 {size} Tf 1 0 0 1 {x} {} Tm <{}> Tj ET", PAPER.1 - y, hexadecimal(text));
    };
    line(SIZES.0, BEGIN, title);
    for (at, text) in lines.iter().enumerate() {
        line(SIZES.1, (BEGIN.0, BEGIN.1 + LEADING * (at as f64 + 2.0)), text);
    }
    line(9.0, (BEGIN.0, PAPER.1 - 40.0), &format!("样例文件，仅供演示　第 {page} 页，共 {pages} 页"));
    out
}

/// Two bytes for each character.
fn hexadecimal(text: &str) -> String {
    let shown = text.chars().filter(|c| !c.is_control()).filter_map(|c| u16::try_from(u32::from(c)).ok());
    shown.map(|unit| format!("{unit:04X}")).collect()
}

fn written(objects: &[String]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at.saturating_add(1)).bytes());
    }
    let start = out.len();
    let size = objects.len().saturating_add(1);
    // The same identifier each time: the same input gives the same bytes.
    let id = "00000000000000000000000000000001";
    out.extend(
        format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{start}\n%%EOF\n")
            .bytes(),
    );
    out
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use crate::{Document, Limits};

    #[test]
    fn a_sample_is_sound_and_has_its_pages() {
        let bytes = super::document_of("合同", &[&["甲方（盖章）"], &["乙方"]]);
        let mut document = Document::open(Cursor::new(bytes), &Limits::default()).unwrap();
        assert_eq!(document.audit().unwrap(), []);
        let pages = document.pages().unwrap();
        assert_eq!(pages.len(), 2);
        assert!((pages[0].size_mm().0 - 210.0).abs() < 0.01 && (pages[1].size_mm().1 - 297.0).abs() < 0.01);
        assert_eq!(super::document_of("a", &[]), super::document(1, "a", &[]));
    }
}

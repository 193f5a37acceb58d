//! Sample documents: plain, unsigned, and marked as made up. For demonstrations and tests.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::package::packed::packed;
use crate::xml::NAMESPACE;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
/// Character size of the body text, in mm.
const SIZE: f64 = 4.5;
/// Distance between lines, in mm.
const LEADING: f64 = 9.0;
/// Characters on one line at most.
const COLUMNS: usize = 34;

/// An unsigned OFD of A4 pages that shows `title` and `lines` on each of `pages` (at least one), drawn as text objects.
///
/// Same input, same bytes. Characters that XML cannot carry are left out.
pub fn document(pages: usize, title: &str, lines: &[&str]) -> Vec<u8> {
    document_of(title, &vec![lines; pages])
}

/// As [`document`], with lines of its own on each page; without any there is one empty page.
pub fn document_of(title: &str, texts: &[&[&str]]) -> Vec<u8> {
    let texts = if texts.is_empty() { &[[].as_slice()] } else { texts };
    let pages = texts.len();
    let title = clean(title);
    let mut ids = 10u64;
    let mut contents = Vec::with_capacity(pages);
    for (page, lines) in texts.iter().enumerate() {
        contents.push(content(page, pages, &title, lines, &mut ids));
    }
    let ofd = format!(
        "{HEAD}<ofd:OFD xmlns:ofd=\"{NAMESPACE}\" Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo>\
         <ofd:DocID>00000000000000000000000000000001</ofd:DocID><ofd:Title>{}</ofd:Title>\
         <ofd:CreationDate>2026-01-01</ofd:CreationDate><ofd:Creator>yinxin</ofd:Creator></ofd:DocInfo>\
         <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        escape(&title)
    );
    let resources = format!(
        "{HEAD}<ofd:Res xmlns:ofd=\"{NAMESPACE}\" BaseLoc=\"Res\"><ofd:Fonts>\
         <ofd:Font ID=\"2\" FontName=\"宋体\" FamilyName=\"宋体\"/></ofd:Fonts></ofd:Res>"
    );
    let mut list = String::new();
    for page in 0..pages {
        // Writing to a String cannot fail.
        let _ = write!(
            list,
            "<ofd:Page ID=\"{}\" BaseLoc=\"Pages/Page_{page}/Content.xml\"/>",
            page_id(page, ids)
        );
    }
    let last = page_id(pages, ids);
    let root = format!(
        "{HEAD}<ofd:Document xmlns:ofd=\"{NAMESPACE}\"><ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID><ofd:PageArea>\
         <ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>\
         </ofd:CommonData><ofd:Pages>{list}</ofd:Pages></ofd:Document>"
    );
    let mut parts = vec![
        ("OFD.xml".to_owned(), ofd),
        ("Doc_0/Document.xml".to_owned(), root),
        ("Doc_0/PublicRes.xml".to_owned(), resources),
    ];
    for (page, content) in contents.into_iter().enumerate() {
        parts.push((format!("Doc_0/Pages/Page_{page}/Content.xml"), content));
    }
    packed(parts.iter().map(|(name, content)| (name.as_str(), content.as_str())))
}

fn page_id(page: usize, ids: u64) -> u64 {
    ids.saturating_add(1).saturating_add(page as u64)
}

fn content(page: usize, pages: usize, title: &str, lines: &[&str], ids: &mut u64) -> String {
    let mut objects = String::new();
    let mut y = 30.0;
    let mut put = |text: &str, x: f64, y: f64, size: f64| {
        *ids = ids.saturating_add(1);
        objects.push_str(&text_object(*ids, text, x, y, size));
    };
    let wide = title.chars().map(|c| advance(c, 7.0)).sum::<f64>();
    put(title, ((210.0 - wide) / 2.0).max(10.0), y, 7.0);
    y += 20.0;
    for line in lines {
        let characters: Vec<char> = clean(line).chars().collect();
        for row in characters.chunks(COLUMNS) {
            if y > 265.0 {
                break;
            }
            put(&row.iter().collect::<String>(), 25.0, y, SIZE);
            y += LEADING;
        }
    }
    let foot = format!("第 {} 页，共 {pages} 页（样例文件，内容均为虚构）", page.saturating_add(1));
    put(&foot, 25.0, 280.0, 3.5);
    *ids = ids.saturating_add(1);
    let layer = *ids;
    format!(
        "{HEAD}<ofd:Page xmlns:ofd=\"{NAMESPACE}\"><ofd:Content><ofd:Layer ID=\"{layer}\" Type=\"Body\">{objects}</ofd:Layer>\
         </ofd:Content></ofd:Page>"
    )
}

fn text_object(id: u64, text: &str, x: f64, y: f64, size: f64) -> String {
    let steps: Vec<f64> = text.chars().map(|c| advance(c, size)).collect();
    let width: f64 = steps.iter().sum();
    let deltas: Vec<String> =
        steps.iter().take(steps.len().saturating_sub(1)).map(|step| format!("{step:.3}")).collect();
    let delta = if deltas.is_empty() { String::new() } else { format!(" DeltaX=\"{}\"", deltas.join(" ")) };
    format!(
        "<ofd:TextObject ID=\"{id}\" Boundary=\"{x:.3} {y:.3} {width:.3} {:.3}\" Font=\"2\" Size=\"{size}\">\
         <ofd:TextCode X=\"0\" Y=\"{:.3}\"{delta}>{}</ofd:TextCode></ofd:TextObject>",
        size * 1.5,
        size * 1.1,
        escape(text)
    )
}

/// Advance of a character: full width for Chinese, half for Latin.
fn advance(character: char, size: f64) -> f64 {
    if character.is_ascii() { size / 2.0 } else { size }
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

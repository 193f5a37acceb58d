//! What forgers do to a sealed document, done for real.

use super::documents::{FORGED_SUM, SUM};
use super::zip::{Part, put_together, take_apart};
use crate::failure::Failure;

const PAGE: &str = "/Page_0/Content.xml";

/// Takes the package apart, lets `change` at the parts, and puts it together.
fn edit(
    package: &[u8],
    change: impl FnOnce(&mut Vec<Part>) -> Result<(), Failure>,
) -> Result<Vec<u8>, Failure> {
    let mut parts = take_apart(package)?;
    change(&mut parts)?;
    put_together(&parts)
}

/// The first part whose name ends so.
fn find<'a>(parts: &'a mut [Part], end: &str) -> Result<&'a mut Part, Failure> {
    parts.iter_mut().find(|p| p.name.ends_with(end)).ok_or_else(|| nothing(end))
}

fn nothing(what: &str) -> Failure {
    Failure::new("DEMO_NOTHING_TO_TAMPER", format!("{what} is not in the document"))
}

/// Replaces text in a part; there must be some.
fn replace(part: &mut Part, from: &str, to: &str) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(&part.content).into_owned();
    if !text.contains(from) {
        return Err(nothing(from));
    }
    part.content = text.replace(from, to).into_bytes();
    Ok(())
}

/// Another sum on the page.
pub fn change_page(package: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| replace(find(parts, PAGE)?, SUM, FORGED_SUM))
}

/// Two bytes for each character, as the sample PDF writes them.
fn as_digits(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| format!("{unit:04X}").into_bytes()).collect()
}

/// Another sum in a PDF, byte for byte in its place.
pub fn change_pdf(pdf: &[u8]) -> Result<Vec<u8>, Failure> {
    let (from, to) = (as_digits(SUM), as_digits(FORGED_SUM));
    let at = pdf.windows(from.len()).position(|w| w == from).ok_or_else(|| nothing(SUM))?;
    let mut out = pdf.to_vec();
    out.splice(at..at.saturating_add(from.len()), to);
    Ok(out)
}

/// The content of page 1 of a PDF exchanged by a revision at its end: the signed bytes stay as they are.
pub fn replace_page_later(pdf: &[u8]) -> Result<Vec<u8>, Failure> {
    const CONTENT: u32 = 7;
    let text = String::from_utf8_lossy(pdf);
    let old = text.find(&format!("\n{CONTENT} 0 obj\n")).ok_or_else(|| nothing("content"))?;
    let rest = text.get(old..).and_then(|rest| rest.split_once("stream\n")).map(|(_, rest)| rest);
    let content = rest.and_then(|rest| rest.split_once("endstream")).map(|(content, _)| content);
    let digits = |text: &str| String::from_utf8_lossy(&as_digits(text)).into_owned();
    let content = content.ok_or_else(|| nothing("stream"))?.replace(&digits(SUM), &digits(FORGED_SUM));
    let prev = text.rsplit_once("startxref").and_then(|(_, tail)| tail.split_ascii_whitespace().next());
    let prev: u64 = prev.and_then(|n| n.parse().ok()).ok_or_else(|| nothing("startxref"))?;
    let size =
        text.rsplit_once("/Size ").map(|(_, tail)| tail.chars().take_while(char::is_ascii_digit).collect());
    let size: String = size.ok_or_else(|| nothing("/Size"))?;
    let mut out = pdf.to_vec();
    let object = out.len();
    let length = content.len();
    out.extend(
        format!("{CONTENT} 0 obj\n<< /Length {length} >>\nstream\n{content}endstream\nendobj\n").bytes(),
    );
    let table = out.len();
    out.extend(
        format!(
            "xref\n{CONTENT} 1\n{object:010} 00000 n \ntrailer\n<< /Size {size} /Root 1 0 R /Prev {prev} >>\nstartxref\n{table}\n%%EOF\n"
        )
        .bytes(),
    );
    Ok(out)
}

/// Another seal in the place of the one shown.
pub fn replace_seal(package: &[u8], seal: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| {
        find(parts, "/Seal.esl")?.content = seal.to_vec();
        Ok(())
    })
}

/// The list of signatures thrown away.
pub fn delete_list(package: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| {
        find(parts, "/Signatures.xml")?;
        parts.retain(|p| !p.name.ends_with("/Signatures.xml"));
        Ok(())
    })
}

/// A second page under the name of the first, with another sum: some programs show one, some the other.
pub fn duplicate_page(package: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| {
        let mut second = find(parts, PAGE)?.clone();
        replace(&mut second, SUM, FORGED_SUM)?;
        parts.push(second);
        Ok(())
    })
}

/// One bit of the signature value flipped.
pub fn flip_value(package: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| {
        let value = find(parts, "/SignedValue.dat")?;
        if let Some(last) = value.content.last_mut() {
            *last ^= 1;
        }
        Ok(())
    })
}

/// The seal copied to another place of the page, as a second signature made from the first.
pub fn copy_seal(package: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| {
        let copies: Vec<Part> = parts
            .iter()
            .filter(|p| p.name.contains("/Sign_0/"))
            .map(|p| Part { name: p.name.replace("/Sign_0/", "/Sign_1/"), content: p.content.clone() })
            .collect();
        parts.extend(copies);
        let copy = parts.iter_mut().find(|p| p.name.ends_with("/Sign_1/Signature.xml"));
        let copy = copy.ok_or_else(|| nothing("Signature.xml"))?;
        replace(copy, "Sign_0", "Sign_1")?;
        replace(copy, "Boundary=\"130", "Boundary=\"30")?;
        let list = find(parts, "/Signatures.xml")?;
        let text = String::from_utf8_lossy(&list.content).into_owned();
        let record = record(&text, 0).ok_or_else(|| nothing("ofd:Signature"))?;
        let second = record.replace("Sign_0", "Sign_1").replace("s001", "s902");
        replace(list, &record, &format!("{record}{second}"))
    })
}

/// The first of two signatures taken out of the list.
pub fn drop_record(package: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| {
        let list = find(parts, "/Signatures.xml")?;
        let text = String::from_utf8_lossy(&list.content).into_owned();
        let record = record(&text, 0).ok_or_else(|| nothing("ofd:Signature"))?;
        replace(list, &record, "")
    })
}

/// A file put beside, which nothing names.
pub fn add_part(package: &[u8]) -> Result<Vec<u8>, Failure> {
    edit(package, |parts| {
        parts.push(Part {
            name: "Doc_0/Extra/Note.txt".to_owned(),
            content: b"put in after sealing".to_vec(),
        });
        Ok(())
    })
}

/// The nth `<ofd:Signature …/>` of a list.
fn record(list: &str, nth: usize) -> Option<String> {
    let (start, _) = list.match_indices("<ofd:Signature ").nth(nth)?;
    let rest = list.get(start..)?;
    let end = rest.find("/>")?.checked_add(2)?;
    rest.get(..end).map(str::to_owned)
}

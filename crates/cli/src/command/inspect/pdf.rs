//! A PDF document from the outside in: findings, pages, revisions, signatures, their values.

use std::path::Path;

use serde_json::{Value, json};
use yinxin_formats::inspect::{Kind, Tree, inspect};
use yinxin_pdf::{Document, Finding, Limits, PdfError, Revision, Shown, Signature};
use yinxin_seal::report::to_value;

use super::pdf_text;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// Everything about a PDF.
pub struct Inspected {
    /// Bytes.
    pub size: u64,
    /// Cross-reference sections.
    pub sections: usize,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// What is odd about it.
    pub findings: Vec<Finding>,
    /// Sizes of its pages in mm.
    pub pages: Result<Vec<(f64, f64)>, Failure>,
    /// What was signed when.
    pub revisions: Result<Vec<Revision>, Failure>,
    /// Signatures.
    pub signatures: Result<Vec<Signed>, Failure>,
    /// Signature fields that wait for a signature.
    pub empty_fields: Result<Vec<EmptyField>, Failure>,
}

/// A signature field without a signature.
pub struct EmptyField {
    /// Its full name.
    pub name: String,
    /// Where a signature in it would be shown.
    pub room: Vec<Shown>,
}

/// A signature with what it leads to.
pub struct Signed {
    /// As it stands in the document.
    pub signature: Signature,
    /// Where it is shown.
    pub shown: Vec<Shown>,
    /// The value's tree.
    pub value: Result<Tree, Failure>,
}

/// Shows a document.
pub fn run(path: &Path, password: Option<&str>, out: &Output) -> Outcome {
    let place = |e: PdfError| Failure::new(e.code(), format!("{}: {e}", path.display()));
    let mut document =
        Document::open_with(files::open(path)?, &Limits::default(), password).map_err(place)?;
    let found = Inspected {
        size: document.size(),
        sections: document.sections(),
        encrypted: document.encrypted(),
        findings: document.audit().map_err(place)?,
        pages: document
            .pages()
            .map(|list| list.iter().map(yinxin_pdf::Page::size_mm).collect())
            .map_err(place),
        revisions: document.revisions().map_err(place),
        signatures: signatures(&mut document).map_err(place),
        empty_fields: empty_fields(&mut document).map_err(place),
    };
    if out.json {
        out.value(&value(path, &found));
    } else {
        out.say(pdf_text::whole(&found, out));
    }
    Ok(0)
}

fn signatures(document: &mut Document<std::fs::File>) -> Result<Vec<Signed>, PdfError> {
    let mut out = Vec::new();
    for signature in document.signatures()? {
        let shown = document.shown(&signature)?;
        let value = tree(&signature);
        out.push(Signed { signature, shown, value });
    }
    Ok(out)
}

fn empty_fields(document: &mut Document<std::fs::File>) -> Result<Vec<EmptyField>, PdfError> {
    let mut out = Vec::new();
    for field in document.form()?.fields.iter().filter(|f| f.value.is_none()) {
        out.push(EmptyField { name: field.name.clone(), room: document.room(field)? });
    }
    Ok(out)
}

/// The tree of a value. Zeros that fill its place up are no part of it.
fn tree(signature: &Signature) -> Result<Tree, Failure> {
    let bytes = signature.contents.as_slice();
    let length = der_length(bytes).unwrap_or(bytes.len());
    let sealed = signature.sub_filter.as_deref() == Some("GM.sm2seal");
    let hint = (!sealed).then_some(Kind::SignedData);
    Ok(inspect(bytes.get(..length).unwrap_or(bytes), hint, &yinxin_formats::der::Limits::default())?)
}

/// How long the DER value at the beginning is, header included.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let first = *bytes.get(1)?;
    let (head, length) = match first {
        0..=0x7F => (2_usize, usize::from(first)),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7F);
            let digits = bytes.get(2..count.checked_add(2)?)?;
            let length = digits.iter().fold(0_usize, |sum, d| sum << 8 | usize::from(*d));
            (count.checked_add(2)?, length)
        }
        _ => return None,
    };
    head.checked_add(length).filter(|all| *all <= bytes.len())
}

fn error(f: &Failure) -> Value {
    json!({ "error": { "code": f.code, "detail": f.detail } })
}

fn value(path: &Path, found: &Inspected) -> Value {
    let pages = match &found.pages {
        Ok(pages) => pages
            .iter()
            .enumerate()
            .map(|(at, (w, h))| json!({ "number": at.saturating_add(1), "width_mm": w, "height_mm": h }))
            .collect(),
        Err(f) => error(f),
    };
    let empty_fields = match &found.empty_fields {
        Ok(list) => list.iter().map(|f| json!({ "field": f.name, "room": places(&f.room) })).collect(),
        Err(f) => error(f),
    };
    let signatures = match &found.signatures {
        Ok(list) => list.iter().map(signature).collect(),
        Err(f) => error(f),
    };
    json!({
        "file": path.to_string_lossy(),
        "format": "PDF",
        "size": found.size,
        "sections": found.sections,
        "encrypted": found.encrypted,
        "findings": to_value(&found.findings),
        "pages": pages,
        "revisions": found.revisions.as_ref().map_or_else(error, to_value),
        "signatures": signatures,
        "empty_fields": empty_fields,
    })
}

fn places(shown: &[Shown]) -> Vec<Value> {
    shown
        .iter()
        .map(|at| {
            json!({
                "page": at.page.saturating_add(1), "x": at.x, "y": at.y, "width": at.width, "height": at.height,
            })
        })
        .collect()
}

fn signature(s: &Signed) -> Value {
    let Signed { signature, shown, value } = s;
    let faults: Vec<Value> = signature
        .faults
        .iter()
        .map(|fault| json!({ "code": fault.code, "at": fault.at, "detail": fault.detail }))
        .collect();
    json!({
        "field": signature.field,
        "sub_filter": signature.sub_filter,
        "filter": signature.filter,
        "date": signature.date,
        "ranges": signature.ranges.map(|ranges| ranges.map(|(from, to)| [from, to])),
        "certifies": signature.certifies.map(|level| level.number()),
        "faults": faults,
        "shown": places(shown),
        "value": value.as_ref().map_or_else(error, to_value),
    })
}

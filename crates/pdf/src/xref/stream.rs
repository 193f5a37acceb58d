//! Cross-reference streams.

use super::{Entry, Section, SectionKind};
use crate::error::PdfError;
use crate::filter;
use crate::finding::Findings;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::syntax::{Body, Dict, Object, read_indirect};

/// Reads the stream at a position.
pub(super) fn read(
    bytes: &mut dyn Bytes,
    at: u64,
    end: u64,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Section, PdfError> {
    let object = read_indirect(bytes, at, end, limits)?;
    let Body::Stream(stream) = object.body else {
        return Err(PdfError::Structure { at, what: "neither a cross-reference table nor a stream" });
    };
    let dict = stream.dict;
    if !dict.is("Type", "XRef") {
        return Err(PdfError::Structure { at, what: "the stream is no cross-reference stream" });
    }
    // The table is needed to find any other object: its length stands here.
    let length = dict.get("Length").and_then(Object::int).and_then(|n| usize::try_from(n).ok());
    let length = length.filter(|n| *n <= limits.max_decoded);
    let length = length.ok_or(PdfError::Structure { at, what: "length of a cross-reference stream" })?;
    let data_end = stream.at.saturating_add(length as u64);
    if data_end > end {
        return Err(PdfError::End { at, what: "a cross-reference stream" });
    }
    let data = bytes.read(stream.at, length)?;
    let plain = filter::decode(&dict, data, at, limits.max_decoded)?;
    let tail = crate::stream_end::find(bytes, data_end, end, limits)?;
    if tail.loose {
        findings.fatal("PDF_STREAM_LENGTH", at, "a cross-reference stream is longer than it says");
    }
    let entries = entries(&dict, &plain, at, limits)?;
    Ok(Section { kind: SectionKind::Stream, at, end: tail.end, entries, trailer: dict, beside: None })
}

fn entries(dict: &Dict, data: &[u8], at: u64, limits: &Limits) -> Result<Vec<(u32, Entry)>, PdfError> {
    let bad = |what| PdfError::Structure { at, what };
    let numbers = |key: &str| -> Option<Vec<u64>> {
        dict.get(key)?.array()?.iter().map(|o| o.int().and_then(|n| u64::try_from(n).ok())).collect()
    };
    let widths = numbers("W").ok_or(bad("widths of a cross-reference stream"))?;
    let widths: Vec<usize> = widths.iter().filter_map(|w| usize::try_from(*w).ok()).collect();
    let [w0, w1, w2] = widths.as_slice() else { return Err(bad("widths of a cross-reference stream")) };
    let row = w0.saturating_add(*w1).saturating_add(*w2);
    if row == 0 || widths.iter().any(|w| *w > 8) {
        return Err(bad("widths of a cross-reference stream"));
    }
    let size = dict.get("Size").and_then(Object::int).and_then(|n| u64::try_from(n).ok());
    let size = size.ok_or(bad("size of a cross-reference stream"))?;
    let index = match dict.get("Index") {
        None => vec![0, size],
        Some(_) => numbers("Index").ok_or(bad("index of a cross-reference stream"))?,
    };
    let mut rows = data.chunks_exact(row);
    let mut out = Vec::new();
    for pair in index.chunks(2) {
        let [first, count] = pair else { return Err(bad("index of a cross-reference stream")) };
        for i in 0..*count {
            let line = rows.next().ok_or(bad("a cross-reference stream has too few entries"))?;
            if out.len() >= limits.max_objects {
                let limit = limits.max_objects as u64;
                return Err(PdfError::Limit { at, what: "number of objects", limit });
            }
            let number = first.checked_add(i).and_then(|n| u32::try_from(n).ok());
            let number = number.ok_or(bad("object number out of range"))?;
            out.push((number, entry(line, *w0, *w1).ok_or(bad("an entry of a cross-reference stream"))?));
        }
    }
    Ok(out)
}

fn entry(line: &[u8], w0: usize, w1: usize) -> Option<Entry> {
    let (kind, rest) = line.split_at_checked(w0)?;
    let (second, third) = rest.split_at_checked(w1)?;
    let value = |bytes: &[u8]| bytes.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b));
    let kind = if kind.is_empty() { 1 } else { value(kind) };
    match kind {
        0 => Some(Entry::Free),
        1 => Some(Entry::At { offset: value(second), generation: u16::try_from(value(third)).ok()? }),
        2 => Some(Entry::In {
            stream: u32::try_from(value(second)).ok()?,
            index: u32::try_from(value(third)).ok()?,
        }),
        // Reserved; readers take such an object for null.
        _ => None,
    }
}

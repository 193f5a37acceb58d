//! The chain of sections from the end of a file, or of an earlier state of it, to the first.

use std::collections::BTreeMap;

use super::{Entry, Section, SectionKind, stream, table};
use crate::error::PdfError;
use crate::finding::Findings;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::syntax::{Dict, Object, is_white};

/// All sections that a reader of these bytes follows, newest first, and what they say together.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    pub sections: Vec<Section>,
    pub map: BTreeMap<u32, Entry>,
    /// Position after the last `%%EOF` and its line end.
    pub end: u64,
}

/// How far from the end the last `%%EOF` is looked for.
const TAIL: usize = 4096;

/// Follows the chain of what stands before `end`.
pub(crate) fn follow(
    bytes: &mut dyn Bytes,
    end: u64,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Chain, PdfError> {
    let (start, file_end) = start(bytes, end, limits)?;
    let mut sections: Vec<Section> = Vec::new();
    let mut next = Some(start);
    let mut total = 0usize;
    while let Some(at) = next {
        if sections.iter().any(|s| s.at == at || s.beside.is_some_and(|b| b.0 == at)) {
            return Err(PdfError::Structure { at, what: "cross-reference sections go in a circle" });
        }
        if sections.len() >= limits.max_sections {
            let limit = limits.max_sections as u64;
            return Err(PdfError::Limit { at, what: "number of cross-reference sections", limit });
        }
        let section = read(bytes, at, end, limits, findings)?;
        total = total.saturating_add(section.entries.len());
        if total > limits.max_objects {
            let limit = limits.max_objects as u64;
            return Err(PdfError::Limit { at, what: "number of objects", limit });
        }
        next = match section.trailer.get("Prev") {
            None => None,
            Some(o) => Some(position(o).ok_or(PdfError::Structure { at, what: "/Prev is no position" })?),
        };
        sections.push(section);
    }
    let mut map = BTreeMap::new();
    for (number, entry) in sections.iter().flat_map(|s| &s.entries) {
        map.entry(*number).or_insert(*entry);
    }
    Ok(Chain { sections, map, end: file_end })
}

impl Chain {
    /// The trailer a reader goes by.
    pub fn trailer(&self) -> Option<&Dict> {
        self.sections.first().map(|s| &s.trailer)
    }
}

fn position(o: &Object) -> Option<u64> {
    o.int().and_then(|n| u64::try_from(n).ok())
}

/// The number after the last `startxref`, and the position behind the last `%%EOF`.
fn start(bytes: &mut dyn Bytes, end: u64, limits: &Limits) -> Result<(u64, u64), PdfError> {
    let from = end.saturating_sub(TAIL as u64);
    let tail = bytes.read(from, usize::try_from(end.saturating_sub(from)).unwrap_or(TAIL))?;
    let missing = |what| PdfError::Structure { at: end, what };
    let eof = memchr::memmem::rfind(&tail, b"%%EOF").ok_or(missing("no %%EOF near the end"))?;
    let head = tail.get(..eof).unwrap_or_default();
    let word = memchr::memmem::rfind(head, b"startxref").ok_or(missing("no startxref before %%EOF"))?;
    let mut lexer = crate::syntax::Lexer::new(head, from, limits);
    lexer.go_to(word.saturating_add(9));
    let at = lexer.unsigned("startxref is followed by a position")?;
    if head.get(lexer.offset()..).is_some_and(|rest| !rest.iter().all(|b| is_white(*b))) {
        return Err(missing("something stands between startxref and %%EOF"));
    }
    let mut after = eof.saturating_add(5);
    if tail.get(after) == Some(&b'\r') {
        after = after.saturating_add(1);
    }
    if tail.get(after) == Some(&b'\n') {
        after = after.saturating_add(1);
    }
    Ok((at, from.saturating_add(after as u64)))
}

/// Reads the section at a position, of whatever kind.
fn read(
    bytes: &mut dyn Bytes,
    at: u64,
    end: u64,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Section, PdfError> {
    if at >= end {
        return Err(PdfError::Structure { at, what: "a cross-reference position lies behind the end" });
    }
    let first = bytes.read(at, 1)?;
    if first.first().is_some_and(|b| is_white(*b)) {
        findings.warn("PDF_XREF_FORM", at, "white space before a cross-reference section");
    }
    let head = bytes.read(at, 64)?;
    let head: &[u8] = head.trim_ascii_start();
    let mut section = if head.starts_with(b"xref") {
        table::read(bytes, at, end, limits, findings)?
    } else {
        stream::read(bytes, at, end, limits, findings)?
    };
    if let Some(key) = &section.trailer.repeated {
        let detail = format!("the trailer names /{} twice", String::from_utf8_lossy(key));
        findings.fatal("PDF_DUPLICATE_KEY", at, detail);
    }
    repeated(&section, findings);
    if section.kind == SectionKind::Table
        && let Some(o) = section.trailer.get("XRefStm")
    {
        let beside = position(o).ok_or(PdfError::Structure { at, what: "/XRefStm is no position" })?;
        let stream = stream::read(bytes, beside, end, limits, findings)?;
        section.kind = SectionKind::Hybrid;
        section.beside = Some((beside, stream.end));
        join(&mut section, stream, findings);
    }
    Ok(section)
}

fn repeated(section: &Section, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for (number, entry) in &section.entries {
        if let Some(old) = seen.insert(*number, *entry)
            && old != *entry
        {
            let detail = format!("a section gives two places for object {number}");
            findings.fatal("PDF_XREF_DUPLICATE", section.at, detail);
        }
    }
}

/// A reader of classic tables takes the table, others the stream too: they must not disagree.
fn join(section: &mut Section, stream: Section, findings: &mut Findings) {
    let mut map: BTreeMap<u32, Entry> = section.entries.iter().copied().collect();
    for (number, entry) in stream.entries {
        match map.get(&number) {
            Some(old @ Entry::At { .. }) if *old != entry => {
                let detail = format!("table and stream give two places for object {number}");
                findings.fatal("PDF_HYBRID_DISAGREE", section.at, detail);
            }
            _ => {
                map.insert(number, entry);
            }
        }
    }
    section.entries = map.into_iter().collect();
}

//! Classic tables.

use super::{Entry, Section, SectionKind};
use crate::error::PdfError;
use crate::finding::Findings;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::syntax::{Lexer, Object, with_window};

/// Reads `xref … trailer << … >>`.
pub(super) fn read(
    bytes: &mut dyn Bytes,
    at: u64,
    end: u64,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Section, PdfError> {
    let (section, notes) = with_window(bytes, at, end, limits.max_table_size, limits, &mut |lexer| {
        let mut notes = Findings::default();
        section(lexer, at, limits, &mut notes).map(|s| (s, notes))
    })?;
    findings.extend(notes);
    Ok(section)
}

fn section(
    lexer: &mut Lexer<'_>,
    at: u64,
    limits: &Limits,
    notes: &mut Findings,
) -> Result<Section, PdfError> {
    if !lexer.keyword("xref") {
        return Err(PdfError::Syntax { at, what: "no `xref` here" });
    }
    let mut entries = Vec::new();
    while !lexer.keyword("trailer") {
        let first = lexer.unsigned("a subsection begins with two numbers, or `trailer` follows")?;
        let count = lexer.unsigned("a subsection begins with two numbers")?;
        for i in 0..count {
            let number = first.checked_add(i).and_then(|n| u32::try_from(n).ok());
            let number =
                number.ok_or(PdfError::Syntax { at: lexer.at(), what: "object number out of range" })?;
            if entries.len() >= limits.max_objects {
                let limit = limits.max_objects as u64;
                return Err(PdfError::Limit { at: lexer.at(), what: "number of objects", limit });
            }
            entries.push((number, entry(lexer, notes)?));
        }
    }
    let Object::Dict(trailer) = lexer.object()? else {
        return Err(PdfError::Syntax { at: lexer.at(), what: "a trailer is a dictionary" });
    };
    Ok(Section { kind: SectionKind::Table, at, end: lexer.at(), entries, trailer, beside: None })
}

fn entry(lexer: &mut Lexer<'_>, notes: &mut Findings) -> Result<Entry, PdfError> {
    lexer.skip_white();
    let start = lexer.at();
    let offset = lexer.unsigned("an entry begins with a position")?;
    let generation = lexer.unsigned("an entry's generation is a number")?;
    let used = lexer.keyword("n");
    if !used && !lexer.keyword("f") {
        return Err(PdfError::Syntax { at: lexer.at(), what: "an entry ends with n or f" });
    }
    if lexer.at().saturating_sub(start) != 18 {
        notes.warn("PDF_XREF_FORM", start, "an entry is not 20 bytes long");
    }
    let generation = u16::try_from(generation)
        .map_err(|_| PdfError::Syntax { at: start, what: "generation out of range" })?;
    Ok(if used { Entry::At { offset, generation } } else { Entry::Free })
}

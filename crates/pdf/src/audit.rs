//! What stands in the file, byte for byte: objects that the sections name, the sections, and what is left between.

use std::collections::{BTreeMap, HashSet};

use crate::error::PdfError;
use crate::finding::Findings;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Body, Indirect, Object, Ref, is_white, read_indirect};
use crate::xref::Entry;

/// What an audit of the whole file found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Audit {
    /// Objects with `/ByteRange` and `/Contents`, in the order of the file.
    pub signatures: Vec<(Ref, u64)>,
    /// Ranges of bytes that belong to no object and no section and are not blank.
    pub strays: Vec<(u64, u64)>,
}

/// Overlaps after which nothing more is read: each could cost as much as the whole file.
const MAX_OVERLAPS: usize = 16;
/// Most bytes of a gap that are looked at.
const MAX_GAP: usize = 1 << 20;

/// Looks at everything the chain names, live or replaced.
pub(crate) fn audit(
    bytes: &mut dyn Bytes,
    state: &mut State,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Audit, PdfError> {
    let mut out = Audit::default();
    let mut places: BTreeMap<u64, Ref> = BTreeMap::new();
    for section in &state.chain.sections {
        for (number, entry) in &section.entries {
            let Entry::At { offset, generation } = entry else { continue };
            let id = Ref { number: *number, generation: *generation };
            if *offset == 0 {
                findings.warn(
                    "PDF_XREF_MISMATCH",
                    section.at,
                    format!("object {number} is said to stand at 0"),
                );
            } else if let Some(other) = places.insert(*offset, id)
                && other != id
            {
                let detail = format!("objects {} and {number} are said to stand at one place", other.number);
                findings.fatal("PDF_XREF_MISMATCH", *offset, detail);
            }
        }
    }
    let mut extents: Vec<(u64, u64)> = Vec::new();
    let mut last = 0u64;
    let mut overlaps = 0usize;
    for (offset, id) in places {
        if overlaps > MAX_OVERLAPS {
            break;
        }
        match extent(bytes, state, offset, id, limits, findings) {
            Ok((object, end)) => {
                if object.start < last {
                    overlaps = overlaps.saturating_add(1);
                    let detail = format!("object {} begins inside another", id.number);
                    findings.fatal("PDF_OVERLAP", object.start, detail);
                }
                last = last.max(end);
                extents.push((object.start, end));
                if object.dict().is_some_and(|d| d.get("ByteRange").is_some() && d.get("Contents").is_some())
                {
                    out.signatures.push((id, offset));
                }
            }
            Err(e @ (PdfError::Io { .. } | PdfError::Limit { .. })) => return Err(e),
            Err(e) => {
                let detail = format!("object {} is not where the cross-reference says: {e}", id.number);
                findings.fatal("PDF_XREF_MISMATCH", offset, detail);
            }
        }
    }
    if state.locked().is_none() {
        for (number, e) in state.misplaced(bytes)? {
            let detail = format!("object {number} is not where the cross-reference says: {e}");
            findings.fatal("PDF_OBJSTM_MISMATCH", 0, detail);
        }
    }
    // A section that is a stream is an object too, most of the time a listed one.
    let starts: HashSet<u64> = extents.iter().map(|(start, _)| *start).collect();
    for section in &state.chain.sections {
        let own = [Some((section.at, section.end)), section.beside];
        extents.extend(own.into_iter().flatten().filter(|(start, _)| !starts.contains(start)));
    }
    extents.sort_unstable();
    gaps(bytes, state, &extents, findings, &mut out)?;
    Ok(out)
}

/// The object at a place and where it ends, its stream included.
fn extent(
    bytes: &mut dyn Bytes,
    state: &mut State,
    offset: u64,
    id: Ref,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<(Indirect, u64), PdfError> {
    let len = bytes.len();
    let object = read_indirect(bytes, offset, len, limits)?;
    if object.id != id {
        return Err(PdfError::Structure { at: offset, what: "another object stands there" });
    }
    let whole = match &object.body {
        Body::Plain(o) => o.repeated_key().map(<[u8]>::to_vec),
        Body::Stream(s) => Object::Dict(s.dict.clone()).repeated_key().map(<[u8]>::to_vec),
    };
    if let Some(key) = whole {
        let detail = format!("object {} names /{} twice", id.number, String::from_utf8_lossy(&key));
        findings.fatal("PDF_DUPLICATE_KEY", offset, detail);
    }
    if let Some(key) = object.dict().and_then(|d| d.disguised.as_deref()) {
        let detail =
            format!("object {} writes /{} with needless escapes", id.number, String::from_utf8_lossy(key));
        findings.warn("PDF_NAME_ESCAPE", offset, detail);
    }
    let Body::Stream(stream) = &object.body else {
        let end = object.end;
        return Ok((object, end));
    };
    if stream.odd_start {
        findings.warn("PDF_STREAM_START", offset, "`stream` is followed by a carriage return alone");
    }
    let length = state.stream_length(bytes, stream)?;
    let data_end = stream.at.saturating_add(length);
    if data_end > len {
        return Err(PdfError::End { at: offset, what: "a stream" });
    }
    let tail = crate::stream_end::find(bytes, data_end, len, limits)?;
    if tail.loose {
        findings.warn("PDF_STREAM_LENGTH", offset, format!("stream {} ends later than it says", id.number));
    }
    Ok((object, tail.end))
}

fn gaps(
    bytes: &mut dyn Bytes,
    state: &State,
    extents: &[(u64, u64)],
    findings: &mut Findings,
    out: &mut Audit,
) -> Result<(), PdfError> {
    let mut at = 0u64;
    let len = bytes.len();
    for (start, end) in extents.iter().copied().chain([(len, len)]) {
        if start > at {
            gap(bytes, state, at, start, findings, out)?;
        } else if start < at {
            findings.fatal("PDF_OVERLAP", start, "an object or a section begins inside another");
        }
        at = at.max(end);
    }
    Ok(())
}

/// Between objects stand blanks, comments, and `startxref` with its number.
fn gap(
    bytes: &mut dyn Bytes,
    state: &State,
    from: u64,
    to: u64,
    findings: &mut Findings,
    out: &mut Audit,
) -> Result<(), PdfError> {
    let size = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
    let data = bytes.read(from, size.min(MAX_GAP))?;
    let known = |n: u64| n == 0 || state.chain.sections.iter().any(|s| s.at == n);
    let mut rest: &[u8] = &data;
    while let Some(first) = rest.first().copied() {
        let here = from.saturating_add(data.len().saturating_sub(rest.len()) as u64);
        if is_white(first) {
            rest = rest.get(1..).unwrap_or_default();
        } else if first == b'%' {
            if here > 0 && rest.starts_with(b"%PDF-") {
                findings.warn("PDF_SECOND_HEADER", here, "a second header: a file within the file");
            }
            let line = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
            rest = rest.get(line..).unwrap_or_default();
        } else if let Some(tail) = rest.strip_prefix(b"startxref") {
            let digits = tail.trim_ascii_start();
            let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
            let number = digits.get(..count).and_then(|d| std::str::from_utf8(d).ok()?.parse().ok());
            if !number.is_some_and(known) {
                let detail = "a startxref whose section no reader of this file follows";
                findings.warn("PDF_STRAY_STARTXREF", here, detail);
            }
            rest = digits.get(count..).unwrap_or_default();
        } else {
            out.strays.push((here, to));
            let object = memchr::memmem::find(rest, b" obj").is_some();
            let code = if object { "PDF_HIDDEN_OBJECT" } else { "PDF_GAP" };
            let count = to.saturating_sub(here);
            findings.warn(code, here, format!("{count} bytes that belong to no object in use"));
            return Ok(());
        }
    }
    if size > MAX_GAP {
        out.strays.push((from, to));
        findings.warn("PDF_GAP", from, format!("{size} bytes that belong to no object in use"));
    }
    Ok(())
}

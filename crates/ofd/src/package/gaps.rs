//! What lies between the entries the directory knows.

use std::io::{Read, Seek};

use super::bytes::u16_at;
use super::directory::{CENTRAL, END, END64, LOCAL, LOCATOR64, Layout};
use super::entry::Entry;
use super::source::{Source, WINDOW};
use crate::anomaly::{Findings, Severity};
use crate::error::OfdError;
use crate::path::{normalize, shorten};

/// Reports overlaps, gaps and hidden headers. `order` holds entry indices by header offset.
pub(crate) fn check<R: Read + Seek>(
    source: &mut Source<R>,
    entries: &[Entry],
    order: &[usize],
    layout: &Layout,
    known: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) -> Result<(), OfdError> {
    let mut covered_to = 0u64;
    let mut first = true;
    for entry in order.iter().filter_map(|index| entries.get(*index)) {
        if entry.header_offset < covered_to {
            findings.push(
                Severity::Fatal,
                "PACKAGE_OVERLAP",
                Some(&entry.path),
                entry.header_offset,
                "the entry overlaps the one before it",
            );
        } else if entry.header_offset > covered_to {
            let (code, what) = if first {
                ("PACKAGE_PREFIX", "before the first entry")
            } else {
                ("PACKAGE_GAP", "between two entries")
            };
            gap(source, covered_to, entry.header_offset, code, what, known, findings)?;
        }
        first = false;
        covered_to = covered_to.max(entry.end_offset);
    }
    gap(source, covered_to, layout.directory_at, "PACKAGE_GAP", "before the directory", known, findings)?;
    let directory_end = layout.directory_at.saturating_add(layout.directory_len);
    gap(source, directory_end, layout.end_at, "PACKAGE_GAP", "after the directory", known, findings)?;
    // A comment or appended bytes may hold a second package: they are searched, but a plain comment is no finding.
    search(source, layout.comment_at, source.len(), known, findings)
}

fn gap<R: Read + Seek>(
    source: &mut Source<R>,
    from: u64,
    to: u64,
    code: &'static str,
    what: &str,
    known: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) -> Result<(), OfdError> {
    if to <= from {
        return Ok(());
    }
    let len = to.saturating_sub(from);
    findings.push(Severity::Warning, code, None, from, format!("{len} bytes {what} belong to no entry"));
    search(source, from, to, known, findings)
}

/// Looks for zip signatures in bytes that belong to nothing.
fn search<R: Read + Seek>(
    source: &mut Source<R>,
    from: u64,
    to: u64,
    known: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) -> Result<(), OfdError> {
    let mut at = from;
    let mut hits = Vec::new();
    while at < to {
        let want = usize::try_from(to.saturating_sub(at)).unwrap_or(WINDOW).min(WINDOW);
        let block = source.slice_up_to(at, want)?;
        if block.len() < 4 {
            break;
        }
        for (index, four) in block.windows(4).enumerate() {
            if let [b'P', b'K', a, b] = *four {
                let signature = u32::from_le_bytes([b'P', b'K', a, b]);
                if matches!(signature, LOCAL | CENTRAL | END | END64 | LOCATOR64) {
                    hits.push((at.saturating_add(index as u64), signature));
                }
            }
        }
        if hits.len() > 64 {
            break;
        }
        // Three bytes of overlap, so that a signature across two blocks is seen.
        at = at.saturating_add((block.len().saturating_sub(3)) as u64);
        if block.len() < want || block.len() == 4 && want == 4 {
            break;
        }
        if to.saturating_sub(at) <= 3 {
            break;
        }
    }
    for (position, signature) in hits {
        if signature == LOCAL {
            hidden(source, position, known, findings)?;
        } else {
            findings.push(
                Severity::Fatal,
                "PACKAGE_AMBIGUOUS",
                None,
                position,
                "a second directory or end record stands in the file; readers may choose either",
            );
        }
    }
    Ok(())
}

fn hidden<R: Read + Seek>(
    source: &mut Source<R>,
    position: u64,
    known: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) -> Result<(), OfdError> {
    let head = source.slice_up_to(position, 30)?;
    let name_len = usize::from(u16_at(head, 26).unwrap_or(0));
    let raw = source.slice_up_to(position.saturating_add(30), name_len)?;
    let name = String::from_utf8_lossy(raw).into_owned();
    let path = normalize(&name).unwrap_or_else(|_| shorten(&name));
    if known(&path) {
        findings.push(
            Severity::Fatal,
            "PACKAGE_AMBIGUOUS",
            Some(&shorten(&path)),
            position,
            "a second version of this part stands in the file, outside the directory: a streaming reader sees it, a viewer does not",
        );
    } else {
        findings.push(
            Severity::Fatal,
            "PACKAGE_HIDDEN_ENTRY",
            Some(&shorten(&path)),
            position,
            "an entry that the directory does not list",
        );
    }
    Ok(())
}

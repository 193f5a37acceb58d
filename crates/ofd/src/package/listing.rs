//! From the bytes of the central directory to entries, and what is odd about them.

use std::collections::hash_map::Entry as Slot;
use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use super::directory::{self, Layout};
use super::entry::Entry;
use super::names;
use super::source::{Source, WINDOW};
use crate::anomaly::{Findings, Severity};
use crate::error::OfdError;
use crate::limits::Limits;

pub(super) fn read_directory<R: Read + Seek>(
    source: &mut Source<R>,
    layout: &Layout,
) -> Result<Vec<u8>, OfdError> {
    let len = usize::try_from(layout.directory_len).unwrap_or(0);
    let mut directory = Vec::with_capacity(len.min(1 << 20));
    while directory.len() < len {
        let at = layout.directory_at.saturating_add(directory.len() as u64);
        let want = len.saturating_sub(directory.len()).min(WINDOW);
        directory.extend_from_slice(source.slice(at, want)?);
    }
    Ok(directory)
}

pub(super) fn read_entries(
    directory: &[u8],
    layout: &Layout,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<(Vec<Entry>, HashMap<String, usize>), OfdError> {
    let expected = usize::try_from(layout.entries).unwrap_or(0).min(directory.len() / 46);
    let mut entries: Vec<Entry> = Vec::with_capacity(expected);
    let mut index: HashMap<String, usize> = HashMap::with_capacity(expected);
    let mut folded: HashSet<String> = HashSet::with_capacity(expected);
    let mut total = 0u64;
    let mut at = 0usize;
    while at < directory.len() {
        if entries.len() >= limits.max_entries {
            return Err(OfdError::Limit {
                what: "the number of entries",
                found: entries.len() as u64,
                limit: limits.max_entries as u64,
            });
        }
        let record = directory::central_record(directory, at, layout.directory_at)?;
        let position = layout.directory_at.saturating_add(at as u64);
        at = record.start.saturating_add(record.len);
        let raw = directory.get(record.name.0..record.name.1).unwrap_or(&[]);
        let extra = directory.get(record.extra.0..record.extra.1).unwrap_or(&[]);
        let name = names::decode(raw, extra, position, findings);
        total = total.saturating_add(record.size);
        let entry = Entry {
            path: name.path,
            raw_name: raw.to_vec(),
            size: record.size,
            compressed_size: record.compressed_size,
            method: record.method,
            flags: record.flags,
            crc: record.crc,
            header_offset: record.header_offset.saturating_add(layout.base),
            data_offset: 0,
            end_offset: 0,
            directory: name.directory,
            broken: None,
            record: (record.start, record.len),
        };
        attributes(&entry, &record, position, findings);
        if !entry.directory {
            enlist(&entry, entries.len(), position, &mut index, &mut folded, findings);
        }
        entries.push(entry);
    }
    if entries.len() as u64 != layout.entries {
        findings.push(
            Severity::Fatal,
            "PACKAGE_AMBIGUOUS",
            None,
            layout.end_at,
            format!(
                "the end record counts {} entries, the directory holds {}",
                layout.entries,
                entries.len()
            ),
        );
    }
    if total > limits.max_total_size {
        return Err(OfdError::Limit {
            what: "the sum of the uncompressed sizes",
            found: total,
            limit: limits.max_total_size,
        });
    }
    Ok((entries, index))
}

fn enlist(
    entry: &Entry,
    number: usize,
    position: u64,
    index: &mut HashMap<String, usize>,
    folded: &mut HashSet<String>,
    findings: &mut Findings,
) {
    match index.entry(entry.path.clone()) {
        Slot::Occupied(_) => {
            findings.push(
                Severity::Fatal,
                "PACKAGE_DUPLICATE",
                Some(&entry.path),
                position,
                "two entries lead to this path; readers may show either",
            );
            return;
        }
        Slot::Vacant(slot) => slot.insert(number),
    };
    if let Some(form) = names::folded(&entry.path)
        && !folded.insert(form)
    {
        findings.push(
            Severity::Warning,
            "PACKAGE_NAME_VARIANT",
            Some(&entry.path),
            position,
            "differs from another entry only in letter case or slash direction; some systems see one file",
        );
    }
}

fn attributes(entry: &Entry, record: &directory::Central, position: u64, findings: &mut Findings) {
    let mut warn = |code, detail: &str| {
        findings.push(Severity::Warning, code, Some(&entry.path), position, detail);
    };
    if entry.directory && entry.size > 0 {
        warn("PACKAGE_DIRECTORY_DATA", "a folder entry carries data");
    }
    if entry.encrypted() {
        warn("PACKAGE_ENCRYPTED", "the entry is encrypted and cannot be judged");
    }
    const UNIX: u16 = 3;
    if record.made_by >> 8 == UNIX && (record.external >> 16) & 0o170_000 == 0o120_000 {
        warn("PACKAGE_SYMLINK", "the entry is marked as a symbolic link; it is read as plain content");
    }
}

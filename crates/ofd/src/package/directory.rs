//! Finding and reading the central directory (APPNOTE 4.3.12 to 4.3.16).

use std::io::{Read, Seek};

use super::bytes::{extra_field, u16_at, u32_at, u64_at};
use super::source::{Source, WINDOW};
use crate::anomaly::{Findings, Severity};
use crate::error::OfdError;
use crate::limits::Limits;

pub(crate) const END: u32 = 0x0605_4b50;
pub(crate) const END64: u32 = 0x0606_4b50;
pub(crate) const LOCATOR64: u32 = 0x0706_4b50;
pub(crate) const CENTRAL: u32 = 0x0201_4b50;
pub(crate) const LOCAL: u32 = 0x0403_4b50;

const END_LEN: usize = 22;
const CENTRAL_LEN: usize = 46;
const MAX_COMMENT: usize = 0xffff;

/// Where the directory stands, and what surrounds it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    /// Added to every offset the directory states: bytes that were put before the package later.
    pub base: u64,
    pub directory_at: u64,
    pub directory_len: u64,
    pub entries: u64,
    /// Start of the first end record (zip64 or plain): the directory should end here.
    pub end_at: u64,
    /// After the last end record, before its comment.
    pub comment_at: u64,
}

pub(crate) fn locate<R: Read + Seek>(
    source: &mut Source<R>,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Layout, OfdError> {
    let len = source.len();
    if len == 0 {
        return Err(OfdError::NotAPackage { detail: "the file is empty".into() });
    }
    let tail_len = len.min((END_LEN + MAX_COMMENT) as u64);
    let tail_at = len.saturating_sub(tail_len);
    let tail = read_tail(source, tail_at, tail_len)?;
    let mut found: Option<Layout> = None;
    for at in (0..tail.len().saturating_sub(END_LEN - 1)).rev() {
        if u32_at(&tail, at) != Some(END) {
            continue;
        }
        let Some(record) = tail.get(at..at.saturating_add(END_LEN)) else { continue };
        let position = tail_at.saturating_add(at as u64);
        if let Some(layout) = plausible(source, record, position, findings)? {
            found = Some(layout);
            break;
        }
    }
    let Some(layout) = found else { return Err(absent(source, len)) };
    let comment = usize::try_from(layout.comment_at.saturating_sub(tail_at)).unwrap_or(usize::MAX);
    let declared = u16_at(&tail, comment.saturating_sub(2)).unwrap_or(0);
    let trailing = len.saturating_sub(layout.comment_at).saturating_sub(u64::from(declared));
    if layout.comment_at.saturating_add(u64::from(declared)) > len {
        findings.push(
            Severity::Warning,
            "PACKAGE_COMMENT",
            None,
            layout.comment_at,
            "the end record announces a longer comment than the file holds",
        );
    } else if trailing > 0 {
        findings.push(
            Severity::Warning,
            "PACKAGE_TRAILING",
            None,
            len.saturating_sub(trailing),
            format!("{trailing} bytes after the end of the package"),
        );
    }
    if layout.directory_len > limits.max_directory_size {
        return Err(OfdError::Limit {
            what: "the size of the package directory",
            found: layout.directory_len,
            limit: limits.max_directory_size,
        });
    }
    if layout.entries > limits.max_entries as u64 {
        return Err(OfdError::Limit {
            what: "the number of entries",
            found: layout.entries,
            limit: limits.max_entries as u64,
        });
    }
    Ok(layout)
}

fn read_tail<R: Read + Seek>(source: &mut Source<R>, at: u64, len: u64) -> Result<Vec<u8>, OfdError> {
    let mut tail = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
    let mut position = at;
    let end = at.saturating_add(len);
    while position < end {
        let want = usize::try_from(end.saturating_sub(position)).unwrap_or(WINDOW).min(WINDOW);
        let part = source.slice(position, want)?;
        tail.extend_from_slice(part);
        position = position.saturating_add(want as u64);
    }
    Ok(tail)
}

fn absent<R: Read + Seek>(source: &mut Source<R>, len: u64) -> OfdError {
    let starts_as_zip = source.slice(0, 4).is_ok_and(|head| u32_at(head, 0) == Some(LOCAL));
    if starts_as_zip {
        OfdError::Truncated {
            at: len,
            detail: "no end-of-directory record; the end of the package is missing".into(),
        }
    } else {
        OfdError::NotAPackage {
            detail: "neither a first header nor an end-of-directory record was found".into(),
        }
    }
}

/// Judges one candidate end record: its directory must stand where it says, or where a prefix would have moved it.
fn plausible<R: Read + Seek>(
    source: &mut Source<R>,
    record: &[u8],
    position: u64,
    findings: &mut Findings,
) -> Result<Option<Layout>, OfdError> {
    let field16 = |at| u64::from(u16_at(record, at).unwrap_or(0));
    let field32 = |at| u64::from(u32_at(record, at).unwrap_or(0));
    let (disk, directory_disk, on_disk) = (field16(4), field16(6), field16(8));
    let (mut entries, mut size, mut offset) = (field16(10), field32(12), field32(16));
    let mut end_at = position;
    let zip64 = read_zip64(source, position)?;
    if let Some(wide) = &zip64 {
        let saturated = |narrow: u64, mask: u64, wide: u64| narrow == mask || narrow == wide;
        let agrees = saturated(entries, 0xffff, wide.entries)
            && saturated(size, 0xffff_ffff, wide.size)
            && saturated(offset, 0xffff_ffff, wide.offset);
        if !agrees {
            findings.push(
                Severity::Fatal,
                "PACKAGE_AMBIGUOUS",
                None,
                position,
                "the zip64 end record and the plain one name different directories",
            );
        }
        (entries, size, offset, end_at) = (wide.entries, wide.size, wide.offset, wide.at);
    } else if disk != 0 || directory_disk != 0 || on_disk != entries {
        return Ok(None);
    }
    let Some(natural) = end_at.checked_sub(size) else { return Ok(None) };
    let stated_ok = offset.checked_add(size).is_some_and(|end| end <= end_at)
        && (size == 0 || starts_with_central(source, offset)?);
    let moved_ok =
        natural != offset && natural > offset && (size == 0 || starts_with_central(source, natural)?);
    if entries == 0 && size == 0 && end_at != 0 && zip64.is_none() && position != 0 {
        // An empty directory behind content: only believable if it is the whole file; let an earlier record be tried.
        return Ok(None);
    }
    let directory_at = match (stated_ok, moved_ok) {
        (true, true) => {
            findings.push(
                Severity::Fatal,
                "PACKAGE_AMBIGUOUS",
                None,
                natural,
                format!(
                    "two directories: one at byte {offset} as stated, another right before the end record"
                ),
            );
            offset
        }
        (true, false) => offset,
        (false, true) => natural,
        (false, false) => return Ok(None),
    };
    Ok(Some(Layout {
        base: directory_at.saturating_sub(offset),
        directory_at,
        directory_len: size,
        entries,
        end_at,
        comment_at: position.saturating_add(END_LEN as u64),
    }))
}

fn starts_with_central<R: Read + Seek>(source: &mut Source<R>, at: u64) -> Result<bool, OfdError> {
    Ok(u32_at(source.slice_up_to(at, 4)?, 0) == Some(CENTRAL))
}

struct Wide {
    at: u64,
    entries: u64,
    size: u64,
    offset: u64,
}

/// The zip64 end record, found through its locator or, where a prefix moved it, right before the locator.
fn read_zip64<R: Read + Seek>(source: &mut Source<R>, position: u64) -> Result<Option<Wide>, OfdError> {
    let Some(locator_at) = position.checked_sub(20) else { return Ok(None) };
    let locator = source.slice(locator_at, 20)?;
    if u32_at(locator, 0) != Some(LOCATOR64) {
        return Ok(None);
    }
    let stated = u64_at(locator, 8).unwrap_or(u64::MAX);
    for at in [Some(stated), locator_at.checked_sub(56)].into_iter().flatten() {
        let Some(end) = at.checked_add(56) else { continue };
        if end > locator_at {
            continue;
        }
        let record = source.slice(at, 56)?;
        if u32_at(record, 0) == Some(END64) {
            return Ok(Some(Wide {
                at,
                entries: u64_at(record, 32).unwrap_or(0),
                size: u64_at(record, 40).unwrap_or(0),
                offset: u64_at(record, 48).unwrap_or(0),
            }));
        }
    }
    Err(OfdError::Truncated { at: locator_at, detail: "a zip64 locator leads to no zip64 end record".into() })
}

/// One record of the central directory, with positions into the directory's bytes.
#[derive(Debug)]
pub(crate) struct Central {
    pub start: usize,
    pub len: usize,
    pub made_by: u16,
    pub flags: u16,
    pub method: u16,
    pub crc: u32,
    pub compressed_size: u64,
    pub size: u64,
    pub external: u32,
    pub header_offset: u64,
    pub name: (usize, usize),
    pub extra: (usize, usize),
}

/// Reads the record at `start`; positions in errors are relative to `directory_at`.
pub(crate) fn central_record(bytes: &[u8], start: usize, directory_at: u64) -> Result<Central, OfdError> {
    let damaged = |detail: &str| OfdError::Truncated {
        at: directory_at.saturating_add(start as u64),
        detail: detail.to_owned(),
    };
    let fixed = bytes
        .get(start..start.saturating_add(CENTRAL_LEN))
        .ok_or_else(|| damaged("a directory record is cut off"))?;
    if u32_at(fixed, 0) != Some(CENTRAL) {
        return Err(damaged("no directory record where one must start"));
    }
    let half = |at| u16_at(fixed, at).unwrap_or(0);
    let word = |at| u32_at(fixed, at).unwrap_or(0);
    let name_at = start.saturating_add(CENTRAL_LEN);
    let extra_at = name_at.saturating_add(usize::from(half(28)));
    let comment_at = extra_at.saturating_add(usize::from(half(30)));
    let end = comment_at.saturating_add(usize::from(half(32)));
    if end > bytes.len() {
        return Err(damaged("a directory record runs past the directory"));
    }
    let extra = bytes.get(extra_at..comment_at).unwrap_or(&[]);
    let mut wide = extra_field(extra, 0x0001).unwrap_or(&[]);
    let mut widen = |narrow: u32| -> Result<u64, OfdError> {
        if narrow != u32::MAX || wide.is_empty() {
            return Ok(u64::from(narrow));
        }
        let value = u64_at(wide, 0).ok_or_else(|| damaged("a zip64 extra field is cut off"))?;
        wide = wide.get(8..).unwrap_or(&[]);
        Ok(value)
    };
    let size = widen(word(24))?;
    let compressed_size = widen(word(20))?;
    let header_offset = widen(word(42))?;
    Ok(Central {
        start,
        len: end.saturating_sub(start),
        made_by: half(4),
        flags: half(8),
        method: half(10),
        crc: word(16),
        compressed_size,
        size,
        external: word(38),
        header_offset,
        name: (name_at, extra_at),
        extra: (extra_at, comment_at),
    })
}

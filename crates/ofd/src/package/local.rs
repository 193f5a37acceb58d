//! Local headers (APPNOTE 4.3.7) against the central directory: a reader that streams trusts the former, a viewer the latter.

use std::io::{Read, Seek};

use super::bytes::{extra_field, u16_at, u32_at, u64_at};
use super::directory::LOCAL;
use super::entry::Entry;
use super::source::Source;
use crate::anomaly::{Findings, Severity};
use crate::error::OfdError;

const LOCAL_LEN: usize = 30;

/// Fills the data and end offsets of `entry` and reports every disagreement.
pub(crate) fn check<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &mut Entry,
    data_end_limit: u64,
    findings: &mut Findings,
) -> Result<(), OfdError> {
    let at = entry.header_offset;
    let mismatch = |findings: &mut Findings, path: &str, detail: String| {
        findings.push(Severity::Fatal, "PACKAGE_HEADER_MISMATCH", Some(path), at, detail);
    };
    let head = source.slice_up_to(at, LOCAL_LEN)?;
    if head.len() < LOCAL_LEN || u32_at(head, 0) != Some(LOCAL) || at >= data_end_limit {
        entry.broken = Some("the directory leads to no local header");
        entry.end_offset = at;
        mismatch(findings, &entry.path, "the directory leads to a place where no local header stands".into());
        return Ok(());
    }
    let half = |at| u16_at(head, at).unwrap_or(0);
    let word = |at| u32_at(head, at).unwrap_or(0);
    let (flags, method, crc) = (half(6), half(8), word(14));
    let (mut compressed, mut size) = (u64::from(word(18)), u64::from(word(22)));
    let (name_len, extra_len) = (usize::from(half(26)), usize::from(half(28)));
    let name_at = at.saturating_add(LOCAL_LEN as u64);
    let same_name = source.slice_up_to(name_at, name_len)? == entry.raw_name.as_slice();
    let extra = source.slice_up_to(name_at.saturating_add(name_len as u64), extra_len)?;
    if let Some(wide) = extra_field(extra, 0x0001) {
        let mut at = 0;
        if size == u64::from(u32::MAX) {
            size = u64_at(wide, at).unwrap_or(size);
            at = 8;
        }
        if compressed == u64::from(u32::MAX) {
            compressed = u64_at(wide, at).unwrap_or(compressed);
        }
    }
    if let Some(field) = extra_field(extra, 0x7075) {
        let other = field.get(5..).unwrap_or(&[]);
        if u32_at(field, 1) == Some(crc32fast::hash(&entry.raw_name)) && other != entry.raw_name.as_slice() {
            mismatch(
                findings,
                &entry.path,
                "an extra field of the local header gives a different name".into(),
            );
        }
    }
    if !same_name {
        mismatch(findings, &entry.path, "the local header has a different name".into());
    }
    if method != entry.method {
        mismatch(findings, &entry.path, format!("local method {method}, directory {}", entry.method));
    }
    // Bits 0, 3, 6 and 13 change how the data are found or read.
    const DECISIVE: u16 = 0x2049;
    if flags & DECISIVE != entry.flags & DECISIVE {
        mismatch(findings, &entry.path, format!("local flags {flags:#06x}, directory {:#06x}", entry.flags));
    } else if (flags ^ entry.flags) & 0x0800 != 0 {
        findings.push(
            Severity::Note,
            "PACKAGE_FLAG_UTF8",
            Some(&entry.path),
            at,
            "local header and directory disagree on the UTF-8 flag of the name",
        );
    }
    let zero_allowed = entry.has_descriptor();
    let agrees = |local: u64, central: u64| local == central || (zero_allowed && local == 0);
    // With a descriptor, a saturated size only announces the zip64 form.
    let size_agrees =
        |local: u64, central: u64| agrees(local, central) || (zero_allowed && local == u64::from(u32::MAX));
    if !agrees(u64::from(crc), u64::from(entry.crc)) {
        mismatch(findings, &entry.path, format!("local CRC {crc:08x}, directory {:08x}", entry.crc));
    }
    if !size_agrees(compressed, entry.compressed_size) || !size_agrees(size, entry.size) {
        mismatch(
            findings,
            &entry.path,
            format!(
                "local sizes {compressed}/{size}, directory {}/{} (compressed/uncompressed)",
                entry.compressed_size, entry.size
            ),
        );
    }
    entry.data_offset = name_at.saturating_add(name_len as u64).saturating_add(extra_len as u64);
    entry.end_offset = entry.data_offset.saturating_add(entry.compressed_size);
    if entry.end_offset > data_end_limit {
        entry.broken = Some("the data run into the directory or past the end of the file");
        entry.end_offset = data_end_limit.max(at);
        mismatch(findings, &entry.path, "the data run into the directory or past the end of the file".into());
        return Ok(());
    }
    if entry.method == 0 && entry.size != entry.compressed_size && !entry.encrypted() {
        entry.broken = Some("a stored entry whose two sizes differ");
        mismatch(
            findings,
            &entry.path,
            "a stored entry whose compressed and uncompressed sizes differ".into(),
        );
    }
    if entry.has_descriptor() {
        descriptor(source, entry, data_end_limit, findings)?;
    }
    Ok(())
}

/// Finds which of the four layouts of a data descriptor (APPNOTE 4.3.9) agrees with the directory.
fn descriptor<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &mut Entry,
    data_end_limit: u64,
    findings: &mut Findings,
) -> Result<(), OfdError> {
    let at = entry.end_offset;
    let room = usize::try_from(data_end_limit.saturating_sub(at)).unwrap_or(usize::MAX).min(24);
    let bytes = source.slice_up_to(at, room)?;
    let fits = |signed: bool, wide: bool| -> bool {
        let start = if signed { 4 } else { 0 };
        if signed && u32_at(bytes, 0) != Some(0x0807_4b50) {
            return false;
        }
        let sizes = if wide {
            (u64_at(bytes, start + 4), u64_at(bytes, start + 12))
        } else {
            (u32_at(bytes, start + 4).map(u64::from), u32_at(bytes, start + 8).map(u64::from))
        };
        u32_at(bytes, start) == Some(entry.crc) && sizes == (Some(entry.compressed_size), Some(entry.size))
    };
    // The wide forms first: a narrow reading of a wide descriptor never matches a non-empty entry, but may an empty one.
    let forms = [(true, true, 24u64), (true, false, 16), (false, true, 20), (false, false, 12)];
    match forms.into_iter().find(|(signed, wide, _)| fits(*signed, *wide)) {
        Some((_, _, len)) => entry.end_offset = at.saturating_add(len),
        None => findings.push(
            Severity::Fatal,
            "PACKAGE_HEADER_MISMATCH",
            Some(&entry.path),
            at,
            "the data descriptor is missing or disagrees with the directory",
        ),
    }
    if entry.method == 0 {
        findings.push(
            Severity::Warning,
            "PACKAGE_STORED_DESCRIPTOR",
            Some(&entry.path),
            entry.header_offset,
            "a stored entry with a data descriptor: a streaming reader cannot tell where it ends",
        );
    }
    Ok(())
}

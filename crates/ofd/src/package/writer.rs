//! Writing a package: old records byte for byte, new ones after them, a new directory.

use std::io::{Read, Seek, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::Package;
use super::bytes::{extra_fields, u16_at, u32_at};
use super::directory::{CENTRAL, END, END64, LOCAL, LOCATOR64};
use super::entry::Entry;
use super::source::WINDOW;
use crate::error::OfdError;

/// XML above this many bytes is deflated. Below, and for seals and signature values (pictures and random bytes, which
/// do not shrink), deflating would cost more instructions than the signature itself.
const DEFLATE_FROM: usize = 16 * 1024;

/// Date and time in the two words of the zip format.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DosTime {
    pub date: u16,
    pub time: u16,
}

/// Why writing failed: the package could not be read, or the output not written.
#[derive(Debug)]
pub(crate) enum Failure {
    Read(OfdError),
    Write(std::io::Error),
}

impl From<OfdError> for Failure {
    fn from(error: OfdError) -> Self {
        Self::Read(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

pub(crate) struct Writer<W> {
    out: W,
    at: u64,
    directory: Vec<u8>,
    count: u64,
    when: DosTime,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(out: W, when: DosTime) -> Self {
        Self { out, at: 0, directory: Vec::new(), count: 0, when }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.out.write_all(bytes)?;
        self.at = self.at.saturating_add(bytes.len() as u64);
        Ok(())
    }

    /// Copies header, data and descriptor of an entry without looking inside.
    pub(crate) fn copy<R: Read + Seek>(
        &mut self,
        package: &mut Package<R>,
        entry: &Entry,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), Failure> {
        let record = moved_record(package.directory_record(entry), entry, self.at);
        self.directory.extend_from_slice(&record);
        self.count = self.count.saturating_add(1);
        let mut at = entry.header_offset;
        while at < entry.end_offset {
            let want = usize::try_from(entry.end_offset.saturating_sub(at)).unwrap_or(WINDOW).min(WINDOW);
            let piece = package.source().slice(at, want)?;
            self.out.write_all(piece)?;
            self.at = self.at.saturating_add(want as u64);
            at = at.saturating_add(want as u64);
            progress(want as u64);
        }
        Ok(())
    }

    /// Writes a new entry; `name` is without leading slash.
    pub(crate) fn add(&mut self, name: &[u8], content: &[u8], xml: bool) -> Result<(), Failure> {
        let deflated = if xml && content.len() >= DEFLATE_FROM {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(content)?;
            Some(encoder.finish()?)
        } else {
            None
        };
        let data = deflated.as_deref().unwrap_or(content);
        let offset = self.at;
        let common = self.common(name, data.len(), content, deflated.is_some())?;
        self.put(&LOCAL.to_le_bytes())?;
        self.put(&common)?;
        self.put(name)?;
        self.put(data)?;
        let wide = offset >= u64::from(u32::MAX);
        let directory = &mut self.directory;
        directory.extend_from_slice(&CENTRAL.to_le_bytes());
        // Made by: FAT attributes, so that no permission bits are claimed.
        directory.extend_from_slice(&version(wide).to_le_bytes());
        directory.extend_from_slice(&version(wide).to_le_bytes());
        directory.extend_from_slice(common.get(2..24).unwrap_or(&[]));
        let extra_len: u16 = if wide { 12 } else { 0 };
        directory.extend_from_slice(&extra_len.to_le_bytes());
        // Comment length, disk, internal and external attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes());
        directory.extend_from_slice(name);
        if wide {
            directory.extend_from_slice(&1u16.to_le_bytes());
            directory.extend_from_slice(&8u16.to_le_bytes());
            directory.extend_from_slice(&offset.to_le_bytes());
        }
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// The fields a local header and a directory record share, from "version needed" to "extra length".
    fn common(&self, name: &[u8], stored: usize, content: &[u8], deflated: bool) -> Result<Vec<u8>, Failure> {
        let too_large = |what: &'static str, found: usize| OfdError::Limit {
            what,
            found: found as u64,
            limit: u64::from(u32::MAX),
        };
        let size =
            u32::try_from(content.len()).map_err(|_| too_large("the size of a new part", content.len()))?;
        let stored = u32::try_from(stored).map_err(|_| too_large("the size of a new part", stored))?;
        let name_len =
            u16::try_from(name.len()).map_err(|_| too_large("the length of a part's name", name.len()))?;
        let flags: u16 = if name.is_ascii() { 0 } else { 0x0800 };
        let method: u16 = if deflated { 8 } else { 0 };
        let mut common = Vec::with_capacity(26);
        for half in [version(false), flags, method, self.when.time, self.when.date] {
            common.extend_from_slice(&half.to_le_bytes());
        }
        for word in [crc32fast::hash(content), stored, size] {
            common.extend_from_slice(&word.to_le_bytes());
        }
        common.extend_from_slice(&name_len.to_le_bytes());
        common.extend_from_slice(&0u16.to_le_bytes());
        Ok(common)
    }

    /// Writes directory and end records; returns the size of the package in bytes.
    pub(crate) fn finish(mut self) -> Result<u64, Failure> {
        let directory_at = self.at;
        let directory = std::mem::take(&mut self.directory);
        let size = directory.len() as u64;
        self.put(&directory)?;
        let wide = self.count >= 0xffff || size >= u64::from(u32::MAX) || directory_at >= u64::from(u32::MAX);
        if wide {
            let end64_at = self.at;
            let mut record = Vec::with_capacity(76);
            record.extend_from_slice(&END64.to_le_bytes());
            record.extend_from_slice(&44u64.to_le_bytes());
            record.extend_from_slice(&45u16.to_le_bytes());
            record.extend_from_slice(&45u16.to_le_bytes());
            record.extend_from_slice(&[0; 8]);
            for value in [self.count, self.count, size, directory_at] {
                record.extend_from_slice(&value.to_le_bytes());
            }
            record.extend_from_slice(&LOCATOR64.to_le_bytes());
            record.extend_from_slice(&[0; 4]);
            record.extend_from_slice(&end64_at.to_le_bytes());
            record.extend_from_slice(&1u32.to_le_bytes());
            self.put(&record)?;
        }
        let count = if wide { u16::MAX } else { u16::try_from(self.count).unwrap_or(u16::MAX) };
        let narrow = |value: u64| if wide { u32::MAX } else { u32::try_from(value).unwrap_or(u32::MAX) };
        let mut end = Vec::with_capacity(22);
        end.extend_from_slice(&END.to_le_bytes());
        end.extend_from_slice(&[0; 4]);
        end.extend_from_slice(&count.to_le_bytes());
        end.extend_from_slice(&count.to_le_bytes());
        end.extend_from_slice(&narrow(size).to_le_bytes());
        end.extend_from_slice(&narrow(directory_at).to_le_bytes());
        end.extend_from_slice(&[0; 2]);
        self.put(&end)?;
        self.out.flush()?;
        Ok(self.at)
    }
}

const fn version(wide: bool) -> u16 {
    if wide { 45 } else { 20 }
}

/// The directory record of an old entry, with its new offset; everything else stays as it was.
fn moved_record(record: &[u8], entry: &Entry, offset: u64) -> Vec<u8> {
    let half = |at| usize::from(u16_at(record, at).unwrap_or(0));
    let (name_len, extra_len) = (half(28), half(30));
    let extra_at = name_len.saturating_add(46);
    let comment_at = extra_at.saturating_add(extra_len);
    let name = record.get(46..extra_at).unwrap_or(&[]);
    let extra = record.get(extra_at..comment_at).unwrap_or(&[]);
    let comment = record.get(comment_at..).unwrap_or(&[]);
    let mut wide = Vec::new();
    if u32_at(record, 24) == Some(u32::MAX) {
        wide.extend_from_slice(&entry.size.to_le_bytes());
    }
    if u32_at(record, 20) == Some(u32::MAX) {
        wide.extend_from_slice(&entry.compressed_size.to_le_bytes());
    }
    if offset >= u64::from(u32::MAX) {
        wide.extend_from_slice(&offset.to_le_bytes());
    }
    let mut fields = Vec::with_capacity(extra.len().saturating_add(12));
    let mut read = 0usize;
    for (id, _, whole) in extra_fields(extra) {
        read = read.saturating_add(whole.len());
        if id != 0x0001 {
            fields.extend_from_slice(whole);
        }
    }
    if !wide.is_empty() {
        fields.extend_from_slice(&1u16.to_le_bytes());
        fields.extend_from_slice(&u16::try_from(wide.len()).unwrap_or(0).to_le_bytes());
        fields.extend_from_slice(&wide);
    }
    // Padding that is no field (some aligners write it) stays behind the fields.
    fields.extend_from_slice(extra.get(read..).unwrap_or(&[]));
    let mut moved = Vec::with_capacity(record.len().saturating_add(12));
    moved.extend_from_slice(record.get(..30).unwrap_or(&[]));
    moved.extend_from_slice(&u16::try_from(fields.len()).unwrap_or(u16::MAX).to_le_bytes());
    moved.extend_from_slice(record.get(32..42).unwrap_or(&[]));
    moved.extend_from_slice(&u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes());
    moved.extend_from_slice(name);
    moved.extend_from_slice(&fields);
    moved.extend_from_slice(comment);
    moved
}

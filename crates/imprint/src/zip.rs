//! A zip file of a few small parts, written in memory: the container of an OFD picture.
//!
//! `yinxin-ofd` has a writer, but this crate stands below it. APPNOTE 4.3: local headers with deflated data, then the directory.

use flate2::{Compress, Compression, FlushCompress, Status};

/// 2026-01-01 00:00: a fixed moment keeps the bytes equal.
const DATE: u16 = (46 << 9) | (1 << 5) | 1;
const DEFLATED: u16 = 8;
const VERSION: u16 = 20;

/// Packs parts, whose names are ASCII and whose sizes are far below the format's 4 GiB.
pub(crate) fn pack(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, content) in parts {
        let packed = deflate(content);
        let offset = length(out.len());
        let mut head = Vec::new();
        for value in [VERSION, 0, DEFLATED, 0, DATE] {
            head.extend(value.to_le_bytes());
        }
        for value in [crc32fast::hash(content), length(packed.len()), length(content.len())] {
            head.extend(value.to_le_bytes());
        }
        head.extend(short(name.len()).to_le_bytes());
        head.extend(0_u16.to_le_bytes());

        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(&packed);

        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&head);
        // Comment, disk, two kinds of attributes.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = length(out.len());
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    for _ in 0..2 {
        out.extend(short(parts.len()).to_le_bytes());
    }
    out.extend(length(directory.len()).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(content.len().saturating_add(64));
    let mut state = Compress::new(Compression::default(), false);
    // Without room nothing is written: it is doubled until the end is reached.
    loop {
        let done = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let rest = content.get(done..).unwrap_or_default();
        match state.compress_vec(rest, &mut packed, FlushCompress::Finish) {
            Ok(Status::StreamEnd) | Err(_) => return packed,
            Ok(Status::Ok | Status::BufError) => packed.reserve(content.len().saturating_add(64)),
        }
    }
}

fn length(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn short(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

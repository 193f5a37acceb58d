//! Reading the content of one entry, in bounded memory and checked against the directory.

use std::io::{Read, Seek};

use flate2::{Decompress, FlushDecompress, Status};

use super::entry::Entry;
use super::source::{Source, WINDOW};
use crate::error::OfdError;
use crate::limits::Limits;

/// What is kept between two reads, so that each part costs no new allocation.
#[derive(Default)]
pub(crate) struct Inflater {
    state: Option<Decompress>,
    out: Vec<u8>,
}

/// Hands the content of `entry` to `sink` piece by piece and checks size, ratio and CRC.
pub(crate) fn stream<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &Entry,
    inflater: &mut Inflater,
    limits: &Limits,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), OfdError> {
    if entry.encrypted() {
        return Err(OfdError::Encrypted { path: entry.path.clone() });
    }
    if let Some(why) = entry.broken {
        return Err(corrupt(entry, entry.header_offset, why));
    }
    let mut crc = crc32fast::Hasher::new();
    match entry.method {
        0 => stored(source, entry, &mut |piece| {
            crc.update(piece);
            sink(piece);
        })?,
        8 => deflated(source, entry, inflater, limits, &mut |piece| {
            crc.update(piece);
            sink(piece);
        })?,
        method => return Err(OfdError::Method { path: entry.path.clone(), method }),
    }
    let found = crc.finalize();
    if found != entry.crc {
        return Err(OfdError::Crc { path: entry.path.clone(), declared: entry.crc, found });
    }
    Ok(())
}

fn corrupt(entry: &Entry, at: u64, detail: &str) -> OfdError {
    OfdError::Corrupt { path: entry.path.clone(), at, detail: detail.to_owned() }
}

fn stored<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &Entry,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), OfdError> {
    let mut at = entry.data_offset;
    let end = entry.data_offset.saturating_add(entry.compressed_size);
    while at < end {
        let want = usize::try_from(end.saturating_sub(at)).unwrap_or(WINDOW).min(WINDOW);
        sink(source.slice(at, want)?);
        at = at.saturating_add(want as u64);
    }
    Ok(())
}

fn deflated<R: Read + Seek>(
    source: &mut Source<R>,
    entry: &Entry,
    inflater: &mut Inflater,
    limits: &Limits,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), OfdError> {
    let state = match &mut inflater.state {
        Some(used) => {
            used.reset(false);
            used
        }
        unused => unused.insert(Decompress::new(false)),
    };
    // One byte more than declared, so that a longer content shows itself.
    let room = usize::try_from(entry.size.saturating_add(1)).unwrap_or(WINDOW).min(WINDOW);
    if inflater.out.len() < room {
        inflater.out.resize(room, 0);
    }
    // What fits in one piece is inflated straight into the buffer, without the decoder's own window.
    let at_once = entry.compressed_size <= WINDOW as u64 && entry.size < room as u64;
    let flush = if at_once { FlushDecompress::Finish } else { FlushDecompress::None };
    let start = entry.data_offset;
    let end = start.saturating_add(entry.compressed_size);
    loop {
        let at = start.saturating_add(state.total_in());
        let want = usize::try_from(end.saturating_sub(at)).unwrap_or(WINDOW).min(WINDOW);
        let input = source.slice(at, want)?;
        let (in_before, out_before) = (state.total_in(), state.total_out());
        let status = state
            .decompress(input, &mut inflater.out, flush)
            .map_err(|_| corrupt(entry, at, "the compressed data are damaged"))?;
        let produced = usize::try_from(state.total_out().saturating_sub(out_before)).unwrap_or(0);
        if state.total_out() > entry.size {
            return Err(OfdError::Bomb {
                path: entry.path.clone(),
                detail: format!("more than the {} bytes that the directory declares", entry.size),
            });
        }
        let allowed = state.total_in().max(1).saturating_mul(limits.max_ratio).max(limits.ratio_floor);
        if state.total_out() > allowed {
            return Err(OfdError::Bomb {
                path: entry.path.clone(),
                detail: format!("{} bytes from {}", state.total_out(), state.total_in()),
            });
        }
        sink(inflater.out.get(..produced).unwrap_or(&[]));
        if status == Status::StreamEnd {
            break;
        }
        if at_once || state.total_in() == in_before && produced == 0 {
            return Err(corrupt(entry, at, "the compressed data end too early"));
        }
    }
    if state.total_in() != entry.compressed_size {
        return Err(corrupt(
            entry,
            start.saturating_add(state.total_in()),
            "bytes follow the end of the compressed data inside the entry",
        ));
    }
    if state.total_out() != entry.size {
        return Err(corrupt(entry, end, "the content is shorter than the directory declares"));
    }
    Ok(())
}

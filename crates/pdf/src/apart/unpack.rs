//! Undoing the filters of any stream within a bound (ISO 32000-1 §7.4). Those of images stay.

use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::lzw;
use crate::error::PdfError;
use crate::filter::{one_or_many, undo_row};
use crate::source::Bytes;
use crate::state::{Loaded, State};
use crate::syntax::{Dict, Object, Ref};

/// Data of a stream.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    pub data: Vec<u8>,
    /// The image filter that is still to be undone, with its parameters.
    pub packed: Option<(Vec<u8>, Option<Object>)>,
    /// They ended too early, or went wrong somewhere; what came before is here.
    pub damaged: bool,
}

/// Filters of one stream; honest ones have two.
const MAX_FILTERS: usize = 8;

/// Reads the data of a stream and undoes its filters.
///
/// # Errors
/// [`PdfError::Limit`] above `max` bytes at any step; [`PdfError::Unsupported`] for filters that are not known.
pub(super) fn unpack(
    bytes: &mut dyn Bytes,
    state: &mut State,
    id: Ref,
    loaded: &Loaded,
    max: usize,
) -> Result<Unpacked, PdfError> {
    let Some(stream) = &loaded.stream else { return Ok(Unpacked::default()) };
    let at = stream.at;
    let length = state.stream_length(bytes, stream)?;
    let too_long = PdfError::Limit { at, what: "size of a stream", limit: max as u64 };
    usize::try_from(length).ok().filter(|n| *n <= max).ok_or(too_long)?;
    let mut out = Unpacked { data: state.raw(bytes, id, loaded)?, ..Unpacked::default() };
    let filters = state.value(bytes, &stream.dict, "Filter")?;
    let parameters = state.value(bytes, &stream.dict, "DecodeParms")?;
    let filters = one_or_many(Some(&filters).filter(|f| **f != Object::Null));
    let parameters = one_or_many(Some(&parameters));
    if filters.len() > MAX_FILTERS {
        return Err(PdfError::Unsupported { at, what: "so many filters on a stream" });
    }
    for (number, filter) in filters.iter().enumerate() {
        let filter = state.resolve(bytes, filter)?;
        let own = match parameters.get(number) {
            Some(own) => state.resolve(bytes, own)?,
            None => Object::Null,
        };
        let own = own.dict();
        let name = filter.name().unwrap_or_default();
        let last = number.saturating_add(1) == filters.len();
        let data = std::mem::take(&mut out.data);
        out.data = match name {
            b"Crypt" if number == 0 => data,
            b"FlateDecode" | b"Fl" => predicted(inflate(&data, at, max, &mut out.damaged)?, own, at)?,
            b"LZWDecode" | b"LZW" => {
                let early = own.and_then(|p| p.get("EarlyChange")).and_then(Object::int) != Some(0);
                let found = lzw::decode(&data, early, max);
                predicted(found.ok_or(over(at, max))?, own, at)?
            }
            b"ASCIIHexDecode" | b"AHx" => hexadecimal(&data),
            b"ASCII85Decode" | b"A85" => base85(&data),
            b"RunLengthDecode" | b"RL" => run_lengths(&data, max).ok_or(over(at, max))?,
            b"DCTDecode" | b"DCT" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode" | b"CCF" if last => {
                out.packed = Some((name.to_vec(), own.cloned().map(Object::Dict)));
                data
            }
            _ => return Err(PdfError::Unsupported { at, what: "this filter of a stream" }),
        };
    }
    Ok(out)
}

fn over(at: u64, max: usize) -> PdfError {
    PdfError::Limit { at, what: "unpacked size of a page's streams", limit: max as u64 }
}

/// What zlib data hold, as far as they are whole: readers show that much.
fn inflate(data: &[u8], at: u64, max: usize, damaged: &mut bool) -> Result<Vec<u8>, PdfError> {
    let bound = (max as u64).saturating_add(1);
    let mut found = Vec::new();
    let mut failed = ZlibDecoder::new(data).take(bound).read_to_end(&mut found).is_err();
    if failed && found.is_empty() {
        // A header that is wrong or missing.
        for from in [2, 0] {
            let rest = data.get(from..).unwrap_or_default();
            failed = DeflateDecoder::new(rest).take(bound).read_to_end(&mut found).is_err();
            if !found.is_empty() {
                break;
            }
        }
    }
    *damaged |= failed;
    if found.len() > max {
        return Err(over(at, max));
    }
    Ok(found)
}

/// Undoes the predictor.
fn predicted(data: Vec<u8>, parameters: Option<&Dict>, at: u64) -> Result<Vec<u8>, PdfError> {
    let Some(parameters) = parameters else { return Ok(data) };
    let value = |key: &str, usual: i64| parameters.get(key).map_or(Some(usual), Object::int);
    let bad = PdfError::Unsupported { at, what: "these predictor parameters" };
    let predictor = value("Predictor", 1);
    if predictor == Some(1) {
        return Ok(data);
    }
    let (Some(colors @ 1..=32), Some(bits @ (1 | 2 | 4 | 8 | 16)), Some(columns @ 1..=1_000_000)) =
        (value("Colors", 1), value("BitsPerComponent", 8), value("Columns", 1))
    else {
        return Err(bad);
    };
    let to_bytes = |bits: i64| usize::try_from(bits.saturating_add(7) >> 3).unwrap_or(1).max(1);
    let pixel = to_bytes(colors.saturating_mul(bits));
    let row = to_bytes(colors.saturating_mul(bits).saturating_mul(columns));
    match predictor {
        Some(2) if bits >= 8 => Ok(differences(data, row, pixel, bits == 16)),
        Some(10..=15) => {
            let mut out = Vec::with_capacity(data.len());
            let mut above = vec![0_u8; row];
            for line in data.chunks(row.saturating_add(1)) {
                let Some((kind, bytes)) = line.split_first() else { continue };
                let mut now = bytes.to_vec();
                now.resize(row, 0);
                // A row of an unknown kind is taken as it is, as readers do.
                let _ = undo_row(*kind, &mut now, &above, pixel);
                out.extend(now.get(..bytes.len()).unwrap_or_default());
                above = now;
            }
            Ok(out)
        }
        _ => Err(bad),
    }
}

/// TIFF's predictor: each component is the difference from the one of the pixel before.
fn differences(mut data: Vec<u8>, row: usize, pixel: usize, wide: bool) -> Vec<u8> {
    let step = if wide { 2 } else { 1 };
    for line in data.chunks_mut(row.max(1)) {
        let mut at = pixel;
        while at < line.len() {
            let read = |line: &[u8], at: usize| {
                let first = u16::from(line.get(at).copied().unwrap_or(0));
                if wide {
                    first << 8 | u16::from(line.get(at.saturating_add(1)).copied().unwrap_or(0))
                } else {
                    first
                }
            };
            let sum = read(line, at).wrapping_add(read(line, at.saturating_sub(pixel)));
            let [high, low] = sum.to_be_bytes();
            if wide {
                if let Some([a, b]) = line.get_mut(at..at.saturating_add(2)) {
                    (*a, *b) = (high, low);
                }
            } else if let Some(byte) = line.get_mut(at) {
                *byte = low;
            }
            at = at.saturating_add(step);
        }
    }
    data
}

fn hexadecimal(data: &[u8]) -> Vec<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16).map(|d| d as u8);
    let digits: Vec<u8> = data.iter().take_while(|b| **b != b'>').filter_map(digit).collect();
    digits.chunks(2).map(|pair| pair.first().unwrap_or(&0) << 4 | pair.get(1).unwrap_or(&0)).collect()
}

fn base85(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut group: Vec<u8> = Vec::with_capacity(5);
    let data = data.strip_prefix(b"<~").unwrap_or(data);
    let word = |group: &[u8]| {
        let digits = group.iter().chain(std::iter::repeat(&84)).take(5);
        digits.fold(0_u32, |sum, d| sum.wrapping_mul(85).wrapping_add(u32::from(*d))).to_be_bytes()
    };
    for byte in data {
        match byte {
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => group.push(byte.saturating_sub(b'!')),
            b'~' => break,
            _ => {}
        }
        if group.len() == 5 {
            out.extend(word(&group));
            group.clear();
        }
    }
    if group.len() > 1 {
        out.extend(word(&group).iter().take(group.len().saturating_sub(1)));
    }
    out
}

/// `None` above the bound.
fn run_lengths(data: &[u8], max: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = data;
    while let Some((length, tail)) = rest.split_first() {
        let length = usize::from(*length);
        match length {
            128 => break,
            0..=127 => {
                let (run, tail) = tail.split_at(length.saturating_add(1).min(tail.len()));
                out.extend(run);
                rest = tail;
            }
            _ => {
                let Some((byte, tail)) = tail.split_first() else { break };
                out.extend(std::iter::repeat_n(*byte, 257_usize.saturating_sub(length)));
                rest = tail;
            }
        }
        if out.len() > max {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_runs_become_bytes() {
        assert_eq!(hexadecimal(b"48 65 6C6c 6F7>ff"), b"Hellop");
        assert_eq!(base85(b"<~87cURD]i,\"Ebo80~>rest"), b"Hello World!");
        assert_eq!(base85(b"z87cUR~>"), b"\0\0\0\0Hell");
        assert_eq!(base85(b"87cURDZ~>"), b"Hello");
        assert_eq!(run_lengths(&[2, b'a', b'b', b'c', 254, b'x', 128, 9], 100).unwrap(), b"abcxxx");
        assert_eq!(run_lengths(&[129, 0].repeat(100), 1000), None);
    }

    #[test]
    fn predictors_are_undone() {
        let parameters = |predictor: i64| {
            let mut dict = Dict::default();
            dict.set("Predictor", Object::Int(predictor));
            dict.set("Columns", Object::Int(3));
            dict
        };
        let tiff = predicted(vec![1, 1, 1, 5, 255, 0], Some(&parameters(2)), 0).unwrap();
        assert_eq!(tiff, [1, 2, 3, 5, 4, 4]);
        let png = predicted(vec![1, 1, 1, 1, 2, 1, 1, 1], Some(&parameters(12)), 0).unwrap();
        assert_eq!(png, [1, 2, 3, 2, 3, 4]);
        assert!(predicted(vec![], Some(&parameters(7)), 0).is_err());
    }

    #[test]
    fn damaged_data_are_shown_as_far_as_they_are_whole() {
        use std::io::Write;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        let plain: Vec<u8> = (0..20_000_u32).map(|n| (n * n / 7) as u8).collect();
        encoder.write_all(&plain).unwrap();
        let packed = encoder.finish().unwrap();
        let mut damaged = false;
        assert_eq!(inflate(&packed, 0, 20_000, &mut damaged).unwrap(), plain);
        assert!(!damaged);
        assert!(inflate(&packed, 0, 19_999, &mut damaged).is_err());
        let some = inflate(&packed[..packed.len() / 2], 0, 20_000, &mut damaged).unwrap();
        assert!(damaged && !some.is_empty() && plain.starts_with(&some));
        let mut headless = false;
        assert_eq!(inflate(&packed[2..], 0, 20_000, &mut headless).unwrap(), plain);
    }
}

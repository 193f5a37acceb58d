//! Stream filters that structure needs: Flate with predictors (ISO 32000-1 §7.4.4).

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::error::PdfError;
use crate::syntax::{Dict, Object};

/// Undoes the filters of a cross-reference or object stream.
///
/// # Errors
/// [`PdfError::Unsupported`] for other filters, [`PdfError::Limit`] above `max` bytes, [`PdfError::Structure`] for damaged data.
pub(crate) fn decode(dict: &Dict, data: Vec<u8>, at: u64, max: usize) -> Result<Vec<u8>, PdfError> {
    let filters = one_or_many(dict.get("Filter"));
    let parameters = one_or_many(dict.get("DecodeParms"));
    if filters.len() > 1 {
        return Err(PdfError::Unsupported { at, what: "more than one filter on a structural stream" });
    }
    let Some(filter) = filters.first() else { return Ok(data) };
    if filter.name() != Some(b"FlateDecode") {
        return Err(PdfError::Unsupported { at, what: "this filter on a structural stream" });
    }
    let plain = inflate(&data, at, max)?;
    match parameters.first().and_then(|p| p.dict()) {
        None => Ok(plain),
        Some(p) => unpredict(p, plain, at),
    }
}

pub(crate) fn one_or_many(value: Option<&Object>) -> Vec<&Object> {
    match value {
        None => Vec::new(),
        Some(Object::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    }
}

fn inflate(data: &[u8], at: u64, max: usize) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    let mut decoder = ZlibDecoder::new(data).take(max as u64 + 1);
    decoder
        .read_to_end(&mut out)
        .map_err(|_| PdfError::Structure { at, what: "compressed data are damaged" })?;
    if out.len() > max {
        return Err(PdfError::Limit { at, what: "inflated size of a stream", limit: max as u64 });
    }
    Ok(out)
}

fn unpredict(parameters: &Dict, data: Vec<u8>, at: u64) -> Result<Vec<u8>, PdfError> {
    let value = |key: &str, default: i64| parameters.get(key).map_or(Some(default), Object::int);
    let bad = PdfError::Unsupported { at, what: "these predictor parameters" };
    match value("Predictor", 1) {
        Some(1) => return Ok(data),
        Some(10..=15) => {}
        _ => return Err(bad),
    }
    let (Some(colors @ 1..=32), Some(bits @ (1 | 2 | 4 | 8 | 16)), Some(columns @ 1..=1_000_000)) =
        (value("Colors", 1), value("BitsPerComponent", 8), value("Columns", 1))
    else {
        return Err(bad);
    };
    let pixel_bits = colors.saturating_mul(bits);
    let to_bytes = |bits: i64| usize::try_from(bits.saturating_add(7) >> 3).unwrap_or(1).max(1);
    let pixel = to_bytes(pixel_bits);
    let row = to_bytes(pixel_bits.saturating_mul(columns));
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0u8; row];
    for line in data.chunks(row.saturating_add(1)) {
        let Some((kind, bytes)) = line.split_first() else { continue };
        let mut now = bytes.to_vec();
        now.resize(row, 0);
        undo_row(*kind, &mut now, &above, pixel)
            .ok_or(PdfError::Structure { at, what: "unknown predictor in a row" })?;
        out.extend(now.get(..bytes.len()).unwrap_or_default());
        above = now;
    }
    Ok(out)
}

/// Undoes the PNG filter of one row in place.
pub(crate) fn undo_row(kind: u8, row: &mut [u8], above: &[u8], pixel: usize) -> Option<()> {
    if kind > 4 {
        return None;
    }
    for i in 0..row.len() {
        let left = i.checked_sub(pixel).and_then(|j| row.get(j)).copied().unwrap_or(0);
        let up = above.get(i).copied().unwrap_or(0);
        let corner = i.checked_sub(pixel).and_then(|j| above.get(j)).copied().unwrap_or(0);
        let add = match kind {
            0 => 0,
            1 => left,
            2 => up,
            3 => u8::midpoint(left, up),
            _ => paeth(left, up, corner),
        };
        let b = row.get_mut(i)?;
        *b = b.wrapping_add(add);
    }
    Some(())
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let p = a + b - c;
    let [pa, pb, pc] = [a, b, c].map(|v| (p - v).abs());
    if pa <= pb && pa <= pc {
        left
    } else if pb <= pc {
        up
    } else {
        corner
    }
}

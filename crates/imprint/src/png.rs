//! PNG with its physical size.

use crate::color::Color;
use crate::error::ImprintError;
use crate::raster::Coverage;
use ::png::{BitDepth, ColorType, DeflateCompression, Encoder, Filter, PixelDimensions, Unit};
use std::io::Write;

/// The bytes of a PNG. Its debug text tells only how many.
#[derive(Clone, PartialEq, Eq)]
pub struct Png(pub Vec<u8>);

impl std::fmt::Debug for Png {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Png({} bytes)", self.0.len())
    }
}

/// Encodes ink of one color. Clear pixels keep the ink's color, so that no dark fringe appears when the picture is
/// scaled by a program that forgets about alpha.
pub(crate) fn encode(coverage: &Coverage, color: Color, dpi: u32) -> Result<Vec<u8>, ImprintError> {
    let width = usize::try_from(coverage.width).unwrap_or(usize::MAX);
    let rows = coverage.values.chunks_exact(width.max(1)).map(|row| {
        row.iter().flat_map(|alpha| [color.red, color.green, color.blue, *alpha]).collect::<Vec<u8>>()
    });
    write(coverage.width, coverage.height, rows, f64::from(dpi))
}

/// Encodes pixels of straight red, green, blue, alpha.
pub(crate) fn encode_rgba(width: u32, height: u32, rgba: &[u8], dpi: f64) -> Result<Vec<u8>, ImprintError> {
    let line = usize::try_from(width).unwrap_or(usize::MAX).saturating_mul(4).max(1);
    write(width, height, rgba.chunks_exact(line), dpi)
}

fn write<R: AsRef<[u8]>>(
    width: u32,
    height: u32,
    rows: impl Iterator<Item = R>,
    dpi: f64,
) -> Result<Vec<u8>, ImprintError> {
    let failed = |error: &dyn std::fmt::Display| ImprintError::Encoding { detail: error.to_string() };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    // Long runs of equal pixels: filters only hide them, and higher levels cost time without gain.
    encoder.set_deflate_compression(DeflateCompression::Level(5));
    encoder.set_filter(Filter::NoFilter);
    let per_meter = pixels_per_meter(dpi);
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_meter, yppu: per_meter, unit: Unit::Meter }));
    let mut writer = encoder.write_header().map_err(|error| failed(&error))?;
    let mut stream = writer.stream_writer().map_err(|error| failed(&error))?;
    for row in rows {
        stream.write_all(row.as_ref()).map_err(|error| failed(&error))?;
    }
    stream.finish().map_err(|error| failed(&error))?;
    writer.finish().map_err(|error| failed(&error))?;
    Ok(bytes)
}

/// The PNG chunk pHYs counts whole pixels per meter; 600 dpi are 23622.
fn pixels_per_meter(dpi: f64) -> u32 {
    (dpi / 0.0254).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolution_is_rounded_to_pixels_per_meter() {
        assert_eq!([72.0, 300.0, 600.0, 1200.0].map(pixels_per_meter), [2835, 11811, 23622, 47244]);
    }

    #[test]
    fn keeps_color_and_coverage_of_every_pixel() {
        let coverage = Coverage { width: 2, height: 2, values: vec![0, 128, 255, 1] };
        let color = Color { red: 1, green: 2, blue: 3 };
        let bytes = encode(&coverage, color, 300).unwrap();
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, [1, 2, 3, 0, 1, 2, 3, 128, 1, 2, 3, 255, 1, 2, 3, 1]);
    }
}

//! The seal's picture as PDF takes it.

use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::error::SignError;
use crate::appearance::Image;

/// Largest picture, in pixels.
pub const MAX_PIXELS: u64 = 50_000_000;

/// A picture ready to be written: samples and, where it has one, its mask.
#[derive(Debug, Clone)]
pub struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) gray: bool,
    /// `DCTDecode` for JPEG, `FlateDecode` otherwise.
    pub(super) filter: &'static str,
    pub(super) samples: Vec<u8>,
    pub(super) mask: Option<Vec<u8>>,
}

impl Picture {
    /// From a picture as a seal holds it: `kind` is its type, such as `PNG`.
    ///
    /// # Errors
    /// [`SignError::PictureType`] for types other than PNG and JPEG; [`SignError::Picture`] where it cannot be decoded.
    pub fn decode(kind: &str, data: &[u8]) -> Result<Self, SignError> {
        if data.starts_with(b"\x89PNG\r\n\x1a\n") {
            png(data)
        } else if data.starts_with(&[0xff, 0xd8, 0xff]) {
            jpeg(data)
        } else {
            Err(SignError::PictureType { kind: kind.chars().take(32).collect() })
        }
    }

    /// Whether an image shows exactly this picture.
    pub fn is(&self, image: &Image) -> bool {
        let plain = |data: &[u8]| {
            let mut out = Vec::new();
            // It was deflated here, from a picture within bounds.
            ZlibDecoder::new(data).read_to_end(&mut out).ok().map(|_| out)
        };
        let jpeg = self.filter == "DCTDecode";
        let samples = if jpeg { Some(self.samples.clone()) } else { plain(&self.samples) };
        let size = (i64::from(self.width), i64::from(self.height));
        (image.width, image.height, image.gray, image.jpeg) == (size.0, size.1, self.gray, jpeg)
            && samples.as_deref() == Some(&image.samples)
            && self.mask.as_deref().and_then(plain) == image.mask
    }

    /// Whether parts of it are transparent.
    pub fn transparent(&self) -> bool {
        self.mask.is_some()
    }
}

fn bad(e: impl std::fmt::Display) -> SignError {
    SignError::Picture(e.to_string())
}

fn png(data: &[u8]) -> Result<Picture, SignError> {
    let bytes = usize::try_from(MAX_PIXELS.saturating_mul(4)).unwrap_or(usize::MAX);
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(data), png::Limits { bytes });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(bad)?;
    let (width, height) = (reader.info().width, reader.info().height);
    if u64::from(width).saturating_mul(u64::from(height)) > MAX_PIXELS {
        return Err(bad("too many pixels"));
    }
    let size = reader.output_buffer_size().ok_or_else(|| bad("too many pixels"))?;
    let mut buffer = vec![0; size];
    let frame = reader.next_frame(&mut buffer).map_err(bad)?;
    let samples = buffer.get(..frame.buffer_size()).unwrap_or(&buffer);
    let (colors, alpha) = match frame.color_type {
        png::ColorType::Grayscale => (1, false),
        png::ColorType::GrayscaleAlpha => (1, true),
        png::ColorType::Rgb => (3, false),
        png::ColorType::Rgba => (3, true),
        png::ColorType::Indexed => return Err(bad("palette")),
    };
    let gray = colors == 1;
    if !alpha {
        let samples = deflate(samples)?;
        return Ok(Picture { width, height, gray, filter: "FlateDecode", samples, mask: None });
    }
    let mut color = Vec::with_capacity(samples.len());
    let mut mask = Vec::with_capacity(samples.len() / 2);
    for pixel in samples.chunks_exact(colors + 1) {
        if let Some((a, c)) = pixel.split_last() {
            color.extend_from_slice(c);
            mask.push(*a);
        }
    }
    let (samples, mask) = (deflate(&color)?, deflate(&mask)?);
    Ok(Picture { width, height, gray, filter: "FlateDecode", samples, mask: Some(mask) })
}

/// JPEG goes in as it is; only its frame header is read.
fn jpeg(data: &[u8]) -> Result<Picture, SignError> {
    let mut rest = data.get(2..).unwrap_or_default();
    loop {
        let [0xff, marker, tail @ ..] = rest else { return Err(bad("no JPEG frame")) };
        if *marker == 0xff {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let [high, low, ..] = tail else { return Err(bad("no JPEG frame")) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let frame = matches!(marker, 0xc0..=0xc2);
        if frame {
            let [_, _, bits, h1, h2, w1, w2, components, ..] = tail else { return Err(bad("no JPEG frame")) };
            let height = u32::from(u16::from_be_bytes([*h1, *h2]));
            let width = u32::from(u16::from_be_bytes([*w1, *w2]));
            let gray = match (bits, components) {
                (8, 1) => true,
                (8, 3) => false,
                _ => return Err(bad("a JPEG of this depth or number of colors")),
            };
            if width == 0 || height == 0 {
                return Err(bad("a JPEG without size"));
            }
            let samples = data.to_vec();
            return Ok(Picture { width, height, gray, filter: "DCTDecode", samples, mask: None });
        }
        if length < 2 || *marker == 0xda {
            return Err(bad("no JPEG frame"));
        }
        rest = tail.get(length..).unwrap_or_default();
    }
}

fn deflate(data: &[u8]) -> Result<Vec<u8>, SignError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).map_err(bad)?;
    encoder.finish().map_err(bad)
}

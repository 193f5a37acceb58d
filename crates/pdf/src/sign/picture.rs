//! The seal's picture as PDF takes it.

use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::error::SignError;
use crate::appearance::{Colors, Drawn, Image};
use crate::paths::Paths;

/// Largest picture, in pixels.
pub const MAX_PIXELS: u64 = 50_000_000;

/// A picture ready to be written.
#[derive(Debug, Clone)]
pub struct Picture {
    pub(super) what: What,
    transparent: bool,
}

/// What it is made of.
#[derive(Debug, Clone)]
pub(super) enum What {
    Samples(Samples),
    Paths { paths: Paths, deflated: Vec<u8> },
}

/// Samples and, where it has one, its mask.
#[derive(Debug, Clone)]
pub(super) struct Samples {
    pub width: u32,
    pub height: u32,
    pub colors: Colors,
    /// `DCTDecode` for JPEG, `FlateDecode` otherwise.
    pub filter: &'static str,
    pub samples: Vec<u8>,
    pub mask: Option<Vec<u8>>,
}

impl Picture {
    /// From a file of PNG or JPEG: `kind` is the type that the seal states.
    ///
    /// # Errors
    /// [`SignError::PictureType`] for other types, which [`Picture::rgba`] and [`Picture::paths`] take decoded;
    /// [`SignError::Picture`] where it cannot be decoded.
    pub fn decode(kind: &str, data: &[u8]) -> Result<Self, SignError> {
        if data.starts_with(b"\x89PNG\r\n\x1a\n") {
            png(data).map(Into::into)
        } else if data.starts_with(&[0xff, 0xd8, 0xff]) {
            jpeg(data).map(Into::into)
        } else {
            Err(SignError::PictureType { kind: kind.chars().take(32).collect() })
        }
    }

    /// From pixels: red, green, blue and straight alpha of each, row by row from the top.
    ///
    /// # Errors
    /// [`SignError::Picture`] where there are none, too many, or not as many as the size says.
    pub fn rgba(width: u32, height: u32, rgba: &[u8]) -> Result<Self, SignError> {
        let count = u64::from(width).saturating_mul(u64::from(height));
        if count == 0 || count > MAX_PIXELS || count.saturating_mul(4) != rgba.len() as u64 {
            return Err(bad("its size is not that of its pixels, or there are too many"));
        }
        apart(rgba, 3, width, height).map(Into::into)
    }

    /// From paths; `ink` where nothing shines through them.
    ///
    /// # Errors
    /// [`SignError::Picture`] where they cannot be packed.
    pub fn paths(paths: Paths, ink: bool) -> Result<Self, SignError> {
        let deflated = deflate(&paths.content)?;
        Ok(Self { what: What::Paths { paths, deflated }, transparent: !ink })
    }

    /// Whether a widget shows exactly this picture; `None` where what it shows is of another kind, which cannot be compared.
    pub fn is(&self, drawn: &Drawn) -> Option<bool> {
        match (&self.what, drawn) {
            (What::Samples(own), Drawn::Image(image)) => Some(own.is(image)),
            (What::Paths { paths, .. }, Drawn::Paths(shown)) => Some(paths == shown),
            _ => None,
        }
    }

    /// Whether parts of it are transparent.
    pub fn transparent(&self) -> bool {
        self.transparent
    }
}

impl From<Samples> for Picture {
    fn from(samples: Samples) -> Self {
        Self { transparent: samples.mask.is_some(), what: What::Samples(samples) }
    }
}

impl Samples {
    fn is(&self, image: &Image) -> bool {
        let plain = |data: &[u8]| {
            let mut out = Vec::new();
            // It was deflated here, from a picture within bounds.
            ZlibDecoder::new(data).read_to_end(&mut out).ok().map(|_| out)
        };
        let jpeg = self.filter == "DCTDecode";
        let samples = if jpeg { Some(self.samples.clone()) } else { plain(&self.samples) };
        let size = (i64::from(self.width), i64::from(self.height));
        (image.width, image.height, image.colors, image.jpeg) == (size.0, size.1, self.colors, jpeg)
            && samples.as_deref() == Some(&image.samples)
            // A mask that lets nothing through anywhere is none.
            && self.mask.as_deref().and_then(plain).as_ref() == image.mask.as_ref().filter(|m| m.iter().any(|a| *a != 255))
    }
}

fn bad(e: impl std::fmt::Display) -> SignError {
    SignError::Picture(e.to_string())
}

fn png(data: &[u8]) -> Result<Samples, SignError> {
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
    if alpha {
        return apart(samples, colors, width, height);
    }
    let samples = deflate(samples)?;
    Ok(Samples { width, height, colors: of_count(colors), filter: "FlateDecode", samples, mask: None })
}

fn of_count(colors: usize) -> Colors {
    if colors == 1 { Colors::Gray } else { Colors::Rgb }
}

/// Takes pixels of `colors` colors and alpha apart; one that nowhere lets anything through is none.
fn apart(pixels: &[u8], colors: usize, width: u32, height: u32) -> Result<Samples, SignError> {
    let mut color = Vec::with_capacity(pixels.len());
    let mut mask = Vec::with_capacity(pixels.len() / 2);
    for pixel in pixels.chunks_exact(colors.saturating_add(1)) {
        if let Some((a, c)) = pixel.split_last() {
            color.extend_from_slice(c);
            mask.push(*a);
        }
    }
    let samples = deflate(&color)?;
    let mask = if mask.iter().all(|a| *a == 255) { None } else { Some(deflate(&mask)?) };
    Ok(Samples { width, height, colors: of_count(colors), filter: "FlateDecode", samples, mask })
}

/// JPEG goes in as it is; only its frame header is read.
fn jpeg(data: &[u8]) -> Result<Samples, SignError> {
    let mut adobe = false;
    let mut rest = data.get(2..).unwrap_or_default();
    loop {
        let [0xff, marker, tail @ ..] = rest else { return Err(bad("no JPEG frame")) };
        if *marker == 0xff {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        let [high, low, ..] = tail else { return Err(bad("no JPEG frame")) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        adobe |= *marker == 0xee && tail.get(2..).is_some_and(|t| t.starts_with(b"Adobe"));
        let frame = matches!(marker, 0xc0..=0xc2);
        if frame {
            let [_, _, bits, h1, h2, w1, w2, components, ..] = tail else { return Err(bad("no JPEG frame")) };
            let height = u32::from(u16::from_be_bytes([*h1, *h2]));
            let width = u32::from(u16::from_be_bytes([*w1, *w2]));
            let colors = match (bits, components) {
                (8, 1) => Colors::Gray,
                (8, 3) => Colors::Rgb,
                // With Adobe's marker, 0 is full ink.
                (8, 4) if adobe => Colors::CmykTurned,
                (8, 4) => Colors::Cmyk,
                _ => return Err(bad("a JPEG of this depth or number of colors")),
            };
            if width == 0 || height == 0 {
                return Err(bad("a JPEG without size"));
            }
            let samples = data.to_vec();
            return Ok(Samples { width, height, colors, filter: "DCTDecode", samples, mask: None });
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

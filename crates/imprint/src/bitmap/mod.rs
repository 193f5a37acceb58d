//! Pictures from outside, decoded within limits.

mod resolution;
mod vector;

use crate::error::ImprintError;
use crate::picture::{Picture, PictureKind};
use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Largest file, in bytes.
pub const MAX_PICTURE_BYTES: usize = 32 << 20;
/// Most pixels: an A4 page at 600 dpi. Decoded they take 4 bytes each.
pub const MAX_PIXELS: u64 = 36_000_000;
/// Longest side in pixels.
pub const MAX_SIDE: u32 = 16_000;
/// What a decoder may allocate beside the result, in bytes.
const MAX_ALLOC: u64 = 400 << 20;

/// A picture of PNG, JPEG, BMP or SVG, as straight RGBA of 8 bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Bitmap {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Four bytes a pixel, row by row from the top.
    pub(crate) rgba: Vec<u8>,
    /// Pixels per inch across and down, where the file says so.
    pub(crate) dpi: Option<(f64, f64)>,
}

impl Bitmap {
    /// Decodes a file: its kind is told by its first bytes. A broken or cut file is refused, never shown in part.
    ///
    /// # Errors
    /// `IMPRINT_PICTURE_FORMAT`, `IMPRINT_PICTURE_TOO_LARGE`, `IMPRINT_PICTURE_BROKEN`.
    pub fn decode(bytes: &[u8]) -> Result<Self, ImprintError> {
        if bytes.len() > MAX_PICTURE_BYTES {
            return Err(too_large(format!("{} bytes", bytes.len())));
        }
        let probe = Picture::probe(bytes);
        let format = match probe.kind {
            PictureKind::Png => ImageFormat::Png,
            PictureKind::Jpg => ImageFormat::Jpeg,
            PictureKind::Bmp => ImageFormat::Bmp,
            PictureKind::Svg => return vector::decode(bytes),
            other => return Err(ImprintError::PictureFormat { found: other.name() }),
        };
        let broken = |detail: String| ImprintError::PictureBroken { detail };
        let (Some(width), Some(height)) = (probe.width_px, probe.height_px) else {
            return Err(broken("its head states no size".to_owned()));
        };
        // Before anything is decoded: a bomb says in its head how large it would become.
        within_limits(width, height)?;
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_ALLOC);
        reader.limits(limits);
        let image = reader.decode().map_err(|error| broken(error.to_string()))?;
        let dpi = resolution::stated(bytes, probe.kind);
        Self::of(image, dpi)
    }

    fn of(image: DynamicImage, dpi: Option<(f64, f64)>) -> Result<Self, ImprintError> {
        let image = image.into_rgba8();
        let (width, height) = image.dimensions();
        within_limits(width, height)?;
        Ok(Self { width, height, rgba: image.into_raw(), dpi })
    }

    /// Width and height in pixels.
    pub fn size_px(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Pixels per inch across and down, where the file says so.
    pub fn dpi(&self) -> Option<(f64, f64)> {
        self.dpi
    }

    /// Width and height in mm that pixels and stated resolution make, if there is one.
    pub fn size_mm(&self) -> Option<(f64, f64)> {
        self.dpi.map(|(x, y)| (f64::from(self.width) / x * 25.4, f64::from(self.height) / y * 25.4))
    }

    /// The pixels as red, green, blue, alpha.
    pub(crate) fn pixels(&self) -> impl Iterator<Item = [u8; 4]> + '_ {
        self.rgba.as_chunks::<4>().0.iter().copied()
    }
}

pub(crate) fn within_limits(width: u32, height: u32) -> Result<(), ImprintError> {
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    if width > MAX_SIDE || height > MAX_SIDE || pixels > MAX_PIXELS {
        return Err(too_large(format!("{width}×{height} pixels")));
    }
    Ok(())
}

fn too_large(what: String) -> ImprintError {
    ImprintError::PictureTooLarge { what }
}

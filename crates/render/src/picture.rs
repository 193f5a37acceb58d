//! The page's picture in pixels.

use std::io::Write;

use ::png::{BitDepth, ColorType, Compression, Encoder, PixelDimensions, Unit};
use tiny_skia::{Color, Pixmap, Transform};

use crate::error::RenderError;
use crate::limits::RenderLimits;
use crate::note::Note;
use crate::page::Page;
use crate::raster::Raster;

/// Smallest resolution of a page, in dots per inch.
pub const MIN_DPI: u32 = 10;
/// Largest resolution of a page, in dots per inch.
pub const MAX_DPI: u32 = 2400;

/// Pixels of a page on white paper.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Dots per inch.
    pub dpi: u32,
    /// Red, green, blue of each pixel, row by row from the top.
    pub rgb: Vec<u8>,
    /// What is missing beyond the page's own notes.
    pub notes: Vec<Note>,
}

impl Page {
    /// Draws the page at `dpi` dots per inch on white paper.
    ///
    /// # Errors
    /// [`RenderError::DpiOutOfRange`], [`RenderError::TooManyPixels`].
    pub fn draw(&self, dpi: u32, limits: &RenderLimits) -> Result<Picture, RenderError> {
        if !(MIN_DPI..=MAX_DPI).contains(&dpi) {
            return Err(RenderError::DpiOutOfRange { dpi, min: MIN_DPI, max: MAX_DPI });
        }
        let (wide, high) = self.size_mm();
        let pixels = |mm: f64| (mm / 25.4 * f64::from(dpi)).round().max(1.0);
        let (width, height) = (pixels(wide), pixels(high));
        let too_many = || RenderError::TooManyPixels {
            width: width as u64,
            height: height as u64,
            limit: limits.max_pixels,
        };
        if width * height > limits.max_pixels as f64 {
            return Err(too_many());
        }
        let mut target = Pixmap::new(width as u32, height as u32).ok_or_else(too_many)?;
        target.fill(Color::WHITE);
        let map = Transform::from_scale((width / wide) as f32, (height / high) as f32);
        let mut raster = Raster { left: limits.max_work, cut: false };
        raster.draw(&self.items, map, &mut target);
        let mut notes = Vec::new();
        if raster.cut {
            notes.push(Note {
                code: "WORK_LIMIT",
                part: self.part.clone(),
                object: None,
                detail: "drawing took more work than the limit allows; the rest is left out".into(),
                count: 1,
            });
        }
        // White paper is opaque, and so is everything on it.
        let mut rgb = Vec::with_capacity(target.pixels().len().saturating_mul(3));
        for pixel in target.pixels() {
            rgb.extend_from_slice(&[pixel.red(), pixel.green(), pixel.blue()]);
        }
        Ok(Picture { width: width as u32, height: height as u32, dpi, rgb, notes })
    }
}

impl Picture {
    /// The picture as PNG with its physical size.
    ///
    /// # Errors
    /// [`RenderError::Encoding`].
    pub fn to_png(&self) -> Result<Vec<u8>, RenderError> {
        let failed = |error: &dyn std::fmt::Display| RenderError::Encoding { detail: error.to_string() };
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, self.width, self.height);
        // Most pages are black on white: a third of the bytes say the same.
        let gray = gray(&self.rgb);
        encoder.set_color(if gray.is_some() { ColorType::Grayscale } else { ColorType::Rgb });
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::Fast);
        let per_meter = (f64::from(self.dpi) / 0.0254).round() as u32;
        encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_meter, yppu: per_meter, unit: Unit::Meter }));
        let mut writer = encoder.write_header().map_err(|error| failed(&error))?;
        writer.write_image_data(gray.as_deref().unwrap_or(&self.rgb)).map_err(|error| failed(&error))?;
        writer.finish().map_err(|error| failed(&error))?;
        bytes.flush().map_err(|error| failed(&error))?;
        Ok(bytes)
    }
}

/// One byte for each pixel, where no pixel has a color.
fn gray(rgb: &[u8]) -> Option<Vec<u8>> {
    let mut values = Vec::with_capacity(rgb.len() / 3);
    for pixel in rgb.chunks_exact(3) {
        let &[red, green, blue] = pixel else { return None };
        if red != green || green != blue {
            return None;
        }
        values.push(red);
    }
    Some(values)
}

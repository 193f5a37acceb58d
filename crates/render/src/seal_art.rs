//! A seal's picture as a PDF takes it: paths where it is made of paths, pixels otherwise.

use tiny_skia::{Pixmap, Transform};
use yinxin_formats::ses::{PictureFormat, SealPicture};
use yinxin_ofd::Rect;
use yinxin_pdf::Paths;

use crate::art_note::ArtNote;
use crate::fonts::FontSet;
use crate::image_object::decode;
use crate::limits::RenderLimits;
use crate::list::{Item, Pixels};
use crate::raster::Raster;
use crate::seals::{ofd_page, stretched};
use crate::svg::png;
use crate::{pdf_paths, svg_picture};

/// What becomes of the picture.
#[derive(Debug, Clone)]
pub enum Art {
    /// Paths of exact measure.
    Paths {
        /// The content of a form.
        paths: Paths,
        /// Whether it is laid on as ink, because nothing shines through it.
        ink: bool,
    },
    /// Pixels, row by row from the top.
    Pixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Red, green, blue and straight alpha of each.
        rgba: Vec<u8>,
    },
}

/// A seal's picture for a PDF.
#[derive(Debug, Clone)]
pub struct SealArt {
    /// The picture.
    pub art: Art,
    /// Why a picture of paths became pixels (at 600 dpi), and what is missing or shown otherwise.
    pub notes: Vec<ArtNote>,
}

/// A seal's picture as PNG for who shows it apart from pages, transparent where nothing is: of paths at 600 dpi, of pixels as many as it has.
///
/// # Errors
/// Why it cannot be shown, in English.
pub fn seal_png(picture: &SealPicture, limits: &RenderLimits) -> Result<Vec<u8>, String> {
    let area = area(picture)?;
    let pixels = match PictureFormat::sniff(&picture.data).or_else(|| picture.format()) {
        Some(PictureFormat::Svg) => {
            svg_picture::pixels(&svg_picture::tree(&picture.data)?, &area, limits.max_image_pixels)?
        }
        Some(PictureFormat::Ofd) => {
            let page = ofd_page(&picture.data, &FontSet::builtin(), limits, 0)?;
            drawn(&stretched(page, &area), &area, limits)?
        }
        _ => decode(&picture.data, limits.max_image_pixels)?,
    };
    png(&pixels).ok_or_else(|| "the picture has no pixels".into())
}

/// Millimeters on a side of a picture.
const SIDES: std::ops::RangeInclusive<u64> = 1..=1000;

/// Makes of a seal's picture what a PDF can show. Letters of an OFD picture whose font is not inside are drawn with the built-in one.
///
/// # Errors
/// Why it cannot be shown, in English.
pub fn seal_art(picture: &SealPicture, limits: &RenderLimits) -> Result<SealArt, String> {
    let area = area(picture)?;
    let mut notes = Vec::new();
    let format = PictureFormat::sniff(&picture.data).or_else(|| picture.format());
    let art = match format {
        Some(PictureFormat::Svg) => {
            if svg_picture::has_letters(&picture.data) {
                notes.push(ArtNote::Letters);
            }
            let tree = svg_picture::tree(&picture.data)?;
            let drawn = svg_picture::items(&tree, &area).and_then(|items| {
                let paths = pdf_paths::paths(&items, &area)?;
                Ok(Art::Paths { paths, ink: svg_picture::covers(&items, &area) })
            });
            drawn.or_else(|why| {
                notes.push(ArtNote::Pixels(why));
                svg_picture::pixels(&tree, &area, limits.max_image_pixels).map(Art::from)
            })?
        }
        Some(PictureFormat::Ofd) => {
            let page = ofd_page(&picture.data, &FontSet::builtin(), limits, 0)?;
            notes.extend(page.notes.iter().cloned().map(ArtNote::Page));
            let items = stretched(page, &area);
            match pdf_paths::paths(&items, &area) {
                // A page is paper: its seal is laid on as ink, as on the pages of an OFD.
                Ok(paths) => Art::Paths { paths, ink: true },
                Err(why) => {
                    notes.push(ArtNote::Pixels(why));
                    drawn(&items, &area, limits)?.into()
                }
            }
        }
        _ => decode(&picture.data, limits.max_image_pixels)?.into(),
    };
    Ok(SealArt { art, notes })
}

impl From<Pixels> for Art {
    fn from(Pixels { width, height, rgba }: Pixels) -> Self {
        Self::Pixels { width, height, rgba }
    }
}

/// The box of a picture, in mm.
fn area(picture: &SealPicture) -> Result<Rect, String> {
    if !SIDES.contains(&picture.width_mm) || !SIDES.contains(&picture.height_mm) {
        return Err("the picture's size is beyond reason".into());
    }
    Ok(Rect::new(0.0, 0.0, picture.width_mm as f64, picture.height_mm as f64))
}

/// Items in pixels, at 600 dpi.
fn drawn(items: &[Item], area: &Rect, limits: &RenderLimits) -> Result<Pixels, String> {
    let pixels = |mm: f64| (mm * svg_picture::DENSITY).ceil().clamp(1.0, 3000.0) as u32;
    let (width, height) = (pixels(area.width), pixels(area.height));
    let mut target = Pixmap::new(width, height).ok_or("the picture has no size")?;
    let map = Transform::from_scale(width as f32 / area.width as f32, height as f32 / area.height as f32);
    let mut raster = Raster { left: limits.max_work, cut: false };
    raster.draw(items, map, &mut target);
    if raster.cut {
        return Err("drawing the picture takes more work than the limit allows".into());
    }
    Ok(Pixels { width, height, rgba: target.take_demultiplied() })
}

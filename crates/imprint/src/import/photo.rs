//! Scan or photo: its ink, its colors, the pictures of the steps.

use super::STEP_SIDE;
use super::find::Place;
use crate::bitmap::Bitmap;
use crate::error::ImprintError;
use crate::geometry::Point;
use crate::ink::{INKED, Ink};
use crate::png;
use crate::raster::Coverage;
use std::f64::consts::TAU;

/// Saturation from which on red counts as ink, of 255: pale prints have more, warm paper less.
const PALE: u8 = 40;
/// Ink must cover at least this share of the picture.
const LEAST_INK: f64 = 0.002;
/// Pixels of other strong colors beside this many of red are not paper and print.
const OTHER_COLORS: f64 = 0.7;

/// What was clear becomes white paper.
pub(super) fn on_white(mut bitmap: Bitmap) -> Bitmap {
    for pixel in bitmap.rgba.as_chunks_mut::<4>().0 {
        let [r, g, b, alpha] = *pixel;
        let mix = |c: u8| {
            let (c, alpha) = (u32::from(c), u32::from(alpha));
            ((c * alpha + 255 * (255_u32.saturating_sub(alpha))) / 255) as u8
        };
        *pixel = [mix(r), mix(g), mix(b), 255];
    }
    bitmap
}

/// How red a pixel is as a share of its brightness, so that shadow on the paper changes nothing.
fn saturation([r, g, b, _]: [u8; 4]) -> u8 {
    let red = r.saturating_sub(g.max(b));
    // Blue and green far apart are orange or violet, and noise of the dark has any hue.
    if r < 60 || g.abs_diff(b) > 70 {
        return 0;
    }
    (u32::from(red) * 255 / u32::from(r)) as u8
}

/// The red ink; what the usual strong ink has counts as full.
pub(super) fn ink(bitmap: &Bitmap) -> Result<Ink, ImprintError> {
    let mut values: Vec<u8> = bitmap.pixels().map(saturation).collect();
    let mut strong: Vec<u8> = values.iter().copied().filter(|v| *v >= PALE).collect();
    let share = strong.len() as f64 / values.len().max(1) as f64;
    if share < LEAST_INK {
        let detail = format!("only {:.2} % of it is red", share * 100.0);
        return Err(ImprintError::NothingFound { detail });
    }
    strong.sort_unstable();
    let full = strong.get(strong.len().saturating_mul(7) / 10).copied().unwrap_or(255).max(PALE);
    let full = u32::from(full);
    values.iter_mut().for_each(|v| *v = (u32::from(*v) * 255 / full).min(255) as u8);
    let side = |px: u32| usize::try_from(px).unwrap_or(0);
    Ok(Ink { width: side(bitmap.width), height: side(bitmap.height), values })
}

/// A picture full of other colors is a photo of something else, or a seal on a colored ground: its ink cannot be told.
pub(super) fn refuse_many_colors(bitmap: &Bitmap) -> Result<(), ImprintError> {
    let (mut red, mut other) = (0_usize, 0_usize);
    for pixel in bitmap.pixels() {
        let [r, g, b, _] = pixel;
        if saturation(pixel) >= PALE {
            red = red.saturating_add(1);
        } else if r.max(g).max(b).abs_diff(r.min(g).min(b)) > 80 {
            other = other.saturating_add(1);
        }
    }
    let share = other as f64 / red.saturating_add(other).max(1) as f64;
    let pixels = bitmap.rgba.len() / 4;
    if share > OTHER_COLORS / (1.0 + OTHER_COLORS) && other.saturating_mul(100) > pixels {
        return Err(ImprintError::TooManyColors { other_percent: (share * 100.0).round() as u32 });
    }
    Ok(())
}

/// The source, smaller, and if found with its outline in blue.
pub(super) fn source_step(bitmap: &Bitmap, place: Option<&Place>) -> Result<Vec<u8>, ImprintError> {
    let longer = bitmap.width.max(bitmap.height).max(1);
    let factor = (f64::from(STEP_SIDE) / f64::from(longer)).min(1.0);
    let side = |px: u32| (f64::from(px) * factor).round().max(1.0) as u32;
    let (width, height) = (side(bitmap.width), side(bitmap.height));
    let mut rgba = Vec::with_capacity(bitmap.rgba.len());
    for y in 0..height {
        for x in 0..width {
            rgba.extend(color_at(bitmap, (f64::from(x) + 0.5) / factor, (f64::from(y) + 0.5) / factor));
        }
    }
    if let Some(place) = place {
        for step in 0..4000_u32 {
            let p = place.outline(TAU * f64::from(step) / 4000.0);
            for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
                mark(&mut rgba, (width, height), p.x * factor + dx, p.y * factor + dy);
            }
        }
    }
    png::encode_rgba(width, height, &rgba, 96.0)
}

fn mark(rgba: &mut [u8], (width, height): (u32, u32), x: f64, y: f64) {
    if !(0.0..f64::from(width)).contains(&x) || !(0.0..f64::from(height)).contains(&y) {
        return;
    }
    let at = usize::try_from(y as u32).unwrap_or(0).saturating_mul(usize::try_from(width).unwrap_or(0));
    let at = at.saturating_add(usize::try_from(x as u32).unwrap_or(0)).saturating_mul(4);
    if let Some(pixel) = rgba.get_mut(at..at.saturating_add(4)) {
        pixel.copy_from_slice(&[0, 0x50, 0xD0, 255]);
    }
}

fn color_at(bitmap: &Bitmap, x: f64, y: f64) -> [u8; 4] {
    if !(x >= 0.0 && y >= 0.0 && x < f64::from(bitmap.width) && y < f64::from(bitmap.height)) {
        return [255; 4];
    }
    let index = |v: f64| usize::try_from(v as u32).unwrap_or(0);
    let at = index(y).saturating_mul(index(f64::from(bitmap.width))).saturating_add(index(x));
    bitmap.rgba.as_chunks::<4>().0.get(at).copied().unwrap_or([255; 4])
}

/// The seal upright and cropped, in the source's colors.
pub(super) fn straightened_step(bitmap: &Bitmap, place: &Place) -> Result<Vec<u8>, ImprintError> {
    let factor = f64::from(STEP_SIDE) / 2.0 / place.a.max(place.b);
    let side = |half: f64| (2.0 * half * factor).round().max(1.0) as u32;
    let (width, height) = (side(place.a), side(place.b));
    let mut rgba = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let share = |v: u32, side: u32| (f64::from(v) + 0.5) / f64::from(side) * 2.0 - 1.0;
            let p = place.pixel(Point::new(share(x, width), share(y, height)));
            rgba.extend(color_at(bitmap, p.x, p.y));
        }
    }
    png::encode_rgba(width, height, &rgba, 96.0)
}

/// The ink in black on white.
pub(super) fn ink_step(coverage: &Coverage) -> Result<Vec<u8>, ImprintError> {
    let gray = |v: &u8| {
        let v = 255_u8.saturating_sub(if *v >= INKED { 255 } else { *v });
        [v, v, v, 255]
    };
    let rgba: Vec<u8> = coverage.values.iter().flat_map(gray).collect();
    png::encode_rgba(coverage.width, coverage.height, &rgba, 96.0)
}

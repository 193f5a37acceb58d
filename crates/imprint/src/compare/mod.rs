//! Compares an imprint with the filed one.
//!
//! Both are brought to 12 pixels a millimeter. The second is moved, turned (up to 12°) and scaled (up to 6 %) until as much ink as
//! possible lies on the ink of the first: coarsely on a small picture first, then in ever smaller steps. Ink that finds ink of
//! the other within 0.2 mm agrees; edges of scans and prints vary by that much. Nothing depends on chance or time: the same
//! pictures give the same figures.
//!
//! The score is the share of agreeing ink of both. A single wrong character among forty changes it by 1 % only, so a second figure
//! decides as well: the ink that disagrees in the worst spot of 3 × 3 mm, as a share of what would fill it. Thresholds
//! ([`SAME_SCORE`], [`SAME_SPOT`]) stand between what was measured on scans of one seal and on seals with one character
//! exchanged; see `docs/benchmarks/imprints.md`. What differs by less than 0.2 mm, such as one digit of a small code, is not seen.

mod align;
mod picture;

use crate::bitmap::Bitmap;
use crate::error::ImprintError;
use crate::ink::{INKED, Ink};
use crate::png::Png;
use align::{Pose, best};
use serde::Serialize;

/// From this score on imprints may be the same.
pub const SAME_SCORE: f64 = 0.99;
/// Up to this share of disagreeing ink in the worst spot imprints may be the same.
pub const SAME_SPOT: f64 = 0.025;
/// Up to this difference in size they may be the same: 0.6 mm at 42 mm.
pub const SAME_SCALE: f64 = 0.015;
/// Resolution at which ink is compared, pixels a mm.
const PER_MM: f64 = 12.0;
/// Ink within this distance agrees, in pixels: 0.2 mm.
const REACH: usize = 2;
/// Side of a spot, in pixels: 3 mm.
const SPOT: usize = 36;
/// Largest imprint, in mm.
const MAX_MM: f64 = 80.0;

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Share of the ink of both that agrees, 0 to 1.
    pub score: f64,
    /// Share of disagreeing ink in the worst spot of 3 × 3 mm, 0 to 1.
    pub worst_spot: f64,
    /// Where that spot's middle is, in mm from the left and the top of the filed imprint.
    pub worst_at_mm: (f64, f64),
    /// By how many degrees the second is turned clockwise against the filed one.
    pub turned_degrees: f64,
    /// By how much the second is larger than the filed one; 1 is equal.
    pub scale: f64,
    /// Whether all three are within the thresholds.
    pub same: bool,
    /// Gray: both · red: only the filed one · blue: only the other.
    #[serde(skip)]
    pub difference: Png,
}

/// Compares `other` with `filed`. Sizes in mm are those the pictures state, or `mm` (width, height) where they are given.
///
/// # Errors
/// [`ImprintError::SizeUnknown`], [`ImprintError::NothingFound`] where one picture shows no ink, [`ImprintError::SizeOutOfRange`] above
/// 80 mm.
pub fn compare(
    filed: &Bitmap,
    other: &Bitmap,
    filed_mm: Option<(f64, f64)>,
    other_mm: Option<(f64, f64)>,
) -> Result<Comparison, ImprintError> {
    let a = at_resolution(filed, filed_mm)?;
    let b = at_resolution(other, other_mm)?;
    let pose = best(&a, &b).ok_or_else(|| ImprintError::NothingFound { detail: "no ink".to_owned() })?;
    let placed = pose.apply(&b, a.width, a.height);
    Ok(judge(&a, &placed, &pose))
}

/// The ink at the resolution of comparison.
fn at_resolution(bitmap: &Bitmap, mm: Option<(f64, f64)>) -> Result<Ink, ImprintError> {
    let (width_mm, height_mm) = mm.or_else(|| bitmap.size_mm()).ok_or(ImprintError::SizeUnknown)?;
    for size_mm in [width_mm, height_mm] {
        if !(1.0..=MAX_MM).contains(&size_mm) {
            return Err(ImprintError::SizeOutOfRange { size_mm, min_mm: 1.0, max_mm: MAX_MM });
        }
    }
    let (ink, _) = Ink::of(bitmap);
    let pixels = |mm: f64| (mm * PER_MM).round().max(1.0) as usize;
    let (width, height) = (pixels(width_mm), pixels(height_mm));
    if ink.width >= width && ink.height >= height {
        return Ok(ink.reduced(width, height));
    }
    // A coarse picture is drawn larger, smoothly.
    let (across, down) = (ink.width as f64 / width as f64, ink.height as f64 / height as f64);
    let mut values = Vec::with_capacity(width.saturating_mul(height));
    for y in 0..height {
        for x in 0..width {
            values.push(ink.sample((x as f64 + 0.5) * across, (y as f64 + 0.5) * down) as u8);
        }
    }
    Ok(Ink { width, height, values })
}

fn judge(a: &Ink, b: &Ink, pose: &Pose) -> Comparison {
    let (near_a, near_b) = (spread(a), spread(b));
    let inked = |v: u8| v >= INKED;
    let (mut agreeing, mut total) = (0_usize, 0_usize);
    let mut differs = Vec::with_capacity(a.values.len());
    for (((own, other), near_own), near_other) in a.values.iter().zip(&b.values).zip(&near_a).zip(&near_b) {
        let (of_a, of_b) = (inked(*own), inked(*other));
        let (lone_a, lone_b) = (of_a && !near_other, of_b && !near_own);
        let count = usize::from(of_a).saturating_add(usize::from(of_b));
        let lone = usize::from(lone_a).saturating_add(usize::from(lone_b));
        total = total.saturating_add(count);
        agreeing = agreeing.saturating_add(count.saturating_sub(lone));
        differs.push(lone_a || lone_b);
    }
    let score = agreeing as f64 / total.max(1) as f64;
    let (worst_spot, worst_at_mm) = worst(&differs, a.width);
    let same = score >= SAME_SCORE && worst_spot <= SAME_SPOT && (pose.scale - 1.0).abs() <= SAME_SCALE;
    Comparison {
        score: rounded(score),
        worst_spot: rounded(worst_spot),
        worst_at_mm,
        // The pose brings the second onto the first: the opposite of how it differs.
        turned_degrees: rounded(-pose.degrees),
        scale: rounded(1.0 / pose.scale),
        same,
        difference: Png(picture::difference(a, b)),
    }
}

fn rounded(value: f64) -> f64 {
    let value = (value * 10_000.0).round() / 10_000.0;
    if value == 0.0 { 0.0 } else { value }
}

/// Whether ink is within reach of each pixel: first along rows, then along columns.
fn spread(ink: &Ink) -> Vec<bool> {
    let own: Vec<bool> = ink.values.iter().map(|v| *v >= INKED).collect();
    let along = |from: &[bool], x: usize, y: usize, horizontal: bool| {
        let (at, end) = if horizontal { (x, ink.width) } else { (y, ink.height) };
        (at.saturating_sub(REACH)..at.saturating_add(REACH).saturating_add(1).min(end)).any(|near| {
            let (x, y) = if horizontal { (near, y) } else { (x, near) };
            from.get(y.saturating_mul(ink.width).saturating_add(x)) == Some(&true)
        })
    };
    let each = |from: &[bool], horizontal: bool| -> Vec<bool> {
        (0..from.len())
            .map(|at| along(from, at % ink.width.max(1), at / ink.width.max(1), horizontal))
            .collect()
    };
    each(&each(&own, true), false)
}

/// The spot with most disagreement, of spots that overlap by half.
fn worst(differs: &[bool], width: usize) -> (f64, (f64, f64)) {
    let height = differs.len() / width.max(1);
    let step = SPOT / 2;
    let (mut most, mut at) = (0_usize, (0_usize, 0_usize));
    for top in (0..height).step_by(step) {
        for left in (0..width).step_by(step) {
            let row = |y: usize| {
                let from = y.saturating_mul(width).saturating_add(left);
                let to = from.saturating_add(SPOT.min(width.saturating_sub(left)));
                differs.get(from..to).unwrap_or_default().iter().filter(|d| **d).count()
            };
            let count = (top..height.min(top.saturating_add(SPOT))).map(row).sum();
            if count > most {
                (most, at) = (count, (left, top));
            }
        }
    }
    let middle = |edge: usize| rounded((edge as f64 + SPOT as f64 / 2.0) / PER_MM);
    (most as f64 / (SPOT * SPOT) as f64, (middle(at.0), middle(at.1)))
}

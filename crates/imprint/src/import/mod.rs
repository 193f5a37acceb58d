//! An imprint from a scan or photo: found, straightened, freed from its paper, in seal red, cropped, of exact size.
//!
//! 1. *source*: the picture, on white where it was clear.
//! 2. *found*: red ink is told from paper and black print by its hue, whatever the light; the largest red figure is the seal; its
//!    outline is fitted (an ellipse to the rim, a rectangle to the border), dust and marks outside are left out.
//! 3. *straightened*: turned upright by star, gap of the name and lines, and brought to the size asked for.
//! 4. *ink*: how much ink each pixel holds, dust removed.
//! 5. *imprint*: seal red with alpha, cropped to the rim.
//!
//! What cannot become a true imprint is refused with a code. The same bytes give the same picture.

mod conic;
mod find;
mod photo;
mod upright;

use crate::bitmap::Bitmap;
use crate::color::Color;
use crate::error::ImprintError;
use crate::geometry::Point;
use crate::ink::Ink;
use crate::png::{self, Png};
use crate::raster::{Coverage, MAX_DPI, MIN_DPI};
use crate::rules::{Outline, Rules};
use crate::spec::{Kind, Rank};
use find::Place;

/// Sides of the outline may differ in proportion from what is asked for by this share: a photo taken from aside.
const RATIO_SLACK: f64 = 0.05;
/// A scan's own size may differ from the one asked for by this share.
const SIZE_SLACK: f64 = 0.04;
/// From this resolution on what a file states is believed: below it is a program's habit.
const BELIEVED_DPI: f64 = 150.0;
/// The rim must be seen in this share of all directions.
const RIM_SEEN: f64 = 0.85;
/// Pieces of ink smaller than this, in mm², are dust.
const DUST: f64 = 0.03;
/// Longer side of the pictures of steps, in pixels.
const STEP_SIDE: u32 = 800;

/// What is to become of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportSpec {
    /// The kind of seal, by which the rules say form and size.
    pub kind: Kind,
    /// The rank of the unit.
    pub rank: Rank,
    /// Diameter, long axis or width in mm. If absent: what the scan's resolution makes, to half a mm, or else what is usual.
    pub size_mm: Option<f64>,
    /// Short axis or height in mm; by the rules if absent.
    pub height_mm: Option<f64>,
    /// Resolution of the result.
    pub dpi: u32,
    /// The ink.
    pub color: Color,
}

impl ImportSpec {
    /// A seal of `kind` at 600 dpi in seal red, of the size the scan tells.
    pub fn new(kind: Kind) -> Self {
        Self { kind, rank: Rank::Unit, size_mm: None, height_mm: None, dpi: 600, color: Color::SEAL_RED }
    }
}

/// A picture of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `source`, `found`, `straightened`, `ink` or `imprint`.
    pub name: &'static str,
    /// What it gave.
    pub png: Png,
}

/// The imprint, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The imprint: 8 bit RGBA with its physical resolution.
    pub png: Png,
    /// Its size in mm.
    pub size_mm: (f64, f64),
    /// By how many degrees the seal stood turned clockwise in the picture.
    pub turned_degrees: f64,
    /// Pixels per inch that the picture had on the seal.
    pub found_dpi: f64,
    /// Every step, the last of which is the imprint.
    pub steps: Vec<Step>,
}

/// Imports a PNG, JPEG, BMP or SVG.
///
/// # Errors
/// As [`Bitmap::decode`]; `IMPRINT_NOTHING_FOUND`, `IMPRINT_TOO_MANY_COLORS`, `IMPRINT_CUT_RIM`, `IMPRINT_RATIO_DIFFERS`,
/// `IMPRINT_SIZE_DIFFERS`, `IMPRINT_DPI_TOO_LOW`; `IMPRINT_SIZE_OUT_OF_RANGE` where the rules forbid the size asked for.
pub fn import(bytes: &[u8], spec: &ImportSpec, rules: &Rules) -> Result<Imported, ImprintError> {
    if !(MIN_DPI..=MAX_DPI).contains(&spec.dpi) {
        return Err(ImprintError::DpiOutOfRange { dpi: spec.dpi, min: MIN_DPI, max: MAX_DPI });
    }
    let rule = rules.of(spec.kind, spec.rank)?;
    let source = photo::on_white(Bitmap::decode(bytes)?);
    photo::refuse_many_colors(&source)?;
    let ink = photo::ink(&source)?;
    let mut place = find::find(&ink, rule.shape)?;
    if place.seen < RIM_SEEN {
        return Err(ImprintError::CutRim { seen_percent: (place.seen * 100.0).round() as u32 });
    }
    let size_mm = size(spec, rules, &place, source.dpi)?;
    let found_dpi = 2.0 * place.a / size_mm.0 * 25.4;
    if found_dpi < f64::from(rules.picture().dpi_refuse) {
        let (dpi, least) = (found_dpi.round() as u32, rules.picture().dpi_refuse);
        return Err(ImprintError::DpiTooLow { dpi, least });
    }
    if rule.shape == Outline::Round {
        place = upright::turned(&ink, place);
    }
    let wide = (size_mm.0 / 25.4 * f64::from(spec.dpi)).round().max(1.0);
    let high = (size_mm.1 / 25.4 * f64::from(spec.dpi)).round().max(1.0);
    let values = resampled(&ink, &place, (wide as usize, high as usize));
    let cleaned = without_dust(values, (wide as usize, high as usize), size_mm, rule.shape);
    let coverage = Coverage { width: wide as u32, height: high as u32, values: cleaned };
    let result = Png(png::encode(&coverage, spec.color, spec.dpi)?);
    let steps = vec![
        Step { name: "source", png: Png(photo::source_step(&source, None)?) },
        Step { name: "found", png: Png(photo::source_step(&source, Some(&place))?) },
        Step { name: "straightened", png: Png(photo::straightened_step(&source, &place)?) },
        Step { name: "ink", png: Png(photo::ink_step(&coverage)?) },
        Step { name: "imprint", png: result.clone() },
    ];
    let turned_degrees = (place.turned.to_degrees() * 100.0).round() / 100.0;
    Ok(Imported { png: result, size_mm, turned_degrees, found_dpi, steps })
}

/// The size in mm, by what is asked for, what the scan says and what the rules allow.
fn size(
    spec: &ImportSpec,
    rules: &Rules,
    place: &Place,
    stated: Option<(f64, f64)>,
) -> Result<(f64, f64), ImprintError> {
    let rule = rules.of(spec.kind, spec.rank)?;
    let stated = stated.filter(|dpi| dpi.0 >= BELIEVED_DPI && (dpi.0 / dpi.1 - 1.0).abs() < 0.02);
    let seen = stated.map(|dpi| (2.0 * place.a / dpi.0 * 25.4, 2.0 * place.b / dpi.1 * 25.4));
    let half_mm = |v: f64| (v * 2.0).round() / 2.0;
    let out_of_range = |size_mm: f64, span: crate::rules::Span| ImprintError::SizeOutOfRange {
        size_mm,
        min_mm: span.min,
        max_mm: span.max,
    };
    let width = spec.size_mm.or(seen.map(|s| half_mm(s.0))).unwrap_or(rule.width_mm.usual);
    if !rule.width_mm.holds(width, 0.0) {
        return Err(out_of_range(width, rule.width_mm));
    }
    let height = match (rule.height_mm, spec.height_mm) {
        (None, _) => width,
        (Some(_), Some(height)) => height,
        (Some(_), None) if rule.shape == Outline::Rectangle => half_mm(width * place.b / place.a),
        (Some(span), None) => span.usual,
    };
    if let Some(span) = rule.height_mm
        && !span.holds(height, 0.0)
    {
        return Err(out_of_range(height, span));
    }
    let (found, wanted) = (place.a / place.b, width / height);
    if (found / wanted - 1.0).abs() > RATIO_SLACK {
        return Err(ImprintError::RatioDiffers { found, wanted });
    }
    if let Some((seen_mm, _)) = seen
        && (seen_mm / width - 1.0).abs() > SIZE_SLACK
    {
        return Err(ImprintError::SizeDiffers { found_mm: seen_mm, wanted_mm: width });
    }
    Ok((width, height))
}

/// The seal at its final size, by averaging four points of each pixel or more where the source is finer.
fn resampled(ink: &Ink, place: &Place, (wide, high): (usize, usize)) -> Vec<u8> {
    let finer = (2.0 * place.a / wide.max(1) as f64).ceil().clamp(2.0, 6.0) as usize;
    let mut values = Vec::with_capacity(wide.saturating_mul(high));
    for y in 0..high {
        for x in 0..wide {
            let mut sum = 0.0;
            for part in 0..finer.saturating_mul(finer) {
                let (i, j) = (part % finer, part / finer);
                let at = |p: usize, q: usize, side: usize| {
                    (p as f64 + (q as f64 + 0.5) / finer as f64) / side as f64 * 2.0 - 1.0
                };
                let p = place.pixel(Point::new(at(x, i, wide), at(y, j, high)));
                sum += ink.sample(p.x, p.y);
            }
            let share = sum / (finer * finer) as f64 / 255.0;
            // Paper's grain below a quarter is none, three quarters are full ink.
            values.push(((share - 0.25) * 2.0 * 255.0).clamp(0.0, 255.0) as u8);
        }
    }
    values
}

/// Without dust, and without anything beyond the rim.
fn without_dust(values: Vec<u8>, (wide, high): (usize, usize), mm: (f64, f64), shape: Outline) -> Vec<u8> {
    let mut ink = Ink { width: wide, height: high, values };
    let pixel = mm.0 * mm.1 / (wide.saturating_mul(high)).max(1) as f64;
    let pieces = ink.pieces();
    let is_dust = |label: u32| {
        let index = usize::try_from(label).ok().and_then(|l| l.checked_sub(1));
        index.and_then(|i| pieces.all.get(i)).is_some_and(|piece| piece.area as f64 * pixel < DUST)
    };
    let beyond = |at: usize| {
        let (x, y) = (at % wide.max(1), at / wide.max(1));
        let share = |v: usize, side: usize| (v as f64 + 0.5) / side as f64 * 2.0 - 1.0;
        shape != Outline::Rectangle && share(x, wide).hypot(share(y, high)) > 1.015
    };
    let mut near = vec![false; ink.values.len()];
    for (at, label) in pieces.labels.iter().enumerate() {
        if *label > 0 && !is_dust(*label) && !beyond(at) {
            keep_around(&mut near, at, wide);
        }
    }
    for (value, near) in ink.values.iter_mut().zip(&near) {
        if !near {
            *value = 0;
        }
    }
    ink.values
}

/// A piece keeps its soft edge: the pixels around it.
fn keep_around(near: &mut [bool], at: usize, wide: usize) {
    let rows = [at.checked_sub(wide), Some(at), at.checked_add(wide)];
    for middle in rows.into_iter().flatten() {
        for index in middle.saturating_sub(1)..=middle.saturating_add(1) {
            if let Some(keep) = near.get_mut(index) {
                *keep = true;
            }
        }
    }
}

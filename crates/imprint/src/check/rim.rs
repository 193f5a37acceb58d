//! The rim, by rays from outside inward.

use super::frame::Frame;
use crate::geometry::Point;
use crate::ink::Ink;

/// The rim is looked for within this many mm of the outline.
const NEAR: f64 = 0.7;
/// A ray ends here, in mm: no rim is thicker.
const DEEPEST: f64 = 4.0;

/// What the rays met.
pub(super) struct Rim {
    /// The middle one of all widths, in mm.
    pub width_mm: f64,
    /// The width that a twentieth of the rays exceeds, in mm.
    pub widest_mm: f64,
    /// The share of rays that met it.
    pub seen: f64,
    /// How far all but a twentieth of the rays met it from the ideal outline, in mm.
    pub strays_mm: f64,
}

impl Rim {
    pub fn of(ink: &Ink, frame: &Frame) -> Self {
        let rays = frame.outline();
        let mut widths = Vec::with_capacity(rays.len());
        let mut offsets = Vec::with_capacity(rays.len());
        for (start, inward) in &rays {
            if let Some((offset, width)) = ray(ink, frame, *start, *inward) {
                widths.push(width);
                offsets.push(offset.abs());
            }
        }
        let seen = widths.len() as f64 / rays.len().max(1) as f64;
        let (width_mm, widest_mm) = (at_share(&mut widths, 0.5), at_share(&mut widths, 0.95));
        Self { width_mm, widest_mm, seen, strays_mm: at_share(&mut offsets, 0.95) }
    }
}

/// Where along the ray ink begins, counted from the outline, and how long it lasts.
fn ray(ink: &Ink, frame: &Frame, start: Point, inward: Point) -> Option<(f64, f64)> {
    let inked = |depth: f64| {
        let p = Point::new(start.x + depth * inward.x, start.y + depth * inward.y);
        let (x, y) = frame.pixel(p);
        ink.is_inked(x, y)
    };
    let step = frame.step_mm();
    let steps = |mm: f64| (mm / step).ceil() as usize;
    let at = |index: usize| -NEAR + index as f64 * step;
    let first = (0..steps(2.0 * NEAR)).map(at).find(|depth| inked(*depth))?;
    let length = (0..steps(DEEPEST)).take_while(|index| inked(first + *index as f64 * step)).count();
    Some((first, length as f64 * step))
}

fn at_share(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() as f64 * share) as usize;
    values.get(index.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

//! The star, by its outline.

use super::frame::Frame;
use crate::geometry::Point;
use crate::ink::{Ink, Pieces};
use std::f64::consts::{PI, TAU};

/// Directions in which the outline is looked at.
const DIRECTIONS: usize = 360;
/// Inner to outer radius of a five-pointed star.
const INNER: f64 = 0.381_966_011_250_105_2;
/// The outline may stray from a star's by this share of its radius, on average.
const LIKE: f64 = 0.05;

/// A star found.
pub(super) struct Star {
    pub diameter_mm: f64,
    /// Clockwise against one point up, within ±36°.
    pub turned_degrees: f64,
    center: Point,
    /// How far the ink lasts in each direction, in mm.
    reach: Vec<f64>,
}

impl Star {
    /// The star around the center, if there is one: the ink that can be reached from the center along each direction.
    /// Gaps of up to `bridged` mm are stepped over: print that the star was stamped on.
    pub fn of(ink: &Ink, frame: &Frame, bridged: f64) -> Option<Self> {
        let center = middle(ink, frame, bridged)?;
        let reach: Vec<f64> = (0..DIRECTIONS).map(|i| reach(ink, frame, center, angle(i), bridged)).collect();
        let radius = radius(&reach);
        if !(0.5..frame.shorter_half() * 0.7).contains(&radius) {
            return None;
        }
        let best = |from: f64, step: f64, count: i32| {
            (-count..=count)
                .map(|i| from + f64::from(i) * step)
                .map(|degrees| (strays(&reach, radius, degrees.to_radians()), degrees))
                .min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let (_, coarse) = best(0.0, 0.5, 71)?;
        let (off, turned) = best(coarse, 0.1, 5)?;
        if off > LIKE {
            return None;
        }
        Some(Self { diameter_mm: 2.0 * radius, turned_degrees: turned, center, reach })
    }

    /// From the star's outline outward to the nearest other piece of ink larger than `dust` pixels, in mm; 0 where something
    /// touches the star.
    pub fn clear_mm(&self, ink: &Ink, frame: &Frame, pieces: &Pieces, dust: f64) -> f64 {
        let (x, y) = frame.pixel(self.center);
        let at = (y as usize).saturating_mul(ink.width).saturating_add(x as usize);
        let own = pieces.labels.get(at).copied().unwrap_or(0);
        let mut clear = frame.shorter_half();
        for (at, label) in pieces.labels.iter().enumerate().filter(|(_, label)| **label > 0) {
            let p = frame.mm(at % ink.width.max(1), at / ink.width.max(1));
            let (dx, dy) = (p.x - self.center.x, p.y - self.center.y);
            let distance = dx.hypot(dy);
            if *label == own {
                // A letter that touches a point of the star is one piece with it.
                if distance > self.diameter_mm * 0.58 {
                    return 0.0;
                }
            } else if distance - self.diameter_mm / 2.0 < clear && pieces.area(*label) > dust {
                let index = dx.atan2(-dy).rem_euclid(TAU) / TAU * DIRECTIONS as f64;
                let reach = self.reach.get(index as usize % DIRECTIONS).copied().unwrap_or(0.0);
                clear = clear.min((distance - reach).max(0.0));
            }
        }
        clear
    }
}

fn angle(index: usize) -> f64 {
    TAU * index as f64 / DIRECTIONS as f64
}

fn is_inked(ink: &Ink, frame: &Frame, p: Point) -> bool {
    let (x, y) = frame.pixel(p);
    ink.is_inked(x, y)
}

fn along(center: Point, radius: f64, angle: f64) -> Point {
    let p = Point::polar(radius, angle);
    Point::new(center.x + p.x, center.y + p.y)
}

/// The middle of the ink around the imprint's center; the star of a stamped seal is a little off.
fn middle(ink: &Ink, frame: &Frame, bridged: f64) -> Option<Point> {
    let mut center = Point::default();
    for _ in 0..3 {
        if reach(ink, frame, center, 0.0, bridged) <= 0.0 {
            return None;
        }
        let (mut x, mut y) = (0.0, 0.0);
        let mut weight = 0.0;
        for index in 0..DIRECTIONS {
            let r = reach(ink, frame, center, angle(index), bridged);
            let p = along(center, r * 2.0 / 3.0, angle(index));
            // Triangles of equal angle weigh by the square of their length.
            (x, y, weight) = (x + r * r * p.x, y + r * r * p.y, weight + r * r);
        }
        if weight <= 0.0 {
            return None;
        }
        center = Point::new(x / weight, y / weight);
    }
    Some(center)
}

/// How far the ink lasts from the center.
fn reach(ink: &Ink, frame: &Frame, center: Point, angle: f64, bridged: f64) -> f64 {
    let step = frame.step_mm();
    let farthest = (frame.shorter_half() / step) as usize;
    let gap = (bridged / step) as usize;
    let mut last = None;
    for index in 0..farthest {
        if is_inked(ink, frame, along(center, index as f64 * step, angle)) {
            last = Some(index);
        } else if index.saturating_sub(last.unwrap_or(0)) > gap {
            break;
        }
    }
    last.map_or(0.0, |index| (index as f64 + 1.0) * step)
}

/// The radius of the points: of the farthest in each fifth the middle one, so that a letter that touches one changes nothing.
fn radius(reach: &[f64]) -> f64 {
    let mut tips: Vec<f64> =
        reach.chunks(DIRECTIONS / 5).map(|part| part.iter().copied().fold(0.0, f64::max)).collect();
    tips.sort_by(f64::total_cmp);
    tips.get(tips.len() / 2).copied().unwrap_or(0.0)
}

/// The mean distance from the outline of a star of that radius turned by that angle, as a share of the radius.
fn strays(reach: &[f64], radius: f64, turned: f64) -> f64 {
    let sum: f64 = reach.iter().enumerate().map(|(i, r)| (r / radius - ideal(angle(i) - turned)).abs()).sum();
    sum / reach.len().max(1) as f64
}

/// The outline of a star of radius 1 with one point up, in a direction.
fn ideal(angle: f64) -> f64 {
    let tenth = PI / 5.0;
    // The direction within half an arm: 0 at the tip, a tenth of the circle at the inner corner.
    let within = angle.rem_euclid(2.0 * tenth);
    let within = within.min(2.0 * tenth - within);
    // Where the ray meets the side from the tip (1, 0) to the inner corner.
    let (sin, cos) = tenth.sin_cos();
    let (dx, dy) = (INNER * cos - 1.0, INNER * sin);
    let (ray_sin, ray_cos) = within.sin_cos();
    dy / (dy * ray_cos - dx * ray_sin)
}

#[cfg(test)]
mod tests {
    use super::ideal;
    use std::f64::consts::PI;

    #[test]
    fn the_ideal_outline_has_tips_and_inner_corners() {
        assert!((ideal(0.0) - 1.0).abs() < 1e-9 && (ideal(2.0 * PI / 5.0) - 1.0).abs() < 1e-9);
        assert!((ideal(PI / 5.0) - 0.381_966).abs() < 1e-6 && (ideal(-PI / 5.0) - 0.381_966).abs() < 1e-6);
    }
}

//! Where the seal is in the picture.

use super::conic::Ellipse;
use crate::error::ImprintError;
use crate::geometry::Point;
use crate::ink::{INKED, Ink};
use crate::rules::Outline;
use std::f64::consts::{FRAC_PI_2, TAU};

/// Directions in which the outline is looked at.
const DIRECTIONS: usize = 720;
/// Longer side of the picture in which the seal is looked for.
const SEARCH_SIDE: usize = 900;
/// Points this near the picture's edge, in pixels, may be where it cuts the seal.
const EDGE: f64 = 1.5;
/// Points may stray from the outline by this share of the radius.
const STRAY: f64 = 0.012;
/// A rectangle is looked for turned by at most this many degrees.
const MAX_TURN: f64 = 20.0;

/// The outline of the seal in the picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    shape: Outline,
    center: Point,
    /// Half the seal's width and height.
    pub a: f64,
    pub b: f64,
    /// Half axes of the ellipse a round seal is seen as, and its turn; equal to the above for the others.
    seen_as: (f64, f64, f64),
    /// By how much the seal stands turned clockwise, in radians.
    pub turned: f64,
    /// The share of directions in which the rim is seen.
    pub seen: f64,
}

impl Place {
    /// The pixel of a point of the upright seal, whose sides lie at -1 and 1.
    pub fn pixel(&self, p: Point) -> Point {
        let (long, short, angle) = self.seen_as;
        let (sin, cos) = (self.turned - angle).sin_cos();
        let (x, y) = match self.shape {
            // Turned on the circle first, then stretched to the ellipse that the camera saw.
            Outline::Round => ((p.x * cos - p.y * sin) * long, (p.x * sin + p.y * cos) * short),
            Outline::Ellipse | Outline::Rectangle => (p.x * long, p.y * short),
        };
        let (sin, cos) = angle.sin_cos();
        Point::new(self.center.x + x * cos - y * sin, self.center.y + x * sin + y * cos)
    }

    /// A point of the outline in the picture.
    pub fn outline(&self, t: f64) -> Point {
        let (sin, cos) = t.sin_cos();
        match self.shape {
            Outline::Rectangle => {
                let longer = sin.abs().max(cos.abs());
                self.pixel(Point::new(cos / longer, sin / longer))
            }
            _ => self.pixel(Point::new(cos, sin)),
        }
    }

    /// The same place with the seal turned by another angle.
    pub fn with_turn(self, turned: f64) -> Self {
        Self { turned, ..self }
    }
}

/// Finds the seal, whose turn is known afterwards for all but round ones.
pub(super) fn find(ink: &Ink, shape: Outline) -> Result<Place, ImprintError> {
    let nothing = |detail: &str| ImprintError::NothingFound { detail: detail.to_owned() };
    let area = figure(ink).ok_or_else(|| nothing("no red figure"))?;
    let points = outermost(ink, area);
    let place = match shape {
        Outline::Rectangle => rectangle(&points),
        _ => ellipse(&points, ink, shape),
    };
    let place = place.ok_or_else(|| nothing("no rim that fits the kind"))?;
    let seen = seen(ink, &place);
    Ok(Place { seen, ..place })
}

/// The box in pixels of the largest red figure with all that stands in it: left, top, right, bottom.
fn figure(ink: &Ink) -> Option<[f64; 4]> {
    let factor = (SEARCH_SIDE as f64 / ink.width.max(ink.height).max(1) as f64).min(1.0);
    let side = |px: usize| ((px as f64 * factor).round() as usize).max(1);
    let small = ink.reduced(side(ink.width), side(ink.height));
    // A thin rim is paler when averaged: half of what else counts as ink is enough here.
    let doubled = small.values.iter().map(|v| v.saturating_mul(2)).collect();
    let pieces = Ink { values: doubled, ..small }.pieces().all;
    let extent = |b: &[usize; 4]| {
        let [left, top, right, bottom] = *b;
        right.saturating_sub(left).saturating_mul(bottom.saturating_sub(top))
    };
    let mut area = pieces.iter().map(|piece| piece.bounds).max_by_key(extent)?;
    // Arcs of a broken rim lie in the box of the others; marks elsewhere do not.
    for _ in 0..8 {
        let before = area;
        for piece in pieces.iter().filter(|piece| piece.area >= 6) {
            let [left, top, right, bottom] = piece.bounds;
            let apart = left > area[2] || right < area[0] || top > area[3] || bottom < area[1];
            if !apart {
                area = [area[0].min(left), area[1].min(top), area[2].max(right), area[3].max(bottom)];
            }
        }
        if area == before {
            break;
        }
    }
    let [left, top, right, bottom] = area.map(|v| v as f64 / factor);
    (right - left > 30.0 && bottom - top > 30.0).then_some([left, top, right, bottom])
}

/// The outermost ink of that box in each direction.
fn outermost(ink: &Ink, [left, top, right, bottom]: [f64; 4]) -> Vec<Point> {
    let center = Point::new((left + right) / 2.0, (top + bottom) / 2.0);
    let (half_width, half_height) = ((right - left) / 2.0 + 3.0, (bottom - top) / 2.0 + 3.0);
    let ray = |index: usize| {
        let (sin, cos) = (TAU * index as f64 / DIRECTIONS as f64).sin_cos();
        // To the side of the box, then inward by half pixels.
        let far = (half_width / cos.abs().max(1e-9)).min(half_height / sin.abs().max(1e-9));
        let at = |r: f64| Point::new(center.x + r * cos, center.y + r * sin);
        // Two pixels of ink in a row: a speck is no rim.
        let inked = |r: f64| {
            [0.0, 1.0, 2.0].iter().all(|deeper| {
                let p = at(r - deeper);
                ink.sample(p.x, p.y) >= f64::from(INKED)
            })
        };
        (0..(2.0 * far) as usize).map(|i| far - i as f64 / 2.0).find(|r| inked(*r)).map(at)
    };
    (0..DIRECTIONS).filter_map(ray).collect()
}

fn near_edge(p: &Point, ink: &Ink) -> bool {
    let (w, h) = (ink.width as f64, ink.height as f64);
    p.x < EDGE || p.y < EDGE || p.x > w - EDGE || p.y > h - EDGE
}

/// The ellipse through the outermost points: those that stray are left out, and it is fitted again.
fn ellipse(points: &[Point], ink: &Ink, shape: Outline) -> Option<Place> {
    let mut kept: Vec<Point> = points.iter().copied().filter(|p| !near_edge(p, ink)).collect();
    let mut found = Ellipse::through(&kept)?;
    for slack in [0.08, 0.04, 0.02, STRAY, STRAY] {
        // What lies far inside is text seen through a gap of the rim.
        kept.retain(|p| found.off(*p).abs() < slack);
        found = Ellipse::through(&kept)?;
    }
    // The long axis of an oval seal is level; of a circle seen as an ellipse it may lie anywhere.
    let level = |angle: f64| if angle > FRAC_PI_2 { angle - TAU / 2.0 } else { angle };
    let angle = level(found.angle);
    let turned = if shape == Outline::Round { 0.0 } else { angle };
    Some(Place {
        shape,
        center: found.center,
        a: found.a,
        b: found.b,
        seen_as: (found.a, found.b, angle),
        turned,
        seen: 0.0,
    })
}

/// The turned box with the least area around the outermost points, less the hundredth of them that stick out.
fn rectangle(points: &[Point]) -> Option<Place> {
    let around = |degrees: f64| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut along: Vec<f64> = points.iter().map(|p| p.x * cos + p.y * sin).collect();
        let mut across: Vec<f64> = points.iter().map(|p| p.y * cos - p.x * sin).collect();
        let (left, right) = limits(&mut along)?;
        let (top, bottom) = limits(&mut across)?;
        Some(((right - left) * (bottom - top), [left, top, right, bottom], degrees))
    };
    let least = |from: f64, step: f64, count: i32| {
        (-count..=count).filter_map(|i| around(from + f64::from(i) * step)).min_by(|a, b| a.0.total_cmp(&b.0))
    };
    let coarse = least(0.0, 0.5, (MAX_TURN * 2.0) as i32)?;
    let (_, [left, top, right, bottom], degrees) = least(coarse.2, 0.05, 12)?;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
    let (a, b) = ((right - left) / 2.0, (bottom - top) / 2.0);
    let turned = degrees.to_radians();
    let center = Point::new(x * cos - y * sin, x * sin + y * cos);
    Some(Place { shape: Outline::Rectangle, center, a, b, seen_as: (a, b, turned), turned, seen: 0.0 })
}

fn limits(values: &mut [f64]) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let out = values.len() / 100;
    Some((*values.get(out)?, *values.get(values.len().checked_sub(out.checked_add(1)?)?)?))
}

/// The share of directions in which there is ink at the outline, or within a fiftieth of the radius inside it.
fn seen(ink: &Ink, place: &Place) -> f64 {
    let is_seen = |index: &usize| {
        let t = TAU * *index as f64 / DIRECTIONS as f64;
        let out = place.outline(t);
        let center = place.pixel(Point::default());
        (0..20).any(|step| {
            let share = 1.012 - f64::from(step) * 0.0025;
            ink.is_inked(center.x + (out.x - center.x) * share, center.y + (out.y - center.y) * share)
        })
    };
    (0..DIRECTIONS).filter(is_seen).count() as f64 / DIRECTIONS as f64
}

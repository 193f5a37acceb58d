//! Text along the upper part of an ellipse.
//!
//! Cells stand on equal steps of arc length along an ellipse half a cell inside the outer one, upright to it, and are moved
//! inward until their outer corners are inside. The rule is that of `arc.rs`: as tall as allowed, as wide as neighbors permit
//! but no wider than `widest` × height; if they would be narrower than height ÷ `tallest`, lower by 3 % at a time.

use crate::arc::ArcRule;
use crate::cells::Cell;
use crate::geometry::{Affine, Point, Quad, Rect};
use crate::path::Path;
use std::f64::consts::TAU;

/// Points by which arc length is measured.
const STEPS: usize = 720;

/// A text laid out around the origin.
pub(crate) struct OvalText {
    height: f64,
    width: f64,
    places: Vec<Affine>,
}

/// The share of the whole ellipse a text of so many full cells takes if nothing hinders it.
pub(crate) fn natural_share(cells: f64) -> f64 {
    let table = [(1.0, 0.1), (4.0, 0.36), (8.0, 0.48), (12.0, 0.55), (20.0, 0.62), (40.0, 0.7)];
    let mut before = (0.0, 0.0);
    for after in table {
        if cells <= after.0 {
            return before.1 + (cells - before.0) / (after.0 - before.0) * (after.1 - before.1);
        }
        before = after;
    }
    before.1
}

/// Lays `cells` out over `share` of the ellipse with half axes `axes`; `None` if they do not fit. The rule's outer radius
/// is not used.
pub(crate) fn fit(cells: &[Cell], rule: &ArcRule, axes: (f64, f64), share: f64) -> Option<OvalText> {
    let mut height = rule.height_max;
    loop {
        let line = ArcLength::new((axes.0 - height / 2.0, axes.1 - height / 2.0));
        let text = widest(cells, rule, axes, share, &line, height);
        if text.width * rule.tallest >= height {
            return Some(text);
        }
        if height <= rule.height_min {
            return (text.width >= rule.width_min).then_some(text);
        }
        height = (height * 0.97).max(rule.height_min);
    }
}

/// The text with the widest cells whose neighbors keep apart, found by halving.
fn widest(
    cells: &[Cell],
    rule: &ArcRule,
    axes: (f64, f64),
    share: f64,
    line: &ArcLength,
    height: f64,
) -> OvalText {
    let laid = |width: f64| OvalText {
        height,
        width,
        places: places(cells, rule, axes, share, line, (width, height)),
    };
    let apart = |text: &OvalText| {
        let boxes = text.grown(cells, rule.gap * text.width / 2.0);
        boxes.iter().zip(boxes.iter().skip(1)).all(|(a, b)| !a.touches(b))
    };
    let mut best = laid(0.0);
    let all = laid(rule.widest * height);
    if apart(&all) {
        return all;
    }
    let (mut low, mut high) = (0.0, rule.widest * height);
    for _ in 0..16 {
        let middle = (low + high) / 2.0;
        let text = laid(middle);
        if apart(&text) {
            (low, best) = (middle, text);
        } else {
            high = middle;
        }
    }
    best
}

fn places(
    cells: &[Cell],
    rule: &ArcRule,
    axes: (f64, f64),
    share: f64,
    line: &ArcLength,
    (width, height): (f64, f64),
) -> Vec<Affine> {
    let taken: f64 = cells.iter().map(|cell| cell.share * width).sum();
    let gaps = cells.len().saturating_sub(1) as f64;
    // From the middle of the first to that of the last; a short text does not spread to the ends.
    let room = (share * line.total()).max(taken + gaps * rule.gap * width);
    let gap = if gaps > 0.0 { (room - taken) / gaps } else { 0.0 };
    let mut at = if gaps > 0.0 { -room / 2.0 } else { -taken / 2.0 };
    let mut places = Vec::with_capacity(cells.len());
    for cell in cells {
        let own = cell.share * width;
        places.push(inside(line.at(at + own / 2.0), axes, (own, height)));
        at += own + gap;
    }
    places
}

/// The place of a cell, moved inward along its own upright until its outer corners are inside the ellipse.
fn inside((point, angle): (Point, f64), axes: (f64, f64), (width, height): (f64, f64)) -> Affine {
    let place = |inward: f64| {
        let toward = Point::polar(-inward, angle);
        Affine::turn_and_move(angle, Point::new(point.x + toward.x, point.y + toward.y))
    };
    let is_inside = |map: &Affine| {
        [-0.5, 0.5].iter().all(|side| {
            let p = map.apply(Point::new(side * width, -height / 2.0));
            (p.x / axes.0).powi(2) + (p.y / axes.1).powi(2) <= 1.0
        })
    };
    let (mut low, mut high) = (0.0, height);
    if is_inside(&place(0.0)) {
        return place(0.0);
    }
    for _ in 0..16 {
        let middle = (low + high) / 2.0;
        if is_inside(&place(middle)) {
            high = middle;
        } else {
            low = middle;
        }
    }
    place(high)
}

/// An ellipse by arc length, counted from its top to the right.
struct ArcLength {
    axes: (f64, f64),
    /// Arc length from the top to each step of the parameter; the last is the whole.
    sums: Vec<f64>,
}

impl ArcLength {
    fn new(axes: (f64, f64)) -> Self {
        let point = |step: usize| {
            let t = TAU * step as f64 / STEPS as f64;
            Point::new(axes.0 * t.sin(), -axes.1 * t.cos())
        };
        let mut sums = Vec::with_capacity(STEPS.saturating_add(1));
        let (mut sum, mut last) = (0.0, point(0));
        for step in 0..=STEPS {
            let p = point(step);
            sum += p.distance(last);
            sums.push(sum);
            last = p;
        }
        Self { axes, sums }
    }

    fn total(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }

    /// The point at `length` from the top, to the right if positive, and the direction of its upright.
    fn at(&self, length: f64) -> (Point, f64) {
        let wanted = length.abs().min(self.total());
        let after = self.sums.partition_point(|sum| *sum < wanted).clamp(1, STEPS);
        let (low, high) = match (self.sums.get(after.saturating_sub(1)), self.sums.get(after)) {
            (Some(low), Some(high)) => (*low, *high),
            _ => (0.0, 1.0),
        };
        let part = if high > low { (wanted - low) / (high - low) } else { 0.0 };
        let t = TAU * (after as f64 - 1.0 + part) / STEPS as f64 * length.signum();
        let (a, b) = self.axes;
        // The normal of an ellipse at parameter t points to (b sin t, -a cos t).
        (Point::new(a * t.sin(), -b * t.cos()), (b * t.sin()).atan2(a * t.cos()))
    }
}

impl OvalText {
    /// The cells' boxes, in the order of the text.
    pub fn boxes(&self, cells: &[Cell]) -> Vec<Quad> {
        self.grown(cells, 0.0)
    }

    fn grown(&self, cells: &[Cell], sideward: f64) -> Vec<Quad> {
        let own = |cell: &Cell| {
            Rect::centered(Point::default(), self.width * cell.share + 2.0 * sideward, self.height)
        };
        cells.iter().zip(&self.places).map(|(cell, place)| place.apply_rect(&own(cell))).collect()
    }

    /// The inked outlines, in the order of the text.
    pub fn paths(&self, cells: &[Cell]) -> Vec<Path> {
        let placed =
            |(cell, place): (&Cell, &Affine)| cell.placed(self.width * cell.share, self.height, place);
        cells.iter().zip(&self.places).map(placed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::FRAC_PI_2;

    #[test]
    fn a_quarter_of_the_length_leads_to_the_side_and_uprights_point_outward() {
        let line = ArcLength::new((20.0, 15.0));
        // Ramanujan's approximation of the circumference, good to a millionth here.
        let ramanujan = std::f64::consts::PI * (3.0 * 35.0 - ((60.0 + 15.0) * (20.0 + 45.0_f64)).sqrt());
        assert!((line.total() - ramanujan).abs() < 0.01, "{} {ramanujan}", line.total());
        let (right, angle) = line.at(line.total() / 4.0);
        assert!(right.distance(Point::new(20.0, 0.0)) < 0.01 && (angle - FRAC_PI_2).abs() < 0.01);
        let (left, angle) = line.at(-line.total() / 4.0);
        assert!(left.distance(Point::new(-20.0, 0.0)) < 0.01 && (angle + FRAC_PI_2).abs() < 0.01);
        assert!(line.at(0.0).0.distance(Point::new(0.0, -15.0)) < 1e-9);
    }
}

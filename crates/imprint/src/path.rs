//! Outlines.

use crate::geometry::{Affine, Point, Rect};

/// One step of an outline. The letters are those of SVG and OFD path data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Segment {
    /// Starts a contour (M).
    MoveTo(Point),
    /// A straight line to the point (L).
    LineTo(Point),
    /// A quadratic Bézier curve over a control point to the last point (Q).
    QuadTo(Point, Point),
    /// A cubic Bézier curve over two control points to the last point (SVG C, OFD B).
    CurveTo(Point, Point, Point),
    /// Closes the contour (SVG Z, OFD C).
    Close,
}

/// Closed contours, filled by the nonzero winding rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Path {
    segments: Vec<Segment>,
}

/// Quarter turns are drawn by one cubic each; at 60 mm it strays from the circle by less than 9 µm.
const KAPPA: f64 = 0.552_284_749_830_793_6;

impl Path {
    /// The steps in drawing order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether nothing would be drawn.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// A box that holds every point of the outline (the box of end and control points).
    pub fn bounds(&self) -> Rect {
        let mut bounds = Rect::NOTHING;
        for segment in &self.segments {
            match *segment {
                Segment::MoveTo(p) | Segment::LineTo(p) => bounds.include(p),
                Segment::QuadTo(c, p) => [c, p].into_iter().for_each(|p| bounds.include(p)),
                Segment::CurveTo(c, d, p) => [c, d, p].into_iter().for_each(|p| bounds.include(p)),
                Segment::Close => {}
            }
        }
        bounds
    }

    /// Every end and control point.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> + '_ {
        self.segments
            .iter()
            .flat_map(|segment| match *segment {
                Segment::MoveTo(p) | Segment::LineTo(p) => [Some(p), None, None],
                Segment::QuadTo(c, p) => [Some(p), Some(c), None],
                Segment::CurveTo(c, d, p) => [Some(p), Some(d), Some(c)],
                Segment::Close => [None; 3],
            })
            .flatten()
    }

    /// Its contours, one path each.
    pub(crate) fn contours(&self) -> Vec<Self> {
        let mut contours: Vec<Self> = Vec::new();
        for segment in &self.segments {
            match (segment, contours.last_mut()) {
                (Segment::MoveTo(_), _) | (_, None) => contours.push(Self { segments: vec![*segment] }),
                (_, Some(last)) => last.push(*segment),
            }
        }
        contours
    }

    /// Whether the polygon of end points surrounds `p`: a ray to the right crosses it an odd number of times.
    pub(crate) fn surrounds(&self, p: Point) -> bool {
        let mut inside = false;
        let mut cross = |a: Point, b: Point| {
            if (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x) {
                inside = !inside;
            }
        };
        let (mut start, mut last) = (Point::default(), Point::default());
        for segment in &self.segments {
            match *segment {
                Segment::MoveTo(q) => (start, last) = (q, q),
                Segment::LineTo(q) | Segment::QuadTo(_, q) | Segment::CurveTo(_, _, q) => {
                    cross(last, q);
                    last = q;
                }
                Segment::Close => {
                    cross(last, start);
                    last = start;
                }
            }
        }
        inside
    }

    pub(crate) fn push(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.segments.extend(other.segments);
    }

    /// A closed polygon.
    pub(crate) fn polygon(points: impl IntoIterator<Item = Point>) -> Self {
        let mut path = Self::default();
        for (index, point) in points.into_iter().enumerate() {
            path.push(if index == 0 { Segment::MoveTo(point) } else { Segment::LineTo(point) });
        }
        path.push(Segment::Close);
        path
    }

    /// A full circle, clockwise, or the other way to make a hole.
    pub(crate) fn circle(center: Point, radius: f64, clockwise: bool) -> Self {
        Self::ellipse(center, radius, radius, clockwise)
    }

    /// A full ellipse with its half axes, likewise.
    pub(crate) fn ellipse(center: Point, a: f64, b: f64, clockwise: bool) -> Self {
        let (k, l) = (a * KAPPA, b * KAPPA);
        let side = if clockwise { 1.0 } else { -1.0 };
        let at = |x: f64, y: f64| Point::new(center.x + side * x, center.y + y);
        let mut path = Self::default();
        path.push(Segment::MoveTo(at(0.0, -b)));
        path.push(Segment::CurveTo(at(k, -b), at(a, -l), at(a, 0.0)));
        path.push(Segment::CurveTo(at(a, l), at(k, b), at(0.0, b)));
        path.push(Segment::CurveTo(at(-k, b), at(-a, l), at(-a, 0.0)));
        path.push(Segment::CurveTo(at(-a, -l), at(-k, -b), at(0.0, -b)));
        path.push(Segment::Close);
        path
    }

    /// A box with corners rounded by `radius`, clockwise, or the other way to make a hole.
    pub(crate) fn rounded(rect: &Rect, radius: f64, clockwise: bool) -> Self {
        let (w, h) = (rect.width() / 2.0, rect.height() / 2.0);
        let r = radius.min(w).min(h).max(0.0);
        let k = r * (1.0 - KAPPA);
        let center = rect.center();
        let side = if clockwise { 1.0 } else { -1.0 };
        let at = |x: f64, y: f64| Point::new(center.x + side * x, center.y + y);
        let mut path = Self::default();
        path.push(Segment::MoveTo(at(-w + r, -h)));
        path.push(Segment::LineTo(at(w - r, -h)));
        path.push(Segment::CurveTo(at(w - k, -h), at(w, -h + k), at(w, -h + r)));
        path.push(Segment::LineTo(at(w, h - r)));
        path.push(Segment::CurveTo(at(w, h - k), at(w - k, h), at(w - r, h)));
        path.push(Segment::LineTo(at(-w + r, h)));
        path.push(Segment::CurveTo(at(-w + k, h), at(-w, h - k), at(-w, h - r)));
        path.push(Segment::LineTo(at(-w, -h + r)));
        path.push(Segment::CurveTo(at(-w, -h + k), at(-w + k, -h), at(-w + r, -h)));
        path.push(Segment::Close);
        path
    }

    pub(crate) fn transformed(&self, map: &Affine) -> Self {
        self.mapped(|p| map.apply(p))
    }

    /// Every point on the grid of whole micrometers, so that all writers and machines agree on the last digit.
    pub(crate) fn on_grid(&self) -> Self {
        let snap = |v: f64| {
            let snapped = (v * 1000.0).round() / 1000.0;
            if snapped == 0.0 { 0.0 } else { snapped }
        };
        self.mapped(|p| Point::new(snap(p.x), snap(p.y)))
    }

    /// The signed area of the polygon of end points: its sign tells the direction of the outer contours.
    pub(crate) fn signed_area(&self) -> f64 {
        let (mut area, mut start, mut last) = (0.0, Point::default(), Point::default());
        let edge = |p: Point, q: Point| (p.x * q.y - q.x * p.y) / 2.0;
        for segment in &self.segments {
            match *segment {
                Segment::MoveTo(p) => (start, last) = (p, p),
                Segment::LineTo(p) | Segment::QuadTo(_, p) | Segment::CurveTo(_, _, p) => {
                    area += edge(last, p);
                    last = p;
                }
                Segment::Close => {
                    area += edge(last, start);
                    last = start;
                }
            }
        }
        area
    }

    /// The same outline drawn the other way round.
    pub(crate) fn reversed(&self) -> Self {
        let mut path = Self::default();
        let mut contour: Vec<Segment> = Vec::new();
        for segment in &self.segments {
            if matches!(segment, Segment::MoveTo(_)) {
                reverse_contour(&contour, &mut path);
                contour.clear();
            }
            contour.push(*segment);
        }
        reverse_contour(&contour, &mut path);
        path
    }

    fn mapped(&self, map: impl Fn(Point) -> Point) -> Self {
        let segments = self
            .segments
            .iter()
            .map(|segment| match *segment {
                Segment::MoveTo(p) => Segment::MoveTo(map(p)),
                Segment::LineTo(p) => Segment::LineTo(map(p)),
                Segment::QuadTo(c, p) => Segment::QuadTo(map(c), map(p)),
                Segment::CurveTo(c, d, p) => Segment::CurveTo(map(c), map(d), map(p)),
                Segment::Close => Segment::Close,
            })
            .collect();
        Self { segments }
    }
}

fn reverse_contour(contour: &[Segment], out: &mut Path) {
    let mut ends: Vec<Point> = Vec::with_capacity(contour.len());
    for segment in contour {
        match *segment {
            Segment::MoveTo(p) | Segment::LineTo(p) | Segment::QuadTo(_, p) | Segment::CurveTo(_, _, p) => {
                ends.push(p)
            }
            Segment::Close => {}
        }
    }
    let Some(first) = ends.pop() else { return };
    out.push(Segment::MoveTo(first));
    // `ends` now holds, at its end, the start point of the segment to be reversed next.
    for segment in contour.iter().rev() {
        let step = match *segment {
            Segment::MoveTo(_) | Segment::Close => continue,
            Segment::LineTo(_) => ends.pop().map(Segment::LineTo),
            Segment::QuadTo(c, _) => ends.pop().map(|p| Segment::QuadTo(c, p)),
            Segment::CurveTo(c, d, _) => ends.pop().map(|p| Segment::CurveTo(d, c, p)),
        };
        if let Some(step) = step {
            out.push(step);
        }
    }
    out.push(Segment::Close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn circle_keeps_its_radius_within_nine_micrometers() {
        let path = Path::circle(Point::default(), 30.0, true);
        let mut last = Point::default();
        for segment in path.segments() {
            if let Segment::MoveTo(p) = *segment {
                last = p;
            }
            if let Segment::CurveTo(c, d, p) = *segment {
                for step in 0..=20 {
                    let t = f64::from(step) / 20.0;
                    let s = 1.0 - t;
                    let mix = |a: f64, b: f64, c: f64, d: f64| {
                        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
                    };
                    let at = Point::new(mix(last.x, c.x, d.x, p.x), mix(last.y, c.y, d.y, p.y));
                    assert!((at.distance(Point::default()) - 30.0).abs() < 0.009);
                }
                last = p;
            }
        }
    }

    #[test]
    fn direction_is_seen_in_the_sign_of_the_area() {
        let clockwise = Path::circle(Point::default(), 1.0, true);
        let other = Path::circle(Point::default(), 1.0, false);
        assert!(clockwise.signed_area() > 0.0 && other.signed_area() < 0.0);
        let rect = Rect::centered(Point::default(), 4.0, 2.0);
        assert!((Path::rounded(&rect, 0.0, true).signed_area() - 8.0).abs() < 1e-9);
        assert!((Path::rounded(&rect, 0.0, false).signed_area() + 8.0).abs() < 1e-9);
    }

    #[test]
    fn reversing_turns_the_area_over_and_keeps_the_points() {
        let mut path = Path::circle(Point::new(5.0, 5.0), 2.0, true);
        path.append(Path::polygon([Point::new(0.0, 0.0), Point::new(1.0, 0.0), Point::new(0.0, 3.0)]));
        let reversed = path.reversed();
        assert!((path.signed_area() + reversed.signed_area()).abs() < 1e-9);
        assert_eq!(path.bounds(), reversed.bounds());
        assert_eq!(path.segments().len(), reversed.segments().len());
    }

    #[test]
    fn the_grid_is_one_micrometer_and_has_no_negative_zero() {
        let path = Path::polygon([Point::new(-0.0001, 1.23456)]).on_grid();
        assert_eq!(path.segments()[0], Segment::MoveTo(Point::new(0.0, 1.235)));
        let Segment::MoveTo(p) = path.segments()[0] else { panic!("starts with a move") };
        assert!(p.x.is_sign_positive());
    }

    #[test]
    fn area_of_a_circle_approaches_the_true_one_only_by_its_polygon() {
        // Guards the helper's meaning: end points only, so a circle counts as its inscribed square.
        let area = Path::circle(Point::default(), 1.0, true).signed_area();
        assert!((area - 2.0).abs() < 1e-9 && area < PI);
    }
}

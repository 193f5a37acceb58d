//! Points, boxes and movements in the plane. Lengths are millimeters, y points down, angles are radians clockwise.

/// A point, or a vector.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Point {
    /// A point at `x`, `y`.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Distance to `other`.
    pub fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point at `radius` around the origin in the direction `angle`, 0 being up.
    pub(crate) fn polar(radius: f64, angle: f64) -> Self {
        Self { x: radius * angle.sin(), y: -radius * angle.cos() }
    }
}

/// A box with sides along the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// The box of no point; joining it with another gives the other.
    pub(crate) const NOTHING: Self =
        Self { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };

    pub(crate) fn centered(center: Point, width: f64, height: f64) -> Self {
        Self {
            left: center.x - width / 2.0,
            top: center.y - height / 2.0,
            right: center.x + width / 2.0,
            bottom: center.y + height / 2.0,
        }
    }

    /// Width, 0 for a box of no point.
    pub fn width(&self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    /// Height, 0 for a box of no point.
    pub fn height(&self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }

    pub(crate) fn center(&self) -> Point {
        Point::new((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }

    pub(crate) fn include(&mut self, p: Point) {
        self.left = self.left.min(p.x);
        self.top = self.top.min(p.y);
        self.right = self.right.max(p.x);
        self.bottom = self.bottom.max(p.y);
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(crate) fn grown(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    pub(crate) fn corners(&self) -> [Point; 4] {
        [
            Point::new(self.left, self.top),
            Point::new(self.right, self.top),
            Point::new(self.right, self.bottom),
            Point::new(self.left, self.bottom),
        ]
    }
}

/// An affine map: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`, as in SVG and OFD.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Affine {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
    pub e: f64,
    pub f: f64,
}

impl Affine {
    /// Maps `from` onto the box of `width` by `height` around the origin; `flip` turns y over (fonts point up).
    pub fn fit(from: &Rect, width: f64, height: f64, flip: bool) -> Self {
        let a = if from.width() > 0.0 { width / from.width() } else { 0.0 };
        let d = if from.height() > 0.0 { height / from.height() } else { 0.0 };
        let d = if flip { -d } else { d };
        let center = from.center();
        Self { a, b: 0.0, c: 0.0, d, e: -a * center.x, f: -d * center.y }
    }

    /// Turns clockwise around the origin, then moves the origin to `to`.
    pub fn turn_and_move(angle: f64, to: Point) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self { a: cos, b: sin, c: -sin, d: cos, e: to.x, f: to.y }
    }

    /// First `self`, then `next`.
    pub fn then(&self, next: &Self) -> Self {
        Self {
            a: next.a * self.a + next.c * self.b,
            b: next.b * self.a + next.d * self.b,
            c: next.a * self.c + next.c * self.d,
            d: next.b * self.c + next.d * self.d,
            e: next.a * self.e + next.c * self.f + next.e,
            f: next.b * self.e + next.d * self.f + next.f,
        }
    }

    pub fn apply(&self, p: Point) -> Point {
        Point::new(self.a * p.x + self.c * p.y + self.e, self.b * p.x + self.d * p.y + self.f)
    }

    pub fn apply_rect(&self, rect: &Rect) -> Quad {
        Quad(rect.corners().map(|p| self.apply(p)))
    }
}

/// A turned box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quad(pub [Point; 4]);

impl Quad {
    /// Whether this box and `other` share a point: two convex shapes are apart exactly when a line along one of
    /// their sides separates them.
    pub fn touches(&self, other: &Self) -> bool {
        !(self.separated_by_own_side(other) || other.separated_by_own_side(self))
    }

    fn separated_by_own_side(&self, other: &Self) -> bool {
        let [p0, p1, p2, p3] = self.0;
        [(p0, p1), (p1, p2), (p2, p3), (p3, p0)].iter().any(|(p, q)| {
            let normal = Point::new(q.y - p.y, p.x - q.x);
            let along = |r: &Point| r.x * normal.x + r.y * normal.y;
            let span = |quad: &Self| {
                quad.0
                    .iter()
                    .map(along)
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
            };
            let (low, high) = span(self);
            let (other_low, other_high) = span(other);
            other_low > high || other_high < low
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

    #[test]
    fn angle_zero_is_up_and_a_quarter_turn_is_right() {
        let up = Point::polar(2.0, 0.0);
        assert!(up.distance(Point::new(0.0, -2.0)) < 1e-12);
        let right = Point::polar(2.0, FRAC_PI_2);
        assert!(right.distance(Point::new(2.0, 0.0)) < 1e-12);
    }

    #[test]
    fn fit_maps_corners_onto_corners_and_turns_fonts_over() {
        let em = Rect { left: 0.0, top: -100.0, right: 1000.0, bottom: 900.0 };
        let map = Affine::fit(&em, 2.0, 4.0, true);
        assert!(map.apply(Point::new(0.0, 900.0)).distance(Point::new(-1.0, -2.0)) < 1e-12);
        assert!(map.apply(Point::new(1000.0, -100.0)).distance(Point::new(1.0, 2.0)) < 1e-12);
    }

    #[test]
    fn maps_apply_in_the_order_written() {
        let turn = Affine::turn_and_move(FRAC_PI_2, Point::new(10.0, 0.0));
        let wide = Affine { a: 2.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };
        let p = wide.then(&turn).apply(Point::new(1.0, 0.0));
        assert!(p.distance(Point::new(10.0, 2.0)) < 1e-12);
    }

    #[test]
    fn boxes_touch_only_when_they_share_a_point() {
        let unit = Rect::centered(Point::default(), 2.0, 2.0);
        let still = Affine::turn_and_move(0.0, Point::default()).apply_rect(&unit);
        let diamond_at = |x| Affine::turn_and_move(FRAC_PI_4, Point::new(x, 0.0)).apply_rect(&unit);
        assert!(still.touches(&diamond_at(2.4)));
        assert!(!still.touches(&diamond_at(2.42)));
        // Axis-parallel boxes around these two overlap, the turned ones do not.
        let corner = Affine::turn_and_move(FRAC_PI_4, Point::new(1.8, 1.8)).apply_rect(&unit);
        assert!(!still.touches(&corner));
    }
}

//! Where the imprint is in its picture, in millimeters.

use crate::error::ImprintError;
use crate::geometry::Point;
use crate::ink::Ink;
use crate::rules::Outline;
use std::f64::consts::TAU;

/// Directions in which the outline is looked at.
const DIRECTIONS: usize = 720;

/// The imprint's own box.
pub(super) struct Frame {
    shape: Outline,
    per_mm: (f64, f64),
    /// In mm from the picture's left and top.
    center: Point,
    half_width: f64,
    half_height: f64,
}

impl Frame {
    pub fn of(ink: &Ink, per_mm: (f64, f64), shape: Outline) -> Result<Self, ImprintError> {
        let nothing = || ImprintError::NothingFound { detail: "no ink".to_owned() };
        let [left, top, right, bottom] = ink.bounds().ok_or_else(nothing)?;
        let (left, right) = (left as f64 / per_mm.0, right as f64 / per_mm.0);
        let (top, bottom) = (top as f64 / per_mm.1, bottom as f64 / per_mm.1);
        Ok(Self {
            shape,
            per_mm,
            center: Point::new((left + right) / 2.0, (top + bottom) / 2.0),
            half_width: (right - left) / 2.0,
            half_height: (bottom - top) / 2.0,
        })
    }

    /// The frame of a round seal of 40 mm that fills a picture of so many pixels a mm.
    pub fn filling(per_mm: f64) -> Self {
        let (center, half) = (Point::new(20.0, 20.0), 20.0);
        Self { shape: Outline::Round, per_mm: (per_mm, per_mm), center, half_width: half, half_height: half }
    }

    pub fn size_mm(&self) -> (f64, f64) {
        (2.0 * self.half_width, 2.0 * self.half_height)
    }

    /// By how much the two diameters differ.
    pub fn out_of_round_mm(&self) -> f64 {
        2.0 * (self.half_width - self.half_height).abs()
    }

    /// A point in mm from the imprint's center, in pixels.
    pub fn pixel(&self, p: Point) -> (f64, f64) {
        ((self.center.x + p.x) * self.per_mm.0, (self.center.y + p.y) * self.per_mm.1)
    }

    /// The middle of a pixel in mm from the imprint's center.
    pub fn mm(&self, x: usize, y: usize) -> Point {
        Point::new(
            (x as f64 + 0.5) / self.per_mm.0 - self.center.x,
            (y as f64 + 0.5) / self.per_mm.1 - self.center.y,
        )
    }

    /// A step along a ray: a third of a pixel.
    pub fn step_mm(&self) -> f64 {
        1.0 / self.per_mm.0.max(self.per_mm.1) / 3.0
    }

    /// The area of a pixel in mm².
    pub fn pixel_area(&self) -> f64 {
        1.0 / (self.per_mm.0 * self.per_mm.1)
    }

    pub fn shorter_half(&self) -> f64 {
        self.half_width.min(self.half_height)
    }

    /// Points on the outline with the direction that leads straight inward. Of a rectangle the corners, which may be rounded,
    /// are left out.
    pub fn outline(&self) -> Vec<(Point, Point)> {
        match self.shape {
            Outline::Round | Outline::Ellipse => {
                (0..DIRECTIONS).map(|index| self.on_ellipse(index)).collect()
            }
            Outline::Rectangle => self.on_rectangle(),
        }
    }

    fn on_ellipse(&self, index: usize) -> (Point, Point) {
        let (sin, cos) = (TAU * index as f64 / DIRECTIONS as f64).sin_cos();
        let (a, b) = (self.half_width, self.half_height);
        let (nx, ny) = (b * sin, -a * cos);
        let length = nx.hypot(ny).max(f64::MIN_POSITIVE);
        (Point::new(a * sin, -b * cos), Point::new(-nx / length, -ny / length))
    }

    fn on_rectangle(&self) -> Vec<(Point, Point)> {
        let (a, b) = (self.half_width, self.half_height);
        let side = DIRECTIONS / 4;
        // From a tenth to nine tenths of each side.
        let along = |index: usize| (index as f64 / side as f64 * 2.0 - 1.0) * 0.8;
        let mut all = Vec::with_capacity(DIRECTIONS);
        for index in 0..side {
            let t = along(index);
            all.push((Point::new(t * a, -b), Point::new(0.0, 1.0)));
            all.push((Point::new(t * a, b), Point::new(0.0, -1.0)));
            all.push((Point::new(-a, t * b), Point::new(1.0, 0.0)));
            all.push((Point::new(a, t * b), Point::new(-1.0, 0.0)));
        }
        all
    }

    /// How deep inside the outline a point lies, in mm: exact on a circle and a rectangle, near it on an ellipse.
    pub fn depth(&self, p: Point) -> f64 {
        let (a, b) = (self.half_width, self.half_height);
        if self.shape == Outline::Rectangle {
            return (a - p.x.abs()).min(b - p.y.abs());
        }
        let share = (p.x / a).hypot(p.y / b).max(f64::MIN_POSITIVE);
        // Distance along the gradient of the ellipse's equation.
        let gradient = (p.x / (a * a)).hypot(p.y / (b * b)) / share;
        if gradient > 0.0 { (1.0 - share) / gradient } else { a.min(b) }
    }
}

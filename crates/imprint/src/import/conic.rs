//! An ellipse through points, by least squares.

use crate::geometry::Point;

/// An ellipse: half axes `a` ≥ `b`, `a` turned clockwise by `angle` against the level, within ±90°.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ellipse {
    pub center: Point,
    pub a: f64,
    pub b: f64,
    pub angle: f64,
}

/// Unknowns of A·x² + B·xy + C·y² + D·x + E·y = 1.
const N: usize = 5;

impl Ellipse {
    /// The ellipse that fits best, `None` if points are too few or lie on none.
    pub fn through(points: &[Point]) -> Option<Self> {
        if points.len() < 12 {
            return None;
        }
        // Around their middle and of size about 1, so that squares of pixels do not drown the rest.
        let count = points.len() as f64;
        let middle = Point::new(
            points.iter().map(|p| p.x).sum::<f64>() / count,
            points.iter().map(|p| p.y).sum::<f64>() / count,
        );
        let size = points.iter().map(|p| p.distance(middle)).fold(0.0, f64::max);
        if size <= 0.0 {
            return None;
        }
        let mut rows = [[0.0; N + 1]; N];
        for p in points {
            let (x, y) = ((p.x - middle.x) / size, (p.y - middle.y) / size);
            let terms = [x * x, x * y, y * y, x, y];
            for (row, own) in rows.iter_mut().zip(&terms) {
                for (cell, other) in row.iter_mut().zip(terms.iter().chain([&1.0])) {
                    *cell += own * other;
                }
            }
        }
        let [a, b, c, d, e] = solved(rows)?;
        Self::of(a, b, c, d, e).map(|own| Self {
            center: Point::new(middle.x + own.center.x * size, middle.y + own.center.y * size),
            a: own.a * size,
            b: own.b * size,
            angle: own.angle,
        })
    }

    fn of(a: f64, b: f64, c: f64, d: f64, e: f64) -> Option<Self> {
        let determinant = 4.0 * a * c - b * b;
        if determinant <= 0.0 {
            return None;
        }
        let center = Point::new((b * e - 2.0 * c * d) / determinant, (b * d - 2.0 * a * e) / determinant);
        // The equation around the center: A·x² + B·xy + C·y² = k.
        let k = 1.0 + a * center.x * center.x + b * center.x * center.y + c * center.y * center.y;
        let root = (a - c).hypot(b);
        let (small, large) = ((a + c - root) / 2.0, (a + c + root) / 2.0);
        let (long, short) = ((k / small).sqrt(), (k / large).sqrt());
        // The long axis lies where the form is smallest.
        let angle = if root < 1e-9 { 0.0 } else { 0.5 * (-b).atan2(c - a) };
        let finite = [center.x, center.y, long, short, angle].iter().all(|v| v.is_finite());
        (finite && short > 0.0).then_some(Self { center, a: long, b: short, angle })
    }

    /// How far a point lies from the ellipse, as a share of its radius in that direction.
    pub fn off(&self, p: Point) -> f64 {
        let (sin, cos) = self.angle.sin_cos();
        let (dx, dy) = (p.x - self.center.x, p.y - self.center.y);
        ((dx * cos + dy * sin) / self.a).hypot((dy * cos - dx * sin) / self.b) - 1.0
    }
}

/// Solves the normal equations by elimination with the largest pivot.
fn solved(mut rows: [[f64; N + 1]; N]) -> Option<[f64; N]> {
    for column in 0..N {
        let pivot = (column..N).max_by(|i, j| {
            let at = |row: usize| rows.get(row).and_then(|r| r.get(column)).map_or(0.0, |v: &f64| v.abs());
            at(*i).total_cmp(&at(*j))
        })?;
        rows.swap(column, pivot);
        let own = *rows.get(column)?;
        let lead = *own.get(column)?;
        if lead.abs() < 1e-12 {
            return None;
        }
        for (index, row) in rows.iter_mut().enumerate() {
            if index == column {
                continue;
            }
            let share = row.get(column).copied()? / lead;
            for (cell, other) in row.iter_mut().zip(&own) {
                *cell -= share * other;
            }
        }
    }
    let mut out = [0.0; N];
    for (index, (value, row)) in out.iter_mut().zip(&rows).enumerate() {
        *value = row.get(N).copied()? / row.get(index).copied()?;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_axes_center_and_angle() {
        let (sin, cos) = 0.3_f64.sin_cos();
        let points: Vec<Point> = (0..100)
            .map(|i| f64::from(i) * 0.06283)
            .map(|t| (400.0 * t.cos(), 300.0 * t.sin()))
            .map(|(u, v)| Point::new(1000.0 + u * cos - v * sin, 700.0 + u * sin + v * cos))
            .collect();
        let found = Ellipse::through(&points).unwrap();
        assert!(found.center.distance(Point::new(1000.0, 700.0)) < 1e-6, "{found:?}");
        assert!(
            (found.a - 400.0).abs() < 1e-6
                && (found.b - 300.0).abs() < 1e-6
                && (found.angle - 0.3).abs() < 1e-9
        );
        assert!(points.iter().all(|p| found.off(*p).abs() < 1e-9));
    }

    #[test]
    fn points_on_a_line_or_too_few_are_no_ellipse() {
        let line: Vec<Point> = (0..50).map(|i| Point::new(f64::from(i), 2.0 * f64::from(i))).collect();
        assert!(Ellipse::through(&line).is_none());
        assert!(Ellipse::through(&line[..3]).is_none());
        assert!(Ellipse::through(&[Point::default(); 20]).is_none());
    }
}

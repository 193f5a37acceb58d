//! The five-pointed star (五角星).

use crate::geometry::Point;
use crate::path::Path;
use std::f64::consts::PI;

/// Inner to outer radius of a star whose sides lie on five straight lines: 1 / φ².
const INNER: f64 = 0.381_966_011_250_105_2;

/// A star with one point up. `radius` reaches to its points.
pub(crate) fn star(center: Point, radius: f64) -> Path {
    Path::polygon((0..10_u8).map(|corner| {
        let reach = if corner % 2 == 0 { radius } else { radius * INNER };
        let p = Point::polar(reach, f64::from(corner) * PI / 5.0);
        Point::new(center.x + p.x, center.y + p.y)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Segment;

    fn corners(path: &Path) -> Vec<Point> {
        let corner = |segment: &Segment| match *segment {
            Segment::MoveTo(p) | Segment::LineTo(p) => Some(p),
            _ => None,
        };
        path.segments().iter().filter_map(corner).collect()
    }

    #[test]
    fn stands_upright_with_ten_corners() {
        let path = star(Point::new(20.0, 20.0), 7.0);
        let corners = corners(&path);
        assert_eq!(corners.len(), 10);
        assert!(corners[0].distance(Point::new(20.0, 13.0)) < 1e-9);
        let lowest = path.bounds().bottom;
        assert!((lowest - (20.0 + 7.0 * (PI / 5.0).cos())).abs() < 1e-9);
    }

    #[test]
    fn opposite_edges_lie_on_one_line() {
        let c = corners(&star(Point::default(), 1.0));
        // The arms' upper edges run level from the left point over two inner corners to the right point.
        assert!([c[9].y, c[1].y, c[2].y].iter().all(|y| (y - c[8].y).abs() < 1e-12));
    }
}

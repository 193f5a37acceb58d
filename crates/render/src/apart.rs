//! A path taken apart into pieces that have nothing to do with each other.
//!
//! A line of text is one path of many glyphs. Filling walks all edges of a path together, row by row, so that a long line costs the square
//! of a glyph; glyph by glyph the picture is the same.

use tiny_skia::{Path, PathBuilder, PathSegment, Point};

/// Paths of fewer steps are filled as they are.
const FEW: usize = 64;

/// A contour: which steps, and from where to where it reaches along one axis.
struct Contour {
    first: usize,
    end: usize,
    x: (f32, f32),
    y: (f32, f32),
}

/// The pieces of `path`: contours whose extents along one axis do not meet are in different ones. `None` where there is only one.
///
/// A contour turns only around points within its own extent, so pieces may be filled one after the other under either rule.
pub(crate) fn apart(path: &Path) -> Option<Vec<Path>> {
    if path.len() < FEW {
        return None;
    }
    let steps: Vec<PathSegment> = path.segments().collect();
    let mut contours = contours(&steps);
    pieces(&mut contours, |contour| contour.x, &steps)
        .or_else(|| pieces(&mut contours, |contour| contour.y, &steps))
}

fn contours(steps: &[PathSegment]) -> Vec<Contour> {
    let mut contours: Vec<Contour> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let points: &[Point] = match step {
            PathSegment::MoveTo(to) => {
                let end = at.saturating_add(1);
                contours.push(Contour { first: at, end, x: (to.x, to.x), y: (to.y, to.y) });
                continue;
            }
            PathSegment::LineTo(to) => &[*to],
            PathSegment::QuadTo(a, to) => &[*a, *to],
            PathSegment::CubicTo(a, b, to) => &[*a, *b, *to],
            PathSegment::Close => &[],
        };
        // A path begins with a move.
        let Some(contour) = contours.last_mut() else { continue };
        contour.end = at.saturating_add(1);
        for point in points {
            contour.x = (contour.x.0.min(point.x), contour.x.1.max(point.x));
            contour.y = (contour.y.0.min(point.y), contour.y.1.max(point.y));
        }
    }
    contours
}

fn pieces(
    contours: &mut [Contour],
    extent: impl Fn(&Contour) -> (f32, f32),
    steps: &[PathSegment],
) -> Option<Vec<Path>> {
    contours.sort_by(|a, b| extent(a).0.total_cmp(&extent(b).0));
    let mut pieces = Vec::new();
    let mut builder = PathBuilder::new();
    let mut reach = f32::NEG_INFINITY;
    for contour in contours.iter() {
        let (from, to) = extent(contour);
        if from > reach && !builder.is_empty() {
            pieces.extend(std::mem::take(&mut builder).finish());
        }
        reach = reach.max(to);
        for step in steps.get(contour.first..contour.end).unwrap_or_default() {
            match *step {
                PathSegment::MoveTo(to) => builder.move_to(to.x, to.y),
                PathSegment::LineTo(to) => builder.line_to(to.x, to.y),
                PathSegment::QuadTo(a, to) => builder.quad_to(a.x, a.y, to.x, to.y),
                PathSegment::CubicTo(a, b, to) => builder.cubic_to(a.x, a.y, b.x, b.y, to.x, to.y),
                PathSegment::Close => builder.close(),
            }
        }
    }
    if pieces.is_empty() {
        return None;
    }
    pieces.extend(builder.finish());
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tiny_skia::{FillRule, Paint, Pixmap, Rect, Transform};

    /// Rings in a row or a column: an outer and an inner contour each, so many of them.
    fn rings(count: usize, across: bool) -> Path {
        let mut builder = PathBuilder::new();
        for n in 0..count {
            let (x, y) = if across { (n as f32 * 20.0, 0.0) } else { (0.0, n as f32 * 20.0) };
            for (inset, steps) in [(1.0, 12), (5.0, 12)] {
                let middle = 9.0;
                for step in 0..steps {
                    let turn = std::f32::consts::TAU * step as f32 / steps as f32;
                    let (dx, dy) = (turn.cos() * (middle - inset), turn.sin() * (middle - inset));
                    // The inner contour runs the other way.
                    let (px, py) = (x + middle + dx, y + middle + if inset > 2.0 { -dy } else { dy });
                    if step == 0 { builder.move_to(px, py) } else { builder.line_to(px, py) }
                }
                builder.close();
            }
        }
        builder.finish().unwrap()
    }

    fn filled(paths: &[Path]) -> Vec<u8> {
        let mut target = Pixmap::new(220, 220).unwrap();
        let mut paint = Paint::default();
        paint.set_color_rgba8(20, 30, 40, 200);
        for path in paths {
            target.fill_path(path, &paint, FillRule::Winding, Transform::from_scale(1.1, 1.1), None);
        }
        target.take()
    }

    #[test]
    fn pieces_together_are_the_same_picture() {
        for across in [true, false] {
            let path = rings(10, across);
            let pieces = apart(&path).unwrap();
            assert_eq!(pieces.len(), 10);
            assert_eq!(filled(&pieces), filled(&[path]));
        }
    }

    #[test]
    fn what_is_short_or_hangs_together_stays_whole() {
        assert!(apart(&rings(2, true)).is_none(), "short");
        let mut builder = PathBuilder::new();
        builder.push_path(&rings(10, true));
        builder.push_rect(Rect::from_ltrb(0.0, 0.0, 220.0, 220.0).unwrap());
        assert!(apart(&builder.finish().unwrap()).is_none(), "a frame around all");
    }
}

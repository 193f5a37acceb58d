//! Paths and lines of PDF as those of the display list.

use hayro_interpret::kurbo::{Affine, BezPath, Cap, Join, PathEl, Point};
use hayro_interpret::{BlendMode as Blend, FillRule as Rule, StrokeProps};
use tiny_skia::{BlendMode, FillRule, LineCap, LineJoin, Path, PathBuilder, Rect, Transform};

use crate::list::Line;

/// A path with its number of steps; `None` where it is empty or not finite.
pub(super) fn path(from: &BezPath) -> Option<(Path, usize)> {
    let mut out = PathBuilder::new();
    let mut steps = 0_usize;
    let point = |p: &Point| (p.x as f32, p.y as f32);
    for element in from.elements() {
        steps = steps.saturating_add(1);
        match element {
            PathEl::MoveTo(p) => {
                let (x, y) = point(p);
                out.move_to(x, y);
            }
            PathEl::LineTo(p) => {
                let (x, y) = point(p);
                out.line_to(x, y);
            }
            PathEl::QuadTo(a, p) => {
                let ((ax, ay), (x, y)) = (point(a), point(p));
                out.quad_to(ax, ay, x, y);
            }
            PathEl::CurveTo(a, b, p) => {
                let ((ax, ay), (bx, by), (x, y)) = (point(a), point(b), point(p));
                out.cubic_to(ax, ay, bx, by, x, y);
            }
            PathEl::ClosePath => out.close(),
        }
    }
    out.finish().map(|path| (path, steps))
}

pub(super) fn rule(rule: Rule) -> FillRule {
    match rule {
        Rule::NonZero => FillRule::Winding,
        Rule::EvenOdd => FillRule::EvenOdd,
    }
}

pub(super) fn line(props: &StrokeProps) -> Line {
    let sound = |n: f32| if n.is_finite() { n.max(0.0) } else { 0.0 };
    let mut dashes: Vec<f32> = props.dash_array.iter().map(|n| sound(*n)).take(64).collect();
    if dashes.len() % 2 == 1 {
        // Lengths in turn are dashes and gaps; an odd list goes on with its parts exchanged.
        dashes.extend_from_within(..);
    }
    Line {
        width: sound(props.line_width),
        join: match props.line_join {
            Join::Miter => LineJoin::Miter,
            Join::Round => LineJoin::Round,
            Join::Bevel => LineJoin::Bevel,
        },
        cap: match props.line_cap {
            Cap::Butt => LineCap::Butt,
            Cap::Round => LineCap::Round,
            Cap::Square => LineCap::Square,
        },
        miter: if props.miter_limit.is_finite() { props.miter_limit.max(1.0) } else { 10.0 },
        dashes,
        offset: if props.dash_offset.is_finite() { props.dash_offset } else { 0.0 },
    }
}

/// The line itself as a path to be filled.
pub(super) fn outlined(path: &Path, line: &Line, scale: f32) -> Option<Path> {
    let stroke = tiny_skia::Stroke {
        width: line.width.max(1e-4),
        miter_limit: line.miter,
        line_cap: line.cap,
        line_join: line.join,
        dash: tiny_skia::StrokeDash::new(line.dashes.clone(), line.offset),
    };
    let dashed = stroke.dash.as_ref().and_then(|dash| path.dash(dash, scale));
    dashed.as_ref().unwrap_or(path).stroke(&stroke, scale)
}

/// The box that a line along a path may ink.
pub(super) fn reach(path: &Path, map: Transform, line: &Line) -> Option<Rect> {
    let (x, y) = map.get_scale();
    let miter = if line.join == LineJoin::Miter { line.miter.max(1.5) } else { 1.5 };
    let by = line.width * x.max(y) * miter + 1.0;
    let inner = bounds(path, map)?;
    Rect::from_ltrb(inner.left() - by, inner.top() - by, inner.right() + by, inner.bottom() + by)
}

/// The box of a path on the page. Straight lines have boxes without height: corners are mapped by hand.
pub(super) fn bounds(path: &Path, map: Transform) -> Option<Rect> {
    let b = path.bounds();
    let mut corners = [
        tiny_skia::Point::from_xy(b.left(), b.top()),
        tiny_skia::Point::from_xy(b.right(), b.top()),
        tiny_skia::Point::from_xy(b.right(), b.bottom()),
        tiny_skia::Point::from_xy(b.left(), b.bottom()),
    ];
    map.map_points(&mut corners);
    let fold =
        |pick: fn(&tiny_skia::Point) -> f32, with: fn(f32, f32) -> f32| corners.iter().map(pick).reduce(with);
    Rect::from_ltrb(
        fold(|p| p.x, f32::min)?,
        fold(|p| p.y, f32::min)?,
        fold(|p| p.x, f32::max)?,
        fold(|p| p.y, f32::max)?,
    )
}

pub(super) fn blend(mode: Blend) -> BlendMode {
    match mode {
        Blend::Normal => BlendMode::SourceOver,
        Blend::Multiply => BlendMode::Multiply,
        Blend::Screen => BlendMode::Screen,
        Blend::Overlay => BlendMode::Overlay,
        Blend::Darken => BlendMode::Darken,
        Blend::Lighten => BlendMode::Lighten,
        Blend::ColorDodge => BlendMode::ColorDodge,
        Blend::ColorBurn => BlendMode::ColorBurn,
        Blend::HardLight => BlendMode::HardLight,
        Blend::SoftLight => BlendMode::SoftLight,
        Blend::Difference => BlendMode::Difference,
        Blend::Exclusion => BlendMode::Exclusion,
        Blend::Hue => BlendMode::Hue,
        Blend::Saturation => BlendMode::Saturation,
        Blend::Color => BlendMode::Color,
        Blend::Luminosity => BlendMode::Luminosity,
    }
}

/// The longer of the two lengths that a map makes of one.
pub(super) fn scale(map: &Affine) -> f32 {
    let [a, b, c, d, _, _] = map.as_coeffs();
    a.hypot(b).max(c.hypot(d)) as f32
}

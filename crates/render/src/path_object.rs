//! Paths (图形对象, GB/T 33190-2016 clause 9), and how shapes are painted.

use std::io::{Read, Seek};
use std::sync::Arc;

use tiny_skia::{FillRule, LineCap, LineJoin, Path, Transform};
use yinxin_ofd::Rect;

use crate::builder::{Builder, box_region};
use crate::element::{Element, numbers};
use crate::list::{Item, Line, Paint, Rgba};
use crate::scope::{Params, Scope, boundary, object_map};

/// Line width where none is stated, in mm.
const LINE_WIDTH: f32 = 0.353;
/// Miter limit where none is stated.
const MITER: f32 = 3.528;
/// More dashes than this on one path are not drawn one by one.
const MAX_DASHES: f32 = 50_000.0;

/// The rule that tells inside from outside.
pub(crate) fn rule(element: &Element) -> FillRule {
    match element.attribute("Rule") {
        Some(word) if word.trim().eq_ignore_ascii_case("Even-Odd") => FillRule::EvenOdd,
        _ => FillRule::Winding,
    }
}

impl<R: Read + Seek> Builder<'_, R> {
    pub fn path_object(&mut self, object: &Element, scope: &Scope, out: &mut Vec<Item>) {
        let Some(path) = self.path(object) else { return };
        let params = self.params(object, scope);
        let map = object_map(object, scope);
        let mut items = Vec::new();
        if object.flag("Fill") == Some(true)
            && let Some(color) = params.child("FillColor")
        {
            self.fill(&path, map, rule(object), color, &mut items);
        }
        let mut width = 0.0;
        if object.flag("Stroke") != Some(false) {
            let line = self.line(&params, &path, object);
            width = line.width;
            self.stroke(&path, map, line, params.child("StrokeColor"), &mut items);
        }
        // What leaves the box is cut off, but for half the line: boxes of straight lines have no height.
        let cut = boundary(object).and_then(|rect| outside(&path, map, scope.map, &rect, width));
        match cut {
            Some(region) => Item::group(items, Some(vec![region]), 1.0, out),
            None => out.append(&mut items),
        }
    }

    /// Fills a shape with the color, gradient or pattern of a color element.
    pub fn fill(
        &mut self,
        path: &Arc<Path>,
        map: Transform,
        rule: FillRule,
        color: &Element,
        out: &mut Vec<Item>,
    ) {
        if let Some(pattern) = color.child("Pattern") {
            return self.pattern(pattern, path, map, rule, out);
        }
        let paint = self.paint(color, Rgba::BLACK);
        out.push(Item::Fill { path: Arc::clone(path), map, rule, paint });
    }

    /// Strokes a path; black where no color is stated.
    pub fn stroke(
        &mut self,
        path: &Arc<Path>,
        map: Transform,
        line: Line,
        color: Option<&Element>,
        out: &mut Vec<Item>,
    ) {
        if color.is_some_and(|color| color.child("Pattern").is_some()) {
            self.note("STROKE_PATTERN", color, "lines are drawn black instead of with a pattern");
        }
        let paint = match color {
            Some(color) => self.paint(color, Rgba::BLACK),
            None => Paint::Solid(Rgba::BLACK),
        };
        out.push(Item::Stroke { path: Arc::clone(path), map, line, paint });
    }

    /// How a path is stroked, from an object's parameters.
    pub fn line(&mut self, params: &Params<'_>, path: &Path, object: &Element) -> Line {
        let join = match params.attribute("Join").map(str::trim) {
            Some("Round") => LineJoin::Round,
            Some("Bevel") => LineJoin::Bevel,
            _ => LineJoin::Miter,
        };
        let cap = match params.attribute("Cap").map(str::trim) {
            Some("Round") => LineCap::Round,
            Some("Square") => LineCap::Square,
            _ => LineCap::Butt,
        };
        let mut dashes: Vec<f32> = params.attribute("DashPattern").map(numbers).unwrap_or_default();
        dashes.truncate(64);
        // A single number is a dash and an equal gap; an odd list is gone through twice.
        if dashes.len() % 2 == 1 {
            dashes.extend_from_within(..);
        }
        let period: f32 = dashes.iter().sum();
        if dashes.iter().any(|dash| *dash < 0.0) || period <= 0.0 {
            dashes.clear();
        } else if endless(path, &dashes) {
            self.note("DASH_LIMIT", Some(object), "dashes without number are drawn as a solid line");
            dashes.clear();
        }
        Line {
            width: params.number("LineWidth").unwrap_or(LINE_WIDTH).clamp(0.0, 1e4),
            join,
            cap,
            miter: params.number("MiterLimit").unwrap_or(MITER).clamp(1.0, 1e4),
            dashes,
            offset: params.number("DashOffset").unwrap_or(0.0).clamp(-1e6, 1e6),
        }
    }
}

/// Whether a path has more dashes than anybody could see.
pub(crate) fn endless(path: &Path, dashes: &[f32]) -> bool {
    let period: f32 = dashes.iter().sum();
    length(path) / period.max(f32::MIN_POSITIVE) * dashes.len() as f32 > MAX_DASHES
}

/// An upper bound of a path's length: that of its control polygon.
fn length(path: &Path) -> f32 {
    let step = |pair: &[tiny_skia::Point]| match pair {
        [a, b] => (a.x - b.x).hypot(a.y - b.y),
        _ => 0.0,
    };
    path.points().windows(2).map(step).sum()
}

/// The region to clip to, where the path leaves its box by more than half its line.
fn outside(
    path: &Path,
    map: Transform,
    block: Transform,
    rect: &Rect,
    width: f32,
) -> Option<crate::list::Region> {
    let scale = {
        let (x, y) = map.get_scale();
        let (bx, by) = block.get_scale();
        (x / bx.max(1e-6)).max(y / by.max(1e-6))
    };
    let half = f64::from(width * scale) / 2.0 + 0.05;
    let wide = Rect::new(rect.x - half, rect.y - half, rect.width + half * 2.0, rect.height + half * 2.0);
    let inside = block.invert().map(|back| back.pre_concat(map)).and_then(|to_block| {
        let bounds = path.bounds().transform(to_block)?;
        Some(
            f64::from(bounds.left()) >= wide.x
                && f64::from(bounds.top()) >= wide.y
                && f64::from(bounds.right()) <= wide.x + wide.width
                && f64::from(bounds.bottom()) <= wide.y + wide.height,
        )
    });
    match inside {
        Some(false) => box_region(&wide, block),
        _ => None,
    }
}

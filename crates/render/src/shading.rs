//! Gradients and patterns (渐变, 底纹, GB/T 33190-2016 8.3).

use std::io::{Read, Seek};
use std::sync::Arc;

use tiny_skia::{FillRule, Path, Transform};

use crate::builder::Builder;
use crate::element::{Element, numbers};
use crate::list::{Item, Paint, Region, Rgba, Spread, Stop};
use crate::scope::{Scope, matrix};

/// Tiles of one pattern.
const MAX_TILES: usize = 10_000;
/// Colors of one gradient.
const MAX_STOPS: usize = 256;

impl Paint {
    /// Makes the paint more transparent.
    pub fn fade(&mut self, by: f32) {
        match self {
            Self::Solid(color) => color.alpha *= by,
            Self::Linear { stops, .. } | Self::Radial { stops, .. } => {
                stops.iter_mut().for_each(|stop| stop.color.alpha *= by);
            }
        }
    }
}

impl<R: Read + Seek> Builder<'_, R> {
    /// The paint of a color element that is no pattern.
    pub fn paint(&mut self, color: &Element, default: Rgba) -> Paint {
        if let Some(axial) = color.child("AxialShd") {
            return self.axial(axial, default);
        }
        if let Some(radial) = color.child("RadialShd") {
            return self.radial(radial, default);
        }
        if let Some(mesh) = color.child("GouraudShd").or_else(|| color.child("LaGouraudShd")) {
            self.note("SHADING_AVERAGED", Some(color), "a triangle shading is drawn in its mean color");
            return Paint::Solid(self.mean(mesh, default));
        }
        Paint::Solid(self.color(color, default))
    }

    fn stops(&mut self, shading: &Element, default: Rgba) -> Vec<Stop> {
        let segments: Vec<&Element> = shading.all("Segment").take(MAX_STOPS).collect();
        let last = segments.len().saturating_sub(1).max(1) as f32;
        let mut stops: Vec<Stop> = Vec::new();
        for (number, segment) in segments.iter().enumerate() {
            let even = number as f32 / last;
            let at = segment.number("Position").unwrap_or(even).clamp(0.0, 1.0);
            let color = segment.child("Color").map_or(default, |color| self.color(color, default));
            // Positions only ever rise.
            let at = stops.last().map_or(at, |before| at.max(before.at));
            stops.push(Stop { at, color });
        }
        stops
    }

    fn axial(&mut self, shading: &Element, default: Rgba) -> Paint {
        let point = |name| numbers(shading.attribute(name).unwrap_or(""));
        let stops = self.stops(shading, default);
        let (from, mut to) = match (point("StartPoint").as_slice(), point("EndPoint").as_slice()) {
            ([a, b], [c, d]) if (a, b) != (c, d) && stops.len() > 1 => ((*a, *b), (*c, *d)),
            _ => return self.degenerate(shading, &stops, default),
        };
        let spread = spread(shading);
        if spread != Spread::Pad
            && let Some(unit) = shading.number("MapUnit").filter(|unit| *unit > 0.01)
        {
            let length = (to.0 - from.0).hypot(to.1 - from.1).max(1e-6);
            to = (from.0 + (to.0 - from.0) * unit / length, from.1 + (to.1 - from.1) * unit / length);
        }
        Paint::Linear { from, to, stops: ended(stops, extend(shading), spread), spread }
    }

    fn radial(&mut self, shading: &Element, default: Rgba) -> Paint {
        let point = |name| numbers(shading.attribute(name).unwrap_or(""));
        let stops = self.stops(shading, default);
        if shading.number("Eccentricity").is_some_and(|value| value != 0.0) {
            self.note("SHADING_ELLIPSE", Some(shading), "an elliptic shading is drawn round");
        }
        let radius = |name| shading.number(name).unwrap_or(0.0).max(0.0);
        let (from, to) = match (point("StartPoint").as_slice(), point("EndPoint").as_slice()) {
            ([a, b], [c, d]) if stops.len() > 1 && radius("EndRadius") > radius("StartRadius") => {
                ((*a, *b, radius("StartRadius")), (*c, *d, radius("EndRadius")))
            }
            ([a, b], [c, d]) if stops.len() > 1 && radius("StartRadius") > radius("EndRadius") => {
                // Both engines want the small circle first.
                let (start, end) = extend(shading);
                let turned = stops.iter().rev().map(|stop| Stop { at: 1.0 - stop.at, color: stop.color });
                let (from, to) = ((*c, *d, radius("EndRadius")), (*a, *b, radius("StartRadius")));
                let spread = spread(shading);
                return Paint::Radial {
                    from,
                    to,
                    stops: ended(turned.collect(), (end, start), spread),
                    spread,
                };
            }
            _ => return self.degenerate(shading, &stops, default),
        };
        let spread = spread(shading);
        Paint::Radial { from, to, stops: ended(stops, extend(shading), spread), spread }
    }

    fn degenerate(&mut self, shading: &Element, stops: &[Stop], default: Rgba) -> Paint {
        self.note("SHADING_UNREADABLE", Some(shading), "a shading without two ends is drawn in one color");
        Paint::Solid(stops.last().map_or(default, |stop| stop.color))
    }

    fn mean(&mut self, mesh: &Element, default: Rgba) -> Rgba {
        let colors: Vec<&Element> =
            mesh.all("Point").filter_map(|point| point.child("Color")).take(MAX_STOPS).collect();
        let count = colors.len() as f32;
        if colors.is_empty() {
            return default;
        }
        let mut sum = Rgba { red: 0.0, green: 0.0, blue: 0.0, alpha: 0.0 };
        for color in colors {
            let color = self.color(color, default);
            sum.red += color.red / count;
            sum.green += color.green / count;
            sum.blue += color.blue / count;
            sum.alpha += color.alpha / count;
        }
        sum
    }

    /// Fills a shape with repeated cells.
    pub fn pattern(
        &mut self,
        pattern: &Element,
        path: &Arc<Path>,
        map: Transform,
        rule: FillRule,
        out: &mut Vec<Item>,
    ) {
        let size = |name| pattern.number(name).filter(|value| *value > 1e-3);
        let (Some(width), Some(height)) = (size("Width"), size("Height")) else {
            return self.note("PATTERN_UNREADABLE", Some(pattern), "a pattern without size is not drawn");
        };
        if pattern.attribute("ReflectMethod").is_some_and(|word| word.trim() != "Normal") {
            self.note("PATTERN_REFLECT", Some(pattern), "pattern cells are repeated without mirroring");
        }
        let (across, down) =
            (size("XStep").unwrap_or(width).max(width), size("YStep").unwrap_or(height).max(height));
        let own = pattern.attribute("CTM").and_then(matrix).unwrap_or_default();
        let mut cell = Vec::new();
        let scope = Scope { map: Transform::identity(), layer_param: None, depth: 8, text: false };
        for content in pattern.all("CellContent") {
            self.block(content, &scope, &mut cell);
        }
        // The cells that can be seen through the shape, in the pattern's own coordinates.
        let to_page = map.pre_concat(own);
        let bounds = to_page
            .invert()
            .and_then(|back| path.bounds().transform(back.pre_concat(map)))
            .filter(|_| !cell.is_empty());
        let Some(bounds) = bounds else { return };
        let range = |low: f32, high: f32, step: f32| {
            let first = (low / step).floor();
            (first, ((high / step).floor() - first).clamp(0.0, 1e6) as usize)
        };
        let (x, columns) = range(bounds.left(), bounds.right(), across);
        let (y, rows) = range(bounds.top(), bounds.bottom(), down);
        if columns.saturating_add(1).saturating_mul(rows.saturating_add(1)) > MAX_TILES {
            return self.note("PATTERN_LIMIT", Some(pattern), "a pattern of too many cells is not drawn");
        }
        let cell = Arc::new(cell);
        let mut tiles = Vec::new();
        for row in 0..=rows {
            for column in 0..=columns {
                let corner = ((x + column as f32) * across, (y + row as f32) * down);
                let map = to_page.pre_translate(corner.0, corner.1);
                tiles.push(Item::moved(Arc::clone(&cell), map));
            }
        }
        let clip = vec![Region { path: Arc::clone(path), map, rule }];
        Item::group(tiles, Some(clip), 1.0, out);
    }
}

fn spread(shading: &Element) -> Spread {
    match shading.attribute("MapType").map(str::trim) {
        Some("Repeat") => Spread::Repeat,
        Some("Reflect") => Spread::Reflect,
        _ => Spread::Pad,
    }
}

/// Whether the color goes on before the start and behind the end: 0 neither, 1 the start, 2 the end, 3 both.
fn extend(shading: &Element) -> (bool, bool) {
    let bits = shading.number("Extend").unwrap_or(0.0) as i32;
    (bits & 1 != 0, bits & 2 != 0)
}

/// Where a color does not go on, nothing is painted beyond that end.
fn ended(mut stops: Vec<Stop>, (start, end): (bool, bool), spread: Spread) -> Vec<Stop> {
    if spread != Spread::Pad {
        return stops;
    }
    let clear = |stop: &Stop, at: f32| Stop { at, color: Rgba { alpha: 0.0, ..stop.color } };
    if !start && let Some(first) = stops.first().map(|stop| clear(stop, 0.0)) {
        stops.insert(0, first);
    }
    if !end && let Some(last) = stops.last().map(|stop| clear(stop, 1.0)) {
        stops.push(last);
    }
    stops
}

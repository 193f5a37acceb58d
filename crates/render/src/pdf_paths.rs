//! From the display list to the content of a PDF form that fills the unit square: paths only, no font is needed to look at it.

use std::collections::BTreeSet;
use std::fmt::Write;

use tiny_skia::{BlendMode, FillRule, LineCap, LineJoin, Path, PathSegment, Point, Transform};
use yinxin_ofd::Rect;
use yinxin_pdf::Paths;

use crate::art_note::Beyond;
use crate::list::{Item, Line, Paint, Region, Rgba};
use crate::svg::{digits, push_number};

/// Most bytes of content; a seal of forty characters has some fifty thousand.
const MAX_BYTES: usize = 2 << 20;
/// Groups inside one another.
const MAX_NESTING: usize = 128;

/// The items within a box, as the content of a form; or what in them cannot be said in paths.
pub(crate) fn paths(items: &[Item], area: &Rect) -> Result<Paths, Beyond> {
    let mut writer = Writer::default();
    let (across, down) = (1.0 / area.width, 1.0 / area.height);
    // y points up in a PDF, and down here.
    let map = [across, 0.0, 0.0, -down, -area.x * across, 1.0 + area.y * down];
    let map: Vec<String> = map.iter().map(|v| long(*v)).collect();
    let _ = writeln!(writer.out, "{} cm", map.join(" "));
    writer.items(items, Transform::identity(), 0)?;
    Ok(Paths { content: writer.out.into_bytes(), opacities: writer.opacities })
}

/// A number that others are multiplied by.
fn long(value: f64) -> String {
    let text = format!("{value:.10}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// What is set in the graphics state already.
#[derive(Clone, Default, PartialEq)]
struct Set {
    fill: Option<String>,
    stroke: Option<String>,
    /// Thousandths; 1000 at first.
    opacity: Option<u16>,
}

#[derive(Default)]
struct Writer {
    out: String,
    opacities: BTreeSet<u16>,
    set: Set,
}

impl Writer {
    fn items(&mut self, items: &[Item], map: Transform, depth: usize) -> Result<(), Beyond> {
        if depth > MAX_NESTING {
            return Err(Beyond::Nesting);
        }
        for item in items {
            if self.out.len() > MAX_BYTES {
                return Err(Beyond::Length);
            }
            match item {
                Item::Fill { path, map: own, rule, paint } => {
                    if !self.color(paint, false)? {
                        continue;
                    }
                    let path = path.as_ref().clone().transform(map.pre_concat(*own));
                    self.path(&path.ok_or(Beyond::Measure)?, &Transform::identity());
                    self.out.push_str(if *rule == FillRule::EvenOdd { "f*\n" } else { "f\n" });
                }
                Item::Stroke { path, map: own, line, paint } => {
                    if !self.color(paint, true)? {
                        continue;
                    }
                    let map = map.pre_concat(*own);
                    self.out.push_str("q ");
                    self.map(&map);
                    self.line(line, &map);
                    self.path(path, &map);
                    self.out.push_str("S Q\n");
                }
                Item::Image { .. } => return Err(Beyond::Pictures),
                Item::Group { items, map: own, clip, alpha, blend, mask } => {
                    if *alpha < 1.0 || *blend != BlendMode::SourceOver || mask.is_some() {
                        return Err(Beyond::Transparency);
                    }
                    let map = map.pre_concat(*own);
                    let Some(clip) = clip else {
                        self.items(items, map, depth.saturating_add(1))?;
                        continue;
                    };
                    let [region] = clip.as_slice() else { return Err(Beyond::Clips) };
                    let before = self.set.clone();
                    self.out.push_str("q\n");
                    self.clip(region, map)?;
                    self.items(items, map, depth.saturating_add(1))?;
                    self.out.push_str("Q\n");
                    self.set = before;
                }
            }
        }
        Ok(())
    }

    fn clip(&mut self, region: &Region, map: Transform) -> Result<(), Beyond> {
        let path = region.path.as_ref().clone().transform(map.pre_concat(region.map));
        self.path(&path.ok_or(Beyond::Measure)?, &Transform::identity());
        self.out.push_str(if region.rule == FillRule::EvenOdd { "W* n\n" } else { "W n\n" });
        Ok(())
    }

    /// Sets color and opacity; says whether there is anything to see.
    fn color(&mut self, paint: &Paint, stroke: bool) -> Result<bool, Beyond> {
        let Paint::Solid(color) = paint else { return Err(Beyond::Gradients) };
        let opacity = (color.alpha.clamp(0.0, 1.0) * 1000.0).round() as u16;
        if opacity == 0 {
            return Ok(false);
        }
        if self.set.opacity.unwrap_or(1000) != opacity {
            self.set.opacity = Some(opacity);
            self.opacities.insert(opacity);
            let _ = writeln!(self.out, "/{} gs", Paths::opacity_name(opacity));
        }
        let Rgba { red, green, blue, .. } = color;
        let mut text = String::new();
        for part in [red, green, blue] {
            push_number(&mut text, part.clamp(0.0, 1.0), 4);
            text.push(' ');
        }
        let known = if stroke { &mut self.set.stroke } else { &mut self.set.fill };
        if known.as_ref() != Some(&text) {
            let _ = writeln!(self.out, "{text}{}", if stroke { "RG" } else { "rg" });
            *known = Some(text);
        }
        Ok(true)
    }

    fn map(&mut self, map: &Transform) {
        if !map.is_identity() {
            for value in [map.sx, map.ky, map.kx, map.sy, map.tx, map.ty] {
                push_number(&mut self.out, value, 8);
                self.out.push(' ');
            }
            self.out.push_str("cm ");
        }
    }

    fn line(&mut self, line: &Line, map: &Transform) {
        let digits = digits(map).max(4);
        push_number(&mut self.out, line.width.max(1e-4), digits);
        let join = match line.join {
            LineJoin::Round => 1,
            LineJoin::Bevel => 2,
            _ => 0,
        };
        let cap = match line.cap {
            LineCap::Butt => 0,
            LineCap::Round => 1,
            LineCap::Square => 2,
        };
        let _ = write!(self.out, " w {join} j {cap} J ");
        push_number(&mut self.out, line.miter.max(1.0), 3);
        self.out.push_str(" M ");
        if !line.dashes.is_empty() {
            self.out.push('[');
            for dash in &line.dashes {
                push_number(&mut self.out, *dash, digits);
                self.out.push(' ');
            }
            self.out.push_str("] ");
            push_number(&mut self.out, line.offset.max(0.0), digits);
            self.out.push_str(" d ");
        }
    }

    fn path(&mut self, path: &Path, map: &Transform) {
        let digits = digits(map);
        let (mut last, mut start) = (Point::zero(), Point::zero());
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(p) => {
                    self.step(&[p], 'm', digits);
                    (start, last) = (p, p);
                }
                PathSegment::LineTo(p) => {
                    self.step(&[p], 'l', digits);
                    last = p;
                }
                PathSegment::QuadTo(a, p) => {
                    let third =
                        |end: Point| Point::from_xy((end.x + 2.0 * a.x) / 3.0, (end.y + 2.0 * a.y) / 3.0);
                    self.step(&[third(last), third(p), p], 'c', digits);
                    last = p;
                }
                PathSegment::CubicTo(a, b, p) => {
                    self.step(&[a, b, p], 'c', digits);
                    last = p;
                }
                PathSegment::Close => {
                    self.out.push_str("h\n");
                    last = start;
                }
            }
        }
    }

    fn step(&mut self, points: &[Point], operator: char, digits: usize) {
        for point in points {
            push_number(&mut self.out, point.x, digits);
            self.out.push(' ');
            push_number(&mut self.out, point.y, digits);
            self.out.push(' ');
        }
        self.out.push(operator);
        self.out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tiny_skia::PathBuilder;

    use super::*;

    fn fill(alpha: f32) -> Item {
        let mut path = PathBuilder::new();
        path.move_to(1.0, 2.0);
        path.quad_to(4.0, 2.0, 4.0, 5.0);
        path.close();
        let paint = Paint::Solid(Rgba { red: 1.0, green: 0.0, blue: 0.0, alpha });
        let path = Arc::new(path.finish().unwrap());
        Item::Fill { path, map: Transform::identity(), rule: FillRule::Winding, paint }
    }

    fn content(items: &[Item]) -> String {
        String::from_utf8(paths(items, &Rect::new(0.0, 0.0, 40.0, 20.0)).unwrap().content).unwrap()
    }

    #[test]
    fn a_shape_is_its_color_and_its_path_upside_down() {
        assert_eq!(
            content(&[fill(1.0), fill(1.0)]).lines().take(7).collect::<Vec<_>>(),
            ["0.025 0 0 -0.05 0 1 cm", "1 0 0 rg", "1 2 m", "3 2 4 3 4 5 c", "h", "f", "1 2 m"]
        );
    }

    #[test]
    fn opacities_are_set_and_set_back() {
        let text = content(&[fill(0.5), fill(1.0), fill(0.0)]);
        let names: Vec<&str> = text.lines().filter(|l| l.ends_with("gs")).collect();
        assert_eq!(names, ["/A500 gs", "/A1000 gs"]);
        assert_eq!(text.matches('f').count(), 2, "what cannot be seen is left out");
    }

    #[test]
    fn what_no_path_can_say_is_named() {
        let area = Rect::new(0.0, 0.0, 40.0, 20.0);
        let mut group = Vec::new();
        Item::group(vec![fill(1.0), fill(1.0)], None, 0.5, &mut group);
        assert_eq!(paths(&group, &area), Err(Beyond::Transparency));
        let pixels = crate::list::Pixels { width: 1, height: 1, rgba: vec![0; 4] };
        let image = Item::Image { pixels: Arc::new(pixels), map: Transform::identity(), alpha: 1.0 };
        assert_eq!(paths(&[image], &area), Err(Beyond::Pictures));
    }
}

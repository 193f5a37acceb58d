//! Shapes with their paint.

use std::sync::Arc;

use hayro_interpret::Paint as From;
use hayro_interpret::kurbo::Affine;
use hayro_interpret::pattern::Pattern;
use tiny_skia::{BlendMode, FillRule, Path, Rect, Transform};

use super::drawer::{Drawer, transform};
use super::paths;
use crate::list::{Item, Line, Paint, Region, Rgba, SoftMask};

/// How a shape is painted, apart from its form.
#[derive(Debug, Clone)]
pub(super) struct Look<'a> {
    /// From the shape's own coordinates to units.
    pub map: Affine,
    pub paint: From<'a>,
    pub mask: Option<Arc<SoftMask>>,
    pub blend: BlendMode,
}

#[derive(Debug, Clone)]
pub(super) enum How {
    Fill(FillRule),
    Stroke(Line),
}

impl Drawer<'_> {
    /// Draws a shape of so many steps.
    pub fn shape(&mut self, path: &Arc<Path>, steps: usize, how: How, look: &Look<'_>) {
        if !self.afford(steps) {
            return;
        }
        let Some(map) = transform(&look.map) else { return };
        let seen = match &how {
            How::Fill(_) => paths::bounds(path, map),
            How::Stroke(line) => paths::reach(path, map, line),
        };
        let item = match &look.paint {
            From::Color(color) => {
                let [red, green, blue, alpha] = color.to_rgba().components();
                if alpha <= 0.0 {
                    return;
                }
                let paint = Paint::Solid(Rgba { red, green, blue, alpha });
                let path = Arc::clone(path);
                match how {
                    How::Fill(rule) => Item::Fill { path, map, rule, paint },
                    How::Stroke(line) => Item::Stroke { path, map, line, paint },
                }
            }
            From::Pattern(pattern) => {
                let stroked = matches!(how, How::Stroke(_));
                let (path, rule) = match how {
                    How::Fill(rule) => (Arc::clone(path), rule),
                    How::Stroke(line) => {
                        let Some(outline) = paths::outlined(path, &line, paths::scale(&look.map)) else {
                            return;
                        };
                        (Arc::new(outline), FillRule::Winding)
                    }
                };
                let region = Region { path, map, rule };
                let Some(item) = seen.and_then(|seen| self.patterned(pattern, region, seen, stroked)) else {
                    return;
                };
                item
            }
        };
        self.lay(item, seen, look);
    }

    /// Lays an item on the page, by its mask and its way of blending.
    pub fn lay(&mut self, item: Item, seen: Option<Rect>, look: &Look<'_>) {
        if look.mask.is_none() && look.blend == BlendMode::SourceOver {
            return self.push(item, seen);
        }
        let group = Item::Group {
            items: Arc::new(vec![item]),
            map: Transform::identity(),
            clip: None,
            alpha: 1.0,
            blend: look.blend,
            mask: look.mask.clone(),
        };
        self.push(group, seen);
    }

    fn patterned(
        &mut self,
        pattern: &Pattern<'_>,
        region: Region,
        seen: Rect,
        stroked: bool,
    ) -> Option<Item> {
        let (width, height) = self.size;
        let page = Rect::from_xywh(0.0, 0.0, width as f32, height as f32)?;
        let seen = seen.intersect(&page)?;
        match pattern {
            Pattern::Shading(shading) => self.shaded(shading, region, seen),
            Pattern::Tiling(tiling) => self.tiled(tiling, region, seen, stroked),
        }
    }
}

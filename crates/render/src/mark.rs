//! A page with places framed and labeled, for reports.

use std::sync::Arc;

use tiny_skia::{FillRule, LineCap, LineJoin, PathBuilder, Rect as Box2, Transform};
use yinxin_ofd::Rect;

use crate::fonts::{FontSet, Outline};
use crate::list::{Item, Line, Paint, Rgba};
use crate::page::Page;
use crate::resources::FontResource;
use crate::scope::rect_path;

/// A frame with a label over a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What is framed, in mm.
    pub area: Rect,
    /// Red, green, blue.
    pub color: [u8; 3],
    /// A few words, written above the frame.
    pub label: String,
}

/// Width of the frame in mm.
const FRAME: f32 = 0.6;
/// Size of the label in mm.
const LABEL: f32 = 3.4;
/// Longest label, in characters.
const LONGEST: usize = 60;

impl Page {
    /// The same page with these marks over it. Characters that no font at hand has are left out of labels.
    #[must_use]
    pub fn marked(&self, marks: &[Mark], fonts: &FontSet) -> Self {
        let mut page = self.clone();
        for mark in marks {
            frame(mark, self.size, fonts, &mut page.items);
        }
        page
    }
}

fn frame(mark: &Mark, page: (f64, f64), fonts: &FontSet, out: &mut Vec<Item>) {
    let [red, green, blue] = mark.color.map(|part| f32::from(part) / 255.0);
    let paint = Paint::Solid(Rgba { red, green, blue, alpha: 1.0 });
    let fill = |path: tiny_skia::Path, paint: Paint| Item::Fill {
        path: Arc::new(path),
        map: Transform::identity(),
        rule: FillRule::Winding,
        paint,
    };
    if let Some(path) = rect_path(&mark.area) {
        out.push(fill(path.clone(), Paint::Solid(Rgba { red, green, blue, alpha: 0.08 })));
        let line = Line {
            width: FRAME,
            join: LineJoin::Miter,
            cap: LineCap::Butt,
            miter: 4.0,
            dashes: Vec::new(),
            offset: 0.0,
        };
        out.push(Item::Stroke {
            path: Arc::new(path),
            map: Transform::identity(),
            line,
            paint: paint.clone(),
        });
    }
    let (letters, width) = letters(&mark.label, fonts);
    let Some(letters) = letters else { return };
    // Above the frame; where the page ends, inside it; and never beyond the right edge.
    let height = LABEL * 1.5;
    let x = (mark.area.x as f32).min(page.0 as f32 - width - LABEL).max(0.0);
    let above = mark.area.y as f32 - height;
    let y = if above < 0.0 { (mark.area.y as f32).max(0.0) } else { above };
    if let Some(band) = Box2::from_xywh(x, y, width + LABEL, height) {
        out.push(fill(PathBuilder::from_rect(band), paint));
        let map = Transform::from_translate(x + LABEL / 2.0, y + LABEL * 1.12);
        let white = Paint::Solid(Rgba { red: 1.0, green: 1.0, blue: 1.0, alpha: 1.0 });
        out.push(Item::Fill { path: Arc::new(letters), map, rule: FillRule::Winding, paint: white });
    }
}

/// The outlines of a label from its base line's start, and its width in mm.
fn letters(label: &str, fonts: &FontSet) -> (Option<tiny_skia::Path>, f32) {
    let mut builder = PathBuilder::new();
    let mut x = 0.0;
    let font = FontResource::default();
    for character in label.chars().take(LONGEST) {
        let Some(face) = fonts.substitute(&font, character) else { continue };
        let Some(glyph) = face.glyph(character) else { continue };
        if let Outline::Ink(path, _) = face.outline(glyph)
            && let Some(path) =
                path.as_ref().clone().transform(Transform::from_translate(x, 0.0).pre_scale(LABEL, LABEL))
        {
            builder.push_path(&path);
        }
        x += face.advance(glyph).unwrap_or(1.0) * LABEL;
    }
    (builder.finish(), x)
}

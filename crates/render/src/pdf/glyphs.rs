//! Glyphs, and the characters they stand for.

use std::collections::HashMap;
use std::sync::Arc;

use hayro_interpret::font::{Glyph, OutlineGlyph, PositionedGlyph};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, Point, Rect as Box2};
use hayro_interpret::{DrawMode, DrawProps};
use skrifa::{FontRef, MetadataProvider};
use tiny_skia::{FillRule, Path};
use yinxin_ofd::Rect;

use super::UNITS;
use super::drawer::{Drawer, Outline, transform};
use super::paint::{How, Look};
use super::paths;
use crate::radicals::ideograph;
use crate::text::Character;

/// Units of a glyph in an em.
const EM: f64 = 1000.0;
/// What of an em stands above the base line, for characters without ink.
const ASCENT: f64 = 880.0;
/// A glyph of more steps than this is left out: an honest ideograph has a few hundred.
const MAX_STEPS: usize = 20_000;
/// Entries of a font's table of characters.
const MAX_TABLE: usize = 200_000;
/// Characters that one glyph stands for.
const MAX_LIGATURE: usize = 8;

impl Drawer<'_> {
    /// Draws a glyph and takes down what it says.
    pub fn glyph<'a>(
        &mut self,
        glyph: &PositionedGlyph<'a>,
        props: &DrawProps<'a>,
        look: &Look<'a>,
        mode: &DrawMode,
        level: bool,
    ) {
        let own = glyph.transform();
        match &**glyph {
            Glyph::Outline(outline) => {
                let found = self.outline(outline);
                let ink = found.as_ref().map(|(path, _)| Arc::clone(path));
                let wide = outline.advance_width().map_or(EM, f64::from);
                let said = glyph.as_unicode().or_else(|| self.by_font(outline));
                self.read(said, props.transform * own, wide, ink.as_deref(), level);
                let Some((path, steps)) = found else { return };
                let placed = Look { map: props.transform * own, ..look.clone() };
                match mode {
                    DrawMode::Fill(_) => self.shape(&path, steps, How::Fill(FillRule::Winding), &placed),
                    DrawMode::Stroke(line) => self.stroked(&path, steps, line, own, &placed),
                    DrawMode::FillAndStroke(_, line) => {
                        self.shape(&path, steps, How::Fill(FillRule::Winding), &placed);
                        self.stroked(&path, steps, line, own, &placed);
                    }
                    DrawMode::Invisible => {}
                }
            }
            Glyph::Type3(drawing) => {
                // The width is in the font's own units; those of most such fonts are an em of 1000 too.
                let wide = drawing.advance_width().map_or(EM, f64::from);
                self.read(glyph.as_unicode(), props.transform * own, wide, None, level);
                if matches!(mode, DrawMode::Invisible) || !self.afford_content(self.weights.glyph) {
                    return;
                }
                self.deeper(|inner| drawing.interpret(inner, props.transform, own, &props.paint));
            }
        }
    }

    /// Lines along a glyph: their width is that of the text's space, not of the glyph's.
    fn stroked(
        &mut self,
        path: &Arc<Path>,
        steps: usize,
        line: &hayro_interpret::StrokeProps,
        own: Affine,
        look: &Look<'_>,
    ) {
        let mut line = paths::line(line);
        let by = paths::scale(&own).max(1e-9);
        line.width /= by;
        line.offset /= by;
        line.dashes.iter_mut().for_each(|dash| *dash /= by);
        self.shape(path, steps, How::Stroke(line), look);
    }

    fn outline(&mut self, glyph: &OutlineGlyph) -> Outline {
        let key = glyph.identifier().cache_key();
        if let Some(known) = self.outlines.get(&key) {
            return known.clone();
        }
        let made = paths::path(&glyph.outline()).filter(|(_, steps)| *steps <= MAX_STEPS);
        let made = made.map(|(path, steps)| (Arc::new(path), steps));
        self.outlines.insert(key, made.clone());
        made
    }

    /// The character that an embedded font's own table gives a glyph, for fonts that say nothing else.
    fn by_font(&mut self, glyph: &OutlineGlyph) -> Option<BfString> {
        if !self.reading {
            return None;
        }
        let font = glyph.font_data()?;
        let table = self.tables.entry(font.cache_key).or_insert_with(|| table(font.data.as_ref().as_ref()));
        table.get(&glyph.glyph_id().to_u32()).copied().map(BfString::Char)
    }

    /// Takes down the characters a glyph stands for.
    fn read(&mut self, said: Option<BfString>, map: Affine, wide: f64, ink: Option<&Path>, level: bool) {
        if !self.reading {
            return;
        }
        let said: Vec<char> = match said {
            Some(BfString::Char(one)) => vec![one],
            Some(BfString::String(several)) => several.chars().take(MAX_LIGATURE).collect(),
            None if ink.is_some() => {
                return self.note("TEXT_UNKNOWN", "a glyph does not say which character it stands for");
            }
            None => return,
        };
        if self.characters.len() >= self.limits.max_characters {
            return self.note("CHARACTER_LIMIT", "further characters are not read");
        }
        let share = wide / said.len().max(1) as f64;
        let [a, b, _, _, _, _] = map.as_coeffs();
        let upright = b.abs() < 0.05 * a.abs() && a > 0.0 && level;
        let seen = ink.and_then(|path| paths::bounds(path, transform(&map)?));
        for (number, text) in said.into_iter().map(ideograph).enumerate() {
            if text == '\0' {
                continue;
            }
            let from = share * number as f64;
            let cell = map.transform_rect_bbox(Box2::new(from, ASCENT - EM, from + share.max(1.0), ASCENT));
            let cell = in_mm(cell.x0, cell.y0, cell.x1, cell.y1);
            let ink = seen.filter(|_| !text.is_whitespace()).map(|seen| {
                let whole =
                    in_mm(seen.left().into(), seen.top().into(), seen.right().into(), seen.bottom().into());
                // Of a ligature each character gets its share.
                let across = whole.width / (wide / share).max(1.0);
                match upright {
                    true => Rect::new(whole.x + across * number as f64, whole.y, across, whole.height),
                    false => whole,
                }
            });
            let origin = map * Point::new(from, 0.0);
            self.characters.push(Character {
                text,
                cell,
                ink,
                baseline: origin.y / UNITS,
                size: f64::from(paths::scale(&map)) * EM / UNITS,
                level: upright,
                run: self.runs,
            });
        }
    }
}

/// Characters by their glyphs; of several for one glyph the one that texts are written with.
fn table(data: &[u8]) -> HashMap<u32, char> {
    let mut out: HashMap<u32, char> = HashMap::new();
    let Ok(font) = FontRef::from_index(data, 0) else { return out };
    let rank = |c: char| {
        let own = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
        let form = matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}');
        (own, form, c)
    };
    for (code, glyph) in font.charmap().mappings().take(MAX_TABLE) {
        let Some(found) = char::from_u32(code) else { continue };
        let known = out.entry(glyph.to_u32()).or_insert(found);
        if rank(found) < rank(*known) {
            *known = found;
        }
    }
    // Symbols of a font of its own say nothing to anybody else.
    out.retain(|_, c| !rank(*c).0);
    out
}

fn in_mm(left: f64, top: f64, right: f64, bottom: f64) -> Rect {
    Rect::new(left / UNITS, top / UNITS, (right - left) / UNITS, (bottom - top) / UNITS)
}

//! Text objects (文字对象, GB/T 33190-2016 clause 11).

use std::io::{Read, Seek};
use std::sync::Arc;

use tiny_skia::{FillRule, PathBuilder, Rect as Box2, Transform};
use yinxin_ofd::Rect;

use crate::builder::Builder;
use crate::delta;
use crate::element::{Element, words};
use crate::fonts::{Face, Outline};
use crate::list::{Item, Paint, Rgba};
use crate::resources::{FontResource, Resource};
use crate::scope::{Params, Scope, object_map};
use crate::text::Character;

/// Slant of an italic face that had to be made from an upright one.
const SLANT: f32 = -0.2;

/// How the glyphs of one object are set.
struct Setting {
    font: FontResource,
    embedded: Option<Arc<Face>>,
    named: Option<Arc<Face>>,
    size: f32,
    scale: f32,
    weight: f32,
    italic: bool,
    char_turn: f32,
    read_turn: i32,
    map: Transform,
    text: bool,
}

/// Where the outlines of an object gather.
#[derive(Default)]
struct Sink {
    ink: PathBuilder,
    /// Outlines to be made bolder.
    bold: PathBuilder,
    /// Number of the text code's first character among those of the page.
    first: Option<usize>,
}

/// One glyph on its place, in the object's coordinates.
struct Placed {
    x: f32,
    y: f32,
    /// First character it stands for.
    character: usize,
    /// Fixed by the document; otherwise looked up by the character.
    glyph: Option<u32>,
    /// Offset to the next one, where stated.
    step: Option<f32>,
}

impl<R: Read + Seek> Builder<'_, R> {
    pub fn text_object(&mut self, object: &Element, scope: &Scope, out: &mut Vec<Item>) {
        let size = object.number("Size").unwrap_or(0.0).min(1e4);
        if size <= 0.0 {
            return self.note("TEXT_SIZE", Some(object), "text without a size is not drawn");
        }
        let params = self.params(object, scope);
        let setting = self.setting(object, scope, size);
        self.runs = self.runs.saturating_add(1);
        let mut sink = Sink::default();
        let (mut x, mut y) = (0.0, 0.0);
        let mut transforms: Vec<&Element> = Vec::new();
        let only = object.all("TextCode").count() == 1;
        for child in &object.children {
            match child.name.as_str() {
                "CGTransform" => transforms.push(child),
                "TextCode" => {
                    x = child.number("X").unwrap_or(x);
                    y = child.number("Y").unwrap_or(y);
                    if only {
                        // Some writers put the glyph lists behind the text.
                        transforms = object.all("CGTransform").collect();
                    }
                    self.text_code(child, (x, y), &transforms, &setting, &mut sink);
                    transforms.clear();
                }
                _ => {}
            }
        }
        self.paint_text(object, &params, &setting, sink, out);
    }

    fn setting(&mut self, object: &Element, scope: &Scope, size: f32) -> Setting {
        let id = object.attribute("Font").unwrap_or("").trim();
        let font = match self.resources.get(id).map(Arc::as_ref) {
            Some(Resource::Font(font)) => font.clone(),
            _ => {
                self.note("RESOURCE_MISSING", Some(object), format!("font {id} is not declared"));
                FontResource::default()
            }
        };
        let embedded = self.embedded(&font, object);
        let named = if embedded.is_none() { self.fonts.named(&font).cloned() } else { None };
        if embedded.is_none() && named.is_none() {
            let name = if font.name.is_empty() { id } else { &font.name };
            self.note(
                "FONT_SUBSTITUTED",
                Some(object),
                format!("font {name} is not embedded and not at hand"),
            );
        }
        let turn = |name| object.number(name).unwrap_or(0.0);
        Setting {
            italic: object.flag("Italic").unwrap_or(false) || (font.italic && embedded.is_none()),
            weight: object.number("Weight").unwrap_or(if font.bold && embedded.is_none() {
                700.0
            } else {
                400.0
            }),
            scale: object.number("HScale").filter(|scale| *scale > 0.0).unwrap_or(1.0).min(100.0),
            char_turn: turn("CharDirection"),
            read_turn: (turn("ReadDirection") as i32).rem_euclid(360),
            map: object_map(object, scope),
            text: scope.text,
            font,
            embedded,
            named,
            size,
        }
    }

    /// The embedded face of a font, read once per document.
    fn embedded(&mut self, font: &FontResource, object: &Element) -> Option<Arc<Face>> {
        let path = font.file.as_ref()?;
        if let Some(known) = self.store.faces.get(path).cloned() {
            if known.is_none() {
                self.note("FONT_BROKEN", Some(object), format!("the embedded font {path} cannot be used"));
            }
            return known;
        }
        let face = match self.package.read(path) {
            Err(error) => Err(error.to_string()),
            Ok(data) if self.store.bytes.saturating_add(data.len()) > self.limits.max_font_bytes => {
                Err("the embedded fonts together are too large".to_owned())
            }
            Ok(data) => {
                self.store.bytes = self.store.bytes.saturating_add(data.len());
                Face::new(Arc::new(data), 0)
            }
        };
        let face = match face {
            Ok(face) => Some(Arc::new(face)),
            Err(_) => {
                self.note("FONT_BROKEN", Some(object), format!("the embedded font {path} cannot be used"));
                None
            }
        };
        self.store.faces.insert(path.clone(), face.clone());
        face
    }

    fn text_code(
        &mut self,
        code: &Element,
        start: (f32, f32),
        transforms: &[&Element],
        setting: &Setting,
        sink: &mut Sink,
    ) {
        let room = self.limits.max_characters.saturating_sub(self.spent.characters);
        let mut characters: Vec<char> =
            code.text.chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect();
        if characters.len() > room {
            self.note("CHARACTER_LIMIT", Some(code), "further characters are not drawn");
            characters.truncate(room);
        }
        self.spent.characters = self.spent.characters.saturating_add(characters.len());
        let placed = self.place(code, start, &characters, transforms, setting);
        sink.first = setting.text.then(|| self.record(&characters, setting, &placed));
        for at in &placed {
            let character = characters.get(at.character).copied().unwrap_or(' ');
            self.draw_glyph(at, character, setting, sink);
        }
    }

    /// Where each glyph stands.
    fn place(
        &mut self,
        code: &Element,
        start: (f32, f32),
        characters: &[char],
        transforms: &[&Element],
        setting: &Setting,
    ) -> Vec<Placed> {
        let mut placed = slots(characters.len(), transforms, setting.embedded.is_some());
        let deltas = [code.attribute("DeltaX"), code.attribute("DeltaY")];
        let most = placed.len().saturating_add(characters.len());
        let stated = deltas.iter().flatten().map(|text| delta::stated(text, most)).max().unwrap_or(0);
        // Where glyphs are fewer or more than characters, the offsets count one or the other.
        let by_character = stated.saturating_add(1) >= characters.len() && placed.len() < characters.len();
        let wanted = if by_character { characters.len() } else { placed.len() };
        let list = |text: Option<&str>| text.and_then(|text| delta::read(text, wanted));
        let (dx, dy) = (list(code.attribute("DeltaX")), list(code.attribute("DeltaY")));
        let free = dx.is_none() && dy.is_none();
        if free && placed.len() > 1 && !deltas.iter().all(Option::is_none) {
            self.note("TEXT_DELTA", Some(code), "offsets of characters cannot be read");
        }
        let offset = |list: &Option<Vec<f32>>, n: usize| {
            list.as_ref().and_then(|list| list.get(n)).copied().unwrap_or(0.0)
        };
        let (mut x, mut y) = start;
        let mut corners = Vec::with_capacity(wanted);
        for n in 0..wanted {
            corners.push((x, y));
            if free {
                let at = placed.get(n);
                let character = at.and_then(|at| characters.get(at.character)).copied().unwrap_or(' ');
                let step = self.advance(at.and_then(|at| at.glyph), character, setting);
                match setting.read_turn {
                    90 => y += step,
                    180 => x -= step,
                    270 => y -= step,
                    _ => x += step,
                }
            } else {
                x += offset(&dx, n);
                y += offset(&dy, n);
            }
        }
        for (n, at) in placed.iter_mut().enumerate() {
            let slot = if by_character { at.character } else { n };
            if let Some(corner) = corners.get(slot) {
                (at.x, at.y) = *corner;
            }
            let more = slot.saturating_add(1) < wanted;
            at.step = dx.as_ref().filter(|_| more && dy.is_none()).and_then(|dx| dx.get(slot)).copied();
        }
        placed
    }

    /// The face for a character and its glyph there.
    fn face(
        &mut self,
        glyph: Option<u32>,
        character: char,
        setting: &Setting,
    ) -> Option<(Arc<Face>, u32, bool)> {
        if let (Some(face), Some(glyph)) = (&setting.embedded, glyph) {
            return face.has_glyph(glyph).then(|| (Arc::clone(face), glyph, false));
        }
        let own = setting.embedded.as_ref().or(setting.named.as_ref());
        if let Some((face, glyph)) = own.and_then(|face| Some((face, face.glyph(character)?))) {
            return Some((Arc::clone(face), glyph, false));
        }
        if let Some(known) = self.substitutes.get(&setting.font.name).and_then(|of| of.get(&character)) {
            return known.clone().map(|(face, glyph)| (face, glyph, true));
        }
        let in_fonts = |character: char| {
            let face = self.fonts.substitute(&setting.font, character)?;
            Some((Arc::clone(face), face.glyph(character)?))
        };
        let found = in_fonts(character).or_else(|| in_fonts(twin(character)?));
        self.substitutes.entry(setting.font.name.clone()).or_default().insert(character, found.clone());
        found.map(|(face, glyph)| (face, glyph, true))
    }

    fn advance(&mut self, glyph: Option<u32>, character: char, setting: &Setting) -> f32 {
        let usual = if character.is_ascii() { 0.5 } else { 1.0 };
        let found = self.face(glyph, character, setting);
        let em = found.and_then(|(face, glyph, _)| face.advance(glyph)).unwrap_or(usual);
        em * setting.size * setting.scale
    }

    fn draw_glyph(&mut self, at: &Placed, character: char, setting: &Setting, sink: &mut Sink) {
        if at.glyph.is_none() && (character.is_whitespace() || character.is_control()) {
            return;
        }
        let found = self.face(at.glyph, character, setting);
        let Some((face, glyph, substituted)) = found else {
            let what = match at.glyph {
                Some(glyph) => format!("glyph {glyph} is not in font {}", setting.font.name),
                None => {
                    format!("no font at hand has the character {character} (U+{:04X})", u32::from(character))
                }
            };
            self.notes.add("GLYPH_MISSING", &self.part, None, what);
            let map = glyph_map(at, setting, 1.0, false);
            if let Some(mark) = missing_mark() {
                self.take_ink(&mark, 8, map, at, setting, (sink, false));
            }
            return;
        };
        let key = (Arc::as_ptr(&face) as usize, glyph);
        let outline = match self.glyphs.get(&key) {
            Some(known) => known.clone(),
            None => {
                let outline = face.outline(glyph);
                self.glyphs.insert(key, outline.clone());
                outline
            }
        };
        match outline {
            Outline::Blank => {}
            Outline::Broken => {
                self.notes.add(
                    "GLYPH_BROKEN",
                    &self.part,
                    None,
                    format!("glyph {glyph} of font {}", setting.font.name),
                );
            }
            Outline::Ink(path, steps) => {
                let squeeze = if substituted { squeeze(&face, glyph, at, setting) } else { 1.0 };
                let map = glyph_map(at, setting, squeeze, setting.italic);
                let thicken = setting.weight >= 600.0 && face.thin() && setting.embedded.is_none();
                self.take_ink(&path, steps, map, at, setting, (sink, thicken));
            }
        }
    }

    /// Adds a glyph's outline to the object's, and its box to the characters it stands for.
    fn take_ink(
        &mut self,
        path: &tiny_skia::Path,
        steps: usize,
        map: Transform,
        at: &Placed,
        setting: &Setting,
        (sink, thicken): (&mut Sink, bool),
    ) {
        if self.spent.steps.saturating_add(steps) > self.limits.max_path_steps {
            return self.notes.add("PATH_LIMIT", &self.part, None, "further glyphs are not drawn");
        }
        self.spent.steps = self.spent.steps.saturating_add(steps);
        let Some(path) = path.clone().transform(map) else { return };
        if let Some(character) =
            sink.first.and_then(|first| self.characters.get_mut(first.saturating_add(at.character)))
            && let Some(page) = path.clone().transform(setting.map).and_then(|p| p.compute_tight_bounds())
        {
            character.add_ink(&rect(&page));
        }
        if thicken { sink.bold.push_path(&path) } else { sink.ink.push_path(&path) }
    }

    /// Notes the characters for the page's text, still without ink; gives the number of the first.
    fn record(&mut self, characters: &[char], setting: &Setting, placed: &[Placed]) -> usize {
        let first = self.characters.len();
        let mut places = placed.iter().peekable();
        let mut at = &Placed { x: 0.0, y: 0.0, character: 0, glyph: None, step: None };
        for (slot, text) in characters.iter().enumerate() {
            // The glyph of this character, or of the one whose glyph stands for both.
            while let Some(next) = places.next_if(|next| next.character <= slot) {
                at = next;
            }
            let wide = self.advance(at.glyph, *text, setting);
            let em = setting.size;
            let cell = Box2::from_xywh(0.0, -0.88 * em, wide.max(1e-3), em);
            let turned = Transform::from_translate(at.x, at.y).pre_rotate(setting.char_turn);
            let page = cell.and_then(|cell| cell.transform(setting.map.pre_concat(turned)));
            let mut origin = tiny_skia::Point::from_xy(at.x, at.y);
            setting.map.map_point(&mut origin);
            let (sx, sy) = setting.map.get_scale();
            let upright = setting.map.ky.abs() < 0.05 * setting.map.sx.abs() && setting.map.sx > 0.0;
            let sideways = matches!(setting.read_turn, 90 | 270);
            self.characters.push(Character {
                text: *text,
                cell: page.map_or(Rect::new(origin.x.into(), origin.y.into(), 0.0, 0.0), |page| rect(&page)),
                ink: None,
                baseline: f64::from(origin.y),
                size: f64::from(em * sx.max(sy).min(1e4)),
                level: upright && !sideways && setting.char_turn == 0.0,
                run: self.runs,
            });
        }
        first
    }

    fn paint_text(
        &mut self,
        object: &Element,
        params: &Params<'_>,
        setting: &Setting,
        sink: Sink,
        out: &mut Vec<Item>,
    ) {
        let fill = object.flag("Fill") != Some(false);
        let stroke = object.flag("Stroke") == Some(true);
        for (path, thicken) in [(sink.ink.finish(), false), (sink.bold.finish(), true)] {
            let Some(path) = path.map(Arc::new) else { continue };
            if fill {
                match params.child("FillColor") {
                    Some(color) => self.fill(&path, setting.map, FillRule::Winding, color, out),
                    None => out.push(Item::Fill {
                        path: Arc::clone(&path),
                        map: setting.map,
                        rule: FillRule::Winding,
                        paint: Paint::Solid(Rgba::BLACK),
                    }),
                }
            }
            if thicken && fill && !stroke {
                let mut line = self.line(params, &path, object);
                line.width = setting.size * ((setting.weight - 400.0) / 300.0).clamp(0.5, 2.0) / 36.0;
                line.dashes.clear();
                self.stroke(&path, setting.map, line, params.child("FillColor"), out);
            }
            if stroke {
                let line = self.line(params, &path, object);
                self.stroke(&path, setting.map, line, params.child("StrokeColor"), out);
            }
        }
    }
}

/// Glyphs for characters: those that glyph lists (字形变换) name, one by one for the rest.
fn slots(count: usize, transforms: &[&Element], embedded: bool) -> Vec<Placed> {
    let at = |character, glyph| Placed { x: 0.0, y: 0.0, character, glyph, step: None };
    let mut out: Vec<Placed> = Vec::new();
    let mut next = 0_usize;
    for transform in transforms {
        let whole = |name, usual: f32| transform.number(name).unwrap_or(usual).clamp(0.0, 1e6) as usize;
        let start = whole("CodePosition", 0.0);
        let codes = whole("CodeCount", 1.0);
        // Glyph numbers count only in the font they were made for.
        if !embedded || start < next || start >= count || codes == 0 {
            continue;
        }
        let codes = codes.min(count.saturating_sub(start));
        out.extend((next..start).map(|character| at(character, None)));
        let wanted = whole("GlyphCount", 1e6);
        let glyphs = words(transform.child_text("Glyphs").unwrap_or(""))
            .filter_map(|word| word.parse::<u32>().ok())
            .take(wanted.min(count.saturating_mul(8)));
        for (n, glyph) in glyphs.enumerate() {
            let last = codes.saturating_sub(1);
            out.push(at(start.saturating_add(n.min(last)), Some(glyph)));
        }
        next = start.saturating_add(codes);
    }
    out.extend((next..count).map(|character| at(character, None)));
    out
}

fn glyph_map(at: &Placed, setting: &Setting, squeeze: f32, italic: bool) -> Transform {
    let mut map = Transform::from_translate(at.x, at.y);
    if setting.char_turn != 0.0 {
        map = map.pre_rotate(setting.char_turn);
    }
    map = map.pre_scale(setting.size * setting.scale * squeeze, setting.size);
    if italic { map.pre_concat(Transform::from_row(1.0, 0.0, SLANT, 1.0, 0.0, 0.0)) } else { map }
}

/// A substitute that is wider than the room up to the next character is made narrower.
fn squeeze(face: &Face, glyph: u32, at: &Placed, setting: &Setting) -> f32 {
    let wide = face.advance(glyph).unwrap_or(0.0) * setting.size * setting.scale;
    match at.step {
        Some(step) if setting.char_turn == 0.0 && step > wide * 0.3 && wide > step * 1.05 => step / wide,
        _ => 1.0,
    }
}

/// The same character in its other width.
fn twin(character: char) -> Option<char> {
    match u32::from(character) {
        0xA5 => Some('￥'),
        0xFFE5 => Some('¥'),
        0xB7 => Some('・'),
        code @ 0xFF01..=0xFF5E => char::from_u32(code.saturating_sub(0xFEE0)),
        code @ 0x21..=0x7E => char::from_u32(code.saturating_add(0xFEE0)),
        _ => None,
    }
}

/// What stands for a character that no font has: an empty box of one em.
fn missing_mark() -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    builder.push_rect(Box2::from_ltrb(0.08, -0.82, 0.92, 0.02)?);
    // The inner box goes the other way round and so leaves a hole.
    builder.move_to(0.13, -0.77);
    builder.line_to(0.13, -0.03);
    builder.line_to(0.87, -0.03);
    builder.line_to(0.87, -0.77);
    builder.close();
    builder.finish()
}

fn rect(bounds: &Box2) -> Rect {
    Rect::new(
        f64::from(bounds.left()),
        f64::from(bounds.top()),
        f64::from(bounds.width()),
        f64::from(bounds.height()),
    )
}

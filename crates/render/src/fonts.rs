//! Fonts as values: those embedded in a document and those handed in for the rest.

use std::sync::Arc;

use hayro_interpret::font::{FallbackFontQuery, FontData};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider};
use tiny_skia::{Path, PathBuilder};

use crate::error::RenderError;
use crate::resources::FontResource;

/// A glyph of more steps than this is left out: an honest ideograph has a few hundred.
const MAX_GLYPH_STEPS: usize = 20_000;

/// One face of a font file.
#[derive(Clone)]
pub(crate) struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    pub units: f32,
    names: Vec<String>,
    bold: bool,
    serif: Option<bool>,
    chinese: bool,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face")
            .field("names", &self.names)
            .field("bytes", &self.data.len())
            .finish_non_exhaustive()
    }
}

impl Face {
    pub fn new(data: Arc<Vec<u8>>, index: u32) -> Result<Self, String> {
        let font = FontRef::from_index(&data, index).map_err(|error| error.to_string())?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let units = f32::from(metrics.units_per_em);
        if units < 1.0 || font.outline_glyphs().format().is_none() {
            return Err("the font has no outlines".into());
        }
        let mut names = Vec::new();
        for id in [
            StringId::FAMILY_NAME,
            StringId::TYPOGRAPHIC_FAMILY_NAME,
            StringId::FULL_NAME,
            StringId::POSTSCRIPT_NAME,
        ] {
            for name in font.localized_strings(id).take(16) {
                let name = folded(&name.chars().take(100).collect::<String>());
                if !name.is_empty() && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let attributes = font.attributes();
        let serif = serif_by_name(&names);
        let bold = attributes.weight.value() >= 600.0;
        let chinese = font.charmap().map('国').is_some_and(|glyph| glyph.to_u32() != 0);
        Ok(Self { index, units, names, bold, serif, chinese, data })
    }

    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.index).ok()
    }

    /// The glyph of a character, if the font has one.
    pub fn glyph(&self, character: char) -> Option<u32> {
        let font = self.font()?;
        let map = font.charmap();
        // Symbol fonts keep their characters in a private area.
        let symbol = || map.map(char::from_u32(0xF000_u32.saturating_add(u32::from(character)))?);
        let found = map.map(character).or_else(|| if (character as u32) < 256 { symbol() } else { None });
        found.map(|glyph| glyph.to_u32()).filter(|glyph| *glyph != 0)
    }

    pub fn has_glyph(&self, glyph: u32) -> bool {
        self.font().and_then(|font| font.maxp().ok()).is_some_and(|maxp| glyph < u32::from(maxp.num_glyphs()))
    }

    /// Advance in em.
    pub fn advance(&self, glyph: u32) -> Option<f32> {
        let font = self.font()?;
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        metrics.advance_width(GlyphId::new(glyph)).map(|advance| advance / self.units)
    }

    /// The outline in em, y down; `None` where there is no ink or the outline is broken.
    pub fn outline(&self, glyph: u32) -> Outline {
        let Some(font) = self.font() else { return Outline::Broken };
        let Some(found) = font.outline_glyphs().get(GlyphId::new(glyph)) else { return Outline::Broken };
        let mut pen = Pen { builder: PathBuilder::new(), scale: 1.0 / self.units, steps: 0, broken: false };
        let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
        if found.draw(settings, &mut pen).is_err() || pen.broken {
            return Outline::Broken;
        }
        if pen.steps == 0 {
            return Outline::Blank;
        }
        pen.builder.finish().map_or(Outline::Blank, |path| Outline::Ink(Arc::new(path), pen.steps))
    }

    /// Whether strokes must be thickened to look bold.
    pub fn thin(&self) -> bool {
        !self.bold
    }
}

/// What a glyph looks like.
#[derive(Debug, Clone)]
pub(crate) enum Outline {
    /// With its number of steps.
    Ink(Arc<Path>, usize),
    Blank,
    Broken,
}

/// Fonts handed in by the caller for text whose font is not embedded (字体).
#[derive(Debug, Clone, Default)]
pub struct FontSet {
    faces: Vec<Arc<Face>>,
}

impl FontSet {
    /// No font at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// The Song face that comes with [`yinxin_imprint::Font::builtin`]: GB 2312 and ASCII.
    pub fn builtin() -> Self {
        let mut set = Self::new();
        // The font is ours; were it broken, text would come out as boxes with a note.
        let _ = set.add("builtin", yinxin_imprint::Font::builtin().data().to_vec());
        set
    }

    /// Adds every face of a font file (TrueType, OpenType, collections). Earlier ones are preferred.
    ///
    /// # Errors
    /// [`RenderError::BadFont`] where the file has no usable face.
    pub fn add(&mut self, name: &str, data: Vec<u8>) -> Result<(), RenderError> {
        let data = Arc::new(data);
        let mut fault = None;
        let before = self.faces.len();
        for index in 0..32 {
            match Face::new(Arc::clone(&data), index) {
                Ok(face) => self.faces.push(Arc::new(face)),
                Err(error) => {
                    fault = Some(error);
                    break;
                }
            }
        }
        match fault {
            Some(detail) if self.faces.len() == before => {
                Err(RenderError::BadFont { name: name.to_owned(), detail })
            }
            _ => Ok(()),
        }
    }

    /// Whether there is no font.
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// The face of that name, if it was handed in.
    pub(crate) fn named(&self, wanted: &FontResource) -> Option<&Arc<Face>> {
        let names = [wanted.name.as_str(), wanted.family.as_str()]
            .map(|name| known_as(&folded(subset_removed(name))));
        let fits =
            |face: &&Arc<Face>| names.iter().flatten().any(|name| face.names.iter().any(|have| have == name));
        let mut found: Vec<&Arc<Face>> = self.faces.iter().filter(fits).collect();
        found.sort_by_key(|face| face.bold != wanted.bold);
        found.first().copied()
    }

    /// The font file that stands in for one that a PDF names and does not bring; `None` where a Latin standard font is better.
    pub(crate) fn for_pdf(&self, wanted: &FallbackFontQuery) -> Option<(FontData, u32)> {
        let name = wanted.post_script_name.as_deref().or(wanted.font_name.as_deref()).unwrap_or("");
        // Styles follow a hyphen or a comma.
        let family = wanted.font_family.as_deref().unwrap_or(name);
        let bare = |name: &str| name.split([',', '-']).next().unwrap_or("").to_owned();
        let resource = FontResource {
            name: bare(name),
            family: bare(family),
            bold: wanted.is_bold || wanted.font_weight >= 600,
            italic: wanted.is_italic,
            serif: wanted.is_serif,
            file: None,
        };
        let eastern = wanted.character_collection.is_some()
            || !known_as(&folded(&resource.name)).iter().all(|n| n.is_ascii());
        let face = match self.named(&resource) {
            Some(face) => face,
            None if eastern => self.substitute(&resource, '国')?,
            None => return None,
        };
        let data: FontData = Arc::clone(&face.data) as FontData;
        Some((data, face.index))
    }

    /// The best face that has the character: of the wanted kind first, then in the order handed in.
    pub(crate) fn substitute(&self, wanted: &FontResource, character: char) -> Option<&Arc<Face>> {
        let names = [folded(&wanted.name), folded(&wanted.family)];
        let serif = wanted.serif || serif_by_name(&names) != Some(false);
        // Latin letters of Chinese faces are half an em wide; those of Latin faces have their own widths.
        let latin = names.iter().any(|name| LATIN.iter().any(|word| name.starts_with(word)));
        let score = |face: &Face| {
            [(face.chinese != latin, 4), (face.serif == Some(serif), 2), (face.bold == wanted.bold, 1)]
                .iter()
                .filter(|(fits, _)| *fits)
                .map(|(_, weight)| weight)
                .sum::<i32>()
        };
        let mut ranked: Vec<(i32, &Arc<Face>)> = self.faces.iter().map(|face| (-score(face), face)).collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, face)| face).find(|face| face.glyph(character).is_some())
    }
}

/// Lower case without spaces, hyphens and the like, so that `Sim Sun` and `simsun` are one.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `ABCDEF+SimSun` names a subset of SimSun.
fn subset_removed(name: &str) -> &str {
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()) => rest,
        _ => name,
    }
}

/// Chinese and English names of the same faces.
const SAME: &[&[&str]] = &[
    &["宋体", "simsun", "songti", "stsong", "nsimsun", "新宋体", "华文宋体"],
    &["黑体", "simhei", "heiti", "stheiti", "华文黑体"],
    &["楷体", "kaiti", "simkai", "楷体gb2312", "kaitigb2312", "stkaiti", "华文楷体"],
    &["仿宋", "fangsong", "simfang", "仿宋gb2312", "fangsonggb2312", "stfangsong", "华文仿宋"],
    &["微软雅黑", "microsoftyahei"],
    &["方正小标宋简体", "fzxiaobiaosongb05s", "fzxbsjwgb10"],
];

fn known_as(name: &str) -> Vec<String> {
    if name.is_empty() {
        return Vec::new();
    }
    match SAME.iter().find(|names| names.contains(&name)) {
        Some(names) => names.iter().map(|name| (*name).to_owned()).collect(),
        None => vec![name.to_owned()],
    }
}

/// Beginnings of the names of Latin faces.
const LATIN: &[&str] =
    &["times", "arial", "courier", "helvetica", "calibri", "cambria", "consolas", "verdana", "georgia"];

fn serif_by_name(names: &[String]) -> Option<bool> {
    let any = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
    if any(&["sans", "hei", "黑", "gothic", "arial", "helvetica", "courier", "consolas", "mono", "calibri"])
    {
        Some(false)
    } else if any(&["serif", "song", "宋", "ming", "明", "kai", "楷", "fang", "simsun", "times", "georgia"])
    {
        Some(true)
    } else {
        None
    }
}

struct Pen {
    builder: PathBuilder,
    scale: f32,
    steps: usize,
    broken: bool,
}

impl Pen {
    fn step(&mut self, points: &mut [(f32, f32)]) -> bool {
        self.steps = self.steps.saturating_add(1);
        for (x, y) in points.iter_mut() {
            *x *= self.scale;
            *y *= -self.scale;
            // A hundred em: no honest glyph reaches there.
            self.broken |= !(x.is_finite() && y.is_finite() && x.abs() < 100.0 && y.abs() < 100.0);
        }
        self.broken |= self.steps > MAX_GLYPH_STEPS;
        !self.broken
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let mut p = [(x, y)];
        if self.step(&mut p) {
            let [(x, y)] = p;
            self.builder.move_to(x, y);
        }
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let mut p = [(x, y)];
        if self.step(&mut p) {
            let [(x, y)] = p;
            self.builder.line_to(x, y);
        }
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let mut p = [(cx, cy), (x, y)];
        if self.step(&mut p) {
            let [(cx, cy), (x, y)] = p;
            self.builder.quad_to(cx, cy, x, y);
        }
    }

    fn curve_to(&mut self, cx: f32, cy: f32, dx: f32, dy: f32, x: f32, y: f32) {
        let mut p = [(cx, cy), (dx, dy), (x, y)];
        if self.step(&mut p) {
            let [(cx, cy), (dx, dy), (x, y)] = p;
            self.builder.cubic_to(cx, cy, dx, dy, x, y);
        }
    }

    fn close(&mut self) {
        self.builder.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song() -> FontResource {
        FontResource { name: "ABCDEF+Noto Serif SC".into(), ..FontResource::default() }
    }

    #[test]
    fn the_builtin_font_serves_chinese_and_latin() {
        let fonts = FontSet::builtin();
        assert_eq!(fonts.faces.len(), 1);
        for character in "印章Ab1，".chars() {
            let face = fonts.substitute(&FontResource::default(), character).unwrap();
            let glyph = face.glyph(character).unwrap();
            assert!(matches!(face.outline(glyph), Outline::Ink(..)), "{character}");
            assert!(face.advance(glyph).unwrap() > 0.1);
        }
        assert!(fonts.substitute(&song(), '龘').is_none());
    }

    #[test]
    fn names_are_compared_without_subset_tag_case_and_spaces() {
        let fonts = FontSet::builtin();
        assert!(fonts.named(&song()).is_some());
        assert!(fonts.named(&FontResource { name: "楷体".into(), ..FontResource::default() }).is_none());
        assert!(known_as("宋体").contains(&"simsun".to_owned()));
    }

    #[test]
    fn rejects_bytes_that_are_no_font() {
        for bytes in [vec![], vec![0; 64], b"OTTO".to_vec(), b"ttcf\0\0".to_vec()] {
            assert_eq!(FontSet::new().add("x", bytes).unwrap_err().code(), "RENDER_BAD_FONT");
        }
    }

    #[test]
    fn a_damaged_font_gives_an_error_or_an_outline_and_never_panics() {
        let good = yinxin_imprint::Font::builtin().data().to_vec();
        for seed in 0..40_usize {
            let mut bytes = good.clone();
            for byte in bytes.iter_mut().skip(seed * 331 % 4096).step_by(97 + seed) {
                *byte ^= 0x5A;
            }
            if let Ok(face) = Face::new(Arc::new(bytes), 0) {
                for glyph in [1, 50, 4000, 60_000, u32::MAX] {
                    let _ = (face.outline(glyph), face.advance(glyph), face.has_glyph(glyph));
                }
            }
        }
    }
}

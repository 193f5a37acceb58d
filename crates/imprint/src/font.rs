//! Glyph outlines.

use crate::error::ImprintError;
use crate::geometry::Point;
use crate::path::{Path, Segment};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, MetadataProvider};
use std::borrow::Cow;

/// Noto Serif SC Bold, a Song face, reduced to GB 2312; origin and license in `data/README.md`.
static BUILTIN: &[u8] = include_bytes!("../data/NotoSerifSC-Bold-GB2312.ttf");

/// A font file whose outlines are drawn. TrueType, OpenType and collections are read.
///
/// Holding one costs nothing but the bytes: tables are looked up when a glyph is drawn.
#[derive(Clone)]
pub struct Font {
    data: Cow<'static, [u8]>,
    index: u32,
}

/// A glyph of more steps than this is refused: an honest ideograph has a few hundred.
const MAX_SEGMENTS: usize = 20_000;

impl Font {
    /// The font that comes with the crate: characters of GB 2312, ASCII and some frequent in personal names.
    pub fn builtin() -> Self {
        Self { data: Cow::Borrowed(BUILTIN), index: 0 }
    }

    /// A font from a file's bytes; `index` is the face in a collection, 0 for a plain font.
    ///
    /// Contours of one glyph should not overlap: in a cut seal the overlap would be inked. A variable font gives its
    /// default weight. Refuses bytes that are no font, and a face that is not there, with `IMPRINT_BAD_FONT`.
    pub fn from_bytes(data: Vec<u8>, index: u32) -> Result<Self, ImprintError> {
        let font = Self { data: Cow::Owned(data), index };
        let face = font.face()?;
        face.head().map_err(bad)?;
        face.cmap().map_err(bad)?;
        Ok(font)
    }

    /// The font file's bytes.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Whether the font has a glyph for `character`.
    pub fn has(&self, character: char) -> bool {
        self.face().is_ok_and(|face| face.charmap().map(character).is_some_and(|glyph| glyph.to_u32() != 0))
    }

    /// The outline in font units, y up; `None` if the font has no ink for it.
    pub(crate) fn outline(&self, character: char) -> Result<Option<Path>, ImprintError> {
        let face = self.face()?;
        let Some(glyph) = face.charmap().map(character).filter(|glyph| glyph.to_u32() != 0) else {
            return Ok(None);
        };
        let Some(outline) = face.outline_glyphs().get(glyph) else {
            return Ok(None);
        };
        let mut pen = Pen::default();
        outline
            .draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), &mut pen)
            .map_err(|error| ImprintError::BadFont { detail: format!("glyph of {character}: {error}") })?;
        if pen.overfull || !pen.finite {
            return Err(ImprintError::BadFont {
                detail: format!("the outline of {character} is not plausible"),
            });
        }
        Ok(Some(pen.path).filter(|path| !path.is_empty()))
    }

    fn face(&self) -> Result<FontRef<'_>, ImprintError> {
        FontRef::from_index(&self.data, self.index).map_err(bad)
    }
}

impl std::fmt::Debug for Font {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Font").field("bytes", &self.data.len()).field("index", &self.index).finish()
    }
}

fn bad(error: impl std::fmt::Display) -> ImprintError {
    ImprintError::BadFont { detail: error.to_string() }
}

struct Pen {
    path: Path,
    overfull: bool,
    finite: bool,
}

impl Default for Pen {
    fn default() -> Self {
        Self { path: Path::default(), overfull: false, finite: true }
    }
}

impl Pen {
    fn add(&mut self, segment: Segment) {
        if self.path.segments().len() >= MAX_SEGMENTS {
            self.overfull = true;
        } else {
            self.path.push(segment);
        }
    }

    fn point(&mut self, x: f32, y: f32) -> Point {
        self.finite &= x.is_finite() && y.is_finite();
        Point::new(f64::from(x), f64::from(y))
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let p = self.point(x, y);
        self.add(Segment::MoveTo(p));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let p = self.point(x, y);
        self.add(Segment::LineTo(p));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (c, p) = (self.point(cx, cy), self.point(x, y));
        self.add(Segment::QuadTo(c, p));
    }

    fn curve_to(&mut self, cx: f32, cy: f32, dx: f32, dy: f32, x: f32, y: f32) {
        let (c, d, p) = (self.point(cx, cy), self.point(dx, dy), self.point(x, y));
        self.add(Segment::CurveTo(c, d, p));
    }

    fn close(&mut self) {
        self.add(Segment::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn builtin_has_gb2312_digits_and_frequent_name_characters() {
        let font = Font::builtin();
        for character in "示例市科技有限公司财务专用章印之0123456789ABCXYZ（）·喆堃玥珺璟镕".chars()
        {
            assert!(font.has(character), "{character}");
            assert!(font.outline(character).unwrap().is_some(), "{character}");
        }
        assert!(!font.has('龘') && font.outline('龘').unwrap().is_none());
    }

    #[test]
    fn space_has_a_glyph_and_no_ink() {
        let font = Font::builtin();
        assert!(font.has(' ') && font.outline(' ').unwrap().is_none());
    }

    #[test]
    fn rejects_bytes_that_are_no_font() {
        for bytes in [vec![], vec![0; 64], b"OTTO".to_vec(), BUILTIN[..200].to_vec()] {
            assert_eq!(Font::from_bytes(bytes, 0).unwrap_err().code(), "IMPRINT_BAD_FONT");
        }
        assert_eq!(Font::from_bytes(BUILTIN.to_vec(), 3).unwrap_err().code(), "IMPRINT_BAD_FONT");
    }

    #[test]
    fn a_damaged_font_gives_an_error_or_a_glyph_and_never_panics() {
        for seed in 0..40_usize {
            let mut bytes = BUILTIN.to_vec();
            let at = seed * 7919 * 11 % bytes.len();
            bytes.truncate(if seed % 3 == 0 { at } else { bytes.len() });
            for byte in bytes.iter_mut().skip(at % 4096).step_by(97 + seed) {
                *byte ^= 0x5A;
            }
            if let Ok(font) = Font::from_bytes(bytes, 0) {
                for character in "示例国龙印".chars() {
                    let _ = font.outline(character);
                }
            }
        }
    }

    #[test]
    fn taking_the_builtin_font_reads_nothing() {
        let start = Instant::now();
        for _ in 0..1000 {
            let _ = Font::builtin();
        }
        assert!(start.elapsed() < Duration::from_millis(50));
    }

    #[test]
    fn debug_does_not_print_the_file() {
        assert!(format!("{:?}", Font::builtin()).len() < 60);
    }
}

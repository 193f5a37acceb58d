//! Characters made ready to be fitted into cells.
//!
//! An ideograph fills its cell as it fills the square of the font: all ideographs of a text are stretched alike, so
//! that 一 stays a stroke and 国 stays a box. The square is the ink box of 国 widened to hold the ink of every character
//! of the text; a character therefore never leaves its cell. Anything else (letters, digits, brackets, dots) stands in a
//! cell as wide as its ink and a small margin.

use crate::font::Font;
use crate::geometry::{Affine, Rect};
use crate::path::Path;
use crate::text::Inked;

/// A character, the box of the font that is laid over its cell, and its cell's width as a share of the full one.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    outline: Path,
    frame: Rect,
    pub share: f64,
}

/// The character whose ink shows the square a font's ideographs fill.
const MODEL: char = '国';
/// Space on both sides of a narrow character, as a share of the square's width.
const NARROW_MARGIN: f64 = 0.05;
/// The narrowest cell: that of a middle dot.
const NARROWEST: f64 = 0.3;

impl Cell {
    /// The outline fitted into a cell of `width` by `height` around the origin and moved by `place`.
    pub fn placed(&self, width: f64, height: f64, place: &Affine) -> Path {
        self.outline.transformed(&Affine::fit(&self.frame, width, height, true).then(place))
    }
}

/// Cells for a text that holds ideographs, or might.
pub(crate) fn square_cells(font: &Font, text: &[Inked]) -> Vec<Cell> {
    let mut square = match font.outline(MODEL) {
        Ok(Some(model)) => model.bounds(),
        _ => Rect::NOTHING,
    };
    for inked in text {
        let ink = inked.outline.bounds();
        if is_ideographic(inked.character) {
            square = square.union(&ink);
        } else {
            square.top = square.top.min(ink.top);
            square.bottom = square.bottom.max(ink.bottom);
        }
    }
    if square.width() <= 0.0 {
        return even_cells(text);
    }
    let cell = |inked: &Inked| {
        let ink = inked.outline.bounds();
        if is_ideographic(inked.character) {
            return Cell { outline: inked.outline.clone(), frame: square, share: 1.0 };
        }
        let share = (ink.width() / square.width() + 2.0 * NARROW_MARGIN).max(NARROWEST);
        let half = share * square.width() / 2.0;
        let middle = ink.center().x;
        let frame = Rect { left: middle - half, right: middle + half, ..square };
        Cell { outline: inked.outline.clone(), frame, share: share.min(1.0) }
    };
    text.iter().map(cell).collect()
}

/// Cells of one width for a code: every character in the middle of a cell that the widest one fills.
pub(crate) fn even_cells(text: &[Inked]) -> Vec<Cell> {
    let all = text.iter().fold(Rect::NOTHING, |all, inked| all.union(&inked.outline.bounds()));
    let widest = text.iter().map(|inked| inked.outline.bounds().width()).fold(0.0, f64::max);
    let cell = |inked: &Inked| {
        let middle = inked.outline.bounds().center().x;
        let frame = Rect { left: middle - widest / 2.0, right: middle + widest / 2.0, ..all };
        Cell { outline: inked.outline.clone(), frame, share: 1.0 }
    };
    text.iter().map(cell).collect()
}

/// Whether a character fills the square: ideographs, kana, Hangul, Yi. Not the punctuation of those blocks.
fn is_ideographic(c: char) -> bool {
    matches!(c as u32,
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3041..=0x318E | 0x31A0..=0x9FFF | 0xA000..=0xA4CF | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::text::outlines;

    fn cells(text: &str) -> Vec<Cell> {
        let font = Font::builtin();
        let all: Vec<char> = text.chars().collect();
        let [inked] = outlines(&font, [&all]).unwrap();
        square_cells(&font, &inked)
    }

    #[test]
    fn ink_never_leaves_its_cell() {
        let here = Affine::turn_and_move(0.0, Point::default());
        let limit = Rect::centered(Point::default(), 2.0, 4.0).grown(1e-9);
        for cell in cells("一国永鬱（A1）·龙鑫口之印g".replace('鬱', "郁").as_str()) {
            let ink = cell.placed(2.0 * cell.share, 4.0, &here).bounds();
            assert!(ink.left >= limit.left && ink.right <= limit.right, "{ink:?}");
            assert!(ink.top >= limit.top && ink.bottom <= limit.bottom, "{ink:?}");
        }
    }

    #[test]
    fn brackets_and_digits_take_less_room_than_ideographs() {
        let shares: Vec<f64> = cells("国（1）·").iter().map(|cell| cell.share).collect();
        assert_eq!(shares[0], 1.0);
        assert!(shares[1..].iter().all(|share| (NARROWEST..0.7).contains(share)), "{shares:?}");
    }

    #[test]
    fn a_flat_character_is_not_blown_up() {
        let here = Affine::turn_and_move(0.0, Point::default());
        let cells = cells("国一");
        let ink = cells[1].placed(2.0, 4.0, &here).bounds();
        assert!(ink.height() < 1.0 && ink.top > -1.5 && ink.bottom < 1.5);
    }

    #[test]
    fn digits_of_a_code_stand_in_even_cells_of_full_height() {
        let [inked] = outlines(&Font::builtin(), [&['1', '0', '8']]).unwrap();
        let here = Affine::turn_and_move(0.0, Point::default());
        let heights: Vec<f64> =
            even_cells(&inked).iter().map(|cell| cell.placed(1.0, 2.0, &here).bounds().height()).collect();
        assert!(heights.iter().all(|height| (1.85..=2.0 + 1e-9).contains(height)), "{heights:?}");
    }
}

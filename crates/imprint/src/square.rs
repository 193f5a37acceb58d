//! The square seal of a person (方形名章).
//!
//! The name stands in two columns read from right to left, each from top to bottom. Two characters: one column each.
//! Three: the surname alone on the right, the given name on the left; a surname of two characters fills the right
//! column instead. Four: two and two. Characters of one column share its height evenly and fill their cells.
//! At a side of 18 mm: border 0.9, 0.55 between border and characters, 0.5 between characters.

use crate::cells::{self, Cell};
use crate::drawing::{Drawing, Part};
use crate::error::ImprintError;
use crate::font::Font;
use crate::geometry::{Affine, Point, Rect};
use crate::path::Path;
use crate::spec::{ImprintSpec, Style, Suffix};
use crate::text;

/// The side the lengths below are given for.
const MODEL_MM: f64 = 18.0;
const BORDER: f64 = 0.9;
const BORDER_RANGE: (f64, f64) = (0.4, 1.6);
const CORNER: f64 = 0.7;
const INSIDE_BORDER: f64 = 0.55;
const BETWEEN: f64 = 0.5;
const NAME_MIN: usize = 2;
const NAME_MAX: usize = 4;

/// Surnames of two characters that are common today; they decide how three characters are parted.
const LONG_SURNAMES: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "司徒", "皇甫", "尉迟", "公孙", "慕容", "令狐", "东方", "夏侯", "端木",
    "南宫", "独孤", "长孙", "宇文", "轩辕", "闻人", "呼延", "西门", "百里", "申屠", "钟离",
];

pub(crate) fn draw(spec: &ImprintSpec, font: &Font) -> Result<Drawing, ImprintError> {
    refuse_foreign_options(spec)?;
    let side = spec.checked_size()?;
    let scale = side / MODEL_MM;
    let border = spec.checked_border(BORDER * scale, BORDER_RANGE.0 * scale..=BORDER_RANGE.1 * scale)?;
    let characters = with_suffix(text::characters("name", &spec.name, NAME_MIN, NAME_MAX)?, spec.suffix);
    let [inked] = text::outlines(font, [&characters])?;
    let cells = cells::square_cells(font, &inked);

    let inside = border + INSIDE_BORDER * scale;
    let field = Rect::centered(Point::default(), side - 2.0 * inside, side - 2.0 * inside);
    let boxes = boxes(&column_lengths(&characters), &field, BETWEEN * scale);
    let characters = cells.iter().zip(&boxes).map(|(cell, own)| placed(cell, own));

    let outer = Rect::centered(Point::default(), side, side);
    let corner = CORNER * scale;
    let mut drawing = Drawing::new(side, side, spec.color);
    match spec.style {
        Style::Raised => {
            let mut frame = Path::rounded(&outer, corner, true);
            frame.append(Path::rounded(&outer.grown(-border), corner - border, false));
            drawing.add_centered(Part::Border, &frame);
            for (index, path) in characters.enumerate() {
                drawing.add_centered(Part::Name(index), &path);
            }
        }
        Style::Cut => {
            let mut ground = Path::rounded(&outer, corner, true);
            characters.for_each(|path| ground.append(as_hole(path)));
            drawing.add_centered(Part::Ground, &ground);
        }
    }
    Ok(drawing)
}

fn refuse_foreign_options(spec: &ImprintSpec) -> Result<(), ImprintError> {
    let refuse = |option| Err(ImprintError::OptionNotForKind { kind: spec.kind.code(), option });
    if spec.purpose.is_some() {
        return refuse("purpose line");
    }
    if spec.code.is_some() {
        return refuse("code");
    }
    Ok(())
}

fn with_suffix(mut name: Vec<char>, suffix: Suffix) -> Vec<char> {
    if suffix == Suffix::Fill {
        match name.len() {
            2 => name.extend(['之', '印']),
            3 => name.push('印'),
            _ => {}
        }
    }
    name
}

/// How many characters each column holds, right column first.
fn column_lengths(characters: &[char]) -> [usize; 2] {
    let starts_long = || {
        let start: String = characters.iter().take(2).collect();
        LONG_SURNAMES.contains(&start.as_str())
    };
    match characters.len() {
        2 => [1, 1],
        3 if starts_long() => [2, 1],
        3 => [1, 2],
        _ => [2, 2],
    }
}

/// The characters' boxes in reading order.
fn boxes(columns: &[usize; 2], field: &Rect, gap: f64) -> Vec<Rect> {
    let width = (field.width() - gap) / 2.0;
    let mut boxes = Vec::with_capacity(4);
    let mut right = field.right;
    for &length in columns {
        let rows = length.max(1) as f64;
        let height = (field.height() - gap * (rows - 1.0)) / rows;
        let mut top = field.top;
        for _ in 0..length {
            boxes.push(Rect { left: right - width, top, right, bottom: top + height });
            top += height + gap;
        }
        right -= width + gap;
    }
    boxes
}

fn placed(cell: &Cell, own: &Rect) -> Path {
    cell.placed(own.width() * cell.share, own.height(), &Affine::turn_and_move(0.0, own.center()))
}

/// A glyph drawn against the direction of the ground, so that the winding inside it is zero.
fn as_hole(path: Path) -> Path {
    if path.signed_area() > 0.0 { path.reversed() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes_of(name: &str) -> Vec<Rect> {
        let characters: Vec<char> = name.chars().collect();
        boxes(&column_lengths(&characters), &Rect { left: 0.0, top: 0.0, right: 9.0, bottom: 9.0 }, 1.0)
    }

    #[test]
    fn four_characters_read_right_column_first_from_the_top() {
        let corners: Vec<(f64, f64)> = boxes_of("王小明印").iter().map(|b| (b.left, b.top)).collect();
        assert_eq!(corners, [(5.0, 0.0), (5.0, 5.0), (0.0, 0.0), (0.0, 5.0)]);
    }

    #[test]
    fn three_characters_are_parted_after_the_surname() {
        assert_eq!(boxes_of("王小明").iter().map(Rect::height).collect::<Vec<_>>(), [9.0, 4.0, 4.0]);
        assert_eq!(boxes_of("欧阳明").iter().map(Rect::height).collect::<Vec<_>>(), [4.0, 4.0, 9.0]);
    }

    #[test]
    fn suffix_fills_four_cells_and_no_more() {
        let filled =
            |name: &str| with_suffix(name.chars().collect(), Suffix::Fill).iter().collect::<String>();
        assert_eq!(["王明", "王小明", "欧阳小明"].map(filled), ["王明之印", "王小明印", "欧阳小明"]);
        assert_eq!(with_suffix(vec!['王', '明'], Suffix::None), ['王', '明']);
    }

    #[test]
    fn rejects_what_only_a_round_seal_has() {
        let font = Font::builtin();
        for spec in [
            ImprintSpec::personal("王明").with_purpose("合同专用章"),
            ImprintSpec::personal("王明").with_code("1101"),
        ] {
            assert_eq!(draw(&spec, &font).unwrap_err().code(), "IMPRINT_OPTION_NOT_FOR_KIND");
        }
    }

    #[test]
    fn rejects_names_of_one_or_five_characters() {
        let code = |name: &str| draw(&ImprintSpec::personal(name), &Font::builtin()).unwrap_err().code();
        assert_eq!(code("王"), "IMPRINT_TEXT_TOO_SHORT");
        assert_eq!(code("阿卜杜拉合"), "IMPRINT_TEXT_TOO_LONG");
    }
}

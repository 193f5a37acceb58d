//! The seal of a person (个人名章): square or rectangular.
//!
//! Square: the name stands in two columns read from right to left, each from top to bottom. Two characters: one column each.
//! Three: the surname alone on the right, the given name on the left; a surname of two characters fills the right
//! column instead. Four: two and two; five, with what follows the name: two and three; six: three and three. Half again as wide as
//! high: one row from left to right. Half again as high as wide: one column from top to bottom. Characters share the room
//! evenly and fill their cells. At a side of 18 mm: border 0.9, 0.55 between border and characters, 0.5 between characters;
//! a rectangle goes by its shorter side.

use crate::cells::{self, Cell};
use crate::drawing::{Drawing, Part};
use crate::error::ImprintError;
use crate::font::Font;
use crate::geometry::{Affine, Point, Rect};
use crate::path::Path;
use crate::rules::Rule;
use crate::spec::{Center, ImprintSpec, Style, Suffix};
use crate::text;

/// The side the lengths below are given for.
const MODEL_MM: f64 = 18.0;
const CORNER: f64 = 0.7;
const INSIDE_BORDER: f64 = 0.55;
const BETWEEN: f64 = 0.5;
/// A character lower or narrower than this, in mm, cannot be read.
const LEAST: f64 = 2.0;
const NAME_MIN: usize = 2;
const NAME_MAX: usize = 4;

/// Surnames of two characters that are common today; they decide how three characters are parted.
const LONG_SURNAMES: [&str; 24] = [
    "欧阳", "司马", "上官", "诸葛", "司徒", "皇甫", "尉迟", "公孙", "慕容", "令狐", "东方", "夏侯", "端木",
    "南宫", "独孤", "长孙", "宇文", "轩辕", "闻人", "呼延", "西门", "百里", "申屠", "钟离",
];

/// Beyond this ratio of the sides the name stands in one row or one column.
const OBLONG: f64 = 1.5;

pub(crate) fn draw(spec: &ImprintSpec, rule: &Rule, font: &Font) -> Result<Drawing, ImprintError> {
    spec.refuse_set(&[
        ("purpose line", spec.purpose.is_some()),
        ("second line", spec.second.is_some()),
        ("number", spec.number.is_some()),
        ("code", spec.code.is_some()),
        ("tax number", spec.tax_number.is_some()),
        ("emblem", spec.emblem.is_some()),
        ("center", spec.center.is_some_and(|center| center != Center::None)),
        ("inner ring", spec.inner_ring),
    ])?;
    let (width, height) = spec.checked_size(rule)?;
    let shorter = width.min(height);
    let scale = shorter / MODEL_MM;
    let border = spec.checked_border(rule, shorter)?;
    let characters = with_suffix(text::characters("name", &spec.name, NAME_MIN, NAME_MAX)?, spec.suffix);
    let [inked] = text::outlines(font, [&characters])?;
    let cells = cells::square_cells(font, &inked);

    let inside = border + INSIDE_BORDER * scale;
    let field = Rect::centered(Point::default(), width - 2.0 * inside, height - 2.0 * inside);
    let boxes = if width >= OBLONG * height {
        row(characters.len(), &field, BETWEEN * scale)
    } else if height >= OBLONG * width {
        boxes(&[characters.len()], &field, BETWEEN * scale)
    } else {
        boxes(&column_lengths(&characters), &field, BETWEEN * scale)
    };
    if boxes.iter().any(|own| own.width() < LEAST || own.height() < LEAST) {
        return Err(ImprintError::DoesNotFit { field: "name", size_mm: shorter });
    }
    let characters = cells.iter().zip(&boxes).map(|(cell, own)| placed(cell, own));

    let outer = Rect::centered(Point::default(), width, height);
    let corner = CORNER * scale;
    let mut drawing = Drawing::new(width, height, spec.color);
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

fn with_suffix(mut name: Vec<char>, suffix: Suffix) -> Vec<char> {
    let more: &[char] = match (suffix, name.len()) {
        (Suffix::None, _) => &[],
        (Suffix::Fill, 2) | (Suffix::ZhiYin, _) => &['之', '印'],
        (Suffix::Fill, 3) | (Suffix::Yin, _) => &['印'],
        (Suffix::Fill, _) => &[],
    };
    name.extend(more);
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
        4 => [2, 2],
        5 => [2, 3],
        _ => [3, 3],
    }
}

/// The characters' boxes in reading order.
fn boxes(columns: &[usize], field: &Rect, gap: f64) -> Vec<Rect> {
    let count = columns.len().max(1) as f64;
    let width = (field.width() - gap * (count - 1.0)) / count;
    let mut boxes = Vec::with_capacity(6);
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

/// The boxes of one row, from left to right.
fn row(count: usize, field: &Rect, gap: f64) -> Vec<Rect> {
    let columns = count.max(1) as f64;
    let width = (field.width() - gap * (columns - 1.0)) / columns;
    let left = |index: usize| field.left + index as f64 * (width + gap);
    (0..count).map(|index| Rect { left: left(index), right: left(index) + width, ..*field }).collect()
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
    fn oblong_seals_have_one_row_or_one_column() {
        let field = Rect { left: 0.0, top: 0.0, right: 11.0, bottom: 3.0 };
        let lefts: Vec<f64> = row(3, &field, 1.0).iter().map(|b| b.left).collect();
        assert_eq!(lefts, [0.0, 4.0, 8.0]);
        let field = Rect { left: 0.0, top: 0.0, right: 3.0, bottom: 11.0 };
        let tops: Vec<f64> = boxes(&[3], &field, 1.0).iter().map(|b| b.top).collect();
        assert_eq!(tops, [0.0, 4.0, 8.0]);
    }

    #[test]
    fn suffix_fills_four_cells_and_no_more() {
        let filled =
            |name: &str| with_suffix(name.chars().collect(), Suffix::Fill).iter().collect::<String>();
        assert_eq!(["王明", "王小明", "欧阳小明"].map(filled), ["王明之印", "王小明印", "欧阳小明"]);
        assert_eq!(with_suffix(vec!['王', '明'], Suffix::None), ['王', '明']);
        assert_eq!(with_suffix(vec!['王', '明'], Suffix::Yin), ['王', '明', '印']);
        assert_eq!(with_suffix("欧阳小明".chars().collect(), Suffix::ZhiYin).len(), 6);
    }

    #[test]
    fn rejects_what_only_a_round_seal_has() {
        let font = Font::builtin();
        for spec in [
            ImprintSpec::personal("王明").with_purpose("合同专用章"),
            ImprintSpec::personal("王明").with_code("1101"),
        ] {
            assert_eq!(crate::draw(&spec, &font).unwrap_err().code(), "IMPRINT_OPTION_NOT_FOR_KIND");
        }
    }

    #[test]
    fn rejects_names_of_one_or_five_characters() {
        let code =
            |name: &str| crate::draw(&ImprintSpec::personal(name), &Font::builtin()).unwrap_err().code();
        assert_eq!(code("王"), "IMPRINT_TEXT_TOO_SHORT");
        assert_eq!(code("阿卜杜拉合"), "IMPRINT_TEXT_TOO_LONG");
    }
}

//! Text on level lines: the purpose below the star and what stands below it, the number in the middle of an oval seal.
//!
//! The rule of a line: its upper edge is fixed. Characters are as tall as allowed, as wide as the free room permits but no
//! wider than `widest` × height; if they would be narrower than height ÷ `tallest` they are made lower by 2 % at a
//! time down to `height_min`; if that is not enough the line does not fit. A line keeps `clearance` to every other box and
//! to the rim. Lines of a block stand below each other, `between` apart ([`stack`]).

use crate::cells::Cell;
use crate::geometry::{Affine, Point, Quad, Rect};
use crate::path::Path;

/// Lengths in mm, around the center of the seal at the origin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowRule {
    pub top: f64,
    pub height_max: f64,
    pub height_min: f64,
    pub widest: f64,
    pub tallest: f64,
    /// Space between two cells as a share of a full cell's width.
    pub gap: f64,
    /// Smallest distance to any other box.
    pub clearance: f64,
    /// Half the width the line may have at most.
    pub half_width_max: f64,
    /// Half axes of the ellipse inside which the line stays.
    pub inside: (f64, f64),
}

/// A line of a block.
pub(crate) struct Line<'a> {
    pub cells: &'a [Cell],
    /// Without `top`, which the lines above decide.
    pub rule: RowRule,
}

/// Lays lines below each other from `top` on; the first one's index that has no place, if one has none.
pub(crate) fn stack(
    lines: &[Line<'_>],
    top: f64,
    between: f64,
    obstacles: &[Quad],
) -> Result<Vec<RowText>, usize> {
    let mut rows: Vec<RowText> = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let top = rows.last().map_or(top, |above| above.bounds.bottom + between);
        rows.push(fit(line.cells, &RowRule { top, ..line.rule }, obstacles).ok_or(index)?);
    }
    Ok(rows)
}

/// A line laid out.
#[derive(Debug, Clone)]
pub(crate) struct RowText {
    pub bounds: Rect,
    /// Width of a full cell.
    pub width: f64,
    pub gap: f64,
}

/// Lays `cells` out so that the line keeps clear of `obstacles`; `None` if it cannot.
pub(crate) fn fit(cells: &[Cell], rule: &RowRule, obstacles: &[Quad]) -> Option<RowText> {
    let count = cells.iter().map(|cell| cell.share).sum::<f64>();
    let units = count + rule.gap * cells.len().saturating_sub(1) as f64;
    let mut height = rule.height_max;
    loop {
        let room = 2.0 * free_half_width(rule, height, obstacles);
        let width = (room / units).min(rule.widest * height);
        if width > 0.0 && width * rule.tallest >= height {
            let center = Point::new(0.0, rule.top + height / 2.0);
            let bounds = Rect::centered(center, width * units, height);
            return Some(RowText { bounds, width, gap: rule.gap * width });
        }
        if height <= rule.height_min {
            return None;
        }
        height = (height * 0.98).max(rule.height_min);
    }
}

/// How far the line may reach to both sides, found by halving: a longer line only meets more.
fn free_half_width(rule: &RowRule, height: f64, obstacles: &[Quad]) -> f64 {
    let still = Affine::turn_and_move(0.0, Point::default());
    let line = |half: f64| {
        let line = Rect { left: -half, right: half, top: rule.top, bottom: rule.top + height };
        still.apply_rect(&line.grown(rule.clearance))
    };
    // What the longest line does not meet, no shorter one does.
    let longest = line(rule.half_width_max);
    let met: Vec<&Quad> = obstacles.iter().filter(|obstacle| obstacle.touches(&longest)).collect();
    let is_free = |half: f64| {
        let (a, b) = rule.inside;
        let line = line(half);
        line.0.iter().all(|p| (p.x / a).powi(2) + (p.y / b).powi(2) <= 1.0)
            && met.iter().all(|obstacle| !obstacle.touches(&line))
    };
    if is_free(rule.half_width_max) {
        return rule.half_width_max;
    }
    let (mut low, mut high) = (0.0, rule.half_width_max);
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if is_free(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

impl RowText {
    /// The inked outlines, in the order of the text.
    pub fn paths(&self, cells: &[Cell]) -> Vec<Path> {
        let mut left = self.bounds.left;
        let middle = self.bounds.center().y;
        let mut paths = Vec::with_capacity(cells.len());
        for cell in cells {
            let width = self.width * cell.share;
            let place = Affine::turn_and_move(0.0, Point::new(left + width / 2.0, middle));
            paths.push(cell.placed(width, self.bounds.height(), &place));
            left += width + self.gap;
        }
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::square_cells;
    use crate::font::Font;
    use crate::text::outlines;

    const RULE: RowRule = RowRule {
        top: 8.0,
        height_max: 3.6,
        height_min: 2.4,
        widest: 0.9,
        tallest: 1.8,
        gap: 0.1,
        clearance: 0.5,
        half_width_max: 12.0,
        inside: (40.0, 40.0),
    };

    fn cells(text: &str) -> Vec<Cell> {
        let font = Font::builtin();
        let all: Vec<char> = text.chars().collect();
        let [inked] = outlines(&font, [&all]).unwrap();
        square_cells(&font, &inked)
    }

    fn wall(x: f64) -> Quad {
        Quad(Rect::centered(Point::new(x, 9.0), 1.0, 6.0).corners())
    }

    #[test]
    fn a_free_line_is_as_large_as_allowed_and_centered() {
        let row = fit(&cells("合同专用章"), &RULE, &[]).unwrap();
        assert!((row.bounds.height() - 3.6).abs() < 1e-9 && (row.width - 0.9 * 3.6).abs() < 1e-9);
        assert!((row.bounds.left + row.bounds.right).abs() < 1e-9);
    }

    #[test]
    fn walls_narrow_the_line_then_lower_it() {
        let cells = cells("合同专用章");
        let row = fit(&cells, &RULE, &[wall(-7.0), wall(7.0)]).unwrap();
        assert!(row.bounds.right <= 6.0 + 1e-9 && (row.bounds.height() - 3.6).abs() < 1e-9);
        let row = fit(&cells, &RULE, &[wall(-5.5), wall(5.5)]).unwrap();
        assert!(row.bounds.right <= 4.5 + 1e-9 && row.bounds.height() < 3.6);
    }

    #[test]
    fn refuses_when_there_is_no_room() {
        assert!(fit(&cells("合同专用章"), &RULE, &[wall(-2.0), wall(2.0)]).is_none());
        assert!(fit(&cells("合同专用章"), &RULE, &[wall(0.0)]).is_none());
    }

    #[test]
    fn the_rim_narrows_the_line_and_a_block_goes_downward() {
        let cells = cells("合同专用章");
        let inside = RowRule { inside: (15.0, 12.0), ..RULE };
        let line = || Line { cells: &cells, rule: inside };
        let row = &stack(&[line()], 6.0, 0.8, &[]).unwrap()[0];
        let (x, y) = (row.bounds.right + 0.5, row.bounds.bottom + 0.5);
        assert!((x / 15.0).powi(2) + (y / 12.0).powi(2) <= 1.0 + 1e-9);
        let rows = stack(&[line(), line()], 0.0, 0.8, &[]).unwrap();
        assert!((rows[1].bounds.top - rows[0].bounds.bottom - 0.8).abs() < 1e-9);
        assert_eq!(stack(&[line(), line(), line()], 6.0, 0.8, &[]).unwrap_err(), 1);
    }

    #[test]
    fn ink_stays_on_the_line_and_in_order() {
        let cells = cells("财务专用章（2）");
        let row = fit(&cells, &RULE, &[]).unwrap();
        let mut last = row.bounds.left - 1e-9;
        for path in row.paths(&cells) {
            let ink = path.bounds();
            assert!(ink.left >= last && ink.right <= row.bounds.right + 1e-9);
            assert!(ink.top >= row.bounds.top - 1e-9 && ink.bottom <= row.bounds.bottom + 1e-9);
            last = ink.right;
        }
    }
}

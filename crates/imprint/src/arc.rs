//! Text along an arc: the rule that keeps names of 4 and of 40 characters legible.
//!
//! Cells are upright to the radius and their outer corners touch the same circle. The rule, in this order:
//! 1. The sweep is given: [`natural_sweep`] of the number of characters, less what stands on the rest of the circle.
//! 2. Characters are as tall as allowed and as wide as the sweep permits, but no wider than `widest` × height; room that
//!    is left over goes evenly between them.
//! 3. If they would be narrower than height ÷ `tallest`, they are made lower by 2 % at a time, which moves them
//!    outwards where there is more room, down to `height_min`.
//! 4. If at that height they are narrower than `width_min`, the text does not fit.

use crate::cells::Cell;
use crate::geometry::{Affine, Point, Quad, Rect};
use crate::path::Path;
use std::f64::consts::PI;

/// Lengths in mm; what the rule above refers to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArcRule {
    /// No ink farther from the center than this.
    pub outer_radius: f64,
    pub height_max: f64,
    pub height_min: f64,
    /// Largest width as a share of the height.
    pub widest: f64,
    /// Largest height as a multiple of the width.
    pub tallest: f64,
    /// Smallest space between two cells as a share of a full cell's width.
    pub gap: f64,
    pub width_min: f64,
}

/// A text laid out around the origin.
#[derive(Debug, Clone)]
pub(crate) struct ArcText {
    pub height: f64,
    /// Width of a full cell.
    pub width: f64,
    /// Distance of the cells' inner sides from the center.
    pub inner_radius: f64,
    /// From the outer edge of the first cell to that of the last.
    pub sweep: f64,
    /// Direction of each cell's middle, counted from the middle of the text, clockwise.
    pub angles: Vec<f64>,
}

/// The sweep in degrees a text of so many full cells takes if nothing hinders it.
const SWEEPS: [(f64, f64); 8] = [
    (1.0, 20.0),
    (4.0, 150.0),
    (8.0, 216.0),
    (12.0, 252.0),
    (18.0, 276.0),
    (26.0, 294.0),
    (34.0, 306.0),
    (40.0, 312.0),
];

/// See [`SWEEPS`]; linear between its rows, in radians.
pub(crate) fn natural_sweep(cells: f64) -> f64 {
    let mut before = (0.0, 0.0);
    for after in SWEEPS {
        if cells <= after.0 {
            let share = (cells - before.0) / (after.0 - before.0);
            return (before.1 + share * (after.1 - before.1)).to_radians();
        }
        before = after;
    }
    before.1.to_radians()
}

/// Lays `cells` out over at most `sweep` radians; `None` if they do not fit.
pub(crate) fn fit(cells: &[Cell], rule: &ArcRule, sweep: f64) -> Option<ArcText> {
    let shares = Shares::of(cells);
    let mut height = rule.height_max;
    loop {
        let width = widest_fit(&shares, rule, height, sweep)?;
        if width * rule.tallest >= height {
            return Some(spread(cells, &shares, rule, height, width, sweep));
        }
        if height <= rule.height_min {
            return (width >= rule.width_min).then(|| spread(cells, &shares, rule, height, width, sweep));
        }
        height = (height * 0.98).max(rule.height_min);
    }
}

fn inner_radius(rule: &ArcRule, height: f64, width: f64) -> f64 {
    (rule.outer_radius.powi(2) - (width / 2.0).powi(2)).max(0.0).sqrt() - height
}

/// The angle a cell covers, seen from the center: decided by its inner corners.
fn cover(width: f64, inner: f64) -> f64 {
    2.0 * (width / 2.0).atan2(inner)
}

/// How many cells there are of each width: nearly all characters of a name are equally wide, and the search asks often.
struct Shares {
    /// Share of a full cell's width, and how many cells have it.
    counts: Vec<(f64, f64)>,
    cells: usize,
}

impl Shares {
    fn of(cells: &[Cell]) -> Self {
        let mut counts: Vec<(f64, f64)> = Vec::new();
        for cell in cells {
            match counts.iter_mut().find(|(share, _)| *share == cell.share) {
                Some((_, count)) => *count += 1.0,
                None => counts.push((cell.share, 1.0)),
            }
        }
        Self { counts, cells: cells.len() }
    }

    /// Between the cells.
    fn gaps(&self) -> f64 {
        self.cells.saturating_sub(1) as f64
    }

    /// The angle all cells cover.
    fn covered(&self, inner: f64, width: f64) -> f64 {
        self.counts.iter().map(|(share, count)| count * cover(width * share, inner)).sum()
    }
}

/// The largest width of a full cell at which all cells and the smallest gaps stay within `sweep`.
fn widest_fit(shares: &Shares, rule: &ArcRule, height: f64, sweep: f64) -> Option<f64> {
    let needed = |width: f64| {
        let inner = inner_radius(rule, height, width);
        if inner <= 0.0 {
            return f64::INFINITY;
        }
        shares.covered(inner, width) + shares.gaps() * rule.gap * width / inner
    };
    let (mut low, mut high) = (0.0, rule.widest * height);
    if needed(high) <= sweep {
        return Some(high);
    }
    // Wider cells need more room, so the answer is found by halving; 40 halvings are far below a micrometer.
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        if needed(middle) <= sweep {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low > 0.0).then_some(low)
}

fn spread(cells: &[Cell], shares: &Shares, rule: &ArcRule, height: f64, width: f64, sweep: f64) -> ArcText {
    let inner = inner_radius(rule, height, width);
    let gaps = shares.gaps();
    let taken = shares.covered(inner, width);
    let (gap, sweep) = if gaps > 0.0 { ((sweep - taken) / gaps, sweep) } else { (0.0, taken) };
    let mut edge = -sweep / 2.0;
    let mut angles = Vec::with_capacity(cells.len());
    for cell in cells {
        let own = cover(width * cell.share, inner);
        angles.push(edge + own / 2.0);
        edge += own + gap;
    }
    ArcText { height, width, inner_radius: inner, sweep, angles }
}

/// Where an arc stands and which way its characters face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Facing {
    /// On the upper arc, feet to the center.
    Outward,
    /// On the lower arc, heads to the center: read upright at the bottom of the seal.
    Inward,
}

impl ArcText {
    /// Each cell's place around the center of the seal at the origin.
    pub fn places(&self, facing: Facing) -> Vec<Affine> {
        let middle = self.inner_radius + self.height / 2.0;
        self.angles
            .iter()
            .map(|angle| match facing {
                Facing::Outward => Affine::turn_and_move(*angle, Point::polar(middle, *angle)),
                // Left to right at the bottom runs against the clock.
                Facing::Inward => Affine::turn_and_move(-angle, Point::polar(middle, PI - angle)),
            })
            .collect()
    }

    /// The cells' boxes, in the order of the text.
    pub fn boxes(&self, cells: &[Cell], facing: Facing) -> Vec<Quad> {
        let own = |cell: &Cell| Rect::centered(Point::default(), self.width * cell.share, self.height);
        cells.iter().zip(self.places(facing)).map(|(cell, place)| place.apply_rect(&own(cell))).collect()
    }

    /// The inked outlines, in the order of the text.
    pub fn paths(&self, cells: &[Cell], facing: Facing) -> Vec<Path> {
        cells
            .iter()
            .zip(self.places(facing))
            .map(|(cell, place)| cell.placed(self.width * cell.share, self.height, &place))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::square_cells;
    use crate::font::Font;
    use crate::text::outlines;

    const RULE: ArcRule = ArcRule {
        outer_radius: 19.0,
        height_max: 6.6,
        height_min: 3.0,
        widest: 0.66,
        tallest: 2.0,
        gap: 0.18,
        width_min: 0.9,
    };

    fn cells(length: usize) -> Vec<Cell> {
        let font = Font::builtin();
        let all: Vec<char> = "示例市科技有限公司".chars().cycle().take(length).collect();
        let [inked] = outlines(&font, [&all]).unwrap();
        square_cells(&font, &inked)
    }

    #[test]
    fn natural_sweep_grows_and_never_closes_the_circle() {
        let mut last = 0.0;
        for cells in 1..=60 {
            let sweep = natural_sweep(f64::from(cells));
            assert!(sweep >= last && sweep <= 312_f64.to_radians() + 1e-9);
            last = sweep;
        }
    }

    #[test]
    fn cells_keep_apart_and_within_their_circle_at_every_length() {
        for length in 1..=40 {
            let cells = cells(length);
            let text = fit(&cells, &RULE, natural_sweep(length as f64)).unwrap();
            let boxes = text.boxes(&cells, Facing::Outward);
            for (index, own) in boxes.iter().enumerate() {
                assert!(boxes[index + 1..].iter().all(|other| !own.touches(other)), "{length} at {index}");
                let farthest = own.0.iter().map(|p| p.distance(Point::default())).fold(0.0, f64::max);
                assert!(farthest <= RULE.outer_radius + 1e-9);
            }
        }
    }

    #[test]
    fn longer_texts_are_lower_and_never_thinner_than_the_rule_says() {
        let mut last = f64::INFINITY;
        for length in [4, 8, 12, 16, 20, 26, 32, 40] {
            let text = fit(&cells(length), &RULE, natural_sweep(length as f64)).unwrap();
            assert!(text.height <= last && text.height >= RULE.height_min);
            assert!(text.width * RULE.tallest >= text.height - 1e-9 || text.height <= RULE.height_min);
            assert!(text.width <= text.height * RULE.widest + 1e-9);
            last = text.height;
        }
    }

    #[test]
    fn spacing_is_even_and_symmetrical() {
        let text = fit(&cells(9), &RULE, natural_sweep(9.0)).unwrap();
        let steps: Vec<f64> = text.angles.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(steps.iter().all(|step| (step - steps[0]).abs() < 1e-9));
        assert!((text.angles[0] + text.angles[8]).abs() < 1e-9 && text.angles[4].abs() < 1e-9);
    }

    #[test]
    fn refuses_what_would_be_too_thin() {
        assert!(fit(&cells(40), &RULE, 40_f64.to_radians()).is_none());
    }

    #[test]
    fn the_lower_arc_reads_left_to_right() {
        let cells = cells(3);
        let text = fit(&cells, &RULE, 1.0).unwrap();
        let x: Vec<f64> = text.places(Facing::Inward).iter().map(|place| place.e).collect();
        let y: Vec<f64> = text.places(Facing::Inward).iter().map(|place| place.f).collect();
        assert!(x[0] < x[1] && x[1] < x[2] && y.iter().all(|y| *y > 0.0) && y[1] > y[0]);
    }
}

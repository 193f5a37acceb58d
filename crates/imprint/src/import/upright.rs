//! Which way a round seal stands.
//!
//! A star tells it up to a fifth of a turn, the gap between the name's ends roughly but without doubt, level lines finely. So: the
//! gap's direction is taken; a star corrects it to the nearest of its five; without one, lines of text near the center correct
//! it to where their rows are sharpest.

use super::find::Place;
use crate::check::star_turn;
use crate::geometry::Point;
use crate::ink::Ink;
use std::f64::consts::{PI, TAU};

/// Side of the upright picture that is looked at, in pixels.
const SIDE: usize = 480;
/// Directions in which the name is looked at.
const DIRECTIONS: usize = 360;
/// A gap of fewer degrees is one between characters.
const LEAST_GAP: usize = 24;
/// The ring in which the name stands, as shares of the radius.
const NAME_RING: (f64, f64) = (0.62, 0.88);
/// Ink is spread by so many pixels up and down: a quarter of a mm.
const SPREAD: usize = 3;
/// Lines are looked for within this share of the radius.
const LINES: f64 = 0.5;

/// The place with the seal's turn.
pub(super) fn turned(ink: &Ink, place: Place) -> Place {
    let seen = upright(ink, &place);
    let gap = gap(&seen);
    let star = star_turn(&seen, SIDE as f64 / 2.0);
    let turn = match (star, gap) {
        (Some(star), gap) => {
            let fifth = TAU / 5.0;
            let near = gap.unwrap_or(0.0);
            star + ((near - star) / fifth).round() * fifth
        }
        (None, Some(gap)) => sharpened(ink, &place, gap),
        (None, None) => sharpened(ink, &place, 0.0),
    };
    place.with_turn(turn)
}

/// The seal as if `place` were right.
fn upright(ink: &Ink, place: &Place) -> Ink {
    let share = |v: usize| (v as f64 + 0.5) / SIDE as f64 * 2.0 - 1.0;
    let value = |at: usize| {
        let p = place.pixel(Point::new(share(at % SIDE), share(at / SIDE)));
        ink.sample(p.x, p.y) as u8
    };
    Ink { width: SIDE, height: SIDE, values: (0..SIDE.saturating_mul(SIDE)).map(value).collect() }
}

/// By how much the middle of the name's largest gap is turned clockwise from straight down.
fn gap(ink: &Ink) -> Option<f64> {
    let half = SIDE as f64 / 2.0;
    let has_ink = |index: usize| {
        let (sin, cos) = (TAU * index as f64 / DIRECTIONS as f64).sin_cos();
        // Clockwise from straight down.
        (0..40).any(|step| {
            let r = half * (NAME_RING.0 + f64::from(step) / 40.0 * (NAME_RING.1 - NAME_RING.0));
            ink.is_inked(half - r * sin, half + r * cos)
        })
    };
    let inked: Vec<bool> = (0..DIRECTIONS).map(has_ink).collect();
    let first = inked.iter().position(|i| *i)?;
    let (mut length, mut best, mut end) = (0_usize, 0_usize, 0_usize);
    for offset in 1..=DIRECTIONS {
        let index = first.saturating_add(offset) % DIRECTIONS;
        if inked.get(index) == Some(&true) {
            length = 0;
        } else {
            length = length.saturating_add(1);
            if length > best {
                (best, end) = (length, index);
            }
        }
    }
    if best < LEAST_GAP {
        return None;
    }
    let middle = end as f64 - (best as f64 - 1.0) / 2.0;
    let turn = middle / DIRECTIONS as f64 * TAU;
    Some((turn + PI).rem_euclid(TAU) - PI)
}

/// The turn within 10° of `near` at which ink around the center lies in the sharpest rows.
fn sharpened(ink: &Ink, place: &Place, near: f64) -> f64 {
    let sharpness = |turn: f64| {
        let seen = upright(ink, &place.with_turn(turn));
        let (from, to) =
            ((SIDE as f64 * (0.5 - LINES / 2.0)) as usize, (SIDE as f64 * (0.5 + LINES / 2.0)) as usize);
        // Print that the seal was stamped on cuts thin level lines out of it: ink spreads over them first.
        let spread = |x: usize, y: usize| {
            (y.saturating_sub(SPREAD)..=y.saturating_add(SPREAD)).map(|y| seen.at(x, y)).max().unwrap_or(0)
        };
        let row = |y: usize| (from..to).map(|x| f64::from(spread(x, y)) / 255.0).sum::<f64>();
        let rows: Vec<f64> = (from..to).map(row).collect();
        rows.windows(2)
            .map(|pair| pair.iter().copied().reduce(|a, b| (a - b).powi(2)).unwrap_or(0.0))
            .sum::<f64>()
    };
    let best = |from: f64, step: f64, count: i32| {
        (-count..=count)
            .map(|i| from + f64::from(i) * step)
            .map(|turn| (sharpness(turn), turn))
            .fold((f64::MIN, from), |best, tried| if tried.0 > best.0 { tried } else { best })
    };
    if best(near, 0.0, 0).0 < 1.0 {
        return near;
    }
    let coarse = best(near, 1.0_f64.to_radians(), 10).1;
    best(coarse, 0.2_f64.to_radians(), 5).1
}

//! Which way a round seal stands.
//!
//! A star tells it up to a fifth of a turn; which fifth, the side to which the name leans, which neither a code on the lower arc nor lines
//! below the star change. Without a star the gap between the name's ends tells it roughly, and lines of text near the center correct
//! that to where their longer axis lies level.

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
/// The ring in which the name stands, as shares of the radius: lines below the star end before it, a code on the lower arc begins behind it.
const NAME_RING: (f64, f64) = (0.70, 0.80);
/// Lines are looked for within this share of the radius.
const LINES: f64 = 0.6;
/// Lines are this many times longer than high, squared.
const LONGER: f64 = 3.0;
/// The gap is wrong by less than this, in radians.
const MOST: f64 = 0.2;

/// The place with the seal's turn.
pub(super) fn turned(ink: &Ink, place: Place) -> Place {
    let seen = upright(ink, &place);
    let inked = name_ring(&seen);
    let star = star_turn(&seen, SIDE as f64 / 2.0);
    let turn = match (star, gap(&inked)) {
        (Some(star), _) => {
            let fifth = TAU / 5.0;
            let near = lean(&inked);
            star + ((near - star) / fifth).round() * fifth
        }
        (None, Some(gap)) => leveled(ink, &place, gap),
        (None, None) => leveled(ink, &place, 0.0),
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

/// In which directions the name's ring has ink, clockwise from straight down.
fn name_ring(ink: &Ink) -> Vec<bool> {
    let half = SIDE as f64 / 2.0;
    let has_ink = |index: usize| {
        let (sin, cos) = (TAU * index as f64 / DIRECTIONS as f64).sin_cos();
        // Clockwise from straight down.
        (0..40).any(|step| {
            let r = half * (NAME_RING.0 + f64::from(step) / 40.0 * (NAME_RING.1 - NAME_RING.0));
            ink.is_inked(half - r * sin, half + r * cos)
        })
    };
    (0..DIRECTIONS).map(has_ink).collect()
}

/// By how much the side to which the ring's ink leans is turned clockwise from straight up.
fn lean(inked: &[bool]) -> f64 {
    let (mut down, mut left) = (0.0, 0.0);
    for (index, _) in inked.iter().enumerate().filter(|(_, inked)| **inked) {
        let (sin, cos) = (TAU * index as f64 / DIRECTIONS as f64).sin_cos();
        (down, left) = (down + cos, left + sin);
    }
    // Straight up is no turn.
    (-left).atan2(-down)
}

/// By how much the middle of the name's largest gap is turned clockwise from straight down.
fn gap(inked: &[bool]) -> Option<f64> {
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

/// The turn at which the ink around the center, lines of text, lies level along its longer axis: `near`, corrected.
fn leveled(ink: &Ink, place: &Place, near: f64) -> f64 {
    let mut turn = near;
    for _ in 0..3 {
        match axis(&upright(ink, &place.with_turn(turn))) {
            // What is turned further is no line of this seal.
            Some(more) if (turn + more - near).abs() < MOST => turn += more,
            _ => return turn,
        }
    }
    turn
}

/// How far the longer axis of the ink near the center is turned clockwise from level; `None` where it has no longer one.
fn axis(ink: &Ink) -> Option<f64> {
    let half = SIDE as f64 / 2.0;
    let near: Vec<(Point, f64)> = (0..ink.values.len())
        .map(|at| (Point::new((at % SIDE) as f64 + 0.5 - half, (at / SIDE) as f64 + 0.5 - half), at))
        .filter(|(p, _)| p.x.hypot(p.y) < LINES * half)
        .map(|(p, at)| (p, f64::from(ink.at(at % SIDE, at / SIDE)) / 255.0))
        .collect();
    let weight: f64 = near.iter().map(|(_, v)| v).sum();
    if weight < 200.0 {
        return None;
    }
    let mean = |of: fn(&Point) -> f64| near.iter().map(|(p, v)| of(p) * v).sum::<f64>() / weight;
    let (x, y) = (mean(|p| p.x), mean(|p| p.y));
    let (xx, yy) = (mean(|p| p.x * p.x) - x * x, mean(|p| p.y * p.y) - y * y);
    let xy = mean(|p| p.x * p.y) - x * y;
    let root = (xx - yy).hypot(2.0 * xy);
    let (long, short) = ((xx + yy + root) / 2.0, (xx + yy - root) / 2.0);
    (long > LONGER * short).then(|| 0.5 * (2.0 * xy).atan2(xx - yy))
}

//! What is measured of the ink.

use super::frame::Frame;
use super::rim::Rim;
use super::star::Star;
use crate::bitmap::Bitmap;
use crate::geometry::Point;
use crate::ink::{Ink, Pieces};
use crate::rules::Outline;

/// Pieces smaller than this, in mm², are dust.
const DUST: f64 = 0.02;
/// A border is as wide all around; in the ground of a cut seal rays between characters go this many times deeper.
const GROUND: f64 = 1.7;

/// Measures of one imprint.
pub(super) struct Measured {
    pub rim: Rim,
    /// Whether characters are clear in an inked ground.
    pub is_ground: bool,
    pub star: Option<Star>,
    /// From the star to the nearest other ink, in mm.
    pub beside_star_mm: f64,
    /// Whether there is ink near the center.
    pub center_inked: bool,
    /// From the rim's inside to the nearest other ink, in mm; 0 where something touches it.
    pub beside_rim_mm: f64,
    /// Pieces of ink that are not rim or ring.
    pub pieces: usize,
}

impl Measured {
    pub fn of(ink: &Ink, frame: &Frame, shape: Outline) -> Self {
        let rim = Rim::of(ink, frame);
        let is_ground = shape == Outline::Rectangle && rim.widest_mm > GROUND * rim.width_mm + 0.2;
        let pieces = ink.pieces();
        let (beside_rim_mm, letters) = texts(ink, frame, &rim, &pieces);
        let star = if shape == Outline::Rectangle { None } else { Star::of(ink, frame, 0.0) };
        let dust = DUST / frame.pixel_area();
        let beside_star_mm = star.as_ref().map_or(0.0, |star| star.clear_mm(ink, frame, &pieces, dust));
        let center_inked = center_inked(ink, frame);
        Self { rim, is_ground, star, beside_star_mm, center_inked, beside_rim_mm, pieces: letters }
    }
}

/// How near the rim other ink comes, and how many pieces it has.
///
/// A piece that begins at the outline is rim; one that lies all around the center is a ring and no text. Where rim and text are
/// one piece, that piece reaches deeper than the rim.
fn texts(ink: &Ink, frame: &Frame, rim: &Rim, pieces: &Pieces) -> (f64, usize) {
    let mut nearest = vec![f64::INFINITY; pieces.all.len()];
    let mut deepest = vec![0.0_f64; pieces.all.len()];
    for (at, label) in pieces.labels.iter().enumerate() {
        let Some(index) = usize::try_from(*label).ok().and_then(|l| l.checked_sub(1)) else { continue };
        let depth = frame.depth(frame.mm(at % ink.width.max(1), at / ink.width.max(1)));
        if let (Some(near), Some(deep)) = (nearest.get_mut(index), deepest.get_mut(index)) {
            *near = near.min(depth);
            *deep = deep.max(depth);
        }
    }
    let (width, height) = frame.size_mm();
    let (mut beside, mut count) = (frame.shorter_half(), 0_usize);
    for ((piece, near), deep) in pieces.all.iter().zip(&nearest).zip(&deepest) {
        if piece.area as f64 * frame.pixel_area() < DUST {
            continue;
        }
        let is_rim = *near < rim.width_mm * 0.6;
        let [left, top, right, bottom] = piece.bounds;
        let (from, to) = (frame.mm(left, top), frame.mm(right, bottom));
        let is_ring = !is_rim && to.x - from.x > 0.8 * width && to.y - from.y > 0.8 * height;
        if is_rim {
            // Rounded inner corners and soft edges reach a little deeper.
            if *deep > rim.width_mm * 1.35 + 0.3 {
                beside = 0.0;
            }
        } else if !is_ring {
            count = count.saturating_add(1);
            beside = beside.min(near - rim.width_mm);
        }
    }
    (beside.max(0.0), count)
}

fn center_inked(ink: &Ink, frame: &Frame) -> bool {
    let step = frame.shorter_half() * 0.02;
    let near = |i: i32, j: i32| {
        let (x, y) = frame.pixel(Point::new(f64::from(i) * step, f64::from(j) * step));
        ink.is_inked(x, y)
    };
    // A tenth of the width around the center.
    let inked =
        (-10..=10).flat_map(|i| (-10..=10).map(move |j| (i, j))).filter(|(i, j)| near(*i, *j)).count();
    inked > 66
}

/// Shares of the picture's pixels.
pub(super) struct Colors {
    /// Of the pixels without ink, those that are clear.
    pub clear: f64,
    /// Of the inked pixels, those that are red.
    pub red: f64,
}

pub(super) fn colors(bitmap: &Bitmap) -> Colors {
    let (mut empty, mut clear, mut inked, mut red) = (0_usize, 0_usize, 0_usize, 0_usize);
    for [r, g, b, alpha] in bitmap.pixels() {
        let light = alpha < 64 || r.min(g).min(b) > 200;
        if light {
            empty = empty.saturating_add(1);
            clear = clear.saturating_add(usize::from(alpha < 64));
        } else if alpha > 160 {
            inked = inked.saturating_add(1);
            // Hue within some 25° of red, and not gray.
            let (r, strongest) = (i32::from(r), i32::from(g.max(b)));
            let apart = i32::from(g.abs_diff(b));
            red = red.saturating_add(usize::from(r - strongest > 40 && apart * 5 < (r - strongest) * 3));
        }
    }
    let share = |part: usize, all: usize| if all == 0 { 1.0 } else { part as f64 / all as f64 };
    Colors { clear: share(clear, empty), red: share(red, inked) }
}

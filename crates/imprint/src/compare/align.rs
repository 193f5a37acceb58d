//! Lays one picture of ink over another.

use crate::geometry::Point;
use crate::ink::Ink;

/// Largest turn that is tried, in degrees.
const MAX_TURN: f64 = 12.0;
/// Largest difference of scale that is tried.
const MAX_SCALE: f64 = 0.06;
/// Longer side of the picture of the first search.
const COARSE: usize = 120;
/// Longer side of the picture on which the result is refined.
const FINE: usize = 420;

/// How the second picture is laid over the first: turned clockwise and scaled around its own center of ink, which is then
/// put there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pose {
    pub degrees: f64,
    pub scale: f64,
    /// Center of the second's ink, as shares of its width.
    from: Point,
    /// Where it comes to lie in the first, likewise.
    to: Point,
}

impl Pose {
    /// The second picture as seen in the first's frame of `width` by `height` pixels; both have equal pixels.
    pub fn apply(&self, ink: &Ink, width: usize, height: usize) -> Ink {
        let mut values = Vec::with_capacity(width.saturating_mul(height));
        let (sin, cos) = self.degrees.to_radians().sin_cos();
        let (w, v) = (width as f64, ink.width as f64);
        for y in 0..height {
            for x in 0..width {
                let p = Point::new(x as f64 + 0.5 - self.to.x * w, y as f64 + 0.5 - self.to.y * w);
                let (dx, dy) = ((p.x * cos + p.y * sin) / self.scale, (p.y * cos - p.x * sin) / self.scale);
                values.push(ink.sample(self.from.x * v + dx, self.from.y * v + dy).round() as u8);
            }
        }
        Ink { width, height, values }
    }
}

/// The pose at which most ink agrees, `None` if a picture has no ink.
pub(crate) fn best(a: &Ink, b: &Ink) -> Option<Pose> {
    let (small_a, small_b) = (smaller(a, a, COARSE), smaller(b, a, COARSE));
    let middle = |ink: &Ink| {
        let [left, top, right, bottom] = ink.bounds()?;
        let width = ink.width as f64;
        Some(Point::new((left + right) as f64 / 2.0 / width, (top + bottom) as f64 / 2.0 / width))
    };
    let start = Pose { degrees: 0.0, scale: 1.0, from: middle(b)?, to: middle(a)? };
    let mut pose = start;
    let mut most = f64::MIN;
    for step in 0..=24_u8 {
        let degrees = f64::from(step) - MAX_TURN;
        for scale in [1.0 - MAX_SCALE, 0.97, 1.0, 1.03, 1.0 + MAX_SCALE] {
            let tried = Pose { degrees, scale, ..start };
            let agreement = agreement(&small_a, &small_b, &tried);
            if agreement > most {
                (most, pose) = (agreement, tried);
            }
        }
    }
    pose = refined(&small_a, &small_b, pose, [1.0, 0.5, 0.25]);
    let (fine_a, fine_b) = (smaller(a, a, FINE), smaller(b, a, FINE));
    Some(refined(&fine_a, &fine_b, pose, [0.25, 0.1, 0.04]))
}

/// Steps in all four directions as long as one helps, then smaller ones. `steps` are degrees; shifts and scale go along.
fn refined<const N: usize>(a: &Ink, b: &Ink, mut pose: Pose, steps: [f64; N]) -> Pose {
    let mut most = agreement(a, b, &pose);
    for step in steps {
        // A turn by one degree moves the rim by this share of the width.
        let share = step * 0.009;
        for _ in 0..24 {
            let moved = |x: f64, y: f64| Pose { to: Point::new(pose.to.x + x, pose.to.y + y), ..pose };
            let turned =
                |degrees: f64| Pose { degrees: (pose.degrees + degrees).clamp(-MAX_TURN, MAX_TURN), ..pose };
            let scaled = |by: f64| Pose {
                scale: (pose.scale * (1.0 + by)).clamp(1.0 - MAX_SCALE, 1.0 + MAX_SCALE),
                ..pose
            };
            let tried = [
                moved(share, 0.0),
                moved(-share, 0.0),
                moved(0.0, share),
                moved(0.0, -share),
                turned(step),
                turned(-step),
                scaled(share),
                scaled(-share),
            ];
            let better = tried.into_iter().map(|p| (agreement(a, b, &p), p)).fold(
                None,
                |best, (value, p)| match best {
                    Some((most, _)) if value <= most => best,
                    _ => Some((value, p)),
                },
            );
            match better {
                Some((value, p)) if value > most + 1e-9 => (most, pose) = (value, p),
                _ => break,
            }
        }
    }
    pose
}

/// What agrees less what does not, over every second pixel.
fn agreement(a: &Ink, b: &Ink, pose: &Pose) -> f64 {
    let (sin, cos) = pose.degrees.to_radians().sin_cos();
    let (w, v) = (a.width as f64, b.width as f64);
    let mut sum = 0.0;
    let mut all = 0.0;
    for (y, row) in a.values.chunks_exact(a.width.max(1)).enumerate() {
        for (x, own) in row.iter().enumerate().skip(y % 2).step_by(2) {
            let p = Point::new(x as f64 + 0.5 - pose.to.x * w, y as f64 + 0.5 - pose.to.y * w);
            let (dx, dy) = ((p.x * cos + p.y * sin) / pose.scale, (p.y * cos - p.x * sin) / pose.scale);
            let other = b.sample(pose.from.x * v + dx, pose.from.y * v + dy);
            let own = f64::from(*own);
            sum += own.min(other);
            all += own.max(other);
        }
    }
    if all > 0.0 { sum / all } else { 0.0 }
}

/// `ink` with pixels as large as those `like` would have with `longest` on its longer side.
fn smaller(ink: &Ink, like: &Ink, longest: usize) -> Ink {
    let factor = longest as f64 / like.width.max(like.height).max(1) as f64;
    if factor >= 1.0 {
        return ink.clone();
    }
    let side = |px: usize| ((px as f64 * factor).round() as usize).max(1);
    ink.reduced(side(ink.width), side(ink.height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::INKED;

    /// A ring with a bar on its right, 200 pixels wide, turned and moved.
    fn ring(degrees: f64, shift: (f64, f64), scale: f64) -> Ink {
        let (sin, cos) = f64::to_radians(degrees).sin_cos();
        let inked = |x: usize, y: usize| {
            let (dx, dy) = (x as f64 - 100.0 - shift.0, y as f64 - 100.0 - shift.1);
            let (x, y) = ((dx * cos + dy * sin) / scale, (dy * cos - dx * sin) / scale);
            (70.0..80.0).contains(&x.hypot(y)) || ((20.0..60.0).contains(&x) && y.abs() < 6.0)
        };
        let values = (0..200 * 200).map(|at| if inked(at % 200, at / 200) { 255 } else { 0 }).collect();
        Ink { width: 200, height: 200, values }
    }

    #[test]
    fn finds_turn_shift_and_scale() {
        let pose = best(&ring(0.0, (0.0, 0.0), 1.0), &ring(5.0, (8.0, -6.0), 1.03)).unwrap();
        assert!((pose.degrees + 5.0).abs() < 0.3, "{pose:?}");
        assert!((pose.scale * 1.03 - 1.0).abs() < 0.006, "{pose:?}");
        let placed = pose.apply(&ring(5.0, (8.0, -6.0), 1.03), 200, 200);
        let wrong = placed
            .values
            .iter()
            .zip(&ring(0.0, (0.0, 0.0), 1.0).values)
            .filter(|(a, b)| (**a >= INKED) != (**b >= INKED))
            .count();
        assert!(wrong < 400, "{wrong}");
    }

    #[test]
    fn no_ink_has_no_pose() {
        let empty = Ink { width: 10, height: 10, values: vec![0; 100] };
        assert!(best(&empty, &ring(0.0, (0.0, 0.0), 1.0)).is_none());
    }
}

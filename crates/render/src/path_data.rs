//! Abbreviated path data (图形轮廓数据, GB/T 33190-2016 9.3.2).

use tiny_skia::{Path, PathBuilder};

use crate::element::{number, words};

/// A path, and whether something of it was left out.
pub(crate) struct Read {
    pub path: Option<Path>,
    pub steps: usize,
    pub fault: Option<&'static str>,
}

/// Reads `S M L Q B A C`; at most `budget` steps.
pub(crate) fn read(text: &str, budget: usize) -> Read {
    let mut builder = PathBuilder::new();
    let mut words = words(text).peekable();
    let (mut steps, mut fault, mut begun) = (0_usize, None, false);
    let mut at = (0.0_f32, 0.0_f32);
    while let Some(word) = words.next() {
        if steps >= budget {
            fault = Some("the path has more steps than the limit allows");
            break;
        }
        steps = steps.saturating_add(1);
        let wanted = match word {
            "S" | "M" | "L" => 2,
            "Q" => 4,
            "B" => 6,
            "A" => 7,
            "C" => 0,
            _ => {
                fault = Some("the path holds an unknown step");
                break;
            }
        };
        let mut n = [0.0_f32; 7];
        let mut complete = true;
        for slot in n.iter_mut().take(wanted) {
            match words.next_if(|word| number(word).is_some()).and_then(number) {
                // Beyond this nothing can be seen, and products stay finite.
                Some(value) => *slot = value.clamp(-1e6, 1e6),
                None => complete = false,
            }
        }
        if !complete {
            fault = Some("a step of the path has too few numbers");
            break;
        }
        let [a, b, c, d, e, f, g] = n;
        if !begun && !matches!(word, "S" | "M" | "C") {
            builder.move_to(at.0, at.1);
            begun = true;
        }
        match word {
            "S" | "M" => {
                builder.move_to(a, b);
                at = (a, b);
                begun = true;
            }
            "L" => {
                builder.line_to(a, b);
                at = (a, b);
            }
            "Q" => {
                builder.quad_to(a, b, c, d);
                at = (c, d);
            }
            "B" => {
                builder.cubic_to(a, b, c, d, e, f);
                at = (e, f);
            }
            "A" => {
                arc(&mut builder, at, (a, b), c, d != 0.0, e != 0.0, (f, g));
                at = (f, g);
            }
            _ if begun => {
                builder.close();
                if let Some(point) = builder.last_point() {
                    at = (point.x, point.y);
                }
            }
            _ => {}
        }
    }
    Read { path: builder.finish(), steps, fault }
}

/// An elliptical arc from its end points, as cubic curves of at most a quarter turn each (the construction of SVG 1.1 F.6).
fn arc(
    builder: &mut PathBuilder,
    from: (f32, f32),
    radii: (f32, f32),
    degrees: f32,
    large: bool,
    sweep: bool,
    to: (f32, f32),
) {
    let (x1, y1, x2, y2) = (f64::from(from.0), f64::from(from.1), f64::from(to.0), f64::from(to.1));
    let (mut rx, mut ry) = (f64::from(radii.0).abs(), f64::from(radii.1).abs());
    if rx < 1e-9 || ry < 1e-9 || ((x1 - x2).abs() < 1e-9 && (y1 - y2).abs() < 1e-9) {
        builder.line_to(to.0, to.1);
        return;
    }
    let (sin, cos) = f64::from(degrees).to_radians().sin_cos();
    let (dx, dy) = ((x1 - x2) / 2.0, (y1 - y2) / 2.0);
    let (px, py) = (cos * dx + sin * dy, -sin * dx + cos * dy);
    let scale = (px * px) / (rx * rx) + (py * py) / (ry * ry);
    if scale > 1.0 {
        rx *= scale.sqrt();
        ry *= scale.sqrt();
    }
    let under = rx * rx * py * py + ry * ry * px * px;
    let root = ((rx * rx * ry * ry - under).max(0.0) / under.max(f64::MIN_POSITIVE)).sqrt();
    let root = if large == sweep { -root } else { root };
    let (cx, cy) = (root * rx * py / ry, -root * ry * px / rx);
    let center = (cos * cx - sin * cy + (x1 + x2) / 2.0, sin * cx + cos * cy + (y1 + y2) / 2.0);
    let start = ((py - cy) / ry).atan2((px - cx) / rx);
    let end = ((-py - cy) / ry).atan2((-px - cx) / rx);
    let full = std::f64::consts::TAU;
    let mut turn = end - start;
    if sweep && turn < 0.0 {
        turn += full;
    } else if !sweep && turn > 0.0 {
        turn -= full;
    }
    let pieces = (turn.abs() / std::f64::consts::FRAC_PI_2).ceil().clamp(1.0, 4.0);
    let step = turn / pieces;
    let k = 4.0 / 3.0 * (step / 4.0).tan();
    let point = |angle: f64, along: f64| {
        let (s, c) = angle.sin_cos();
        let (x, y) = (rx * (c - along * s), ry * (s + along * c));
        ((cos * x - sin * y + center.0) as f32, (sin * x + cos * y + center.1) as f32)
    };
    let mut angle = start;
    for _ in 0..pieces as usize {
        let next = angle + step;
        let (a, b, c) = (point(angle, k), point(next, -k), point(next, 0.0));
        builder.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1);
        angle = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(text: &str) -> [f32; 4] {
        let path = read(text, 100).path.unwrap();
        let rect = path.compute_tight_bounds().unwrap();
        [rect.left(), rect.top(), rect.right(), rect.bottom()].map(|v| (v * 100.0).round() / 100.0)
    }

    #[test]
    fn reads_every_step() {
        assert_eq!(bounds("M 0 0 L 10 0 L 10 5 C"), [0.0, 0.0, 10.0, 5.0]);
        assert_eq!(bounds("S 1 1 L 2 2"), [1.0, 1.0, 2.0, 2.0]);
        assert_eq!(bounds("M 0 0 Q 5 10 10 0"), [0.0, 0.0, 10.0, 5.0]);
        assert_eq!(bounds("M 0,0 B 0,4 10,4 10,0"), [0.0, 0.0, 10.0, 3.0]);
    }

    #[test]
    fn an_arc_is_part_of_its_circle_on_the_side_the_flags_say() {
        assert_eq!(bounds("M 0 0 A 5 5 0 0 1 10 0"), [0.0, -5.0, 10.0, 0.0]);
        assert_eq!(bounds("M 0 0 A 5 5 0 0 0 10 0"), [0.0, 0.0, 10.0, 5.0]);
        // Too small radii grow until they reach.
        assert_eq!(bounds("M 0 0 A 1 1 0 0 1 10 0"), [0.0, -5.0, 10.0, 0.0]);
        assert_eq!(bounds("M 5 0 A 5 5 0 1 1 0 5"), [0.0, 0.0, 10.0, 10.0]);
        assert_eq!(bounds("M 0 0 A 0 0 0 0 1 10 3"), [0.0, 0.0, 10.0, 3.0]);
    }

    #[test]
    fn keeps_what_was_read_before_a_fault_and_names_it() {
        for text in ["M 0 0 L 1 1 X 2", "M 0 0 L 1 1 L 2", "M 0 0 L 1 1 L NaN 2"] {
            let read = read(text, 100);
            assert!(read.fault.is_some() && read.path.is_some(), "{text}");
        }
        let long: String = "L 1 2 ".repeat(1000);
        let read = read(&long, 50);
        assert_eq!((read.steps, read.fault.is_some()), (50, true));
    }
}

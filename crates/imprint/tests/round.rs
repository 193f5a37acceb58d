//! Round seals measured from their outlines and pixels, not from the layout's own figures.
// The lints' exception for tests does not reach the helpers of an integration test.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::f64::consts::PI;
use yinxin_imprint::{Center, Drawing, Font, ImprintSpec, Kind, Part, Path, Point, Segment, draw};

const LENGTHS: [usize; 8] = [1, 2, 4, 8, 12, 20, 30, 40];

fn name(length: usize) -> String {
    "示例省（北京）高新技术产业开发区人民政府A1·".chars().cycle().take(length).collect()
}

fn specs(length: usize) -> [ImprintSpec; 4] {
    let name = name(length);
    [
        ImprintSpec::official(&name),
        ImprintSpec::official(&name).with_code("1101050012345678901").with_size_mm(30.0),
        ImprintSpec::new(Kind::Contract, &name).with_center(Center::Star),
        ImprintSpec::new(Kind::Finance, &name)
            .with_center(Center::Star)
            .with_code("1101050012345")
            .with_size_mm(45.0),
    ]
}

/// Points along the outline, close enough together to stand for the curve.
fn points(path: &Path) -> Vec<Point> {
    let mix = |a: Point, b: Point, t: f64| Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
    let mut out = Vec::new();
    let mut last = Point::default();
    for segment in path.segments() {
        let control = match *segment {
            Segment::MoveTo(p) => {
                last = p;
                continue;
            }
            Segment::LineTo(p) => [last, last, p, p],
            Segment::QuadTo(c, p) => [last, mix(last, c, 2.0 / 3.0), mix(p, c, 2.0 / 3.0), p],
            Segment::CurveTo(c, d, p) => [last, c, d, p],
            Segment::Close => continue,
        };
        for step in 0..=8 {
            let t = f64::from(step) / 8.0;
            let [a, b, c] = [0, 1, 2].map(|i| mix(control[i], control[i + 1], t));
            out.push(mix(mix(a, b, t), mix(b, c, t), t));
        }
        last = control[3];
    }
    out
}

fn outlines(drawing: &Drawing, wanted: impl Fn(Part) -> bool) -> Vec<Vec<Point>> {
    drawing.paths().iter().filter(|shape| wanted(shape.part)).map(|shape| points(&shape.path)).collect()
}

/// Smallest and largest value of a measure over points.
fn span(points: &[Point], measure: impl Fn(&Point) -> f64) -> (f64, f64) {
    points
        .iter()
        .map(measure)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}

/// The gap in mm between the ink of neighboring characters, over all characters of all parts.
fn nearest(a: &[Point], b: &[Point]) -> f64 {
    a.iter().flat_map(|p| b.iter().map(move |q| p.distance(*q))).fold(f64::INFINITY, f64::min)
}

#[test]
fn name_stays_between_star_and_rim_at_every_length() {
    let font = Font::builtin();
    for length in LENGTHS {
        for spec in specs(length) {
            let drawing = draw(&spec, &font).unwrap_or_else(|error| panic!("{length} {spec:?}: {error}"));
            let size = drawing.size_mm().0;
            let scale = size / 42.0;
            let center = Point::new(size / 2.0, size / 2.0);
            let [star] = &outlines(&drawing, |part| part == Part::Star)[..] else { panic!("one star") };
            let star_reach = span(star, |p| p.distance(center)).1;
            assert!((star_reach - 7.0 * scale).abs() < 0.002);
            for character in outlines(&drawing, |part| matches!(part, Part::Name(_))) {
                let (near, far) = span(&character, |p| p.distance(center));
                assert!(near > star_reach + 2.0 * scale, "{length}: {near}");
                assert!(far < size / 2.0 - 1.2 * scale - 0.7 * scale, "{length}: {far}");
            }
        }
    }
}

#[test]
fn neighboring_characters_cover_separate_angles_in_reading_order() {
    let font = Font::builtin();
    for length in LENGTHS {
        for spec in specs(length) {
            let drawing = draw(&spec, &font).unwrap();
            let half = drawing.size_mm().0 / 2.0;
            // Clockwise from the bottom, so that the upper arc from left to right only grows.
            let angle = |p: &Point| (half - p.x).atan2(p.y - half).rem_euclid(2.0 * PI);
            let mut last = 0.0;
            for character in outlines(&drawing, |part| matches!(part, Part::Name(_))) {
                let (from, to) = span(&character, angle);
                assert!(
                    from > last && to < 2.0 * PI && to - from < PI / 2.0,
                    "{length}: {from} {to} after {last}"
                );
                last = to;
            }
        }
    }
}

#[test]
fn no_two_shapes_come_closer_than_a_tenth_of_a_millimeter() {
    let font = Font::builtin();
    for length in [8, 20, 40] {
        for spec in specs(length) {
            let drawing = draw(&spec, &font).unwrap();
            let all: Vec<(Part, Vec<Point>)> =
                drawing.paths().iter().map(|shape| (shape.part, points(&shape.path))).collect();
            let boxes: Vec<_> = drawing.paths().iter().map(|shape| shape.path.bounds()).collect();
            for (index, (part, own)) in all.iter().enumerate() {
                for (other_index, (other_part, other)) in all.iter().enumerate().skip(index + 1) {
                    let (a, b) = (boxes[index], boxes[other_index]);
                    let apart =
                        (a.left - b.right).max(b.left - a.right).max(a.top - b.bottom).max(b.top - a.bottom);
                    if apart < 0.1 {
                        let near = nearest(own, other);
                        assert!(near > 0.1, "{length}: {part:?} and {other_part:?} are {near} apart");
                    }
                }
            }
        }
    }
}

#[test]
fn forty_characters_stay_legible() {
    for spec in specs(40) {
        let drawing = draw(&spec, &Font::builtin()).unwrap();
        let size = drawing.size_mm().0;
        let center = Point::new(size / 2.0, size / 2.0);
        // The first character, 示, spans nearly its whole cell.
        let first = &outlines(&drawing, |part| part == Part::Name(0))[0];
        let (near, far) = span(first, |p| p.distance(center));
        assert!(far - near > 2.4 * size / 42.0, "{}", far - near);
    }
}

#[test]
fn purpose_line_is_level_centered_and_below_the_star() {
    for length in LENGTHS {
        let drawing =
            draw(&ImprintSpec::new(Kind::Contract, name(length)).with_center(Center::Star), &Font::builtin())
                .unwrap();
        let star = &outlines(&drawing, |part| part == Part::Star)[0];
        let lowest = span(star, |p| p.y).1;
        let mut last = 0.0;
        for character in outlines(&drawing, |part| matches!(part, Part::Purpose(_))) {
            assert!(span(&character, |p| p.y).0 > lowest + 1.0);
            let (from, to) = span(&character, |p| p.x);
            assert!(from > last);
            last = to;
        }
        let first = &outlines(&drawing, |part| part == Part::Purpose(0))[0];
        let (left, right) = (span(first, |p| p.x).0, drawing.size_mm().0 - last);
        assert!((left - right).abs() < 0.6, "{left} {right}");
    }
}

#[test]
fn code_reads_left_to_right_upright_at_the_bottom() {
    let drawing =
        draw(&ImprintSpec::official(name(12)).with_code("1101050012347"), &Font::builtin()).unwrap();
    let digits = outlines(&drawing, |part| matches!(part, Part::Code(_)));
    assert_eq!(digits.len(), 13);
    let middles: Vec<f64> =
        digits.iter().map(|digit| span(digit, |p| p.x)).map(|(a, b)| (a + b) / 2.0).collect();
    assert!(middles.windows(2).all(|pair| pair[0] < pair[1]));
    // The last digit is a 7: its broad bar is its head and points to the center.
    let seven = &digits[12];
    let center = Point::new(20.0, 20.0);
    let (near, far) = span(seven, |p| p.distance(center));
    let broad = |from: f64, to: f64| {
        let slice: Vec<Point> =
            seven.iter().copied().filter(|p| (from..=to).contains(&p.distance(center))).collect();
        let (a, b) = span(&slice, |p| (p.x - center.x).atan2(p.y - center.y));
        b - a
    };
    let third = (far - near) / 3.0;
    assert!(broad(near, near + third) > broad(far - third, far));
}

#[test]
fn ring_is_as_wide_as_told_in_pixels() {
    let mut spec = ImprintSpec::official(name(10)).with_size_mm(42.0);
    spec.border_mm = Some(1.5);
    let png = draw(&spec, &Font::builtin()).unwrap().to_png(600).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    // Along the horizontal through the center, from the left edge: nothing is drawn before the name begins.
    let row = 992 / 2;
    let inked = (0..120).map(|x| f64::from(pixels[(row * 992 + x) * 4 + 3]) / 255.0);
    let first_clear = inked.clone().position(|alpha| alpha == 0.0).unwrap();
    let width: f64 = inked.take(first_clear).sum::<f64>() * 25.4 / 600.0;
    assert!((width - 1.5).abs() < 0.03, "{width}");
}

#[test]
fn refuses_what_does_not_fit_or_is_not_allowed() {
    let font = Font::builtin();
    let code = |spec: &ImprintSpec| draw(spec, &font).unwrap_err().code();
    let plain = ImprintSpec::official("示例公司");
    assert_eq!(code(&ImprintSpec::official("")), "IMPRINT_TEXT_EMPTY");
    assert_eq!(code(&ImprintSpec::official(name(41))), "IMPRINT_TEXT_TOO_LONG");
    assert_eq!(code(&ImprintSpec::official("示例\n公司")), "IMPRINT_INVISIBLE_CHARACTER");
    assert_eq!(code(&ImprintSpec::official("示例龘公司")), "IMPRINT_MISSING_CHARACTERS");
    assert_eq!(code(&plain.clone().with_purpose("合同专用章合同专用章合同专")), "IMPRINT_TEXT_TOO_LONG");
    assert_eq!(code(&plain.clone().with_code("1".repeat(21))), "IMPRINT_TEXT_TOO_LONG");
    assert_eq!(code(&plain.clone().with_code("")), "IMPRINT_TEXT_EMPTY");
    assert_eq!(code(&plain.clone().with_size_mm(50.0)), "IMPRINT_SIZE_OUT_OF_RANGE");
    let mut thick = plain.clone();
    thick.border_mm = Some(3.0);
    assert_eq!(code(&thick), "IMPRINT_BORDER_OUT_OF_RANGE");
    thick.border_mm = Some(f64::NAN);
    assert_eq!(code(&thick), "IMPRINT_BORDER_OUT_OF_RANGE");
    assert_eq!(code(&plain.with_style(yinxin_imprint::Style::Cut)), "IMPRINT_OPTION_NOT_FOR_KIND");
}

#[test]
fn the_longest_texts_together_still_find_their_places() {
    let font = Font::builtin();
    for size in [30.0, 38.0, 45.0] {
        let spec = ImprintSpec::official("国".repeat(40))
            .with_purpose("电子商务合同专用章（２）")
            .with_code("91110105MA01234567AB")
            .with_size_mm(size);
        if let Err(error) = draw(&spec, &font) {
            panic!("{size}: {error}");
        }
    }
}

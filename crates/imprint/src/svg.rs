//! SVG of paths only.

use crate::drawing::Drawing;
use crate::geometry::Point;
use crate::path::{Path, Segment};
use std::fmt::Write;

/// Writes the document. Steps are relative and counted in whole micrometers, so nothing is lost to rounding.
pub(crate) fn write(drawing: &Drawing) -> String {
    let (width, height) = drawing.size_mm();
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\"><g fill=\"{}\">",
        drawing.color()
    );
    for shape in drawing.paths() {
        out.push_str("\n<path d=\"");
        path_data(&shape.path, &mut out);
        out.push_str("\"/>");
    }
    out.push_str("\n</g></svg>\n");
    out
}

fn path_data(path: &Path, out: &mut String) {
    let mut pen = Pen { out, at: (0, 0), start: (0, 0), separate: false };
    for segment in path.segments() {
        match *segment {
            Segment::MoveTo(p) => {
                // A relative move counts from the last contour's start, which is where Close leads back to.
                pen.step('m', &[p]);
                pen.start = pen.at;
            }
            Segment::LineTo(p) => pen.step('l', &[p]),
            Segment::QuadTo(c, p) => pen.step('q', &[c, p]),
            Segment::CurveTo(c, d, p) => pen.step('c', &[c, d, p]),
            Segment::Close => {
                pen.out.push('z');
                pen.at = pen.start;
            }
        }
    }
}

struct Pen<'a> {
    out: &'a mut String,
    at: (i64, i64),
    start: (i64, i64),
    separate: bool,
}

impl Pen<'_> {
    fn step(&mut self, letter: char, points: &[Point]) {
        self.out.push(letter);
        self.separate = false;
        let mut last = self.at;
        for point in points {
            last = (micrometers(point.x), micrometers(point.y));
            self.number(last.0.saturating_sub(self.at.0));
            self.number(last.1.saturating_sub(self.at.1));
        }
        self.at = last;
    }

    /// Writes micrometers as millimeters, without needless zeros.
    fn number(&mut self, value: i64) {
        if self.separate && value >= 0 {
            self.out.push(' ');
        }
        self.separate = true;
        if value < 0 {
            self.out.push('-');
        }
        let (whole, rest) = (value.unsigned_abs() / 1000, value.unsigned_abs() % 1000);
        match whole {
            0 if rest > 0 => {}
            0..10 => self.out.push(digit(whole)),
            _ => {
                let _ = write!(self.out, "{whole}");
            }
        }
        // A seal of forty characters has some ten thousand numbers: digits go out one by one, without a text of their own.
        if rest > 0 {
            self.out.push('.');
            self.out.push(digit(rest / 100));
            if !rest.is_multiple_of(100) {
                self.out.push(digit(rest / 10 % 10));
            }
            if !rest.is_multiple_of(10) {
                self.out.push(digit(rest % 10));
            }
        }
    }
}

/// Of a number below ten.
fn digit(value: u64) -> char {
    u32::try_from(value).ok().and_then(|value| char::from_digit(value, 10)).unwrap_or('0')
}

fn micrometers(mm: f64) -> i64 {
    // Coordinates are within a few hundred millimeters; the cast saturates in any case.
    (mm * 1000.0).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(path: &Path) -> String {
        let mut out = String::new();
        path_data(path, &mut out);
        out
    }

    #[test]
    fn writes_relative_steps_without_needless_characters() {
        let path = Path::polygon([Point::new(1.0, 2.5), Point::new(0.25, 2.5), Point::new(0.25, 12.007)]);
        assert_eq!(data(&path), "m1 2.5l-.75 0l0 9.507z");
    }

    #[test]
    fn numbers_are_what_formatting_would_give() {
        for value in [
            0_i64, 1, -1, 9, 10, 99, 100, 101, 110, 120, 999, 1000, 1001, -1010, 9900, 10_000, -12_345,
            123_450,
        ] {
            let mut out = String::new();
            Pen { out: &mut out, at: (0, 0), start: (0, 0), separate: false }.number(value);
            let plain = format!("{}", value as f64 / 1000.0);
            assert_eq!(
                out,
                plain.replacen("0.", ".", usize::from(plain.trim_start_matches('-').starts_with("0."))),
                "{value}"
            );
        }
    }

    #[test]
    fn a_second_contour_counts_from_the_first_ones_start() {
        let mut path = Path::polygon([Point::new(1.0, 1.0), Point::new(2.0, 1.0), Point::new(2.0, 2.0)]);
        path.append(Path::polygon([Point::new(1.5, 1.25), Point::new(3.0, 3.0)]));
        assert_eq!(data(&path), "m1 1l1 0l0 1zm.5 .25l1.5 1.75z");
    }
}

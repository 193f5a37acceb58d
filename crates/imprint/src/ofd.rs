//! The imprint as a page of OFD (GB/T 33190-2016), for seals whose picture is of type `ofd`.
//!
//! The page is exactly as large as the imprint; each shape is a path object (chapter 9) in the page's own millimeters. OFD
//! writes a quadratic curve as Q, a cubic one as B and closes by C.

use crate::drawing::Drawing;
use crate::path::{Path, Segment};
use std::fmt::Write;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "http://www.ofdspec.org/2016";
/// Identifiers: 1 the page, 2 its layer, the shapes from 3.
const FIRST_SHAPE: usize = 3;

/// `Content.xml` of the page, and the highest identifier in it.
pub(crate) fn page(drawing: &Drawing) -> (String, u64) {
    let (width, height) = drawing.size_mm();
    let color = drawing.color();
    let mut out = format!(
        "{HEAD}<ofd:Page xmlns:ofd=\"{NAMESPACE}\"><ofd:Area><ofd:PhysicalBox>0 0 {width} {height}</ofd:PhysicalBox>\
         </ofd:Area><ofd:Content><ofd:Layer ID=\"2\" Type=\"Body\">"
    );
    for (index, shape) in drawing.paths().iter().enumerate() {
        let id = index.saturating_add(FIRST_SHAPE);
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "\n<ofd:PathObject ID=\"{id}\" Boundary=\"0 0 {width} {height}\" Stroke=\"false\" Fill=\"true\">\
             <ofd:FillColor Value=\"{} {} {}\"/><ofd:AbbreviatedData>",
            color.red, color.green, color.blue
        );
        path_data(&shape.path, &mut out);
        out.push_str("</ofd:AbbreviatedData></ofd:PathObject>");
    }
    out.push_str("\n</ofd:Layer></ofd:Content></ofd:Page>");
    (out, FIRST_SHAPE.saturating_add(drawing.paths().len()) as u64)
}

fn path_data(path: &Path, out: &mut String) {
    for (index, segment) in path.segments().iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        let _ = match *segment {
            Segment::MoveTo(p) => write!(out, "M {} {}", p.x, p.y),
            Segment::LineTo(p) => write!(out, "L {} {}", p.x, p.y),
            Segment::QuadTo(c, p) => write!(out, "Q {} {} {} {}", c.x, c.y, p.x, p.y),
            Segment::CurveTo(c, d, p) => write!(out, "B {} {} {} {} {} {}", c.x, c.y, d.x, d.y, p.x, p.y),
            Segment::Close => write!(out, "C"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    #[test]
    fn path_data_is_absolute_with_the_letters_of_ofd() {
        let (a, b, c) = (Point::new(1.0, 2.5), Point::new(0.25, 3.0), Point::new(4.0, 5.007));
        let mut path = Path::default();
        for segment in [
            Segment::MoveTo(a),
            Segment::LineTo(b),
            Segment::QuadTo(a, c),
            Segment::CurveTo(a, b, c),
            Segment::Close,
        ] {
            path.push(segment);
        }
        let mut out = String::new();
        path_data(&path, &mut out);
        assert_eq!(out, "M 1 2.5 L 0.25 3 Q 1 2.5 4 5.007 B 1 2.5 0.25 3 4 5.007 C");
    }
}

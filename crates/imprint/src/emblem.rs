//! An emblem (国徽 or other) that was handed in as SVG, as outlines.
//!
//! A seal has one color, so an emblem must be filled outlines of one color: strokes, gradients, opacity, clips and a second color
//! are refused, because leaving them out would draw another emblem. Contours filled by the even-odd rule are turned so that the
//! nonzero rule fills the same.

use crate::error::ImprintError;
use crate::geometry::{Affine, Point, Rect};
use crate::path::{Path, Segment};
use crate::svg_in;
use usvg::tiny_skia_path::PathSegment;
use usvg::{BlendMode, Fill, FillRule, Group, Node, Paint, Transform};

/// Steps of all outlines together.
const MAX_SEGMENTS: usize = 100_000;
/// Contours of one path filled by the even-odd rule; each is compared with all.
const MAX_CONTOURS: usize = 400;

/// Outlines with the box they fill.
#[derive(Debug, Clone, PartialEq)]
pub struct Emblem {
    path: Path,
    bounds: Rect,
}

impl Emblem {
    /// Reads an SVG document of at most 1 MiB.
    ///
    /// # Errors
    /// [`ImprintError::BadEmblem`] says what in it cannot stand on a seal.
    pub fn from_svg(svg: &str) -> Result<Self, ImprintError> {
        let bad = |detail: String| ImprintError::BadEmblem { detail };
        let tree = svg_in::read(svg).map_err(bad)?;
        let mut reader = Reader { path: Path::default(), color: None };
        reader.group(tree.root()).map_err(bad)?;
        let bounds = reader.path.bounds();
        if !(bounds.width() > 0.0 && bounds.height() > 0.0 && bounds.width().is_finite()) {
            return Err(bad("nothing is drawn".to_owned()));
        }
        Ok(Self { path: reader.path, bounds })
    }

    /// The outlines, as large as fits into a circle of `radius` around the origin.
    pub(crate) fn within(&self, radius: f64) -> Path {
        // The circle that holds every point, seen from the middle of the box.
        let center = self.bounds.center();
        let farthest = self.path.points().map(|p| p.distance(center)).fold(f64::MIN_POSITIVE, f64::max);
        let scale = radius / farthest;
        self.path.transformed(&Affine {
            a: scale,
            b: 0.0,
            c: 0.0,
            d: scale,
            e: -scale * center.x,
            f: -scale * center.y,
        })
    }
}

struct Reader {
    path: Path,
    color: Option<usvg::Color>,
}

impl Reader {
    fn group(&mut self, group: &Group) -> Result<(), String> {
        let plain = group.opacity().get() == 1.0
            && group.blend_mode() == BlendMode::Normal
            && group.clip_path().is_none()
            && group.mask().is_none()
            && group.filters().is_empty();
        if !plain {
            return Err("a group has opacity, a clip, a mask or a filter".to_owned());
        }
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group)?,
                Node::Path(path) if path.is_visible() => self.shape(path)?,
                Node::Path(_) => {}
                Node::Image(_) | Node::Text(_) => return Err("a picture or text".to_owned()),
            }
        }
        Ok(())
    }

    fn shape(&mut self, path: &usvg::Path) -> Result<(), String> {
        if path.stroke().is_some() {
            return Err("a stroke: turn strokes into outlines".to_owned());
        }
        let Some(fill) = path.fill() else { return Ok(()) };
        self.same_color(fill)?;
        let outline = outline(path.data().segments(), path.abs_transform());
        let outline = match fill.rule() {
            FillRule::NonZero => outline,
            FillRule::EvenOdd => nonzero(&outline)?,
        };
        self.path.append(outline);
        if self.path.segments().len() > MAX_SEGMENTS {
            return Err(format!("more than {MAX_SEGMENTS} steps"));
        }
        Ok(())
    }

    fn same_color(&mut self, fill: &Fill) -> Result<(), String> {
        let Paint::Color(color) = fill.paint() else { return Err("a gradient or pattern".to_owned()) };
        if fill.opacity().get() != 1.0 {
            return Err("a shape with opacity".to_owned());
        }
        if *self.color.get_or_insert(*color) != *color {
            return Err("more than one color: a seal has one, cut the others out".to_owned());
        }
        Ok(())
    }
}

fn outline(segments: impl Iterator<Item = PathSegment>, map: Transform) -> Path {
    let map = Affine {
        a: f64::from(map.sx),
        b: f64::from(map.ky),
        c: f64::from(map.kx),
        d: f64::from(map.sy),
        e: f64::from(map.tx),
        f: f64::from(map.ty),
    };
    let at = |p: usvg::tiny_skia_path::Point| map.apply(Point::new(f64::from(p.x), f64::from(p.y)));
    let mut path = Path::default();
    for segment in segments {
        path.push(match segment {
            PathSegment::MoveTo(p) => Segment::MoveTo(at(p)),
            PathSegment::LineTo(p) => Segment::LineTo(at(p)),
            PathSegment::QuadTo(c, p) => Segment::QuadTo(at(c), at(p)),
            PathSegment::CubicTo(c, d, p) => Segment::CurveTo(at(c), at(d), at(p)),
            PathSegment::Close => Segment::Close,
        });
    }
    path
}

/// Turns each contour by how many others surround it: outer ones clockwise, holes the other way.
fn nonzero(path: &Path) -> Result<Path, String> {
    let contours = path.contours();
    if contours.len() > MAX_CONTOURS {
        return Err(format!("more than {MAX_CONTOURS} contours filled by the even-odd rule"));
    }
    let mut turned = Path::default();
    for (index, contour) in contours.iter().enumerate() {
        let Some(probe) = contour.points().next() else { continue };
        let around =
            contours.iter().enumerate().filter(|(i, other)| *i != index && other.surrounds(probe)).count();
        let clockwise = around.is_multiple_of(2);
        turned.append(if (contour.signed_area() > 0.0) == clockwise {
            contour.clone()
        } else {
            contour.reversed()
        });
    }
    Ok(turned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{inside}</svg>"#)
    }

    fn refused(inside: &str) -> String {
        Emblem::from_svg(&svg(inside)).unwrap_err().to_string()
    }

    #[test]
    fn fills_the_circle_it_is_given() {
        let emblem = Emblem::from_svg(&svg(r#"<rect x="2" y="1" width="3" height="4"/>"#)).unwrap();
        let bounds = emblem.within(5.0).bounds();
        assert!((bounds.width() - 6.0).abs() < 1e-6 && (bounds.height() - 8.0).abs() < 1e-6, "{bounds:?}");
        assert!(bounds.center().distance(Point::default()) < 1e-6);
    }

    #[test]
    fn an_even_odd_hole_stays_a_hole() {
        let ring = r#"<path fill-rule="evenodd" d="M0 0H10V10H0zM2 2H8V8H2zM4 4H6V6H4z"/>"#;
        let path = Emblem::from_svg(&svg(ring)).unwrap().path;
        assert!((path.signed_area() - (100.0 - 36.0 + 4.0)).abs() < 1e-3, "{}", path.signed_area());
    }

    #[test]
    fn refuses_what_would_be_another_emblem_in_one_color() {
        for (inside, word) in [
            (r#"<path d="M0 0H9V9z"/><path fill="white" d="M1 1H3V3z"/>"#, "one color"),
            (r#"<path stroke="red" d="M0 0H9V9z"/>"#, "stroke"),
            (r#"<g opacity=".5"><path d="M0 0H9V9z"/></g>"#, "opacity"),
            (r#"<path fill-opacity=".5" d="M0 0H9V9z"/>"#, "opacity"),
            ("", "nothing"),
            ("<text>国</text>", "<text>"),
        ] {
            assert!(refused(inside).contains(word), "{inside}: {}", refused(inside));
        }
        assert!(Emblem::from_svg("hello").is_err());
    }
}

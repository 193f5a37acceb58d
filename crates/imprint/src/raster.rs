//! Pixels.

use crate::drawing::Drawing;
use crate::error::ImprintError;
use crate::geometry::Point;
use crate::path::{Path, Segment};
use tiny_skia::{FillRule, Mask, PathBuilder, Transform};

/// Smallest resolution of a picture, in dots per inch.
pub const MIN_DPI: u32 = 72;
/// Largest resolution of a picture, in dots per inch: 45 mm become 4252 pixels, 18 MB of coverage.
pub const MAX_DPI: u32 = 2400;

/// How much of each pixel is inked, 0 to 255, row by row from the top.
pub(crate) struct Coverage {
    pub width: u32,
    pub height: u32,
    pub values: Vec<u8>,
}

pub(crate) fn size_px(drawing: &Drawing, dpi: u32) -> Result<(u32, u32), ImprintError> {
    if !(MIN_DPI..=MAX_DPI).contains(&dpi) {
        return Err(ImprintError::DpiOutOfRange { dpi, min: MIN_DPI, max: MAX_DPI });
    }
    let (width, height) = drawing.size_mm();
    // Sizes are at most some tens of mm: no overflow, and the cast saturates.
    let pixels = |mm: f64| (mm / 25.4 * f64::from(dpi)).round().max(1.0) as u32;
    Ok((pixels(width), pixels(height)))
}

/// Fills the drawing's paths; the picture's edges are exactly the drawing's edges.
pub(crate) fn coverage(drawing: &Drawing, dpi: u32) -> Result<Coverage, ImprintError> {
    let (width, height) = size_px(drawing, dpi)?;
    let failed = |detail: &str| ImprintError::Encoding { detail: detail.to_owned() };
    let mut mask = Mask::new(width, height).ok_or_else(|| failed("no such pixel size"))?;
    let (width_mm, height_mm) = drawing.size_mm();
    let scale = Point::new(f64::from(width) / width_mm, f64::from(height) / height_mm);
    for shape in drawing.paths() {
        let path = in_pixels(&shape.path, scale).ok_or_else(|| failed("a path is not finite"))?;
        mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
    }
    let mut values = mask.take();
    values.iter_mut().for_each(|value| *value = in_sixteen_steps(*value));
    Ok(Coverage { width, height, values })
}

/// An edge in sixteen steps looks the same and makes the file a fifth smaller: it is stored in every signature.
fn in_sixteen_steps(value: u8) -> u8 {
    value.saturating_add(8) / 17 * 17
}

fn in_pixels(path: &Path, scale: Point) -> Option<tiny_skia::Path> {
    let mut builder = PathBuilder::new();
    let at = |p: Point| ((p.x * scale.x) as f32, (p.y * scale.y) as f32);
    for segment in path.segments() {
        match *segment {
            Segment::MoveTo(p) => {
                let (x, y) = at(p);
                builder.move_to(x, y);
            }
            Segment::LineTo(p) => {
                let (x, y) = at(p);
                builder.line_to(x, y);
            }
            Segment::QuadTo(c, p) => {
                let ((cx, cy), (x, y)) = (at(c), at(p));
                builder.quad_to(cx, cy, x, y);
            }
            Segment::CurveTo(c, d, p) => {
                let ((cx, cy), (dx, dy), (x, y)) = (at(c), at(d), at(p));
                builder.cubic_to(cx, cy, dx, dy, x, y);
            }
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Color;
    use crate::drawing::Part;
    use crate::geometry::Rect;

    fn disc() -> Drawing {
        let mut drawing = Drawing::new(42.0, 42.0, Color::SEAL_RED);
        drawing.add_centered(Part::Border, &Path::circle(Point::default(), 21.0, true));
        drawing
    }

    #[test]
    fn pixel_size_is_rounded_from_exact_millimeters() {
        assert_eq!(size_px(&disc(), 600).unwrap(), (992, 992));
        assert_eq!(size_px(&disc(), 300).unwrap(), (496, 496));
        assert_eq!(size_px(&disc(), 72).unwrap(), (119, 119));
    }

    #[test]
    fn rejects_resolutions_out_of_range() {
        for dpi in [0, 71, 2401, u32::MAX] {
            assert_eq!(size_px(&disc(), dpi).unwrap_err().code(), "IMPRINT_DPI_OUT_OF_RANGE");
        }
    }

    #[test]
    fn steps_keep_clear_and_full_and_stray_by_eight_at_most() {
        for value in 0..=u8::MAX {
            assert!(in_sixteen_steps(value).abs_diff(value) <= 8);
        }
        assert_eq!((in_sixteen_steps(0), in_sixteen_steps(255)), (0, 255));
    }

    #[test]
    fn inked_area_is_the_area_of_the_shape() {
        let coverage = coverage(&disc(), 300).unwrap();
        let inked: f64 = coverage.values.iter().map(|v| f64::from(*v) / 255.0).sum();
        let expected = std::f64::consts::PI * (496.0_f64 / 2.0).powi(2);
        assert!((inked / expected - 1.0).abs() < 0.002, "{inked} {expected}");
    }

    #[test]
    fn a_shape_over_the_whole_drawing_fills_every_pixel() {
        let mut drawing = Drawing::new(18.0, 18.0, Color::SEAL_RED);
        let all = Rect::centered(Point::default(), 18.0, 18.0);
        drawing.add_centered(Part::Ground, &Path::rounded(&all, 0.0, true));
        assert!(coverage(&drawing, 600).unwrap().values.iter().all(|v| *v == 255));
    }
}

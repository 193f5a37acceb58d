//! An imprint drawn as SVG, in pixels.

use super::{Bitmap, within_limits};
use crate::error::ImprintError;
use crate::svg_in;
use usvg::tiny_skia_path::Size;
use usvg::{Group, Node, Transform};

/// The resolution SVG is drawn at; it states its size in mm or in CSS pixels, 96 to the inch.
const DPI: f64 = 600.0;
const CSS_DPI: f64 = 96.0;

/// Draws the document at 600 dpi of its stated size.
pub(super) fn decode(bytes: &[u8]) -> Result<Bitmap, ImprintError> {
    let broken = |detail: String| ImprintError::PictureBroken { detail };
    let text = std::str::from_utf8(bytes).map_err(|error| broken(error.to_string()))?;
    let tree = svg_in::read(text).map_err(broken)?;
    // Dashes of no length on a long line are work without end.
    if has_dashes(tree.root()) {
        return Err(broken("dashed strokes".to_owned()));
    }
    let size: Size = tree.size();
    let pixels = |css: f32| (f64::from(css) / CSS_DPI * DPI).round().clamp(1.0, 1e6) as u32;
    let (width, height) = (pixels(size.width()), pixels(size.height()));
    within_limits(width, height)?;
    let mut canvas = tiny_skia::Pixmap::new(width, height).ok_or_else(|| broken("no size".to_owned()))?;
    let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(&tree, scale, &mut canvas.as_mut());
    let rgba = canvas
        .pixels()
        .iter()
        .map(|pixel| pixel.demultiply())
        .flat_map(|c| [c.red(), c.green(), c.blue(), c.alpha()])
        .collect();
    Ok(Bitmap { width, height, rgba, dpi: Some((DPI, DPI)) })
}

fn has_dashes(group: &Group) -> bool {
    group.children().iter().any(|node| match node {
        Node::Group(group) => has_dashes(group),
        Node::Path(path) => path.stroke().is_some_and(|stroke| stroke.dasharray().is_some()),
        Node::Image(_) | Node::Text(_) => false,
    })
}

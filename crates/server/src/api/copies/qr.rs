//! A QR code as a drawing, for paper.

use crate::http::{Code, Problem};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Light modules around the code, as ISO/IEC 18004 wants them.
const QUIET: usize = 4;
/// Width of the drawing, in mm: modules of about half a millimeter, which every telephone reads from paper.
const WIDTH: u32 = 25;

/// The QR code of a text, error correction M.
///
/// # Errors
/// `INTERNAL` for a text that is too long for one.
pub(crate) fn svg(text: &str) -> Result<String, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| {
        tracing::error!(%error, "an address does not fit into a QR code");
        Problem::new(Code::Internal)
    })?;
    let (width, colors) = (code.width(), code.to_colors());
    let side = width.saturating_add(2 * QUIET);
    let mut drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}mm\" height=\"{WIDTH}mm\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\" role=\"img\"><title>QR</title><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
         <path fill=\"#000\" d=\""
    );
    for (y, row) in colors.chunks(width.max(1)).enumerate() {
        let (mut x, y) = (QUIET, y + QUIET);
        for run in row.chunk_by(|one, other| one == other) {
            let length = run.len();
            if run.first() == Some(&Color::Dark) {
                // Writing to a text cannot fail.
                let _ = write!(drawing, "M{x} {y}h{length}v1h-{length}z");
            }
            x += length;
        }
    }
    drawing.push_str("\"/></svg>");
    Ok(drawing)
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn the_drawing_has_four_light_modules_around_it_and_is_xml() {
        let drawing = svg("https://seal.example.gov.cn/v/ABCDEFGHJKLMNPQRSTUV").unwrap();
        // Version 4 has 33 modules a side; the first pattern begins right behind the quiet zone.
        assert!(drawing.contains("viewBox=\"0 0 41 41\""), "{drawing}");
        assert!(drawing.contains("d=\"M4 4h7v1h-7z") && !drawing.contains("M3 "), "{drawing}");
        assert!(svg(&"x".repeat(4000)).is_err());
    }
}

//! The picture in a seal's data.

use yinxin_formats::der::Limits;
use yinxin_formats::ses::{Seal, SealPicture as Held};
use yinxin_render::{ArtNote, RenderLimits, seal_art, seal_png};

/// Largest picture that is shown.
const MOST: usize = 8 << 20;

/// A picture that browsers show.
#[derive(Debug, Clone)]
pub struct SealPicture {
    /// Its bytes.
    pub data: Vec<u8>,
    /// Media type.
    pub kind: &'static str,
    /// Width and height in mm.
    pub size_mm: (f64, f64),
}

/// The picture of a seal: as it is where browsers show it, drawn where it is SVG or OFD; `None` where it has none that can be shown. Its own
/// bytes say what it is, not its name. Takes as long as drawing it does.
pub(super) fn seal_picture(seal: &[u8]) -> Option<SealPicture> {
    shown(Seal::parse(seal, &Limits::default()).ok()?.picture)
}

fn shown(picture: Held) -> Option<SealPicture> {
    let mm = |length: u64| length.clamp(1, 200) as f64;
    let size_mm = (mm(picture.width_mm), mm(picture.height_mm));
    let (kind, data) = match picture.data.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => ("image/png", picture.data),
        [0xff, 0xd8, 0xff, ..] => ("image/jpeg", picture.data),
        [b'B', b'M', ..] => ("image/bmp", picture.data),
        [b'G', b'I', b'F', b'8', ..] => ("image/gif", picture.data),
        _ => ("image/png", seal_png(&picture, &RenderLimits::for_strangers()).ok()?),
    };
    (data.len() <= MOST).then_some(SealPicture { data, kind, size_mm })
}

/// Width and height of a seal in mm, whatever its picture is made of.
pub fn seal_size(seal: &[u8]) -> Option<(f64, f64)> {
    let picture = Seal::parse(seal, &Limits::default()).ok()?.picture;
    let mm = |length: u64| length.clamp(1, 200) as f64;
    Some((mm(picture.width_mm), mm(picture.height_mm)))
}

/// What becomes of a seal's picture on the pages of a PDF.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InPdf {
    /// What is shown otherwise than the picture has it.
    pub otherwise: Vec<ArtNote>,
    /// Why it cannot be shown at all, in English; empty where it can.
    pub fault: String,
}

/// What becomes of the picture of a seal in a PDF; takes as long as drawing it does.
pub fn in_pdf(seal: &[u8]) -> InPdf {
    match Seal::parse(seal, &Limits::default()) {
        Ok(seal) => told(&seal.picture),
        Err(_) => InPdf::default(),
    }
}

fn told(picture: &Held) -> InPdf {
    match seal_art(picture, &RenderLimits::default()) {
        Ok(art) => InPdf { otherwise: art.notes, fault: String::new() },
        Err(fault) => InPdf { otherwise: Vec::new(), fault },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(kind: &str, data: Vec<u8>) -> Held {
        Held { kind: kind.to_owned(), data, width_mm: 40, height_mm: 40 }
    }

    fn drawing(inside: &str) -> Held {
        let data = format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40'>{inside}</svg>");
        held("SVG", data.into_bytes())
    }

    fn svg(inside: &str) -> InPdf {
        told(&drawing(inside))
    }

    #[test]
    fn pictures_that_browsers_do_not_show_in_place_are_drawn() {
        let page = yinxin_ofd::sample::document(1, "示例", &["示例单位"]);
        for held in [drawing("<circle cx='20' cy='20' r='18' fill='#c00'/>"), held("OFD", page)] {
            let shown = shown(held).unwrap();
            assert_eq!((shown.kind, shown.size_mm), ("image/png", (40.0, 40.0)));
            let pixels = image::load_from_memory(&shown.data).unwrap().to_rgba8();
            // What is under the seal shows through where the seal has no ink.
            assert_eq!(pixels.get_pixel(1, 1).0[3], 0);
            assert!(pixels.pixels().any(|pixel| pixel.0[3] == 255));
        }
        assert!(shown(held("SVG", b"<svg".to_vec())).is_none());
        let gif = b"GIF89a";
        assert_eq!(shown(held("OFD", gif.to_vec())).unwrap().data, gif);
    }

    #[test]
    fn what_a_pdf_shows_otherwise_is_told_and_nothing_else() {
        assert_eq!(svg("<circle cx='20' cy='20' r='18' fill='red'/>"), InPdf::default());
        assert_eq!(
            svg("<circle cx='20' cy='20' r='18' fill='red'/><text x='5' y='20'>章</text>").otherwise.len(),
            1
        );
        let broken = told(&held("SVG", b"<svg".to_vec()));
        assert!(broken.otherwise.is_empty() && !broken.fault.is_empty(), "{broken:?}");
    }
}

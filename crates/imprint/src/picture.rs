//! What a picture found in a seal says it is: read from its head, never decoded.

use serde::{Deserialize, Serialize};

/// The format of a picture, told by its first bytes and not by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum PictureKind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpg,
    /// GIF.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// Scalable Vector Graphics.
    Svg,
    /// An OFD package, as GB/T 38540 allows.
    Ofd,
    /// None of these.
    Unknown,
}

impl PictureKind {
    /// The lower-case name, as seals write it in `picture.type`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpg => "jpg",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::Svg => "svg",
            Self::Ofd => "ofd",
            Self::Unknown => "unknown",
        }
    }
}

/// Format and pixel size as the head of the file states them. The rest of the file may still be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The format.
    pub kind: PictureKind,
    /// Width in pixels; `None` for vector formats and where the head is cut or states zero.
    pub width_px: Option<u32>,
    /// Height in pixels, likewise.
    pub height_px: Option<u32>,
}

/// How much of an SVG's start is searched for its root element.
const SVG_HEAD: usize = 4096;
/// How much of a zip's start and end is searched for `OFD.xml`.
const ZIP_WINDOW: usize = 64 * 1024;
/// JPEG segments walked before giving up.
const JPEG_SEGMENTS: usize = 512;

impl Picture {
    /// Looks at the head of `bytes`. Total: any input gives an answer, in time bounded whatever the input's length.
    pub fn probe(bytes: &[u8]) -> Self {
        let (kind, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            (PictureKind::Png, png_size(bytes))
        } else if bytes.starts_with(b"\xFF\xD8\xFF") {
            (PictureKind::Jpg, jpeg_size(bytes))
        } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            (PictureKind::Gif, le16(bytes, 6).zip(le16(bytes, 8)))
        } else if bytes.starts_with(b"BM") && le32(bytes, 14).is_some_and(is_bmp_header) {
            (PictureKind::Bmp, bmp_size(bytes))
        } else if is_ofd(bytes) {
            (PictureKind::Ofd, None)
        } else if is_svg(bytes) {
            (PictureKind::Svg, None)
        } else {
            (PictureKind::Unknown, None)
        };
        let size = size.filter(|(width, height)| *width > 0 && *height > 0);
        Self { kind, width_px: size.map(|(width, _)| width), height_px: size.map(|(_, height)| height) }
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_be_bytes).map(u32::from)
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u16::from_le_bytes).map(u32::from)
}

/// ISO/IEC 15948, 11.2.2: IHDR is the first chunk.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((be32(bytes, 16)?, be32(bytes, 20)?))
}

/// ITU-T T.81, B.2.2: the size stands in the frame header, after any number of other segments.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2_usize;
    for _ in 0..JPEG_SEGMENTS {
        let [lead, marker] = array(bytes, at)?;
        if lead != 0xFF {
            return None;
        }
        match marker {
            // Fill byte before a marker.
            0xFF => at = at.checked_add(1)?,
            // Markers that stand alone.
            0x01 | 0xD0..=0xD8 => at = at.checked_add(2)?,
            // End of image or start of scan without a frame header before it.
            0xD9 | 0xDA => return None,
            // Frame headers; C4, C8 and CC are not.
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Some((be16(bytes, at.checked_add(7)?)?, be16(bytes, at.checked_add(5)?)?));
            }
            _ => {
                let length = usize::try_from(be16(bytes, at.checked_add(2)?)?).ok()?;
                at = at.checked_add(2)?.checked_add(length.max(2))?;
            }
        }
    }
    None
}

fn is_bmp_header(length: u32) -> bool {
    matches!(length, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124)
}

/// The height of a bitmap is negative when its rows run from the top.
fn bmp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    if le32(bytes, 14)? == 12 {
        return Some((le16(bytes, 18)?, le16(bytes, 20)?));
    }
    let signed = |at| array(bytes, at).map(i32::from_le_bytes).map(i32::unsigned_abs);
    Some((signed(18)?, signed(22)?))
}

/// A zip that names OFD.xml near its start or in the directory at its end.
fn is_ofd(bytes: &[u8]) -> bool {
    let head = bytes.get(..ZIP_WINDOW).unwrap_or(bytes);
    let tail = bytes.get(bytes.len().saturating_sub(ZIP_WINDOW)..).unwrap_or_default();
    bytes.starts_with(b"PK\x03\x04") && (contains(head, b"OFD.xml") || contains(tail, b"OFD.xml"))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Whether the first element is `svg`, after a byte order mark, declaration, comments and a document type.
fn is_svg(bytes: &[u8]) -> bool {
    let head = bytes.get(..SVG_HEAD).unwrap_or(bytes);
    let mut rest = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    loop {
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!DOCTYPE") {
            b">"
        } else {
            break;
        };
        let Some(found) = rest.windows(end.len()).position(|window| window == end) else { return false };
        rest = rest.get(found.saturating_add(end.len())..).unwrap_or_default().trim_ascii_start();
    }
    let Some(name) = rest.strip_prefix(b"<") else { return false };
    let length = name.iter().position(|b| b" \t\r\n/>".contains(b)).unwrap_or(name.len());
    let name = name.get(..length).unwrap_or_default();
    name == b"svg" || name.ends_with(b":svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(bytes: &[u8]) -> (&'static str, Option<u32>, Option<u32>) {
        let picture = Picture::probe(bytes);
        (picture.kind.name(), picture.width_px, picture.height_px)
    }

    fn bmp(header: u32, size: &[u8]) -> Vec<u8> {
        [&b"BM"[..], &[0; 12], &header.to_le_bytes(), size].concat()
    }

    #[test]
    fn reads_the_size_of_a_png() {
        let head = b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\x03\xE0\0\0\0\x10";
        assert_eq!(probe(head), ("png", Some(992), Some(16)));
        assert_eq!(probe(&head[..20]), ("png", None, None));
    }

    #[test]
    fn reads_the_size_of_a_jpeg_behind_other_segments() {
        let bytes = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFF\xC4\0\x02\xFF\xC2\0\x11\x08\x01\x02\x03\x04";
        assert_eq!(probe(bytes), ("jpg", Some(0x304), Some(0x102)));
        assert_eq!(probe(b"\xFF\xD8\xFF\xDA\0\x02"), ("jpg", None, None));
        assert_eq!(probe(&[&b"\xFF\xD8"[..], &[0xFF; 100_000]].concat()), ("jpg", None, None));
    }

    #[test]
    fn reads_the_size_of_a_gif_and_of_bitmaps() {
        assert_eq!(probe(b"GIF89a\x02\x00\x00\x01"), ("gif", Some(2), Some(256)));
        assert_eq!(probe(&bmp(40, b"\x0A\0\0\0\xF6\xFF\xFF\xFF")), ("bmp", Some(10), Some(10)));
        assert_eq!(probe(&bmp(12, b"\x0A\0\x0B\0")), ("bmp", Some(10), Some(11)));
        assert_eq!(probe(b"BMW is no bitmap, it is a car"), ("unknown", None, None));
    }

    #[test]
    fn tells_svg_from_other_xml() {
        let doctype =
            b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- a > b -->\n<!DOCTYPE svg>\n<svg width=\"1\">";
        for svg in [&doctype[..], b"<svg/>", b"  <s:svg xmlns:s=\"x\">"] {
            assert_eq!(probe(svg).0, "svg");
        }
        for other in [&b"<svgx/>"[..], b"<html><svg/></html>", b"<!-- <svg> ", b"<", b""] {
            assert_eq!(probe(other).0, "unknown");
        }
    }

    #[test]
    fn tells_ofd_from_other_zips() {
        assert_eq!(probe(b"PK\x03\x04....OFD.xml").0, "ofd");
        let large = [&b"PK\x03\x04"[..], &vec![0; 300_000], b"OFD.xml", &[0; 30]].concat();
        assert_eq!(probe(&large).0, "ofd");
        assert_eq!(probe(b"PK\x03\x04....word/document.xml").0, "unknown");
    }

    #[test]
    fn a_size_of_zero_is_no_size() {
        assert_eq!(probe(b"GIF89a\0\0\x01\0"), ("gif", None, None));
    }

    #[test]
    fn every_prefix_of_every_format_gets_an_answer() {
        let heads: [&[u8]; 4] = [
            b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01",
            b"\xFF\xD8\xFF\xE0\xFF\xFF\xFF\xC0\0\x11\x08\0\x01\0\x01",
            b"GIF87a\x01\0\x01\0",
            b"<?xml?><!DOCTYPE a><svg>",
        ];
        for head in heads {
            for end in 0..=head.len() {
                let _ = Picture::probe(&head[..end]);
            }
        }
    }
}

//! The picture (印章图像) of a seal.

use crate::der::{ParseError, ParseErrorKind, Reader, Tag};

use super::bounds::{MAX_PICTURE_BYTES, MAX_PICTURE_MM};
use super::text::text;

/// SES_ESPictrueInfo (sic), GB/T 38540-2020 §6.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealPicture {
    /// Format name as written, such as `PNG`.
    pub kind: String,
    /// The picture file.
    pub data: Vec<u8>,
    /// Shown width in millimeters.
    pub width_mm: u64,
    /// Shown height in millimeters.
    pub height_mm: u64,
}

/// Formats of pictures met in seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// GIF
    Gif,
    /// Windows bitmap
    Bmp,
    /// JPEG
    Jpeg,
    /// PNG
    Png,
    /// SVG, listed since GM/T 0031-2025
    Svg,
    /// A whole OFD document as the picture (met in the field, in no standard)
    Ofd,
}

impl PictureFormat {
    /// The format named by a picture's type text, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "GIF" => Self::Gif,
            "BMP" => Self::Bmp,
            "JPG" | "JPEG" => Self::Jpeg,
            "PNG" => Self::Png,
            "SVG" => Self::Svg,
            "OFD" => Self::Ofd,
            _ => return None,
        })
    }

    /// The format that the first bytes show.
    pub fn sniff(data: &[u8]) -> Option<Self> {
        let magic: [(&[u8], Self); 6] = [
            (b"GIF8", Self::Gif),
            (b"BM", Self::Bmp),
            (b"\xff\xd8\xff", Self::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Self::Png),
            (b"PK\x03\x04", Self::Ofd),
            (b"\x1f\x8b", Self::Svg),
        ];
        if let Some((_, f)) = magic.iter().find(|(m, _)| data.starts_with(m)) {
            return Some(*f);
        }
        let text = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data).trim_ascii_start();
        (text.starts_with(b"<svg") || text.starts_with(b"<?xml") || text.starts_with(b"<!"))
            .then_some(Self::Svg)
    }

    /// The name that is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Jpeg => "JPG",
            Self::Png => "PNG",
            Self::Svg => "SVG",
            Self::Ofd => "OFD",
        }
    }
}

impl SealPicture {
    /// The format named by [`kind`](Self::kind).
    pub fn format(&self) -> Option<PictureFormat> {
        PictureFormat::from_name(&self.kind)
    }
}

pub(super) fn picture(r: &mut Reader<'_, '_>) -> Result<SealPicture, ParseError> {
    let ctx = r.ctx();
    let (node, mut p) = r.sequence("picture")?;
    let kind_at = p.offset();
    let kind = text(&mut p, Tag::IA5, "picture type")?;
    let data_at = p.offset();
    let data = p.octets("picture data")?.into_owned();
    if data.len() > MAX_PICTURE_BYTES {
        return Err(ParseError::new(ParseErrorKind::Limit("bytes of the picture"), data_at, "picture data"));
    }
    let width_mm = size(&mut p, "picture width")?;
    let height_mm = size(&mut p, "picture height")?;
    p.finish("picture")?;
    if width_mm == 0 || height_mm == 0 {
        let detail = format!("{width_mm} × {height_mm} mm");
        ctx.deviate("PICTURE_SIZE_ZERO", node.offset, detail);
    }
    match PictureFormat::from_name(&kind) {
        None => ctx.deviate("PICTURE_TYPE_UNKNOWN", kind_at, format!("picture type {kind:?}")),
        Some(format) => {
            if format == PictureFormat::Ofd {
                ctx.deviate("PICTURE_TYPE_OFD", kind_at, "the picture is a whole OFD document");
            } else if kind.bytes().any(|b| b.is_ascii_lowercase()) {
                ctx.deviate("PICTURE_TYPE_CASE", kind_at, format!("picture type {kind:?} in lower case"));
            }
            if PictureFormat::sniff(&data) != Some(format) {
                let detail = format!("the picture's bytes do not begin like {}", format.name());
                ctx.deviate("PICTURE_TYPE_MISMATCH", data_at, detail);
            }
        }
    }
    Ok(SealPicture { kind, data, width_mm, height_mm })
}

fn size(r: &mut Reader<'_, '_>, what: &'static str) -> Result<u64, ParseError> {
    let at = r.offset();
    let mm = r.small(what)?;
    if mm > MAX_PICTURE_MM {
        return Err(ParseError::new(ParseErrorKind::Limit("millimeters of the picture"), at, what));
    }
    Ok(mm)
}

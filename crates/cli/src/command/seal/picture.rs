//! The picture a seal is made with: its format, proportions and resolution.

use yinxin_formats::ses::{PictureFormat, SealPicture, SesVersion};
use yinxin_imprint::Picture;
use yinxin_seal::report::{Text, text};

use crate::failure::Failure;

/// Pixels and millimeters may disagree by rounding only.
const MAX_DISTORTION: f64 = 0.02;
/// Below this many dots per inch an imprint prints visibly coarse.
const MIN_DPI: f64 = 300.0;

/// Checks the picture against its size in mm; the texts are for the user to know.
pub fn read(data: Vec<u8>, mm: (u64, u64), version: SesVersion) -> Result<(SealPicture, Vec<Text>), Failure> {
    let mut notes = Vec::new();
    let format = match PictureFormat::sniff(&data) {
        Some(PictureFormat::Ofd) | None => {
            return Err(Failure::new(
                "PICTURE_FORMAT",
                "印章图像须为 PNG、SVG、JPG、BMP 或 GIF / the picture must be PNG, SVG, JPG, BMP or GIF",
            ));
        }
        Some(f) => f,
    };
    if format == PictureFormat::Svg && version == SesVersion::V4 {
        notes.push(text(
            "SVG 自 GM/T 0031-2025（第 5 版）起才列入，第 4 版印章的阅读器可能不显示",
            "SVG is listed since GM/T 0031-2025 (version 5); readers of version 4 seals may not show it",
        ));
    }
    let probe = Picture::probe(&data);
    if format != PictureFormat::Svg {
        let (Some(width), Some(height)) = (probe.width_px, probe.height_px) else {
            return Err(Failure::new(
                "PICTURE_BROKEN",
                "印章图像的尺寸读不出来，文件可能已损坏 / the picture's size cannot be read; the file may be damaged",
            ));
        };
        notes.extend(proportions((width, height), mm)?);
    }
    let picture = SealPicture { kind: format.name().to_owned(), data, width_mm: mm.0, height_mm: mm.1 };
    Ok((picture, notes))
}

/// Refuses a picture that would be distorted; a note where it is coarse.
fn proportions((width, height): (u32, u32), mm: (u64, u64)) -> Result<Option<Text>, Failure> {
    let size = format!("{width}×{height} px, {}×{} mm", mm.0, mm.1);
    let (across, down) = (f64::from(width) / mm.0 as f64, f64::from(height) / mm.1 as f64);
    // Not a number and infinities, from 0 mm, do not fit either.
    let fits = (across / down - 1.0).abs() <= MAX_DISTORTION;
    if !fits {
        let say = format!(
            "图像像素比例与毫米尺寸不符（{size}），盖出来会变形 / pixels and millimeters differ in proportion ({size}): the \
             imprint would be distorted"
        );
        return Err(Failure::new("PICTURE_PROPORTIONS", say));
    }
    let dpi = across.min(down) * 25.4;
    Ok((dpi < MIN_DPI).then(|| {
        text(
            format!("图像只有 {dpi:.0} dpi（{size}），打印会粗糙，建议至少 {MIN_DPI} dpi"),
            format!("the picture has only {dpi:.0} dpi ({size}) and will print coarse; at least {MIN_DPI} dpi is advised"),
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_a_picture_that_would_be_distorted() {
        assert_eq!(proportions((945, 945), (40, 42)).unwrap_err().code, "PICTURE_PROPORTIONS");
        assert_eq!(proportions((945, 945), (0, 0)).unwrap_err().code, "PICTURE_PROPORTIONS");
        assert!(proportions((945, 940), (40, 40)).unwrap().is_none());
    }

    #[test]
    fn notes_a_coarse_picture() {
        assert!(proportions((200, 200), (40, 40)).unwrap().unwrap().en.contains("127 dpi"));
    }

    #[test]
    fn rejects_what_is_no_picture_and_a_whole_document() {
        for data in [&b"hello"[..], b"PK\x03\x04", b""] {
            assert_eq!(read(data.to_vec(), (40, 40), SesVersion::V4).unwrap_err().code, "PICTURE_FORMAT");
        }
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec();
        assert_eq!(read(svg.clone(), (40, 40), SesVersion::V4).unwrap().1.len(), 1);
        assert!(read(svg, (40, 40), SesVersion::V5).unwrap().1.is_empty());
    }
}

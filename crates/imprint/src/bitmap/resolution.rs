//! The resolution a file states, which decoders do not tell.

use crate::picture::PictureKind;

/// Chunks or segments walked before giving up.
const MAX_STEPS: usize = 512;

/// Pixels per inch across and down; `None` where nothing, zero or nonsense is stated.
pub(super) fn stated(bytes: &[u8], kind: PictureKind) -> Option<(f64, f64)> {
    let dpi = match kind {
        PictureKind::Png => png(bytes),
        PictureKind::Jpg => jpeg(bytes),
        PictureKind::Bmp => bmp(bytes),
        _ => None,
    };
    dpi.filter(|(x, y)| [x, y].iter().all(|v| (10.0..=20_000.0).contains(*v)))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// ISO/IEC 15948, 11.3.5.3: pHYs stands before the pixels.
fn png(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut at = 8_usize;
    for _ in 0..MAX_STEPS {
        let length = usize::try_from(u32::from_be_bytes(array(bytes, at)?)).ok()?;
        let data = at.checked_add(8)?;
        match &array::<4>(bytes, at.checked_add(4)?)? {
            b"IDAT" | b"IEND" => return None,
            b"pHYs" => {
                let x = u32::from_be_bytes(array(bytes, data)?);
                let y = u32::from_be_bytes(array(bytes, data.checked_add(4)?)?);
                let [unit] = array(bytes, data.checked_add(8)?)?;
                return (unit == 1).then_some((f64::from(x) * 0.0254, f64::from(y) * 0.0254));
            }
            _ => at = data.checked_add(length)?.checked_add(4)?,
        }
    }
    None
}

/// JFIF 1.02: the density stands in APP0, in dots per inch or per centimeter.
fn jpeg(bytes: &[u8]) -> Option<(f64, f64)> {
    let mut at = 2_usize;
    for _ in 0..MAX_STEPS {
        let [0xFF, marker] = array(bytes, at)? else { return None };
        let length = usize::from(u16::from_be_bytes(array(bytes, at.checked_add(2)?)?));
        let data = at.checked_add(4)?;
        match marker {
            0xD9 | 0xDA => return None,
            0xE0 if array(bytes, data)? == *b"JFIF\0" => {
                let [unit] = array(bytes, data.checked_add(7)?)?;
                let x = f64::from(u16::from_be_bytes(array(bytes, data.checked_add(8)?)?));
                let y = f64::from(u16::from_be_bytes(array(bytes, data.checked_add(10)?)?));
                return match unit {
                    1 => Some((x, y)),
                    2 => Some((x * 2.54, y * 2.54)),
                    _ => None,
                };
            }
            _ => at = data.checked_add(length.max(2))?.checked_sub(2)?,
        }
    }
    None
}

/// BITMAPINFOHEADER: pixels per meter.
fn bmp(bytes: &[u8]) -> Option<(f64, f64)> {
    let header = u32::from_le_bytes(array(bytes, 14)?);
    let at = |at| array(bytes, at).map(i32::from_le_bytes).map(|v| f64::from(v) * 0.0254);
    if header >= 40 { Some((at(38)?, at(42)?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_each_format_states() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x01abcd\0\0\0\0\0\0\0\0\x09pHYs\0\0\x5C\x46\0\0\x5C\x46\x01";
        let (x, y) = stated(png, PictureKind::Png).unwrap();
        assert!((x - 600.0).abs() < 0.1 && (y - 600.0).abs() < 0.1);
        let jpeg = b"\xFF\xD8\xFF\xE1\0\x03x\xFF\xE0\0\x10JFIF\0\x01\x02\x01\x01\x2C\x00\xC8";
        assert_eq!(stated(jpeg, PictureKind::Jpg), Some((300.0, 200.0)));
        let mut bmp = vec![0; 46];
        bmp[14] = 40;
        bmp[38..42].copy_from_slice(&11811_i32.to_le_bytes());
        bmp[42..46].copy_from_slice(&11811_i32.to_le_bytes());
        assert!((stated(&bmp, PictureKind::Bmp).unwrap().0 - 300.0).abs() < 0.01);
        bmp[38..42].copy_from_slice(&0_i32.to_le_bytes());
        assert_eq!(stated(&bmp, PictureKind::Bmp), None);
    }

    #[test]
    fn every_prefix_gets_an_answer() {
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x02\x01\x01\x2C\x00\xC8";
        for end in 0..jpeg.len() {
            for kind in [PictureKind::Png, PictureKind::Jpg, PictureKind::Bmp] {
                let _ = stated(&jpeg[..end], kind);
            }
        }
    }
}

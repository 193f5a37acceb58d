//! The picture in a seal's data.

use yinxin_formats::der::Limits;
use yinxin_formats::ses::Seal;

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

/// The picture of a seal; `None` where it has none that is plain pixels. Its own bytes say what it is, not its name.
pub fn seal_picture(seal: &[u8]) -> Option<SealPicture> {
    let picture = Seal::parse(seal, &Limits::default()).ok()?.picture;
    let kind = match picture.data.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'B', b'M', ..] => "image/bmp",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        _ => return None,
    };
    let mm = |length: u64| length.clamp(1, 200) as f64;
    let size_mm = (mm(picture.width_mm), mm(picture.height_mm));
    (picture.data.len() <= MOST).then_some(SealPicture { data: picture.data, kind, size_mm })
}

/// Width and height of a seal in mm, whatever its picture is made of.
pub fn seal_size(seal: &[u8]) -> Option<(f64, f64)> {
    let picture = Seal::parse(seal, &Limits::default()).ok()?.picture;
    let mm = |length: u64| length.clamp(1, 200) as f64;
    Some((mm(picture.width_mm), mm(picture.height_mm)))
}

//! A seal's picture as the pages of a PDF show it.

use yinxin_formats::ses::{PictureFormat, SealPicture};
use yinxin_pdf::sign::{MAX_PIXELS, Picture, SignError};
use yinxin_render::{Art, ArtNote, RenderLimits, seal_art};

/// The picture, and what is missing or shown otherwise than the seal has it.
pub(crate) struct InPdf {
    pub picture: Picture,
    pub notes: Vec<ArtNote>,
}

/// PNG and JPEG go in as they are, what is made of paths (SVG, OFD) as paths, everything else in pixels.
pub(crate) fn in_pdf(picture: &SealPicture) -> Result<InPdf, SignError> {
    let format = PictureFormat::sniff(&picture.data).or_else(|| picture.format());
    if matches!(format, None | Some(PictureFormat::Png | PictureFormat::Jpeg)) {
        let picture = Picture::decode(&picture.kind, &picture.data)?;
        return Ok(InPdf { picture, notes: Vec::new() });
    }
    let limits = RenderLimits { max_image_pixels: MAX_PIXELS, ..RenderLimits::for_strangers() };
    let made = seal_art(picture, &limits).map_err(SignError::Picture)?;
    let picture = match made.art {
        Art::Paths { paths, ink } => Picture::paths(paths, ink)?,
        Art::Pixels { width, height, rgba } => Picture::rgba(width, height, &rgba)?,
    };
    Ok(InPdf { picture, notes: made.notes })
}

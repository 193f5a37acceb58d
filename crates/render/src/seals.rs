//! Seals on pages (签章外观): pictures of every kind, in their boxes, cut to their clips.

use std::io::{Cursor, Read, Seek};
use std::sync::Arc;

use tiny_skia::Transform;
use yinxin_formats::der;
use yinxin_formats::ses::{PictureFormat, Seal, SealPicture, SesSignature};
use yinxin_ofd::{Limits, Package, Rect, SignatureKind, SignatureList, SignatureXml};

use crate::art_note::ArtNote;
use crate::builder::{Builder, box_region};
use crate::fonts::FontSet;
use crate::image_object::{decode, filling};
use crate::limits::RenderLimits;
use crate::list::Item;
use crate::note::Notes;
use crate::page::Page;
use crate::pages::{Options, Pages};
use crate::svg_picture;

/// One stamp and the seal it shows.
#[derive(Debug, Clone)]
pub(crate) struct Stamped {
    pub page_ref: String,
    boundary: Option<Rect>,
    clip: Option<Rect>,
    picture: Option<Arc<SealPicture>>,
    part: String,
}

/// Signatures of one document that are looked at.
const MAX_SIGNATURES: usize = 1000;
/// Stamps of one document.
const MAX_STAMPS: usize = 100_000;

/// Every stamp of a list of signatures; what cannot be read is noted.
pub(crate) fn stamps<R: Read + Seek>(
    package: &mut Package<R>,
    list: &str,
    notes: &mut Notes,
) -> Vec<Stamped> {
    let mut out = Vec::new();
    let list = match SignatureList::load(package, list) {
        Ok(list) => list,
        Err(error) => {
            notes.add("SEAL_UNREADABLE", list, None, error.to_string());
            return out;
        }
    };
    for record in list.records.iter().take(MAX_SIGNATURES) {
        let Some(path) = &record.path else { continue };
        let signature = match SignatureXml::load(package, path) {
            Ok(signature) => signature,
            Err(error) => {
                notes.add("SEAL_UNREADABLE", path, None, error.to_string());
                continue;
            }
        };
        if signature.stamps.is_empty() || record.kind == SignatureKind::Sign && signature.seal_path.is_none()
        {
            continue;
        }
        let picture = picture(package, &signature).map(Arc::new);
        for stamp in &signature.stamps {
            if out.len() >= MAX_STAMPS {
                notes.add("SEAL_LIMIT", path, None, "further stamps are not drawn");
                return out;
            }
            out.push(Stamped {
                page_ref: stamp.page_ref.clone(),
                boundary: stamp.boundary,
                clip: stamp.clip,
                picture: picture.clone(),
                part: path.clone(),
            });
        }
    }
    out
}

/// The picture of the seal that was signed; of the seal file only where the value holds none.
fn picture<R: Read + Seek>(package: &mut Package<R>, signature: &SignatureXml) -> Option<SealPicture> {
    let limits = der::Limits::default();
    let value = signature.value_path.as_ref().and_then(|path| package.read(path).ok());
    if let Some(signed) = value.and_then(|value| SesSignature::parse(&value, &limits).ok()) {
        return Some(signed.seal.picture);
    }
    let file = signature.seal_path.as_ref().and_then(|path| package.read(path).ok())?;
    Seal::parse(&file, &limits).ok().map(|seal| seal.picture)
}

impl<R: Read + Seek> Builder<'_, R> {
    /// Draws one stamp.
    pub fn stamp(&mut self, stamp: &Stamped, depth: usize, out: &mut Vec<Item>) {
        self.part.clone_from(&stamp.part);
        let Some(area) = stamp.boundary.filter(|area| area.width > 0.0 && area.height > 0.0) else {
            return self.note("SEAL_PLACE", None, "a stamp without a usable box is not drawn");
        };
        let Some(picture) = &stamp.picture else {
            return self.note("SEAL_UNREADABLE", None, "the seal of a stamp cannot be read");
        };
        let (items, ink) = match self.seal_items(picture, &area, depth) {
            Ok(found) => found,
            Err(why) => return self.note("SEAL_PICTURE", None, format!("{} picture: {why}", picture.kind)),
        };
        let seen = match &stamp.clip {
            Some(clip) => Rect::new(area.x + clip.x, area.y + clip.y, clip.width, clip.height),
            None => area,
        };
        if let Some(region) = box_region(&seen, Transform::identity()) {
            out.push(Item::Group {
                items: Arc::new(items),
                map: Transform::identity(),
                clip: Some(Arc::new(vec![region])),
                alpha: 1.0,
                blend: svg_picture::laid(ink),
                mask: None,
            });
        }
    }

    /// The items of a seal's picture, and whether it is laid on as ink because it has no transparency of its own.
    fn seal_items(
        &mut self,
        picture: &SealPicture,
        area: &Rect,
        depth: usize,
    ) -> Result<(Vec<Item>, bool), String> {
        let map = filling(area, Transform::identity());
        let format = PictureFormat::sniff(&picture.data).or_else(|| picture.format());
        let pixels = match format {
            Some(PictureFormat::Ofd) => return Ok((self.ofd_picture(&picture.data, area, depth)?, true)),
            Some(PictureFormat::Svg) => {
                if svg_picture::has_letters(&picture.data) {
                    self.note("SEAL_SVG_TEXT", None, ArtNote::Letters.en());
                }
                let tree = svg_picture::tree(&picture.data)?;
                if let Ok(items) = svg_picture::items(&tree, area) {
                    let ink = svg_picture::covers(&items, area);
                    return Ok((items, ink));
                }
                svg_picture::pixels(&tree, area, self.limits.max_image_pixels)?
            }
            _ => decode(&picture.data, self.limits.max_image_pixels)?,
        };
        let ink = pixels.opaque();
        Ok((vec![Item::Image { pixels: Arc::new(pixels), map, alpha: 1.0 }], ink))
    }

    /// A whole OFD document as the picture: its first page, without seals of its own.
    fn ofd_picture(&mut self, data: &[u8], area: &Rect, depth: usize) -> Result<Vec<Item>, String> {
        let page = ofd_page(data, self.fonts, self.limits, depth)?;
        for note in &page.notes {
            self.notes.add(note.code, &self.part, note.object.as_deref(), note.detail.clone());
        }
        Ok(stretched(page, area))
    }
}

/// The first page of an OFD document that is the picture of a seal.
pub(crate) fn ofd_page(
    data: &[u8],
    fonts: &FontSet,
    limits: &RenderLimits,
    depth: usize,
) -> Result<Page, String> {
    if depth > 0 {
        return Err("a document inside a document inside a document is not drawn".into());
    }
    let bounds = Limits { max_total_size: 64 << 20, ..Limits::default() };
    let package = Package::open(Cursor::new(data.to_vec()), &bounds).map_err(|error| error.to_string())?;
    let options = Options {
        body: 0,
        fonts: fonts.clone(),
        limits: limits.clone(),
        seals: false,
        annotations: false,
        images: true,
    };
    let mut pages = Pages::open_at(package, options, depth.saturating_add(1)).map_err(|e| e.to_string())?;
    pages.page(0).map_err(|error| error.to_string())
}

/// A page's items, stretched over a box.
pub(crate) fn stretched(page: Page, area: &Rect) -> Vec<Item> {
    let (width, height) = page.size;
    let (across, down) = ((area.width / width) as f32, (area.height / height) as f32);
    let map = Transform::from_row(across, 0.0, 0.0, down, area.x as f32, area.y as f32);
    vec![Item::moved(Arc::new(page.items), map)]
}

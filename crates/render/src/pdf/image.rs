//! Images inside pages, decoded only when it is known what that costs.

use std::sync::Arc;

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::{Dict, Stream};
use hayro_interpret::kurbo::Affine;
use hayro_interpret::{CacheKey, Image, ImageData, ImageDrawProps, LumaData, Paint};
use tiny_skia::{FillRule, PathBuilder, Rect};

use super::drawer::{Drawer, transform};
use super::paint::{How, Look};
use super::paths;
use crate::list::{Item, Pixels, SoftMask};

/// Bytes of an image in the content that is packed: it could grow a thousandfold.
const MAX_INLINE: usize = 64 << 10;
/// Tiles and components of JPEG 2000.
const MAX_TILES: u64 = 65_535;
const MAX_COMPONENTS: u64 = 16;

impl Drawer<'_> {
    /// Draws an image, whose own space is that of its pixels.
    pub fn image<'a>(&mut self, image: Image<'a, '_>, props: &ImageDrawProps<'a>) {
        if !self.afford(4) {
            return;
        }
        let look = Look {
            map: props.transform,
            paint: Paint::Color(hayro_interpret::color::Color::from_rgba(
                hayro_interpret::color::AlphaColor::BLACK,
            )),
            mask: props.soft_mask.as_ref().and_then(|mask| self.mask(mask)),
            blend: paths::blend(props.blend_mode),
        };
        let key = image.cache_key();
        match image {
            Image::Raster(raster) => {
                if raster.stream().raw_data().is_empty() {
                    return;
                }
                let found = match self.images.get(&key) {
                    Some(known) => known.clone(),
                    None => {
                        let mut made = None;
                        if self.affordable(raster.stream()) {
                            raster.with_rgba(|image, alpha| made = pixels(&image, alpha.as_ref()), None);
                        }
                        let made = made.map(Arc::new);
                        self.images.insert(key, made.clone());
                        made
                    }
                };
                let Some(pixels) = found else { return };
                let size = (f64::from(raster.width()), f64::from(raster.height()));
                self.place(pixels, size, &look);
            }
            Image::Stencil(stencil) => {
                if stencil.stream().raw_data().is_empty() || !self.affordable(stencil.stream()) {
                    return;
                }
                let size = (f64::from(stencil.width()), f64::from(stencil.height()));
                let mut made = None;
                stencil.with_stencil(|luma, paint| made = Some((luma, paint.clone())), None);
                if let Some((luma, paint)) = made {
                    self.stencil(&luma, paint, size, look);
                }
            }
        }
    }

    /// Lays pixels over the unit square that so many units make.
    fn place(&mut self, pixels: Arc<Pixels>, (wide, high): (f64, f64), look: &Look<'_>) {
        let Some(map) = transform(&(look.map * Affine::scale_non_uniform(wide, high))) else { return };
        let seen = Rect::from_xywh(0.0, 0.0, 1.0, 1.0)
            .and_then(|unit| paths::bounds(&PathBuilder::from_rect(unit), map));
        self.lay(Item::Image { pixels, map, alpha: 1.0 }, seen, look);
    }

    /// A form through which paint goes.
    fn stencil<'a>(&mut self, luma: &LumaData, paint: Paint<'a>, size: (f64, f64), mut look: Look<'a>) {
        let color = match &paint {
            Paint::Color(color) => color.to_rgba().to_rgba8(),
            Paint::Pattern(_) => [0, 0, 0, 255],
        };
        let [red, green, blue, alpha] = color;
        let through = |value: &u8| (u16::from(*value) * u16::from(alpha) / 255) as u8;
        let rgba = luma.data.iter().flat_map(|value| [red, green, blue, through(value)]).collect();
        let pixels = Arc::new(Pixels { width: luma.width, height: luma.height, rgba });
        if matches!(paint, Paint::Color(_)) {
            return self.place(pixels, size, &look);
        }
        // The pattern fills the image's box, and the form lets it through.
        let Some(map) = transform(&(look.map * Affine::scale_non_uniform(size.0, size.1))) else { return };
        let items = vec![Item::Image { pixels, map, alpha: 1.0 }];
        let form = Arc::new(SoftMask { items, light: false, table: None });
        look.mask = Some(form);
        look.paint = paint;
        let Some(whole) = Rect::from_xywh(0.0, 0.0, size.0 as f32, size.1 as f32) else { return };
        let path = Arc::new(PathBuilder::from_rect(whole));
        self.shape(&path, 4, How::Fill(FillRule::Winding), &look);
    }

    /// Whether an image, with the masks it names, may be decoded.
    fn affordable(&mut self, stream: &Stream<'_>) -> bool {
        let dict = stream.dict();
        let masks = ["SMask", "Mask"].map(|key| dict.get::<Stream<'_>>(key.as_bytes()));
        let mut sum = 0_u64;
        for one in std::iter::once(stream).chain(masks.iter().flatten()) {
            let found = decoded(one, self.limits.max_image_pixels);
            match found {
                Some(pixels) if pixels <= self.limits.max_image_pixels => sum = sum.saturating_add(pixels),
                _ => {
                    self.note("IMAGE_TOO_LARGE", "an image of too many pixels, or of unknown size");
                    return false;
                }
            }
        }
        self.spent.image_pixels = self.spent.image_pixels.saturating_add(sum);
        if self.spent.image_pixels > self.limits.max_page_image_pixels {
            self.note("IMAGE_LIMIT", "further images and shadings are left out");
            return false;
        }
        true
    }
}

/// Pixels that decoding gives; `None` where that cannot be told.
fn decoded(stream: &Stream<'_>, limit: u64) -> Option<u64> {
    let dict = stream.dict();
    let number =
        |short: &[u8], long: &[u8]| dict.get::<u32>(short).or_else(|| dict.get::<u32>(long)).map(u64::from);
    let (wide, high) = (number(b"W", b"Width")?, number(b"H", b"Height")?);
    let stated = wide.saturating_mul(high);
    let filters = stream.filters();
    // Whatever stands in a stream of its own came unpacked; what is packed stands in the content.
    let packing = |filter: &&Filter| {
        matches!(filter, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode)
    };
    match filters.iter().filter(packing).count() {
        0 => {}
        1 if stream.raw_data().len() <= MAX_INLINE => {}
        _ => return None,
    }
    let own = match filters.last() {
        Some(Filter::JpxDecode) => jpeg2000(&stream.raw_data())?,
        Some(Filter::Jbig2Decode) => {
            let parameters = dict.get::<Dict<'_>>(b"DecodeParms".as_slice());
            let shared = parameters.and_then(|p| p.get::<Stream<'_>>(b"JBIG2Globals".as_slice()));
            let settings = hayro_jbig2::DecodeSettings { strict: false };
            let shared = match shared {
                Some(shared) => {
                    Some(hayro_jbig2::Globals::new(&shared.decoded_data().ok()?, &settings).ok()?)
                }
                None => None,
            };
            let data = stream.raw_data();
            let page = hayro_jbig2::Page::new_embedded(&data, shared.as_ref(), &settings).ok()?;
            u64::from(page.width()).saturating_mul(page.height().into())
        }
        Some(Filter::CcittFaxDecode) => {
            let columns = |key: &[u8]| {
                let parameters = dict.get::<Dict<'_>>(key)?;
                parameters.get::<u32>(b"Columns".as_slice())
            };
            let columns = columns(b"DecodeParms").or_else(|| columns(b"DP")).unwrap_or(1728);
            u64::from(columns).saturating_mul(high)
        }
        // Hayro cuts a JPEG down to what the image states.
        _ => 0,
    };
    Some(stated.max(own)).filter(|pixels| *pixels <= limit.saturating_mul(2))
}

/// Pixels that a JPEG 2000 codestream announces (ISO/IEC 15444-1 A.5.1).
fn jpeg2000(data: &[u8]) -> Option<u64> {
    let start = data.windows(4).position(|w| w == [0xFF, 0x4F, 0xFF, 0x51])?;
    let at = |offset: usize| {
        let from = start.checked_add(offset)?;
        let four: [u8; 4] = data.get(from..from.checked_add(4)?)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(four)))
    };
    let (right, bottom, left, top) = (at(8)?, at(12)?, at(16)?, at(20)?);
    let (tile_wide, tile_high) = (at(24)?.max(1), at(28)?.max(1));
    let components = at(40)? >> 16;
    let (wide, high) = (right.checked_sub(left)?, bottom.checked_sub(top)?);
    let tiles = wide.div_ceil(tile_wide).saturating_mul(high.div_ceil(tile_high));
    if tiles > MAX_TILES || !(1..=MAX_COMPONENTS).contains(&components) {
        return None;
    }
    // Decoded as numbers of four bytes for each component.
    Some(wide.saturating_mul(high).saturating_mul(components.div_ceil(4)))
}

/// An image with its mask, on the finer of their two grids.
fn pixels(image: &ImageData, alpha: Option<&LumaData>) -> Option<Pixels> {
    let (own_wide, own_high) = (image.width() as usize, image.height() as usize);
    let (wide, high) = match alpha {
        Some(alpha) => (own_wide.max(alpha.width as usize), own_high.max(alpha.height as usize)),
        None => (own_wide, own_high),
    };
    if own_wide == 0 || own_high == 0 {
        return None;
    }
    let mut rgba = Vec::with_capacity(wide.checked_mul(high)?.checked_mul(4)?);
    for y in 0..high {
        for x in 0..wide {
            let here = |wide_of: usize, high_of: usize| {
                let (column, row) = (x.saturating_mul(wide_of) / wide, y.saturating_mul(high_of) / high);
                row.saturating_mul(wide_of).saturating_add(column)
            };
            let at = here(own_wide, own_high);
            let [red, green, blue] = match image {
                ImageData::Rgb(data) => {
                    let from = at.saturating_mul(3);
                    data.data.get(from..from.saturating_add(3))?.try_into().ok()?
                }
                ImageData::Luma(data) => [*data.data.get(at)?; 3],
            };
            let clear = match alpha {
                Some(alpha) => *alpha.data.get(here(alpha.width as usize, alpha.height as usize))?,
                None => 255,
            };
            rgba.extend_from_slice(&[red, green, blue, clear]);
        }
    }
    Some(Pixels { width: wide as u32, height: high as u32, rgba })
}

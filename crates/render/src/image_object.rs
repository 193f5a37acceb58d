//! Images (图像对象, GB/T 33190-2016 clause 10) and their files.

use std::io::{Cursor, Read, Seek};
use std::sync::Arc;

use image::{DynamicImage, ImageDecoder, ImageReader, Limits as ImageLimits};
use tiny_skia::Transform;
use yinxin_ofd::Rect;

use crate::builder::{Builder, box_region};
use crate::element::Element;
use crate::list::{Item, Pixels};
use crate::resources::Resource;
use crate::scope::{Scope, boundary, object_map};

impl<R: Read + Seek> Builder<'_, R> {
    pub fn image_object(&mut self, object: &Element, scope: &Scope, out: &mut Vec<Item>) {
        let id = object.attribute("ResourceID").unwrap_or("");
        let pixels = self.media(id, object).or_else(|| self.media(object.attribute("Substitution")?, object));
        let Some(mut pixels) = pixels else { return };
        if let Some(mask) = object.attribute("ImageMask").map(str::trim).filter(|mask| !mask.is_empty())
            && let Some(mask) = self.media(mask, object)
        {
            pixels = Arc::new(masked(&pixels, &mask));
        }
        // Without a matrix the image fills its box.
        let map = match (object.attribute("CTM"), boundary(object)) {
            (None, Some(rect)) => filling(&rect, scope.map),
            _ => object_map(object, scope),
        };
        let item = Item::Image { pixels, map, alpha: 1.0 };
        match boundary(object).filter(|rect| sticks_out(map, scope.map, rect)) {
            Some(rect) => {
                let clip = box_region(&rect, scope.map).map(|region| vec![region]);
                Item::group(vec![item], clip, 1.0, out);
            }
            None => out.push(item),
        }
    }

    /// The pixels of a media resource; read once per page.
    fn media(&mut self, id: &str, object: &Element) -> Option<Arc<Pixels>> {
        let path = match self.resources.get(id).map(Arc::as_ref) {
            Some(Resource::Media(path)) => path.clone(),
            Some(_) => {
                self.note("RESOURCE_KIND", Some(object), format!("resource {id} is no image"));
                return None;
            }
            None => {
                self.note("RESOURCE_MISSING", Some(object), format!("image {id} is not declared"));
                return None;
            }
        };
        if let Some(known) = self.images.get(&path) {
            return known.clone();
        }
        let room = self.limits.max_page_image_pixels.saturating_sub(self.spent.image_pixels);
        let most = self.limits.max_image_pixels.min(room);
        let read = self.package.read(&path).map_err(|error| error.to_string());
        let pixels = match read.and_then(|data| decode(&data, most)) {
            Ok(pixels) => {
                let count = u64::from(pixels.width).saturating_mul(pixels.height.into());
                self.spent.image_pixels = self.spent.image_pixels.saturating_add(count);
                Some(Arc::new(pixels))
            }
            Err(why) => {
                self.note("IMAGE_UNREADABLE", Some(object), format!("{path}: {why}"));
                None
            }
        };
        self.images.insert(path, pixels.clone());
        pixels
    }
}

/// Maps the unit square to a box.
pub(crate) fn filling(rect: &Rect, block: Transform) -> Transform {
    let own =
        Transform::from_row(rect.width as f32, 0.0, 0.0, rect.height as f32, rect.x as f32, rect.y as f32);
    block.pre_concat(own)
}

/// Whether the image leaves its box by more than a twentieth of a millimeter.
fn sticks_out(map: Transform, block: Transform, rect: &Rect) -> bool {
    let unit = tiny_skia::Rect::from_xywh(0.0, 0.0, 1.0, 1.0);
    let bounds = block.invert().and_then(|back| unit?.transform(back.pre_concat(map)));
    let slack = 0.05;
    bounds.is_some_and(|bounds| {
        f64::from(bounds.left()) < rect.x - slack
            || f64::from(bounds.top()) < rect.y - slack
            || f64::from(bounds.right()) > rect.x + rect.width + slack
            || f64::from(bounds.bottom()) > rect.y + rect.height + slack
    })
}

/// The image with the brightness of a mask as its alpha; the mask is stretched over it.
fn masked(image: &Pixels, mask: &Pixels) -> Pixels {
    let mut rgba = image.rgba.clone();
    let (width, height) = (image.width.max(1) as usize, image.height.max(1) as usize);
    let (across, down) = (mask.width as usize, mask.height as usize);
    for (at, pixel) in rgba.chunks_exact_mut(4).enumerate() {
        let x = (at % width).saturating_mul(across) / width;
        let y = (at / width).saturating_mul(down) / height;
        let start = y.saturating_mul(across).saturating_add(x).saturating_mul(4);
        if let (Some([red, green, blue, alpha]), [.., own]) =
            (mask.rgba.get(start..start.saturating_add(4)), pixel)
        {
            let light = (u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114) / 1000;
            *own = (u32::from(*own) * light * u32::from(*alpha) / (255 * 255)) as u8;
        }
    }
    Pixels { width: image.width, height: image.height, rgba }
}

/// Reads an image file of any format known, judged by its content and not by its name.
pub(crate) fn decode(data: &[u8], max_pixels: u64) -> Result<Pixels, String> {
    if data.starts_with(b"\x97JB2\r\n\x1a\n") {
        return jbig2(data, max_pixels);
    }
    let reader =
        ImageReader::new(Cursor::new(data)).with_guessed_format().map_err(|error| error.to_string())?;
    let mut decoder = reader.into_decoder().map_err(|error| error.to_string())?;
    let (width, height) = decoder.dimensions();
    within(width, height, max_pixels)?;
    let mut limits = ImageLimits::default();
    limits.max_alloc = Some(max_pixels.saturating_mul(8).max(1 << 20));
    decoder.set_limits(limits).map_err(|error| error.to_string())?;
    let image = DynamicImage::from_decoder(decoder).map_err(|error| error.to_string())?.into_rgba8();
    let (width, height) = image.dimensions();
    Ok(Pixels { width, height, rgba: image.into_raw() })
}

fn within(width: u32, height: u32, max_pixels: u64) -> Result<(), String> {
    let pixels = u64::from(width).saturating_mul(height.into());
    if pixels == 0 {
        return Err("the image is empty".into());
    }
    if pixels > max_pixels {
        return Err(format!("{width} × {height} pixels are more than the limit of {max_pixels}"));
    }
    Ok(())
}

fn jbig2(data: &[u8], max_pixels: u64) -> Result<Pixels, String> {
    let file =
        hayro_jbig2::File::new(data, &hayro_jbig2::DecodeSettings::default()).map_err(|e| e.to_string())?;
    let page = file.page(0).ok_or("the file has no page")?;
    let (width, height) = (page.width(), page.height());
    within(width, height, max_pixels)?;
    let count = usize::try_from(u64::from(width) * u64::from(height)).map_err(|error| error.to_string())?;
    let mut sink = Bits { rgba: Vec::with_capacity(count.saturating_mul(4)), most: count.saturating_mul(4) };
    page.decode(&mut sink).map_err(|error| error.to_string())?;
    sink.rgba.resize(sink.most, 255);
    Ok(Pixels { width, height, rgba: sink.rgba })
}

struct Bits {
    rgba: Vec<u8>,
    most: usize,
}

impl hayro_jbig2::Decoder for Bits {
    fn push_pixel(&mut self, black: bool) {
        if self.rgba.len() < self.most {
            let light = if black { 0 } else { 255 };
            self.rgba.extend_from_slice(&[light, light, light, 255]);
        }
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        for _ in 0..chunk_count.saturating_mul(8) {
            self.push_pixel(black);
        }
    }

    fn next_line(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixels(values: &[[u8; 4]]) -> Pixels {
        Pixels { width: values.len() as u32, height: 1, rgba: values.concat() }
    }

    #[test]
    fn a_mask_makes_what_is_dark_in_it_transparent() {
        let image = pixels(&[[1, 2, 3, 255], [4, 5, 6, 255]]);
        let mask = pixels(&[[0, 0, 0, 255], [255, 255, 255, 255]]);
        assert_eq!(masked(&image, &mask).rgba, [1, 2, 3, 0, 4, 5, 6, 255]);
        let wide = pixels(&[[255; 4], [255; 4], [0, 0, 0, 255], [0, 0, 0, 255]]);
        assert_eq!(masked(&image, &wide).rgba, [1, 2, 3, 255, 4, 5, 6, 0]);
    }

    #[test]
    fn rejects_what_is_no_image_or_too_large() {
        assert!(decode(b"no image", 100).is_err());
        assert!(decode(b"", 100).is_err());
        // The header of a BMP that claims 30000 × 30000 pixels.
        let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
        bmp.extend(30_000_u32.to_le_bytes());
        bmp.extend(30_000_u32.to_le_bytes());
        bmp.extend([1, 0, 24, 0]);
        bmp.resize(60, 0);
        assert!(decode(&bmp, 1_000_000).unwrap_err().contains("30000"));
        assert!(decode(b"\x97JB2\r\n\x1a\n\x01\0\0\0\x01", 100).is_err());
    }
}

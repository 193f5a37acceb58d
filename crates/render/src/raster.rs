//! From the display list to pixels.

use std::sync::Arc;

use tiny_skia::{
    BlendMode, Color, FillRule, FilterQuality, GradientStop, IntSize, LinearGradient, Mask, Path, Pixmap,
    PixmapPaint, Point, RadialGradient, Rect, Shader, SpreadMode, Stroke, StrokeDash, Transform,
};

use crate::apart::apart;
use crate::list::{Item, Line, Paint, Pixels, Region, Rgba, SoftMask, Spread, Stop};

/// Draws items into a picture, within a bound on the pixels touched.
pub(crate) struct Raster {
    /// Pixels that may still be touched.
    pub left: u64,
    /// Something was left out because of that bound.
    pub cut: bool,
}

impl Raster {
    pub fn draw(&mut self, items: &[Item], map: Transform, target: &mut Pixmap) {
        for item in items {
            match item {
                Item::Fill { path, map: own, rule, paint } => {
                    self.fill(path, map.pre_concat(*own), *rule, paint, target);
                }
                Item::Stroke { path, map: own, line, paint } => {
                    self.stroke(path, map.pre_concat(*own), line, paint, target);
                }
                Item::Image { pixels, map: own, alpha } => {
                    self.image(pixels, map.pre_concat(*own), *alpha, target);
                }
                Item::Group { items, map: own, clip, alpha, blend, mask } => {
                    let map = map.pre_concat(*own);
                    if clip.is_none() && *alpha >= 1.0 && *blend == BlendMode::SourceOver && mask.is_none() {
                        self.draw(items, map, target);
                    } else {
                        let over = Over { alpha: *alpha, blend: *blend, mask: mask.as_deref() };
                        self.group(items, map, clip.as_deref().map(Vec::as_slice), &over, target);
                    }
                }
            }
        }
    }

    /// Takes from the bound what an item costs.
    fn afford(&mut self, pixels: f32) -> bool {
        let pixels = pixels.clamp(64.0, 1e12) as u64;
        if pixels > self.left {
            self.cut = true;
            return false;
        }
        self.left = self.left.saturating_sub(pixels);
        true
    }

    fn fill(&mut self, path: &Path, map: Transform, rule: FillRule, paint: &Paint, target: &mut Pixmap) {
        let Some(seen) = seen(path.bounds(), map, 1.0, target) else { return };
        if self.afford(seen.width() * seen.height())
            && let Some(paint) = shader(paint)
        {
            match apart(path) {
                Some(pieces) => {
                    for piece in &pieces {
                        target.fill_path(piece, &paint, rule, map, None);
                    }
                }
                None => target.fill_path(path, &paint, rule, map, None),
            }
        }
    }

    fn stroke(&mut self, path: &Path, map: Transform, line: &Line, paint: &Paint, target: &mut Pixmap) {
        let (x, y) = map.get_scale();
        let scale = x.max(y);
        // Miters reach out by half the width times the miter limit.
        let reach = line.width * scale * line.miter.max(1.5) + 1.0;
        let Some(seen) = seen(path.bounds(), map, reach, target) else { return };
        let steps = path.points().windows(2);
        let length: f32 =
            steps.map(|p| if let [a, b] = p { (a.x - b.x).hypot(a.y - b.y) } else { 0.0 }).sum();
        let inked = length * scale * (line.width * scale + 2.0);
        if !self.afford(inked.min(seen.width() * seen.height())) {
            return;
        }
        let Some(paint) = shader(paint) else { return };
        let dash = match line.dashes.is_empty() {
            true => None,
            false => StrokeDash::new(line.dashes.clone(), line.offset),
        };
        let stroke = Stroke {
            // A line without width is the thinnest one that can be seen.
            width: line.width.max(1e-4),
            miter_limit: line.miter,
            line_cap: line.cap,
            line_join: line.join,
            dash,
        };
        target.stroke_path(path, &paint, &stroke, map, None);
    }

    fn image(&mut self, pixels: &Arc<Pixels>, map: Transform, alpha: f32, target: &mut Pixmap) {
        let Some(unit) = Rect::from_xywh(0.0, 0.0, 1.0, 1.0) else { return };
        let Some(seen) = seen(unit, map, 1.0, target) else { return };
        let source = (pixels.width as f32) * (pixels.height as f32);
        if !self.afford(seen.width() * seen.height() + source) {
            return;
        }
        let (across, down) = map.get_scale();
        let Some(picture) = reduced(pixels, across, down) else { return };
        let own = Transform::from_scale(1.0 / picture.width() as f32, 1.0 / picture.height() as f32);
        let paint = PixmapPaint {
            opacity: alpha.clamp(0.0, 1.0),
            blend_mode: BlendMode::SourceOver,
            quality: FilterQuality::Bilinear,
        };
        target.draw_pixmap(0, 0, picture.as_ref(), &paint, map.pre_concat(own), None);
    }

    /// Draws items apart from the rest, in a picture no larger than what can be seen of them.
    fn group(
        &mut self,
        items: &[Item],
        map: Transform,
        clip: Option<&[Region]>,
        over: &Over<'_>,
        target: &mut Pixmap,
    ) {
        let whole = Rect::from_xywh(0.0, 0.0, target.width() as f32, target.height() as f32);
        let seen = match clip {
            None => whole,
            Some(regions) => regions
                .iter()
                .filter_map(|region| seen(region.path.bounds(), map.pre_concat(region.map), 1.0, target))
                .reduce(|a, b| a.join(&b).unwrap_or(a)),
        };
        let Some(seen) = seen else { return };
        let (left, top) = (seen.left().floor().max(0.0), seen.top().floor().max(0.0));
        let width = (seen.right().ceil() - left).max(1.0) as u32;
        let height = (seen.bottom().ceil() - top).max(1.0) as u32;
        if !self.afford(width as f32 * height as f32 * 3.0) {
            return;
        }
        let Some(mut apart) = Pixmap::new(width, height) else { return };
        let inner = map.post_translate(-left, -top);
        self.draw(items, inner, &mut apart);
        if let Some(regions) = clip {
            let Some(mut mask) = Mask::new(width, height) else { return };
            for region in regions {
                mask.fill_path(&region.path, region.rule, true, inner.pre_concat(region.map));
            }
            apart.apply_mask(&mask);
        }
        if let Some(soft) = over.mask {
            let Some(mask) = self.soft_mask(soft, inner, (width, height)) else { return };
            apart.apply_mask(&mask);
        }
        let paint =
            PixmapPaint { opacity: over.alpha, blend_mode: over.blend, quality: FilterQuality::Nearest };
        target.draw_pixmap(left as i32, top as i32, apart.as_ref(), &paint, Transform::identity(), None);
    }

    /// What a soft mask lets through of each pixel.
    fn soft_mask(&mut self, soft: &SoftMask, map: Transform, (width, height): (u32, u32)) -> Option<Mask> {
        if !self.afford(width as f32 * height as f32 * 2.0) {
            return None;
        }
        let mut shown = Pixmap::new(width, height)?;
        self.draw(&soft.items, map, &mut shown);
        let mut values = Vec::with_capacity(shown.pixels().len());
        for pixel in shown.pixels() {
            // Premultiplied: what is not covered is dark.
            let light = [(pixel.red(), 299), (pixel.green(), 587), (pixel.blue(), 114)]
                .map(|(part, weight)| u32::from(part) * weight);
            let value = if soft.light { (light.iter().sum::<u32>() / 1000) as u8 } else { pixel.alpha() };
            values
                .push(soft.table.as_ref().and_then(|t| t.get(usize::from(value)).copied()).unwrap_or(value));
        }
        Mask::from_vec(values, IntSize::from_wh(width, height)?)
    }
}

/// How a group is laid over what is there.
struct Over<'a> {
    alpha: f32,
    blend: BlendMode,
    mask: Option<&'a SoftMask>,
}

/// The part of a box that falls on the picture, in pixels, with some room around it.
fn seen(bounds: Rect, map: Transform, reach: f32, target: &Pixmap) -> Option<Rect> {
    if !map.is_finite() {
        return None;
    }
    // Straight lines have boxes without height: corners are mapped by hand.
    let mut corners = [
        Point::from_xy(bounds.left(), bounds.top()),
        Point::from_xy(bounds.right(), bounds.top()),
        Point::from_xy(bounds.right(), bounds.bottom()),
        Point::from_xy(bounds.left(), bounds.bottom()),
    ];
    map.map_points(&mut corners);
    let fold = |pick: fn(&Point) -> f32, with: fn(f32, f32) -> f32| corners.iter().map(pick).reduce(with);
    let left = fold(|p| p.x, f32::min)? - reach;
    let right = fold(|p| p.x, f32::max)? + reach;
    let top = fold(|p| p.y, f32::min)? - reach;
    let bottom = fold(|p| p.y, f32::max)? + reach;
    Rect::from_ltrb(
        left.max(0.0),
        top.max(0.0),
        right.min(target.width() as f32),
        bottom.min(target.height() as f32),
    )
    .filter(|rect| rect.width() > 0.0 && rect.height() > 0.0)
}

/// The picture made small by whole steps, so that no pixel of it is skipped when it is drawn small.
fn reduced(pixels: &Pixels, across: f32, down: f32) -> Option<Pixmap> {
    let step =
        |source: u32, wanted: f32| ((source as f32 / wanted.max(1.0)).floor().max(1.0) as u32).min(source);
    let (sx, sy) = (step(pixels.width, across).max(1), step(pixels.height, down).max(1));
    let (width, height) = (pixels.width.div_ceil(sx), pixels.height.div_ceil(sy));
    let size = IntSize::from_wh(width, height)?;
    let mut data = Vec::with_capacity((width as usize).checked_mul(height as usize)?.checked_mul(4)?);
    let row_bytes = (pixels.width as usize).saturating_mul(4);
    let rows: Vec<&[u8]> = pixels.rgba.chunks_exact(row_bytes.max(4)).collect();
    let mut sums: Vec<[u32; 4]> = Vec::new();
    for band in rows.chunks(sy as usize) {
        sums.clear();
        sums.resize(width as usize, [0; 4]);
        for row in band {
            for (cell, sum) in row.chunks((sx as usize).saturating_mul(4)).zip(&mut sums) {
                for pixel in cell.chunks_exact(4) {
                    if let [red, green, blue, alpha] = *pixel {
                        let a = u32::from(alpha);
                        let [r, g, b, t] = sum;
                        *r += u32::from(red) * a / 255;
                        *g += u32::from(green) * a / 255;
                        *b += u32::from(blue) * a / 255;
                        *t += a;
                    }
                }
            }
        }
        for (at, sum) in sums.iter().enumerate() {
            let in_cell = sx.min(pixels.width.saturating_sub((at as u32).saturating_mul(sx))).max(1);
            let count = in_cell.saturating_mul(band.len() as u32).max(1);
            let [r, g, b, a] = sum.map(|part| (part / count).min(255) as u8);
            // Premultiplied: no part is above alpha.
            data.extend_from_slice(&[r.min(a), g.min(a), b.min(a), a]);
        }
    }
    Pixmap::from_vec(data, size)
}

fn color(rgba: &Rgba) -> Color {
    let part = |value: f32| if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 };
    Color::from_rgba(part(rgba.red), part(rgba.green), part(rgba.blue), part(rgba.alpha))
        .unwrap_or(Color::BLACK)
}

fn shader(paint: &Paint) -> Option<tiny_skia::Paint<'static>> {
    let stops = |stops: &[Stop]| -> Vec<GradientStop> {
        stops.iter().map(|stop| GradientStop::new(stop.at, color(&stop.color))).collect()
    };
    let mode = |spread: &Spread| match spread {
        Spread::Pad => SpreadMode::Pad,
        Spread::Repeat => SpreadMode::Repeat,
        Spread::Reflect => SpreadMode::Reflect,
    };
    let shader = match paint {
        Paint::Solid(rgba) => Shader::SolidColor(color(rgba)),
        Paint::Linear { from, to, stops: list, spread } => LinearGradient::new(
            Point::from_xy(from.0, from.1),
            Point::from_xy(to.0, to.1),
            stops(list),
            mode(spread),
            Transform::identity(),
        )?,
        Paint::Radial { from, to, stops: list, spread } => RadialGradient::new(
            Point::from_xy(from.0, from.1),
            from.2,
            Point::from_xy(to.0, to.1),
            to.2,
            stops(list),
            mode(spread),
            Transform::identity(),
        )?,
    };
    Some(tiny_skia::Paint { shader, anti_alias: true, ..tiny_skia::Paint::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_drawn_small_is_averaged_over_all_its_pixels() {
        // A checkerboard of black and white comes out gray, not black or white.
        let rgba = (0..64 * 64_u32)
            .flat_map(|n| [if (n % 64 + n / 64) % 2 == 0 { 0 } else { 255 }; 3].into_iter().chain([255]));
        let pixels = Pixels { width: 64, height: 64, rgba: rgba.collect() };
        let small = reduced(&pixels, 8.0, 8.0).unwrap();
        assert_eq!((small.width(), small.height()), (8, 8));
        assert!(small.pixels().iter().all(|p| p.red().abs_diff(127) <= 1 && p.alpha() == 255));
    }

    #[test]
    fn work_is_bounded_and_what_was_drawn_before_stays() {
        let mut target = Pixmap::new(100, 100).unwrap();
        let path =
            Arc::new(tiny_skia::PathBuilder::from_rect(Rect::from_xywh(0.0, 0.0, 100.0, 100.0).unwrap()));
        let red = Paint::Solid(Rgba { red: 1.0, ..Rgba::BLACK });
        let item = Item::Fill { path, map: Transform::identity(), rule: FillRule::Winding, paint: red };
        let mut raster = Raster { left: 25_000, cut: false };
        raster.draw(&vec![item; 5], Transform::identity(), &mut target);
        assert!(raster.cut && raster.left < 10_000);
        assert_eq!(target.pixel(50, 50).unwrap().red(), 255);
    }
}

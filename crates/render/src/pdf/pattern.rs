//! Patterns: shadings (渐变) and tiles (ISO 32000-1 §8.7).

use std::sync::Arc;

use hayro_interpret::encode::{EncodedShadingPattern, EncodedShadingType, texture_dimensions};
use hayro_interpret::gradient::{SvgGradient, SvgGradientKind};
use hayro_interpret::kurbo::{Affine, Point, Rect as Box2};
use hayro_interpret::pattern::{ShadingPattern, TilingPattern};
use hayro_interpret::shading::{CoonsPatch, ShadingType, TensorProductPatch, Triangle};
use tiny_skia::{BlendMode, Rect, Transform};

use super::drawer::{Drawer, transform};
use super::paths;
use crate::list::{Item, Paint, Pixels, Region, Rgba, Spread, Stop};

/// Difference of colors that nobody sees, in parts of one.
const TOLERANCE: f32 = 0.01;
/// Colors of one gradient.
const MAX_STOPS: usize = 1024;
/// Pixels of one shading that is no gradient.
const MAX_SAMPLES: f64 = 16_000_000.0;
/// Triangles that hayro makes of a patch.
const PATCH_TRIANGLES: f64 = 800.0;
/// Tiles of one pattern.
const MAX_TILES: f64 = 20_000.0;

impl Drawer<'_> {
    /// A region filled with a shading.
    pub fn shaded(&mut self, shading: &ShadingPattern, region: Region, seen: Rect) -> Option<Item> {
        if meshes(shading) > MAX_SAMPLES {
            self.note("SHADING_LIMIT", "a shading of too many or too large parts");
            return None;
        }
        let area =
            Box2::new(seen.left().into(), seen.top().into(), seen.right().into(), seen.bottom().into());
        let encoded = shading.encode();
        let native = match &encoded.shading_type {
            EncodedShadingType::RadialAxial(gradient) => gradient.as_svg_gradient(&encoded, area, TOLERANCE),
            _ => None,
        };
        let item = match native.and_then(|native| gradient(&native, &region)) {
            Some(item) => item,
            None => self.sampled(&encoded, region, area)?,
        };
        let Some(clip) = &shading.shading.clip_path else { return Some(item) };
        let (path, _) = paths::path(clip)?;
        let region =
            Region { path: Arc::new(path), map: Transform::identity(), rule: tiny_skia::FillRule::Winding };
        Some(clipped(vec![item], region, 1.0))
    }

    /// A shading pixel by pixel.
    fn sampled(&mut self, encoded: &EncodedShadingPattern, region: Region, area: Box2) -> Option<Item> {
        // Whole units, by which meshes are sampled.
        let area = area.expand();
        let (width, height) = texture_dimensions(area, 1.0);
        if f64::from(width) * f64::from(height) > MAX_SAMPLES {
            self.note("SHADING_LIMIT", "a shading of too many pixels");
            return None;
        }
        self.spent.image_pixels =
            self.spent.image_pixels.saturating_add(u64::from(width).saturating_mul(height.into()));
        if self.spent.image_pixels > self.limits.max_page_image_pixels {
            self.note("IMAGE_LIMIT", "further images and shadings are left out");
            return None;
        }
        let texture = encoded.render_texture(area, 1.0);
        let map = transform(
            &(texture.transform * Affine::scale_non_uniform(texture.width.into(), texture.height.into())),
        )?;
        let pixels = Pixels { width: texture.width, height: texture.height, rgba: texture.data };
        Some(clipped(vec![Item::Image { pixels: Arc::new(pixels), map, alpha: 1.0 }], region, 1.0))
    }

    /// A region filled with tiles.
    pub fn tiled(
        &mut self,
        tiling: &TilingPattern<'_>,
        region: Region,
        seen: Rect,
        stroked: bool,
    ) -> Option<Item> {
        if tiling.matrix.determinant().abs() < 1e-12 || !self.afford_content(self.weights.pattern) {
            return None;
        }
        let seen =
            Box2::new(seen.left().into(), seen.top().into(), seen.right().into(), seen.bottom().into());
        let area = tiling.matrix.inverse().transform_rect_bbox(seen);
        let (across, down) = (f64::from(tiling.x_step).abs(), f64::from(tiling.y_step).abs());
        let first = |low: f64, high: f64, step: f64| ((low - high) / step).ceil();
        let last = |high: f64, low: f64, step: f64| ((high - low) / step).floor();
        let (left, right) = (first(area.x0, tiling.bbox.x1, across), last(area.x1, tiling.bbox.x0, across));
        let (top, bottom) = (first(area.y0, tiling.bbox.y1, down), last(area.y1, tiling.bbox.y0, down));
        let count = (right - left + 1.0) * (bottom - top + 1.0);
        if !(count.is_finite() && left <= right && top <= bottom) {
            return None;
        }
        if count > MAX_TILES {
            self.note("PATTERN_LIMIT", "a pattern of too many tiles");
            return None;
        }
        let cell = Arc::new(self.apart(|inner| {
            tiling.interpret(inner, tiling.matrix, stroked);
        }));
        if cell.is_empty() {
            return None;
        }
        let back = tiling.matrix.inverse();
        let mut tiles = Vec::new();
        for row in top as i64..=bottom as i64 {
            for column in left as i64..=right as i64 {
                let by = Affine::translate((column as f64 * across, row as f64 * down));
                if let Some(map) = transform(&(tiling.matrix * by * back)) {
                    tiles.push(Item::moved(Arc::clone(&cell), map));
                }
            }
        }
        // Each tile costs what it holds.
        self.spent.objects = self.spent.objects.saturating_add(tiles.len());
        Some(clipped(tiles, region, tiling.opacity.clamp(0.0, 1.0)))
    }
}

fn clipped(items: Vec<Item>, region: Region, alpha: f32) -> Item {
    Item::Group {
        items: Arc::new(items),
        map: Transform::identity(),
        clip: Some(Arc::new(vec![region])),
        alpha,
        blend: BlendMode::SourceOver,
        mask: None,
    }
}

/// The region filled with a gradient, in the gradient's own coordinates.
fn gradient(native: &SvgGradient, region: &Region) -> Option<Item> {
    let map = transform(&native.transform)?;
    let path = region.path.as_ref().clone().transform(map.invert()?.pre_concat(region.map))?;
    let stops: Vec<Stop> = native
        .stops
        .iter()
        .take(MAX_STOPS)
        .map(|stop| {
            let [red, green, blue, alpha] = stop.color;
            Stop { at: stop.offset, color: Rgba { red, green, blue, alpha } }
        })
        .collect();
    let pair = |p: &Point| (p.x as f32, p.y as f32);
    let paint = match &native.kind {
        SvgGradientKind::Linear { start, end } => {
            Paint::Linear { from: pair(start), to: pair(end), stops, spread: Spread::Pad }
        }
        SvgGradientKind::Radial { start_center, start_radius, end_center, end_radius } => {
            let circle = |center: &Point, radius: &f32| {
                let (x, y) = pair(center);
                (x, y, *radius)
            };
            let (from, to) = (circle(start_center, start_radius), circle(end_center, end_radius));
            Paint::Radial { from, to, stops, spread: Spread::Pad }
        }
    };
    Some(Item::Fill { path: Arc::new(path), map, rule: region.rule, paint })
}

/// Pixels that hayro would look at for the parts of a mesh, those beside the page included.
fn meshes(shading: &ShadingPattern) -> f64 {
    let area = |points: &mut dyn Iterator<Item = Point>| {
        let mut around: Option<Box2> = None;
        for point in points {
            let p = shading.matrix * point;
            let small = Box2::from_points(p, p);
            around = Some(around.map_or(small, |a| a.union(small)));
        }
        // Hayro counts by sixteen bits.
        around.map_or(0.0, |a| (a.width() + 2.0).min(65_536.0) * (a.height() + 2.0).min(65_536.0))
    };
    let triangle = |t: &Triangle| area(&mut [t.p0.point, t.p1.point, t.p2.point].into_iter());
    let coons = |p: &CoonsPatch| area(&mut p.control_points.into_iter()).max(1.0) * 4.0 + PATCH_TRIANGLES;
    let tensor =
        |p: &TensorProductPatch| area(&mut p.control_points.into_iter()).max(1.0) * 4.0 + PATCH_TRIANGLES;
    match shading.shading.shading_type.as_ref() {
        ShadingType::TriangleMesh { triangles, .. } => triangles.iter().map(triangle).sum(),
        ShadingType::CoonsPatchMesh { patches, .. } => patches.iter().map(coons).sum(),
        ShadingType::TensorProductPatchMesh { patches, .. } => patches.iter().map(tensor).sum(),
        _ => 0.0,
    }
}

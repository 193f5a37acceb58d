//! What hayro calls.

use std::sync::Arc;

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_cmap::WritingMode;
use hayro_interpret::kurbo::BezPath;
use hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, MaskType, SoftMask,
};
use tiny_skia::{FillRule, PathBuilder, Rect, Transform};

use super::drawer::{Drawer, Kind};
use super::paint::{How, Look};
use super::paths;
use crate::list::{Item, Paint, Region, Rgba, SoftMask as Mask};

impl<'a> Device<'a> for Drawer<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, draw_mode: &DrawMode) {
        let Some((path, steps)) = paths::path(path) else { return };
        let path = Arc::new(path);
        let look = self.look(&props);
        match draw_mode {
            DrawMode::Fill(rule) => self.shape(&path, steps, How::Fill(paths::rule(*rule)), &look),
            DrawMode::Stroke(line) => self.shape(&path, steps, How::Stroke(paths::line(line)), &look),
            DrawMode::FillAndStroke(rule, line) => {
                self.shape(&path, steps, How::Fill(paths::rule(*rule)), &look);
                self.shape(&path, steps, How::Stroke(paths::line(line)), &look);
            }
            DrawMode::Invisible => {}
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        // Comes in units already. A path without area lets nothing through.
        let region = paths::path(&clip.path).map(|(path, steps)| {
            self.spent.steps = self.spent.steps.saturating_add(steps);
            Region { path: Arc::new(path), map: Transform::identity(), rule: paths::rule(clip.fill) }
        });
        self.begin(Kind::Clip(region));
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, mode: BlendMode) {
        let mask = mask.and_then(|mask| self.mask(&mask));
        let alpha = if opacity.is_finite() { opacity.clamp(0.0, 1.0) } else { 1.0 };
        self.begin(Kind::Group { alpha, blend: paths::blend(mode), mask });
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, draw_mode: &DrawMode) {
        let look = self.look(&props);
        let level = run.writing_mode() == WritingMode::Horizontal;
        self.runs = self.runs.saturating_add(1);
        for glyph in run.glyphs() {
            self.glyph(glyph, &props, &look, draw_mode, level);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.image(image, &props);
    }

    fn pop_clip(&mut self) {
        self.end();
    }

    fn pop_transparency_group(&mut self) {
        self.end();
    }
}

impl Drawer<'_> {
    /// A soft mask as the display list has it; `None` where there is nothing to mask with.
    pub fn mask(&mut self, mask: &SoftMask<'_>) -> Option<Arc<Mask>> {
        let key = mask.cache_key();
        if let Some(known) = self.masks.get(&key) {
            return known.clone();
        }
        let made = self.make_mask(mask).map(Arc::new);
        self.masks.insert(key, made.clone());
        made
    }

    fn make_mask(&mut self, mask: &SoftMask<'_>) -> Option<Mask> {
        if !self.afford_content(self.weights.form) {
            return None;
        }
        let light = mask.mask_type() == MaskType::Luminosity;
        let mut items = Vec::new();
        if light {
            let [red, green, blue, alpha] = mask.background_color().to_rgba().components();
            let (width, height) = self.size;
            if alpha > 0.0
                && red + green + blue > 0.0
                && let Some(whole) = Rect::from_xywh(0.0, 0.0, width as f32, height as f32)
            {
                items.push(Item::Fill {
                    path: Arc::new(PathBuilder::from_rect(whole)),
                    map: Transform::identity(),
                    rule: FillRule::Winding,
                    paint: Paint::Solid(Rgba { red, green, blue, alpha }),
                });
            }
        }
        items.extend(self.apart(|inner| mask.interpret(inner)));
        let table = mask.transfer_function().map(|function| {
            let mut values = Box::new(std::array::from_fn(|n| n as u8));
            function.apply_to(values.as_mut_slice());
            values
        });
        Some(Mask { items, light, table })
    }

    /// How a shape is painted, apart from its form.
    pub fn look<'a>(&mut self, props: &DrawProps<'a>) -> Look<'a> {
        let mask = props.soft_mask.as_ref().and_then(|mask| self.mask(mask));
        Look { map: props.transform, paint: props.paint.clone(), mask, blend: paths::blend(props.blend_mode) }
    }
}

//! From the objects of a page to the display list.

use std::collections::HashMap;
use std::io::{Read, Seek};
use std::sync::Arc;

use tiny_skia::{FillRule, Path, Transform};
use yinxin_ofd::{Limits, Package};

use crate::element::Element;
use crate::fonts::{Face, FontSet, Outline};
use crate::limits::RenderLimits;
use crate::list::{Item, Pixels, Region, Rgba};
use crate::note::Notes;
use crate::resources::{Resource, Resources};
use crate::scope::{Params, Scope, boundary, matrix, object_map, rect_path};
use crate::text::Character;
use crate::{path_data, path_object};

/// Embedded fonts, kept from page to page.
#[derive(Debug, Default)]
pub(crate) struct FontStore {
    pub faces: HashMap<String, Option<Arc<Face>>>,
    pub bytes: usize,
}

/// A face with its glyph, or nothing where no face has the character.
pub(crate) type Substitute = Option<(Arc<Face>, u32)>;

/// What has been spent of the limits.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    pub objects: usize,
    pub steps: usize,
    pub characters: usize,
    pub clips: usize,
    pub image_pixels: u64,
}

/// Builds the display list of one page.
pub(crate) struct Builder<'a, R> {
    pub package: &'a mut Package<R>,
    pub xml: &'a Limits,
    pub limits: &'a RenderLimits,
    pub fonts: &'a FontSet,
    pub store: &'a mut FontStore,
    pub resources: Arc<Resources>,
    pub default_space: Option<String>,
    pub notes: Notes,
    pub spent: Spent,
    /// The part that is being read.
    pub part: String,
    pub characters: Vec<Character>,
    pub runs: usize,
    pub glyphs: HashMap<(usize, u32), Outline>,
    pub images: HashMap<String, Option<Arc<Pixels>>>,
    /// Substitutes already looked for, by the font's name and the character.
    pub substitutes: HashMap<String, HashMap<char, Substitute>>,
}

impl<R: Read + Seek> Builder<'_, R> {
    pub fn note(&mut self, code: &'static str, object: Option<&Element>, detail: impl Into<String>) {
        let id = object.and_then(|element| element.attribute("ID"));
        self.notes.add(code, &self.part, id, detail);
    }

    /// Draws every object of a layer or block.
    pub fn block(&mut self, block: &Element, scope: &Scope, out: &mut Vec<Item>) {
        if scope.depth > self.limits.max_nesting {
            return self.note("NESTING_LIMIT", Some(block), "blocks stand inside one another too deeply");
        }
        for object in &block.children {
            if self.spent.objects >= self.limits.max_objects {
                return self.note("OBJECT_LIMIT", None, "further objects are not drawn");
            }
            self.spent.objects = self.spent.objects.saturating_add(1);
            if object.flag("Visible") == Some(false) {
                continue;
            }
            let mut items = Vec::new();
            match object.name.as_str() {
                "TextObject" => self.text_object(object, scope, &mut items),
                "PathObject" => self.path_object(object, scope, &mut items),
                "ImageObject" => self.image_object(object, scope, &mut items),
                "CompositeObject" => self.composite(object, scope, &mut items),
                "PageBlock" => {
                    let inner = Scope { depth: scope.depth.saturating_add(1), ..scope.clone() };
                    self.block(object, &inner, out);
                    continue;
                }
                // Not drawn by their nature.
                "Actions" | "Clips" | "Extensions" => continue,
                other => {
                    self.note("OBJECT_UNSUPPORTED", Some(object), format!("{other} objects are not drawn"));
                    continue;
                }
            }
            self.finish(object, scope, items, out);
        }
    }

    /// Clips an object's items and makes them transparent.
    fn finish(&mut self, object: &Element, scope: &Scope, mut items: Vec<Item>, out: &mut Vec<Item>) {
        if items.is_empty() {
            return;
        }
        let alpha = object.number("Alpha").map_or(1.0, |alpha| (alpha / 255.0).clamp(0.0, 1.0));
        let clips = self.clips(object, scope);
        // One shape alone needs no group to be transparent.
        let rest = match items.as_mut_slice() {
            [Item::Fill { paint, .. } | Item::Stroke { paint, .. }] => {
                paint.fade(alpha);
                1.0
            }
            [Item::Image { alpha: own, .. }] => {
                *own *= alpha;
                1.0
            }
            _ => alpha,
        };
        for clip in clips {
            let mut inner = Vec::new();
            Item::group(items, Some(clip), 1.0, &mut inner);
            items = inner;
        }
        Item::group(items, None, rest, out);
    }

    /// The clips of an object (裁剪区), all of which hold at once; each is a union of regions.
    fn clips(&mut self, object: &Element, scope: &Scope) -> Vec<Vec<Region>> {
        let Some(list) = object.child("Clips") else { return Vec::new() };
        let inner = if list.flag("TransFlag") == Some(false) {
            let corner = boundary(object).unwrap_or(yinxin_ofd::Rect::new(0.0, 0.0, 0.0, 0.0));
            scope.map.pre_translate(corner.x as f32, corner.y as f32)
        } else {
            object_map(object, scope)
        };
        let mut clips = Vec::new();
        for clip in list.all("Clip") {
            let mut regions = Vec::new();
            for area in clip.all("Area") {
                if self.spent.clips >= self.limits.max_clips {
                    self.note("CLIP_LIMIT", Some(object), "further clips are not applied");
                    return clips;
                }
                self.spent.clips = self.spent.clips.saturating_add(1);
                let own = area.attribute("CTM").and_then(matrix).unwrap_or_default();
                let within = Scope { map: inner.pre_concat(own), text: false, ..scope.clone() };
                for shape in &area.children {
                    match shape.name.as_str() {
                        "Path" => regions.extend(self.clip_path(shape, &within)),
                        "Text" => regions.extend(self.clip_text(shape, &within)),
                        _ => {}
                    }
                }
            }
            clips.push(regions);
        }
        clips
    }

    fn clip_path(&mut self, shape: &Element, scope: &Scope) -> Option<Region> {
        let path = self.path(shape)?;
        Some(Region { path, map: object_map(shape, scope), rule: path_object::rule(shape) })
    }

    fn clip_text(&mut self, shape: &Element, scope: &Scope) -> Vec<Region> {
        let mut items = Vec::new();
        self.text_object(shape, scope, &mut items);
        let region = |item| match item {
            Item::Fill { path, map, rule, .. } => Some(Region { path, map, rule }),
            _ => None,
        };
        items.into_iter().filter_map(region).collect()
    }

    /// The outline of an element's `AbbreviatedData`.
    pub fn path(&mut self, element: &Element) -> Option<Arc<Path>> {
        let data = element.child_text("AbbreviatedData")?;
        let room = self.limits.max_path_steps.saturating_sub(self.spent.steps);
        let read = path_data::read(data, room);
        self.spent.steps = self.spent.steps.saturating_add(read.steps);
        if let Some(fault) = read.fault {
            let code = if room <= read.steps { "PATH_LIMIT" } else { "PATH_DATA" };
            self.note(code, Some(element), fault);
        }
        read.path.map(Arc::new)
    }

    /// A composite unit (复合对象), drawn where an object puts it.
    fn composite(&mut self, object: &Element, scope: &Scope, out: &mut Vec<Item>) {
        let id = object.attribute("ResourceID").unwrap_or("");
        let Some(found) = self.resources.get(id).cloned() else {
            return self.note(
                "RESOURCE_MISSING",
                Some(object),
                format!("composite unit {id} is not declared"),
            );
        };
        let Resource::Composite(unit) = found.as_ref() else {
            return self.note("RESOURCE_KIND", Some(object), format!("resource {id} is no composite unit"));
        };
        let inner = Scope {
            map: object_map(object, scope),
            layer_param: None,
            depth: scope.depth.saturating_add(1),
            text: scope.text,
        };
        for content in unit.all("Content") {
            self.block(content, &inner, out);
        }
    }

    /// Draws an appearance of an annotation (注释外观): a block with a box of its own.
    pub fn appearance(&mut self, element: &Element, out: &mut Vec<Item>) {
        let corner = boundary(element).unwrap_or(yinxin_ofd::Rect::new(0.0, 0.0, 0.0, 0.0));
        let scope = Scope {
            map: Transform::from_translate(corner.x as f32, corner.y as f32),
            layer_param: None,
            depth: 1,
            text: true,
        };
        self.block(element, &scope, out);
    }

    /// The color of an element, or the default where it has none; unreadable ones are noted.
    pub fn color(&mut self, element: &Element, default: Rgba) -> Rgba {
        let named = element.attribute("ColorSpace").map(str::to_owned).or_else(|| self.default_space.clone());
        let mut space = crate::color::ColorSpace::default();
        if let Some(id) = named {
            match self.resources.get(&id).map(Arc::as_ref) {
                Some(Resource::ColorSpace(found)) => space = found.clone(),
                _ => {
                    self.note("RESOURCE_MISSING", Some(element), format!("color space {id} is not declared"))
                }
            }
        }
        if space.profile {
            self.note("COLOR_PROFILE", Some(element), "a color profile is not applied");
        }
        match space.color(element) {
            Some(color) => color,
            None => {
                if element.attribute("Value").is_some() || element.attribute("Index").is_some() {
                    self.note("COLOR_UNREADABLE", Some(element), "a color cannot be read");
                }
                let alpha = element.number("Alpha").map_or(1.0, |alpha| (alpha / 255.0).clamp(0.0, 1.0));
                Rgba { alpha, ..default }
            }
        }
    }

    /// Drawing parameters of an object; one that is named and absent is noted.
    pub fn params<'e>(&mut self, object: &'e Element, scope: &Scope) -> Params<'e> {
        let params = Params::of(object, scope.layer_param.as_deref(), &self.resources);
        if let Some(id) = &params.missing {
            self.note("RESOURCE_MISSING", Some(object), format!("drawing parameter {id} is not declared"));
        }
        params
    }
}

/// A box as a clip.
pub(crate) fn box_region(rect: &yinxin_ofd::Rect, map: Transform) -> Option<Region> {
    rect_path(rect).map(|path| Region { path: Arc::new(path), map, rule: FillRule::Winding })
}

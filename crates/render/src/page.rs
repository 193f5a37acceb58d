//! Reading one page: its templates, layers, annotations and seals, in the order in which they are drawn.

use std::collections::HashMap;
use std::io::{Read, Seek};
use std::sync::Arc;

use tiny_skia::Transform;
use yinxin_ofd::{Limits, Package, Rect};

use crate::builder::{Builder, FontStore, Spent};
use crate::element::Element;
use crate::error::RenderError;
use crate::list::Item;
use crate::note::Note;
use crate::pages::{Options, Pages};
use crate::scope::Scope;
use crate::text::PageText;

/// One page as it is drawn: everything it needs is inside, so that pages can be drawn side by side.
#[derive(Debug, Clone)]
pub struct Page {
    pub(crate) part: String,
    pub(crate) size: (f64, f64),
    pub(crate) items: Vec<Item>,
    pub(crate) notes: Vec<Note>,
    pub(crate) text: PageText,
}

impl Page {
    /// Width and height in mm.
    pub fn size_mm(&self) -> (f64, f64) {
        self.size
    }

    /// What is missing, or shown otherwise than the document asks for. Empty for a page that is shown as it should be.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The page's text with its places.
    pub fn text(&self) -> &PageText {
        &self.text
    }
}

/// Levels of drawing, from the back to the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Background,
    Body,
    Foreground,
}

const LEVELS: [Level; 3] = [Level::Background, Level::Body, Level::Foreground];

impl Level {
    fn of(word: Option<&str>, usual: Self) -> Self {
        match word.map(str::trim) {
            Some("Background") => Self::Background,
            Some("Body") => Self::Body,
            Some("Foreground") => Self::Foreground,
            _ => usual,
        }
    }
}

impl<R: Read + Seek> Pages<R> {
    /// Reads page `index`, counted from 0.
    ///
    /// # Errors
    /// [`RenderError::NoSuchPage`], [`RenderError::PageBox`], and what reading the page's own part may meet. Whatever else
    /// is wrong stands in [`Page::notes`].
    pub fn page(&mut self, index: usize) -> Result<Page, RenderError> {
        let count = self.root.pages.len();
        let listed = self.root.pages.get(index);
        let listed = listed.ok_or(RenderError::NoSuchPage { asked: index.saturating_add(1), count })?.clone();
        let content = self.package.read(&listed.path)?;
        let element = Element::parse(&listed.path, &content, &self.xml)?;
        drop(content);
        let size = self.size(&element, &listed.path)?;
        let Options { fonts, limits, seals, annotations, .. } = &self.options;
        let mut builder = Builder {
            package: &mut self.package,
            xml: &self.xml,
            limits,
            fonts,
            store: &mut self.store,
            resources: Arc::clone(&self.resources),
            default_space: self.default_space.clone(),
            notes: self.notes.clone(),
            spent: Spent::default(),
            part: listed.path.clone(),
            characters: Vec::new(),
            runs: 0,
            glyphs: HashMap::new(),
            images: HashMap::new(),
            substitutes: HashMap::new(),
        };
        let mut items = Vec::new();
        builder.page(&element, &self.templates, &mut items);
        if let Some(path) = self.annotations.get(&listed.id).filter(|_| *annotations) {
            builder.annotations(path, &mut items);
        }
        if *seals {
            for stamp in self.stamps.iter().filter(|stamp| stamp.page_ref == listed.id) {
                builder.stamp(stamp, self.depth, &mut items);
            }
        }
        let text = PageText::new(std::mem::take(&mut builder.characters));
        let notes = builder.notes.into_list();
        Ok(Page { part: listed.path, size, items, notes, text })
    }

    fn size(&self, page: &Element, path: &str) -> Result<(f64, f64), RenderError> {
        let own = page.child("Area").and_then(|area| area.child_text("PhysicalBox")).and_then(Rect::parse);
        let found = own.or(self.root.page_box);
        found
            .filter(|rect| (1.0..=20_000.0).contains(&rect.width) && (1.0..=20_000.0).contains(&rect.height))
            .map(|rect| (rect.width, rect.height))
            .ok_or_else(|| RenderError::PageBox {
                path: path.to_owned(),
                found: found.map_or_else(|| "not stated".to_owned(), |rect| rect.to_string()),
            })
    }
}

impl<R: Read + Seek> Builder<'_, R> {
    fn page(&mut self, page: &Element, templates: &HashMap<String, Template>, out: &mut Vec<Item>) {
        let part = self.part.clone();
        let shared = Arc::clone(&self.resources);
        self.own_resources(page);
        let own = Arc::clone(&self.resources);
        let mut used: Vec<(Level, Element, String)> = Vec::new();
        for reference in page.all("Template").take(64) {
            let id = reference.attribute("TemplateID").unwrap_or("").trim();
            let Some(template) = templates.get(id) else {
                self.note("TEMPLATE_MISSING", None, format!("template {id} is not declared"));
                continue;
            };
            let usual = Level::of(template.level.as_deref(), Level::Background);
            let level = Level::of(reference.attribute("ZOrder"), usual);
            match read(self.package, &template.path, self.xml) {
                Ok(element) => used.push((level, element, template.path.clone())),
                Err(error) => self.note("TEMPLATE_UNREADABLE", None, format!("{}: {error}", template.path)),
            }
        }
        for level in LEVELS {
            for (_, template, path) in used.iter().filter(|(own, ..)| *own == level) {
                self.part.clone_from(path);
                self.resources = Arc::clone(&shared);
                self.own_resources(template);
                if template.child("Template").is_some() {
                    self.note("TEMPLATE_NESTED", None, "a template of a template is not drawn");
                }
                LEVELS.iter().for_each(|inner| self.layers(template, *inner, out));
            }
            self.part.clone_from(&part);
            self.resources = Arc::clone(&own);
            self.layers(page, level, out);
        }
    }

    /// Adds the resources that a page names for itself.
    fn own_resources(&mut self, page: &Element) {
        let locations: Vec<&str> =
            page.all("PageRes").map(|res| res.text.trim()).filter(|l| !l.is_empty()).collect();
        if locations.is_empty() {
            return;
        }
        let mut resources = self.resources.as_ref().clone();
        for loc in locations {
            match self.package.locate(&self.part, loc) {
                Ok(found) => resources.load(self.package, &found.path, self.xml, &mut self.notes),
                Err(error) => self.note("RESOURCE_LIST_UNREADABLE", None, error.to_string()),
            }
        }
        self.resources = Arc::new(resources);
    }

    fn layers(&mut self, page: &Element, level: Level, out: &mut Vec<Item>) {
        for layer in page.all("Content").flat_map(|content| content.all("Layer")) {
            if Level::of(layer.attribute("Type"), Level::Body) != level
                || layer.flag("Visible") == Some(false)
            {
                continue;
            }
            let scope = Scope {
                map: Transform::identity(),
                layer_param: layer.attribute("DrawParam").map(str::to_owned),
                depth: 0,
                text: true,
            };
            self.block(layer, &scope, out);
        }
    }

    /// Annotations of the page (注释), drawn over its content.
    fn annotations(&mut self, path: &str, out: &mut Vec<Item>) {
        path.clone_into(&mut self.part);
        let list = match read(self.package, path, self.xml) {
            Ok(list) => list,
            Err(error) => return self.note("ANNOTATION_UNREADABLE", None, error.to_string()),
        };
        for annotation in list.all("Annot") {
            if annotation.flag("Visible") == Some(false) {
                continue;
            }
            for appearance in annotation.all("Appearance") {
                self.appearance(appearance, out);
            }
        }
    }
}

/// A template page (模板页) as the document lists it.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub path: String,
    pub level: Option<String>,
}

pub(crate) fn read<R: Read + Seek>(
    package: &mut Package<R>,
    path: &str,
    limits: &Limits,
) -> Result<Element, yinxin_ofd::OfdError> {
    Element::parse(path, &package.read(path)?, limits)
}

/// Kept here so that a page needs nothing of its package any more.
const _: fn() = || {
    fn apart<T: Send + Sync>() {}
    apart::<Page>();
    apart::<FontStore>();
};

//! Resource lists (资源, GB/T 33190-2016 7.9): fonts, color spaces, drawing parameters, media and composite units.

use std::collections::HashMap;
use std::io::{Read, Seek};
use std::sync::Arc;

use yinxin_ofd::{Limits, Package, resolve};

use crate::color::ColorSpace;
use crate::element::Element;
use crate::note::Notes;

/// A font as a resource list describes it (字形).
#[derive(Debug, Clone, Default)]
pub(crate) struct FontResource {
    pub name: String,
    pub family: String,
    pub bold: bool,
    pub italic: bool,
    pub serif: bool,
    /// The embedded font file, if any.
    pub file: Option<String>,
}

/// Something to be found by its ID.
#[derive(Debug, Clone)]
pub(crate) enum Resource {
    Font(FontResource),
    ColorSpace(ColorSpace),
    DrawParam(Element),
    /// Path of the file.
    Media(String),
    Composite(Element),
}

/// All resources in scope, by ID. Later lists win, as the page's own over the document's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resources {
    map: HashMap<String, Arc<Resource>>,
}

impl Resources {
    pub fn get(&self, id: &str) -> Option<&Arc<Resource>> {
        self.map.get(id.trim())
    }

    /// Adds what a list names; what cannot be read is noted.
    pub fn load<R: Read + Seek>(
        &mut self,
        package: &mut Package<R>,
        path: &str,
        limits: &Limits,
        notes: &mut Notes,
    ) {
        let root = package.read(path).and_then(|bytes| Element::parse(path, &bytes, limits));
        let root = match root {
            Ok(root) => root,
            Err(error) => return notes.add("RESOURCE_LIST_UNREADABLE", path, None, error.to_string()),
        };
        let base = root.attribute("BaseLoc").unwrap_or("").trim().to_owned();
        for (list, item) in root.children.iter().flat_map(|list| list.children.iter().map(move |i| (list, i)))
        {
            let Some(id) = item.attribute("ID") else { continue };
            let mut file = |name: &str| -> Option<String> {
                let loc = item.child_text(name)?;
                let found = locate(package, path, &base, loc);
                if found.is_none() {
                    notes.add(
                        "RESOURCE_FILE_MISSING",
                        path,
                        Some(id),
                        format!("{loc} is not in the package"),
                    );
                }
                found
            };
            let resource = match (list.name.as_str(), item.name.as_str()) {
                ("Fonts", "Font") => Resource::Font(font(item, file("FontFile"))),
                ("ColorSpaces", "ColorSpace") => Resource::ColorSpace(ColorSpace::read(item)),
                ("DrawParams", "DrawParam") => Resource::DrawParam(item.clone()),
                ("MultiMedias", "MultiMedia") => match file("MediaFile") {
                    Some(path) => Resource::Media(path),
                    None => continue,
                },
                ("CompositeGraphicUnits", "CompositeGraphicUnit") => Resource::Composite(item.clone()),
                _ => continue,
            };
            self.map.insert(id.trim().to_owned(), Arc::new(resource));
        }
    }
}

fn font(item: &Element, file: Option<String>) -> FontResource {
    let text = |name| item.attribute(name).unwrap_or("").trim().to_owned();
    let flag = |name| item.flag(name).unwrap_or(false);
    FontResource {
        name: text("FontName"),
        family: text("FamilyName"),
        bold: flag("Bold"),
        italic: flag("Italic"),
        serif: flag("Serif"),
        file,
    }
}

/// Tries the base folder, then the list's own folder, then the root: vendors write all three.
fn locate<R: Read + Seek>(package: &Package<R>, list: &str, base: &str, loc: &str) -> Option<String> {
    if !loc.starts_with('/') && !base.is_empty() {
        let joined = format!("{}/{loc}", base.trim_end_matches('/'));
        if let Some(path) = resolve(list, &joined).ok().filter(|path| package.contains(path)) {
            return Some(path);
        }
    }
    package.locate(list, loc).ok().filter(|found| found.exists).map(|found| found.path)
}

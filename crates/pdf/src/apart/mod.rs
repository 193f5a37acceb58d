//! One page as a small document of its own.
//!
//! Software that draws pages repairs what is broken, follows references in circles and unpacks without bounds. So it never
//! gets the document itself: it gets the page written anew from the objects that [`State`] finds, the ones that are judged,
//! with every stream unpacked within limits, without circles, and with nothing that is not drawn.

mod copy;
mod lzw;
mod says;
mod unpack;

use std::io::{Read, Seek};

use crate::document::Document;
use crate::error::PdfError;
use crate::pages::Page;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object};

use copy::Copier;

/// What goes into the small document, and how much at most.
#[derive(Debug, Clone)]
pub struct ApartOptions {
    /// Whether the widgets of signature fields are taken along.
    pub seals: bool,
    /// Whether other annotations are taken along.
    pub annotations: bool,
    /// Whether the data of images are taken along; texts can be read without.
    pub images: bool,
    /// Objects at most.
    pub max_objects: usize,
    /// Unpacked bytes of all streams together at most.
    pub max_bytes: usize,
}

/// A page as a small document.
#[derive(Debug, Clone)]
pub struct Apart {
    /// The document.
    pub bytes: Vec<u8>,
    /// What was left out: a code and what exactly.
    pub left_out: Vec<(&'static str, String)>,
}

impl<R: Read + Seek> Document<R> {
    /// The page of that number, from 0, as a document of its own.
    ///
    /// # Errors
    /// [`PdfError::Encrypted`] where the document stays closed; where the page tree cannot be read or has no such page; [`PdfError::Limit`] where reading the
    /// page costs more than the file is worth. A single object that cannot be read is left out and named.
    pub fn page_apart(&mut self, number: usize, options: &ApartOptions) -> Result<Apart, PdfError> {
        let pages = self.pages()?;
        let page = pages.get(number).ok_or(PdfError::Structure { at: 0, what: "there is no such page" })?;
        let copier = Copier::new(&mut self.source, &mut self.state, options);
        write(copier, page, options)
    }
}

fn write(mut copier: Copier<'_>, page: &Page, options: &ApartOptions) -> Result<Apart, PdfError> {
    let (_, catalog) = copier.state.catalog(copier.bytes)?;
    let resources = resources(copier.bytes, copier.state, &page.dict)?;
    let mut small = Dict::default();
    small.set("Type", Object::Name(b"Page".to_vec()));
    let boxed = Object::Array(page.shown.iter().map(|n| real(*n)).collect());
    small.set("MediaBox", boxed.clone());
    small.set("CropBox", boxed);
    small.set("Rotate", Object::Int(page.rotate));
    small.set("Resources", resources);
    for key in ["Contents", "Group"] {
        if let Some(value) = page.dict.get(key) {
            small.set(key, value.clone());
        }
    }
    let annotations = annotations(&mut copier, &page.dict, options)?;
    if !annotations.is_empty() {
        small.set("Annots", Object::Array(annotations));
    }
    let layers = catalog.get("OCProperties").cloned();
    copier.document(small, layers)
}

/// The resources of a page, its own or those of the nearest node above that has some.
fn resources(bytes: &mut dyn Bytes, state: &mut State, page: &Dict) -> Result<Object, PdfError> {
    const MAX_HEIGHT: usize = 64;
    let mut now = page.clone();
    for _ in 0..MAX_HEIGHT {
        if let Some(found) = now.get("Resources") {
            return Ok(found.clone());
        }
        now = state.dict(bytes, &now, "Parent")?;
    }
    Ok(Object::Dict(Dict::default()))
}

/// What is drawn of a page's annotations.
const SHOWN: [&str; 6] = ["Type", "Subtype", "Rect", "AS", "F", "OC"];

fn annotations(
    copier: &mut Copier<'_>,
    page: &Dict,
    options: &ApartOptions,
) -> Result<Vec<Object>, PdfError> {
    let list = copier.state.value(copier.bytes, page, "Annots")?;
    let mut out = Vec::new();
    for one in list.array().unwrap_or_default().iter().take(options.max_objects) {
        let found = match copier.state.resolve(copier.bytes, one) {
            Ok(Object::Dict(found)) => found,
            Ok(_) => continue,
            Err(e @ (PdfError::Io { .. } | PdfError::Limit { .. })) => return Err(e),
            Err(e) => {
                copier.leave("ANNOTATION_UNREADABLE", e.to_string());
                continue;
            }
        };
        let seal = found.is("Subtype", "Widget") && is_signature(copier, &found)?;
        if !(if seal { options.seals } else { options.annotations }) {
            continue;
        }
        let mut small = Dict::default();
        for key in SHOWN {
            if let Some(value) = found.get(key) {
                small.set(key, value.clone());
            }
        }
        let appearance = copier.state.dict(copier.bytes, &found, "AP")?;
        if let Some(normal) = appearance.get("N") {
            let mut only = Dict::default();
            only.set("N", normal.clone());
            small.set("AP", Object::Dict(only));
        }
        out.push(Object::Dict(small));
    }
    Ok(out)
}

/// Whether a widget belongs to a signature field: the kind may stand in a field above it.
fn is_signature(copier: &mut Copier<'_>, widget: &Dict) -> Result<bool, PdfError> {
    const MAX_HEIGHT: usize = 32;
    let mut now = widget.clone();
    for _ in 0..MAX_HEIGHT {
        if let Some(kind) = now.get("FT") {
            let kind = kind.clone();
            return Ok(copier.state.resolve(copier.bytes, &kind)?.name() == Some(b"Sig"));
        }
        if now.get("Parent").is_none() {
            break;
        }
        now = copier.state.dict(copier.bytes, &now, "Parent")?;
    }
    Ok(false)
}

pub(super) fn real(number: f64) -> Object {
    Object::Real(format!("{number:.5}").into_bytes())
}

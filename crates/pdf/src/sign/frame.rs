//! The new field's place in the document: form, catalog, pages.

use super::SignError;
use super::appearance::dict;
use super::revision::Revision;
use crate::pages::Page;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// Signatures exist, and the file is to be appended to only (ISO 32000-1 table 219).
const SIG_FLAGS: i64 = 3;

/// Adds a field, where there is a new one, to the form, and names the certification in the catalog; writes whatever has to be written anew for it.
pub(super) fn add_field(
    bytes: &mut dyn Bytes,
    state: &mut State,
    revision: &mut Revision,
    field: Option<Ref>,
    certification: Option<Ref>,
) -> Result<(), SignError> {
    let (root, mut catalog) = state.catalog(bytes)?;
    let own = catalog.get("AcroForm").and_then(Object::reference);
    let mut acro = state.dict(bytes, &catalog, "AcroForm")?;
    let list_id = acro.get("Fields").and_then(Object::reference);
    let mut list = match state.value(bytes, &acro, "Fields")? {
        Object::Array(list) => list,
        _ => Vec::new(),
    };
    list.extend(field.map(Object::Ref));
    let flags = acro.get("SigFlags").and_then(Object::int).unwrap_or(0);
    let mut touched = flags & SIG_FLAGS != SIG_FLAGS;
    acro.set("SigFlags", Object::Int(flags | SIG_FLAGS));
    match list_id {
        _ if field.is_none() => {}
        Some(id) => revision.object(id, &Object::Array(list)),
        None => {
            acro.set("Fields", Object::Array(list));
            touched = true;
        }
    }
    let mut catalog_touched = false;
    match own {
        _ if !touched => {}
        Some(id) => revision.object(id, &Object::Dict(acro)),
        None => {
            catalog.set("AcroForm", Object::Dict(acro));
            catalog_touched = true;
        }
    }
    if let Some(value) = certification {
        let mut permissions = state.dict(bytes, &catalog, "Perms")?;
        permissions.set("DocMDP", Object::Ref(value));
        catalog.set("Perms", Object::Dict(permissions));
        catalog_touched = true;
    }
    if catalog_touched {
        revision.object(root, &Object::Dict(catalog));
    }
    Ok(())
}

/// Adds widgets to a page's annotations.
pub(super) fn add_widgets(
    bytes: &mut dyn Bytes,
    state: &mut State,
    revision: &mut Revision,
    number: usize,
    page: &Page,
    widgets: &[Ref],
) -> Result<(), SignError> {
    let mut list = match state.value(bytes, &page.dict, "Annots")? {
        Object::Array(list) => list,
        Object::Null => Vec::new(),
        _ => return Err(SignError::Annotations { page: number.saturating_add(1) }),
    };
    list.extend(widgets.iter().map(|w| Object::Ref(*w)));
    match page.dict.get("Annots") {
        Some(Object::Ref(id)) => revision.object(*id, &Object::Array(list)),
        _ => {
            let mut page_dict = page.dict.clone();
            page_dict.set("Annots", Object::Array(list));
            revision.object(page.id, &Object::Dict(page_dict));
        }
    }
    Ok(())
}

/// A widget, or the part of a field that is one.
pub(super) fn widget(page: Ref, rect: Object, appearance: Option<Ref>) -> Dict {
    let mut out = dict(vec![
        ("Type", Object::Name(b"Annot".to_vec())),
        ("Subtype", Object::Name(b"Widget".to_vec())),
        // Printed, and its place locked.
        ("F", Object::Int(132)),
        ("P", Object::Ref(page)),
        ("Rect", rect),
    ]);
    if let Some(id) = appearance {
        out.set("AP", Object::Dict(dict(vec![("N", Object::Ref(id))])));
    }
    out
}

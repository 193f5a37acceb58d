//! What objects that came later belong to: a later signature, a field that was filled in, an annotation.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::Role;
use super::roles::{Roles, closure};
use crate::error::PdfError;
use crate::form::Field;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object};

/// What an object belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// A later signature, by its field's full name.
    Signature(String),
    /// A field, by its full name.
    Field(String),
    /// An annotation, by its kind, such as `Square`.
    Annotation(String),
}

/// The part an object plays in it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub role: Role,
    pub of: Of,
}

pub(super) type Parts = HashMap<u32, Part>;

/// What is known of both states.
pub(super) struct Known<'a> {
    pub old: &'a Roles,
    pub new: &'a Roles,
    pub differing: &'a BTreeSet<u32>,
    pub referrers: &'a HashMap<u32, HashSet<u32>>,
}

/// Objects of signatures that the signed revision does not have.
pub(super) fn later_signatures(
    bytes: &mut dyn Bytes,
    signed: &State,
    now: &mut State,
    known: &Known<'_>,
) -> Result<Parts, PdfError> {
    let mut out = Parts::new();
    for field in &known.new.form.fields {
        let part = |role| Part { role, of: Of::Signature(field.name.clone()) };
        let Some(Object::Ref(value)) = &field.value else { continue };
        let before = known.old.form.fields.iter().find(|f| f.id == field.id);
        if before.is_some_and(|f| f.value.is_some()) || signed.place(value.number).is_some() {
            continue;
        }
        let Object::Dict(dict) = now.load(bytes, *value)?.object else { continue };
        if dict.get("ByteRange").is_none() || dict.get("Contents").is_none() {
            continue;
        }
        let stamp = dict.is("Type", "DocTimeStamp");
        let added = |n: u32| signed.place(n).is_none();
        let inside = closure(bytes, now, &Object::Dict(dict), &added)?;
        out.extend(inside.into_iter().map(|n| (n, part(Role::Signature))));
        out.insert(value.number, part(if stamp { Role::DocumentTimestamp } else { Role::Signature }));
        out.insert(field.id.number, part(Role::SignatureField));
        for (id, widget) in &field.widgets {
            out.insert(id.number, part(Role::SignatureField));
            if let Some(appearance) = widget.get("AP") {
                let parts = closure(bytes, now, appearance, &added)?;
                out.extend(parts.into_iter().map(|n| (n, part(Role::Appearance))));
            }
            if let Some(lock) = widget.get("Lock") {
                let parts = closure(bytes, now, lock, &added)?;
                out.extend(parts.into_iter().map(|n| (n, part(Role::SignatureField))));
            }
        }
    }
    Ok(out)
}

/// Fields that hold another value or look otherwise, with what they are made of.
pub(super) fn filled_fields(
    bytes: &mut dyn Bytes,
    signed: &State,
    now: &mut State,
    known: &Known<'_>,
    out: &mut Parts,
) -> Result<(), PdfError> {
    for field in &known.new.form.inputs {
        // Only a field that was there, of the same name and type, can have been filled in.
        let same = |f: &&Field| f.id == field.id && f.name == field.name && f.kind == field.kind;
        if !known.old.form.inputs.iter().any(|f| same(&f)) {
            continue;
        }
        let part = |role| Part { role, of: Of::Field(field.name.clone()) };
        let mut own: HashSet<u32> = field.widgets.iter().map(|(id, _)| id.number).collect();
        own.insert(field.id.number);
        for n in own.iter().filter(|n| known.differing.contains(n)) {
            out.entry(*n).or_insert_with(|| part(Role::Field));
        }
        let dicts = field.widgets.iter().map(|(_, d)| d).chain([&field.dict]);
        let values = dicts.flat_map(|d| ["AP", "V"].map(|k| d.get(k).cloned())).flatten().collect();
        let inside = closure(bytes, now, &Object::Array(values), &|n| known.differing.contains(&n))?;
        for n in inside {
            // What was there before may be written anew only where nothing but this field shows it.
            let private = known.referrers.get(&n).is_none_or(|r| r.iter().all(|by| own.contains(by)));
            if signed.place(n).is_none() || private {
                out.entry(n).or_insert_with(|| part(Role::Appearance));
            }
        }
    }
    Ok(())
}

/// Annotations that speak about the page and do nothing (ISO 32000-1 table 169).
const MARKUP: [&str; 15] = [
    "Text",
    "FreeText",
    "Line",
    "Square",
    "Circle",
    "Polygon",
    "PolyLine",
    "Highlight",
    "Underline",
    "Squiggly",
    "StrikeOut",
    "Stamp",
    "Caret",
    "Ink",
    "Popup",
];

pub(super) fn is_markup(dict: &Dict) -> bool {
    MARKUP.iter().any(|kind| dict.is("Subtype", kind)) && dict.get("A").is_none() && dict.get("AA").is_none()
}

/// Annotations that were added or changed, with what they are made of.
pub(super) fn annotations(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    known: &Known<'_>,
    out: &mut Parts,
) -> Result<(), PdfError> {
    for page in known.new.pages.values() {
        let list = now.value(bytes, page, "Annots")?;
        for r in list.array().unwrap_or_default().iter().filter_map(Object::reference) {
            if !known.differing.contains(&r.number) || out.contains_key(&r.number) {
                continue;
            }
            let Object::Dict(dict) = now.load(bytes, r)?.object else { continue };
            if !is_markup(&dict) {
                continue;
            }
            if signed.place(r.number).is_some() {
                let Object::Dict(before) = signed.load(bytes, r)?.object else { continue };
                if !is_markup(&before) {
                    continue;
                }
            }
            let kind = dict.get("Subtype").and_then(Object::name).unwrap_or_default();
            let kind = String::from_utf8_lossy(kind).into_owned();
            let part = |role| Part { role, of: Of::Annotation(kind.clone()) };
            let inside = closure(bytes, now, &Object::Dict(dict), &|n| signed.place(n).is_none())?;
            for n in inside {
                out.entry(n).or_insert_with(|| part(Role::Appearance));
            }
            out.insert(r.number, part(Role::Annotation));
        }
    }
    Ok(())
}

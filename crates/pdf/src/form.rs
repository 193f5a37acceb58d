//! Fields of the interactive form (ISO 32000-1 §12.7).

use std::collections::HashSet;

use crate::error::PdfError;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// A field that holds a value: a signature, or what a reader may fill in.
#[derive(Debug, Clone)]
pub struct Field {
    /// Full name.
    pub name: String,
    /// Its object.
    pub id: Ref,
    /// Its dictionary.
    pub dict: Dict,
    /// Its type: `Sig`, `Tx`, `Btn` or `Ch`.
    pub kind: String,
    /// Its value, where it is signed or filled in.
    pub value: Option<Object>,
    /// Its widgets: itself, or its kids.
    pub widgets: Vec<(Ref, Dict)>,
}

impl Field {
    /// Whether an object is this field or one of its widgets.
    pub(crate) fn owns(&self, number: u32) -> bool {
        self.id.number == number || self.widgets.iter().any(|(id, _)| id.number == number)
    }
}

/// Signature fields, and the objects of every field.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Signature fields in the order of the form.
    pub fields: Vec<Field>,
    /// Fields to be filled in, in the order of the form.
    pub inputs: Vec<Field>,
    /// Names of fields of all kinds, for a new one to differ from.
    pub names: HashSet<String>,
    /// Whether the form itself is there.
    pub present: bool,
    /// Whether the form is drawn by XFA.
    pub xfa: bool,
}

struct Open {
    id: Ref,
    name: String,
    kind: Option<Vec<u8>>,
    value: Option<Object>,
    depth: usize,
}

/// Reads the form of a state.
pub(crate) fn form(bytes: &mut dyn Bytes, state: &mut State, limits: &Limits) -> Result<Form, PdfError> {
    let (_, catalog) = state.catalog(bytes)?;
    let mut out = Form::default();
    let Object::Dict(acro) = state.value(bytes, &catalog, "AcroForm")? else { return Ok(out) };
    out.present = true;
    out.xfa = acro.get("XFA").is_some();
    let Object::Array(fields) = state.value(bytes, &acro, "Fields")? else { return Ok(out) };
    let bad = |what| PdfError::Structure { at: 0, what };
    let mut open = Vec::new();
    let mut seen = HashSet::new();
    for f in fields.iter().rev() {
        let id = f.reference().ok_or(bad("a form field is not named by a reference"))?;
        open.push(Open { id, name: String::new(), kind: None, value: None, depth: 0 });
    }
    while let Some(now) = open.pop() {
        if !seen.insert(now.id.number) {
            return Err(bad("the form names one field twice"));
        }
        if seen.len() > limits.max_fields || now.depth > limits.max_depth {
            let limit = limits.max_fields as u64;
            return Err(PdfError::Limit { at: 0, what: "number of form fields", limit });
        }
        let Object::Dict(dict) = state.load(bytes, now.id)?.object else { continue };
        let name = match state.value(bytes, &dict, "T")?.string() {
            Some(t) => joined(&now.name, &text(&t.bytes)),
            None => now.name,
        };
        let kind = state.value(bytes, &dict, "FT")?.name().map(<[u8]>::to_vec).or(now.kind);
        let value = dict.get("V").cloned().or(now.value);
        let kids = match state.value(bytes, &dict, "Kids")? {
            Object::Array(kids) => kids,
            _ => Vec::new(),
        };
        let mut widgets = Vec::new();
        let mut below = Vec::new();
        for kid in &kids {
            let id = kid.reference().ok_or(bad("a form field is not named by a reference"))?;
            let Object::Dict(d) = state.load(bytes, id)?.object else { continue };
            // A kid without a name of its own is a widget of this field.
            if d.get("T").is_none() && d.get("Kids").is_none() {
                widgets.push((id, d));
            } else {
                below.push(id);
            }
        }
        for id in below.iter().rev() {
            let depth = now.depth.saturating_add(1);
            open.push(Open { id: *id, name: name.clone(), kind: kind.clone(), value: value.clone(), depth });
        }
        out.names.insert(name.clone());
        if !below.is_empty() {
            continue;
        }
        let Some(kind) = kind else { continue };
        if kids.is_empty() {
            widgets.push((now.id, dict.clone()));
        }
        let list = if kind == b"Sig" { &mut out.fields } else { &mut out.inputs };
        let kind = String::from_utf8_lossy(&kind).into_owned();
        list.push(Field { name, id: now.id, dict, kind, value, widgets });
    }
    Ok(out)
}

fn joined(parent: &str, own: &str) -> String {
    if parent.is_empty() { own.to_owned() } else { format!("{parent}.{own}") }
}

/// A text string: UTF-16 with a mark, UTF-8 with a mark, or taken byte for byte.
pub(crate) fn text(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        let units: Vec<u16> =
            rest.chunks_exact(2).map(|c| c.iter().fold(0u16, |n, b| (n << 8) | u16::from(*b))).collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return String::from_utf8_lossy(rest).into_owned();
    }
    bytes.iter().map(|b| char::from(*b)).collect()
}

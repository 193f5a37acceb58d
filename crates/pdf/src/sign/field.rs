//! Signing in a field that the document has already (ISO 32000-1 §12.7.4.5).

use std::io::{Read, Seek};

use super::appearance::{self, dict};
use super::error::SignError;
use super::prepare::{SignRequest, Stamp, SubFilter};
use super::revision::Revision;
use super::seed;
use crate::document::{Document, Shown};
use crate::form::{Field, Form};
use crate::pages::Page;
use crate::syntax::{Dict, Object, Ref};

/// An empty signature field (签名域) that is to take the signature.
#[derive(Debug, Clone, PartialEq)]
pub struct IntoField {
    /// Its full name.
    pub name: String,
    /// Width and height of the whole picture in millimeters. It stands in the middle of the field's rectangle.
    pub size: (f64, f64),
}

/// The field, and what it asks for.
pub(super) struct Target {
    field: Field,
    /// Where the picture stands in each widget that has an area on a page.
    stamps: Vec<(Ref, Stamp)>,
    /// The field's `/Lock`, with nothing in it left to look up.
    pub lock: Option<Dict>,
    /// Whether the value has to carry a timestamp.
    pub timestamp: bool,
}

/// Names of empty fields that an error tells.
const MOST_NAMES: usize = 20;
/// How much smaller than the picture a rectangle may be, in mm: what its rounding takes.
const SLACK: f64 = 0.05;
/// Flag of a field that must not change (ISO 32000-1 table 221).
const READ_ONLY: i64 = 1;

/// Finds the field and whether this signature may stand in it.
pub(super) fn find<R: Read + Seek>(
    document: &mut Document<R>,
    form: &Form,
    ask: &IntoField,
    request: &SignRequest,
) -> Result<Target, SignError> {
    if !request.stamps.is_empty() || request.sub_filter == SubFilter::Timestamp {
        return Err(SignError::FieldPlace);
    }
    let field = empty(form, &ask.name)?.clone();
    let (bytes, state) = (&mut document.source, &mut document.state);
    let flags = state.value(bytes, &field.dict, "Ff")?.int().unwrap_or(0);
    let lock = match state.value(bytes, &field.dict, "Lock")? {
        Object::Dict(lock) => Some(lock),
        _ => None,
    };
    let lock = lock.map(|l| transform(document, &l)).transpose()?;
    let signatures = document.signatures()?;
    let mut locks = signatures.iter().flat_map(|s| &s.rules.locks);
    if flags & READ_ONLY != 0 || locks.any(|l| l.holds(&field.name)) {
        return Err(SignError::FieldLocked { name: field.name });
    }
    let timestamp = seed::check(&mut document.source, &mut document.state, &field.dict, request)?;
    let mut stamps = Vec::new();
    if request.picture.is_some() {
        for (id, shown) in document.places(&field.widgets)? {
            stamps.push((id, centered(&shown, ask)?));
        }
    }
    Ok(Target { field, stamps, lock, timestamp })
}

fn empty<'a>(form: &'a Form, name: &str) -> Result<&'a Field, SignError> {
    let mut named = form.fields.iter().filter(|f| f.name == name);
    match (named.next(), named.next()) {
        (Some(field), None) if field.value.is_none() => Ok(field),
        (Some(_), None) => Err(SignError::FieldSigned { name: name.to_owned() }),
        _ => {
            let names: Vec<&str> =
                form.fields.iter().filter(|f| f.value.is_none()).map(|f| f.name.as_str()).collect();
            let mut empty = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
            match names.len() {
                0 => empty.push('-'),
                n if n > MOST_NAMES => empty.push_str(", …"),
                _ => {}
            }
            Err(SignError::NoSuchField { name: name.to_owned(), empty })
        }
    }
}

/// What the lock says, as the parameters of a transform say it (ISO 32000-1 table 256).
fn transform<R: Read + Seek>(document: &mut Document<R>, lock: &Dict) -> Result<Dict, SignError> {
    let (bytes, state) = (&mut document.source, &mut document.state);
    let action = state.value(bytes, lock, "Action")?;
    let mut out = dict(vec![("Type", appearance::name("TransformParams")), ("V", appearance::name("1.2"))]);
    if !matches!(action.name(), Some(b"Include" | b"Exclude")) {
        // What says nothing that is known locks everything: so do those who verify.
        out.set("Action", appearance::name("All"));
        return Ok(out);
    }
    out.set("Action", action);
    let mut names = Vec::new();
    for n in state.value(bytes, lock, "Fields")?.array().unwrap_or_default() {
        match state.resolve(bytes, n)? {
            name @ Object::Str(_) => names.push(name),
            _ => return Err(SignError::Malformed),
        }
    }
    out.set("Fields", Object::Array(names));
    Ok(out)
}

/// The picture in its size, in the middle of the field.
fn centered(shown: &Shown, ask: &IntoField) -> Result<Stamp, SignError> {
    let (width, height) = ask.size;
    if !(width > 0.0 && height > 0.0) {
        return Err(SignError::BadPlace { page: shown.page.saturating_add(1) });
    }
    if width > shown.width + SLACK || height > shown.height + SLACK {
        return Err(SignError::FieldSize {
            field: format!("{:.1}×{:.1}", shown.width, shown.height),
            picture: format!("{width:.1}×{height:.1}"),
        });
    }
    let (left, top) = ((shown.width - width) / 2.0, (shown.height - height) / 2.0);
    let clip = Some([-left, -top, shown.width, shown.height]);
    Ok(Stamp { page: shown.page, x: shown.x + left, y: shown.y + top, width, height, clip })
}

impl Target {
    /// Full name of the field.
    pub fn name(&self) -> &str {
        &self.field.name
    }

    /// Writes the field with its value, and its widgets with the picture.
    pub fn write(
        &self,
        revision: &mut Revision,
        request: &SignRequest,
        pages: &[Page],
        value: Ref,
    ) -> Result<(), SignError> {
        let image = match request.picture.as_ref().filter(|_| !self.stamps.is_empty()) {
            Some(picture) => Some((picture, appearance::picture(revision, picture)?)),
            None => None,
        };
        let mut own = self.field.dict.clone();
        for (id, widget) in &self.field.widgets {
            let stamp = self.stamps.iter().find(|(of, _)| of == id).map(|(_, stamp)| stamp);
            let (Some((picture, image)), Some(stamp)) = (image, stamp) else { continue };
            let page = pages.get(stamp.page).ok_or(SignError::Malformed)?;
            let form = appearance::form(revision, page, stamp, image, picture.transparent())?;
            let kid = *id != self.field.id;
            let mut shown = if kid { widget.clone() } else { own.clone() };
            shown.set("AP", Object::Dict(dict(vec![("N", Object::Ref(form))])));
            shown.set("F", Object::Int(visible(shown.get("F").and_then(Object::int).unwrap_or(0))));
            if kid {
                revision.object(*id, &Object::Dict(shown));
            } else {
                own = shown;
            }
        }
        own.set("V", Object::Ref(value));
        revision.object(self.field.id, &Object::Dict(own));
        Ok(())
    }
}

/// Flags of a widget that is seen, printed and stays where it is (ISO 32000-1 table 165).
fn visible(flags: i64) -> i64 {
    const INVISIBLE: i64 = 1;
    const HIDDEN: i64 = 1 << 1;
    const PRINT: i64 = 1 << 2;
    const NO_VIEW: i64 = 1 << 5;
    const LOCKED: i64 = 1 << 7;
    (flags | PRINT | LOCKED) & !(INVISIBLE | HIDDEN | NO_VIEW)
}

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use yinxin_crypto::{Sm3, sm3};

use super::appearance::{self, dict, name};
use super::error::SignError;
use super::field::{self, IntoField};
use super::frame;
use super::picture::Picture;
use super::prepared::Prepared;
use super::revision::Revision;
use crate::crypt::Locked;
use crate::document::Document;
use crate::error::PdfError;
use crate::finding::Severity;
use crate::form::Form;
use crate::pages::Page;
use crate::rules::Level;
use crate::source::pieces;
use crate::syntax::{Dict, Object, Ref, Str, write_object};

/// What the value is, as `/SubFilter` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubFilter {
    /// An SES_Signature.
    Seal,
    /// SignedData with signing-certificate-v2.
    Cades,
    /// A document timestamp: a token over the document.
    Timestamp,
}

impl SubFilter {
    pub(super) fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Seal => ("Yinxin", "GM.sm2seal"),
            Self::Cades => ("Adobe.PPKLite", "ETSI.CAdES.detached"),
            Self::Timestamp => ("Adobe.PPKLite", "ETSI.RFC3161"),
        }
    }
}

/// The picture on one page: the whole box, and the part of it that is shown. Millimeters from the upper left corner
/// of the page as shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stamp {
    /// Page, from 0.
    pub page: usize,
    /// Left edge of the whole picture.
    pub x: f64,
    /// Upper edge of the whole picture.
    pub y: f64,
    /// Width of the whole picture.
    pub width: f64,
    /// Height of the whole picture.
    pub height: f64,
    /// The part shown, in the picture: left, top, width, height. All of it if `None`.
    pub clip: Option<[f64; 4]>,
}

/// What to append.
#[derive(Debug, Clone)]
pub struct SignRequest {
    /// What the value will be.
    pub sub_filter: SubFilter,
    /// The seal's picture; nothing is shown without.
    pub picture: Option<Picture>,
    /// Where it stands.
    pub stamps: Vec<Stamp>,
    /// The field of the document that takes the signature, which stands where the field does; a new one if `None`.
    pub field: Option<IntoField>,
    /// The signer's certificate, DER: a field may list those whose signature it takes.
    pub certificate: Vec<u8>,
    /// Time to write beside the value, if any.
    pub time: Option<Timestamp>,
    /// Name of the signer or the seal, for readers that look no further; none if empty.
    pub signer: String,
    /// Bytes reserved for the value.
    pub reserve: usize,
    /// Certifies the document (DocMDP): what may change afterwards. Only the first signature can.
    pub certify: Option<Level>,
}

/// Works out the new revision and what is to be signed. Nothing is written.
///
/// # Errors
/// A document that is encrypted, ambiguous, certified against changes or an XFA form is refused; so are places on no page, and
/// fields that are not there, signed, locked, too small, or ask for what cannot be met.
pub fn prepare<R: Read + Seek>(
    document: &mut Document<R>,
    request: &SignRequest,
) -> Result<Prepared, SignError> {
    permitted(document, request)?;
    let form = document.form()?;
    if form.xfa {
        return Err(SignError::Xfa);
    }
    let pages = document.pages()?;
    let size = document.size();
    let target = request.field.as_ref().map(|ask| field::find(document, &form, ask, request)).transpose()?;
    let mut revision = Revision::behind(document)?;
    let value = revision.reserve()?;
    let (field, field_name) = match &target {
        Some(target) => {
            target.write(&mut revision, request, &pages, value)?;
            (None, target.name().to_owned())
        }
        None => {
            let name = free_name(&form);
            (Some(add(document, &mut revision, request, &pages, value, &name)?), name)
        }
    };
    let certification = request.certify.map(|_| value);
    frame::add_field(&mut document.source, &mut document.state, &mut revision, field, certification)?;
    let (root, _) = document.state.catalog(&mut document.source)?;
    let lock = target.as_ref().and_then(|t| t.lock.clone()).map(|l| (root, l));
    let places = write_value(&mut revision, value, request, lock);
    let old = hash(document, size)?;
    let id = sm3(&[&old.clone().finalize()[..], field_name.as_bytes()].concat());
    let id = id.first_chunk::<16>().copied().unwrap_or_default();
    revision.finish(&document.state, id)?;
    let mut out = assemble(revision.out, places, size, old, field_name)?;
    out.timestamp_required = target.is_some_and(|t| t.timestamp);
    Ok(out)
}

/// Writes a new field, its widgets, and the pages that show them; gives the field.
fn add<R: Read + Seek>(
    document: &mut Document<R>,
    revision: &mut Revision,
    request: &SignRequest,
    pages: &[Page],
    value: Ref,
    name: &str,
) -> Result<Ref, SignError> {
    let field = revision.reserve()?;
    let shown = if request.picture.is_some() { request.stamps.as_slice() } else { &[] };
    let widgets = widgets(revision, request, shown, pages, field)?;
    write_field(revision, field, value, name, &widgets);
    let mut by_page: BTreeMap<usize, Vec<Ref>> = BTreeMap::new();
    for w in &widgets {
        by_page.entry(w.page).or_default().push(w.id);
    }
    for (number, list) in &by_page {
        let Some(page) = pages.get(*number) else { return Err(SignError::Malformed) };
        frame::add_widgets(&mut document.source, &mut document.state, revision, *number, page, list)?;
    }
    Ok(field)
}

/// Where the gap and the range stand in the new bytes.
struct Places {
    hole: (usize, usize),
    range: (usize, usize),
}

/// Whether a revision may be appended at all.
pub(super) fn appendable<R: Read + Seek>(document: &mut Document<R>) -> Result<(), SignError> {
    match document.locked() {
        Some(Locked::Password) => return Err(PdfError::Encrypted.into()),
        Some(Locked::Unsupported(what)) => return Err(PdfError::Encryption { what }.into()),
        None => {}
    }
    let findings = document.audit()?;
    match findings.iter().find(|f| f.severity == Severity::Fatal) {
        Some(f) => Err(SignError::Unsound { code: f.code, detail: f.detail.clone() }),
        None => Ok(()),
    }
}

fn permitted<R: Read + Seek>(document: &mut Document<R>, request: &SignRequest) -> Result<(), SignError> {
    appendable(document)?;
    if document.state.crypt().is_some_and(|c| !c.may_sign(request.field.is_some())) {
        return Err(SignError::Restricted);
    }
    // Timestamps may follow whatever a certification says, as long as they show nothing.
    if request.sub_filter == SubFilter::Timestamp && request.picture.is_none() {
        return Ok(());
    }
    let signatures = document.signatures()?;
    if signatures.iter().any(|s| s.rules.level == Some(Level::Nothing)) {
        return Err(SignError::Certified);
    }
    if request.certify.is_some() && !signatures.is_empty() {
        return Err(SignError::NotTheFirst);
    }
    Ok(())
}

fn free_name(form: &Form) -> String {
    (1u32..).map(|n| format!("Yinxin{n}")).find(|n| !form.names.contains(n)).unwrap_or_default()
}

/// A widget with its page.
struct Widget {
    id: Ref,
    page: usize,
    dict: Dict,
}

/// Writes the picture and its forms; a single widget is the field itself.
fn widgets(
    revision: &mut Revision,
    request: &SignRequest,
    stamps: &[Stamp],
    pages: &[Page],
    field: Ref,
) -> Result<Vec<Widget>, SignError> {
    let Some(picture) = request.picture.as_ref().filter(|_| !stamps.is_empty()) else {
        // An invisible signature has a widget without area, on the first page.
        let Some(page) = pages.first() else { return Ok(Vec::new()) };
        let rect = Object::Array(vec![Object::Int(0); 4]);
        return Ok(vec![Widget { id: field, page: 0, dict: frame::widget(page.id, rect, None) }]);
    };
    let image = appearance::picture(revision, picture)?;
    let mut out = Vec::new();
    for stamp in stamps {
        let count = pages.len();
        let asked = stamp.page.saturating_add(1);
        let page = pages.get(stamp.page).ok_or(SignError::NoSuchPage { asked, count })?;
        let sizes = [stamp.x, stamp.y, stamp.width, stamp.height];
        if sizes.iter().any(|v| !v.is_finite() || v.abs() > 100_000.0)
            || stamp.width <= 0.0
            || stamp.height <= 0.0
        {
            return Err(SignError::BadPlace { page: asked });
        }
        let form = appearance::form(revision, page, stamp, image, picture.transparent())?;
        let id = if stamps.len() == 1 { field } else { revision.reserve()? };
        let rect = appearance::rectangle(page, stamp);
        out.push(Widget { id, page: stamp.page, dict: frame::widget(page.id, rect, Some(form)) });
    }
    Ok(out)
}

fn string(text: &str) -> Object {
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    let bytes = if plain {
        text.as_bytes().to_vec()
    } else {
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
    };
    Object::Str(Str { bytes, start: 0, end: 0, hex: !plain, plain_hex: true })
}

fn write_field(revision: &mut Revision, field: Ref, value: Ref, title: &str, widgets: &[Widget]) {
    let own = widgets.iter().find(|w| w.id == field);
    let mut out = own.map(|w| w.dict.clone()).unwrap_or_default();
    out.set("FT", name("Sig"));
    out.set("T", string(title));
    out.set("V", Object::Ref(value));
    if own.is_none() {
        out.set("Kids", Object::Array(widgets.iter().map(|w| Object::Ref(w.id)).collect()));
    }
    revision.object(field, &Object::Dict(out));
    for w in widgets.iter().filter(|w| w.id != field) {
        let mut kid = w.dict.clone();
        kid.set("Parent", Object::Ref(field));
        revision.object(w.id, &Object::Dict(kid));
    }
}

/// Room for three positions of up to ten digits each.
const RANGE_ROOM: usize = 48;

/// `lock` is what the signature locks, with the catalog, over which a lock is laid.
fn write_value(
    revision: &mut Revision,
    value: Ref,
    request: &SignRequest,
    lock: Option<(Ref, Dict)>,
) -> Places {
    let (filter, sub_filter) = request.sub_filter.names();
    let kind = if request.sub_filter == SubFilter::Timestamp { "DocTimeStamp" } else { "Sig" };
    let mut head =
        dict(vec![("Type", name(kind)), ("Filter", name(filter)), ("SubFilter", name(sub_filter))]);
    if !request.signer.is_empty() {
        head.set("Name", string(&request.signer));
    }
    if let Some(time) = request.time {
        head.set("M", string(&date(time)));
    }
    let certification = request.certify.map(certification);
    let lock = lock.map(|(root, parameters)| locking(root, parameters));
    let references: Vec<Object> = certification.into_iter().chain(lock).collect();
    if !references.is_empty() {
        head.set("Reference", Object::Array(references));
    }
    let mut text = Vec::new();
    write_object(&revision.closed(value, &Object::Dict(head)), &mut text);
    text.truncate(text.len().saturating_sub(2));
    text.extend(b"/ByteRange ");
    let range = text.len();
    text.extend(std::iter::repeat_n(b' ', RANGE_ROOM));
    text.extend(b"\n/Contents ");
    let hole = text.len();
    text.push(b'<');
    text.extend(std::iter::repeat_n(b'0', request.reserve.saturating_mul(2)));
    text.push(b'>');
    let hole_end = text.len();
    text.extend(b"\n>>");
    let at = revision.raw(value, &text);
    let shift = |n: usize| at.saturating_add(n);
    Places {
        hole: (shift(hole), shift(hole_end)),
        range: (shift(range), shift(range.saturating_add(RANGE_ROOM))),
    }
}

/// ISO 32000-1 §12.8.2.2.
fn certification(level: Level) -> Object {
    let parameters =
        dict(vec![("Type", name("TransformParams")), ("P", Object::Int(level.number())), ("V", name("1.2"))]);
    Object::Dict(dict(vec![
        ("Type", name("SigRef")),
        ("TransformMethod", name("DocMDP")),
        ("TransformParams", Object::Dict(parameters)),
    ]))
}

/// ISO 32000-1 §12.8.2.4.
fn locking(root: Ref, parameters: Dict) -> Object {
    Object::Dict(dict(vec![
        ("Type", name("SigRef")),
        ("TransformMethod", name("FieldMDP")),
        ("TransformParams", Object::Dict(parameters)),
        ("Data", Object::Ref(root)),
    ]))
}

/// A date as PDF writes it, in Beijing time.
fn date(time: Timestamp) -> String {
    let zone = Offset::from_hours(8).map_or(TimeZone::UTC, TimeZone::fixed);
    let t = time.to_zoned(zone);
    format!("D:{}+08'00'", t.strftime("%Y%m%d%H%M%S"))
}

fn hash<R: Read + Seek>(document: &mut Document<R>, size: u64) -> Result<Sm3, SignError> {
    let mut digest = Sm3::new();
    pieces(&mut document.source, 0, size, &mut |_, piece| digest.update(piece))?;
    Ok(digest)
}

fn assemble(
    mut tail: Vec<u8>,
    places: Places,
    size: u64,
    old: Sm3,
    field: String,
) -> Result<Prepared, SignError> {
    let (hole, hole_end) = places.hole;
    let first = size.saturating_add(hole as u64);
    let second = size.saturating_add(hole_end as u64);
    let rest = tail.len().saturating_sub(hole_end);
    let range = format!("[0 {first} {second} {rest}]");
    let (from, to) = places.range;
    let room = tail.get_mut(from..to).ok_or(SignError::Malformed)?;
    let written = room.get_mut(..range.len()).ok_or(SignError::TooLarge)?;
    written.copy_from_slice(range.as_bytes());
    let mut data = old.clone();
    data.update(tail.get(..hole).unwrap_or_default());
    data.update(tail.get(hole_end..).unwrap_or_default());
    Ok(Prepared {
        field,
        size,
        sm3: old.finalize(),
        data_hash: data.finalize(),
        tail,
        hole,
        hole_end,
        timestamp_required: false,
    })
}

//! One signature: its dictionary and its byte range, judged on the bytes of the file (ISO 32000-1 §12.8).

use crate::error::PdfError;
use crate::form::{self, Field, text};
use crate::limits::Limits;
use crate::rules::{self, Level, Rules};
use crate::source::Bytes;
use crate::state::{Place, State};
use crate::syntax::{Dict, Object, Ref, is_white};

/// Certificates beside a value that are read.
const MAX_CERTIFICATES: usize = 32;

/// What is wrong with a signature's byte range or value: no signature over it can be called sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable code.
    pub code: &'static str,
    /// Byte position in the file.
    pub at: u64,
    /// What was found.
    pub detail: String,
}

/// A signature as it stands in the document.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Full name of its field.
    pub field: String,
    /// Its object.
    pub id: Option<Ref>,
    /// `/SubFilter`: what the value is said to be.
    pub sub_filter: Option<String>,
    /// `/Filter`: who wrote it.
    pub filter: Option<String>,
    /// Whether it is said to be a document timestamp.
    pub document_timestamp: bool,
    /// `/M`: the time it states outside its value, as written.
    pub date: Option<String>,
    /// The two ranges that are signed, from–to, where they can be hashed at all.
    pub ranges: Option<[(u64, u64); 2]>,
    /// Certificates beside the value (`/Cert`), the signer's first, DER: where the value itself holds none.
    pub certificates: Vec<Vec<u8>>,
    /// The value with its padding.
    pub contents: Vec<u8>,
    /// What is wrong with range or value.
    pub faults: Vec<Fault>,
    /// What it permits afterwards, where it certifies (DocMDP).
    pub certifies: Option<Level>,
    /// What it says about later changes, together with the signatures that its revision holds already.
    pub rules: Rules,
    /// Its widgets.
    pub widgets: Vec<(Ref, Dict)>,
    /// Whether the bytes up to the end of the range are a document that holds it.
    pub(crate) whole: bool,
}

impl Signature {
    /// Position after the last signed byte.
    pub fn end(&self) -> Option<u64> {
        self.ranges.map(|[_, (_, end)]| end)
    }

    fn fault(&mut self, code: &'static str, at: u64, detail: impl Into<String>) {
        self.faults.push(Fault { code, at, detail: detail.into() });
    }
}

/// Reads the signature of a field.
pub(crate) fn read(
    bytes: &mut dyn Bytes,
    state: &mut State,
    field: &Field,
    limits: &Limits,
) -> Result<Signature, PdfError> {
    let mut out = Signature {
        field: field.name.clone(),
        id: None,
        sub_filter: None,
        filter: None,
        document_timestamp: false,
        date: None,
        ranges: None,
        certificates: Vec::new(),
        contents: Vec::new(),
        faults: Vec::new(),
        certifies: None,
        rules: Rules::default(),
        widgets: field.widgets.clone(),
        whole: false,
    };
    let Some(Object::Ref(id)) = field.value else {
        out.fault("SIGNATURE_VALUE_DIRECT", 0, "the field's value is not a reference to a signature");
        return Ok(out);
    };
    out.id = Some(id);
    let loaded = state.load(bytes, id)?;
    let (Place::At(at), Object::Dict(dict)) = (loaded.place, loaded.object) else {
        out.fault("SIGNATURE_IN_STREAM", 0, "the signature has no place of its own in the file");
        return Ok(out);
    };
    if loaded.stream.is_some() {
        out.fault("SIGNATURE_IN_STREAM", at, "the signature is a stream");
        return Ok(out);
    }
    describe(bytes, state, &dict, &mut out)?;
    let said = rules::read(bytes, state, &dict, &field.dict)?;
    (out.certifies, out.rules) = (said.certifies, said.rules);
    if let Some(key) = &dict.repeated {
        out.fault("SIGNATURE_KEY_TWICE", at, format!("/{} stands twice", String::from_utf8_lossy(key)));
    }
    if let Some(key) = &dict.disguised {
        out.fault(
            "SIGNATURE_KEY_ESCAPED",
            at,
            format!("/{} is written with escapes", String::from_utf8_lossy(key)),
        );
    }
    ranges(bytes, &dict, at, limits, &mut out)?;
    if out.faults.is_empty() {
        signed_state(bytes, state, id, limits, &mut out)?;
    }
    Ok(out)
}

fn describe(
    bytes: &mut dyn Bytes,
    state: &mut State,
    dict: &Dict,
    out: &mut Signature,
) -> Result<(), PdfError> {
    let name = |o: Object| o.name().map(|n| String::from_utf8_lossy(n).into_owned());
    out.sub_filter = name(state.value(bytes, dict, "SubFilter")?);
    out.filter = name(state.value(bytes, dict, "Filter")?);
    out.document_timestamp = dict.is("Type", "DocTimeStamp");
    let beside = state.value(bytes, dict, "Cert")?;
    let list = beside.array().unwrap_or(std::slice::from_ref(&beside));
    for one in list.iter().take(MAX_CERTIFICATES) {
        if let Object::Str(s) = state.resolve(bytes, one)? {
            out.certificates.push(s.bytes);
        }
    }
    out.date = state.value(bytes, dict, "M")?.string().map(|s| text(&s.bytes));
    Ok(())
}

/// The range must be everything but exactly the characters of `/Contents`.
fn ranges(
    bytes: &mut dyn Bytes,
    dict: &Dict,
    at: u64,
    limits: &Limits,
    out: &mut Signature,
) -> Result<(), PdfError> {
    let contents = match dict.get("Contents") {
        Some(Object::Str(s)) => s.clone(),
        Some(Object::Ref(_)) => {
            out.fault("CONTENTS_INDIRECT", at, "/Contents is not written in the signature itself");
            return Ok(());
        }
        _ => {
            out.fault("CONTENTS_MISSING", at, "the signature has no /Contents");
            return Ok(());
        }
    };
    if contents.bytes.len() > limits.max_signature_size {
        return Err(PdfError::Limit {
            at,
            what: "size of a signature value",
            limit: limits.max_signature_size as u64,
        });
    }
    out.contents = contents.bytes;
    if !contents.hex {
        out.fault("CONTENTS_NOT_HEX", contents.start, "/Contents is not written in hexadecimal");
    } else if !contents.plain_hex {
        out.fault("CONTENTS_NOT_PLAIN", contents.start, "something else than digits stands in /Contents");
    }
    let Some(range) = dict.get("ByteRange") else {
        out.fault("BYTE_RANGE_MISSING", at, "the signature has no /ByteRange: it covers nothing");
        return Ok(());
    };
    let numbers: Option<Vec<u64>> =
        range.array().and_then(|a| a.iter().map(|o| o.int().and_then(|n| u64::try_from(n).ok())).collect());
    let Some(numbers) = numbers else {
        out.fault("BYTE_RANGE_MALFORMED", at, "/ByteRange is not an array of positions and lengths");
        return Ok(());
    };
    let [start, first, second, last] = numbers.as_slice() else {
        let detail = format!("/ByteRange has {} numbers; four leave exactly one gap", numbers.len());
        out.fault("BYTE_RANGE_GAPS", at, detail);
        return Ok(());
    };
    let gap_start = start.saturating_add(*first);
    let end = second.saturating_add(*last);
    if *start != 0 {
        out.fault("BYTE_RANGE_START", at, format!("the range begins at byte {start}, not at the first"));
    }
    if gap_start > *second {
        out.fault("BYTE_RANGE_OVERLAP", at, "the two parts of the range overlap");
    }
    if end > bytes.len() {
        out.fault("BYTE_RANGE_OUTSIDE", at, format!("the range ends at {end}, behind the end of the file"));
        return Ok(());
    }
    if (gap_start, *second) != (contents.start, contents.end) {
        let detail = format!(
            "the range leaves out {gap_start}–{second}, the value stands at {}–{}",
            contents.start, contents.end
        );
        out.fault("BYTE_RANGE_NOT_CONTENTS", at, detail);
    }
    if gap_start <= *second && *start <= gap_start {
        out.ranges = Some([(*start, gap_start), (*second, end)]);
    }
    Ok(())
}

/// What is signed must be a whole document that holds this signature, and the present one must stand upon it.
fn signed_state(
    bytes: &mut dyn Bytes,
    state: &mut State,
    id: Ref,
    limits: &Limits,
    out: &mut Signature,
) -> Result<(), PdfError> {
    let Some(end) = out.end() else { return Ok(()) };
    let mut signed = match state.earlier(bytes, end) {
        Ok(s) => s,
        Err(e @ (PdfError::Io { .. } | PdfError::Limit { .. })) => return Err(e),
        Err(e) => {
            out.fault("REVISION_UNREADABLE", end, format!("what is signed is no whole document: {e}"));
            return Ok(());
        }
    };
    let rest = usize::try_from(end.saturating_sub(signed.chain.end)).unwrap_or(usize::MAX);
    let tail = bytes.read(signed.chain.end, rest.min(4096))?;
    if rest > 4096 || tail.iter().any(|b| !is_white(*b)) {
        out.fault("REVISION_END", end, "the range does not end with a revision of the document");
    }
    let below: Vec<u64> = signed.chain.sections.iter().map(|s| s.at).collect();
    let above: Vec<u64> = state.chain.sections.iter().map(|s| s.at).collect();
    if !above.ends_with(&below) {
        let detail = "the document as it stands is not built upon the revision that was signed";
        out.fault("REVISION_BYPASSED", end, detail);
    }
    let same_place = signed.place(id.number).is_some() && signed.place(id.number) == state.place(id.number);
    let listed = match form::form(bytes, &mut signed, limits) {
        Ok(f) => f.fields.iter().any(|f| f.value == Some(Object::Ref(id))),
        Err(e @ (PdfError::Io { .. } | PdfError::Limit { .. })) => return Err(e),
        Err(_) => false,
    };
    if !same_place || !listed {
        out.fault("REVISION_WITHOUT_IT", end, "the revision that was signed does not hold this signature");
    }
    out.whole = out.faults.is_empty();
    Ok(())
}

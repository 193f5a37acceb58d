//! Sealing without the document (只报摘要): who keeps a document brings only its `Signature.xml`, which holds the digest of every part. What
//! is signed is the SM3 of exactly these bytes; the SES_Signature goes back and into the document where that is kept.

use jiff::Timestamp;
use yinxin_crypto::sm3;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{Seal, SesSignature};
use yinxin_ofd::sign::{Edge, NewPart, PageSelection, Placement, Prepared};
use yinxin_ofd::{Rect, Severity, SignatureKind, SignatureXml, Stamp};

use super::ofd::{fit_seal, prepared};
use super::{PreparedSignature, SignDocumentError, SignRequest, fitness};
use crate::report::text;
use crate::trust::{Evaluator, Policy, TrustFacts};
use crate::verify::{check_method, ses};

/// Boxes are written with at most so many millimeters of rounding.
const ROUNDING: f64 = 0.01;

/// A `Signature.xml` that waits for its value.
#[derive(Debug, Clone, Copy)]
pub struct SignatureFile<'a> {
    /// Where it will stand in the package; becomes the property information (签章原文属性).
    pub path: &'a str,
    /// Its bytes, as they will stand there.
    pub bytes: &'a [u8],
}

/// Checks a signature file against what is asked and works out what to sign. The pages of a placement are told by number: how many they
/// are is compared, which they are only the document itself can tell.
///
/// What comes back is completed, and never embedded: the document is elsewhere.
///
/// # Errors
/// [`SignDocumentError`]; among others [`SignDocumentError::Refused`] with `SIGNATURE_FILE_UNSOUND`, `SIGNATURE_FILE_SEAL` and
/// `SIGNATURE_FILE_PLACES`.
pub fn prepare_signature_file(
    file: &SignatureFile<'_>,
    request: &SignRequest,
    facts: &TrustFacts,
) -> Result<PreparedSignature, SignDocumentError> {
    let seal = fit_seal(request, facts)?
        .ok_or_else(|| refused("SIGNATURE_FILE_SEAL", "没有指定印章", "no seal was named"))?;
    let limits = yinxin_ofd::Limits::default();
    let xml = SignatureXml::parse(file.path, file.bytes.to_vec(), &limits, &|_| true)
        .map_err(|e| unsound(&e.to_string()))?;
    sound(&xml)?;
    let seal_path = this_seal(&xml, &seal)?;
    places(&xml.stamps, &request.placements)?;
    let document = Prepared {
        id: String::new(),
        kind: SignatureKind::Seal,
        data_hash: sm3(file.bytes),
        signature: NewPart { path: file.path.to_owned(), content: file.bytes.to_vec() },
        value_path: xml.value_path.unwrap_or_default(),
        seal: Some(NewPart { path: seal_path, content: seal.raw().to_vec() }),
        changed: Vec::new(),
        originals: Vec::new(),
        dos_date: 0,
        dos_time: 0,
    };
    prepared(document, Some(&seal), request)
}

impl PreparedSignature {
    /// Whether an SES_Signature made elsewhere is the value of this signature and good now: over this `Signature.xml`, at this path, with
    /// this seal, by a signer the seal lists.
    ///
    /// # Errors
    /// [`SignDocumentError::Refused`] with the code of the check that failed.
    pub fn accept(&self, value: &[u8], facts: &TrustFacts, now: Timestamp) -> Result<(), SignDocumentError> {
        let seal = self.document.seal_bytes();
        accept(value, (&self.document.data_hash, self.document.property_info(), seal), facts, now)
    }
}

/// Whether an SES_Signature made elsewhere is over this digest, with this property and this seal, and good now.
pub(super) fn accept(
    value: &[u8],
    (data_hash, property, seal): (&[u8], &str, Option<&[u8]>),
    facts: &TrustFacts,
    now: Timestamp,
) -> Result<(), SignDocumentError> {
    let limits = Limits::default();
    let wrong = |zh: &str, en: &str| refused("SIGNATURE_VALUE_DIFFERS", zh, en);
    let signature = SesSignature::parse(value, &limits)
        .map_err(|e| wrong(&format!("不是签章数据：{e}"), &format!("no SES_Signature: {e}")))?;
    if signature.trailing != 0 {
        return Err(wrong("签章数据之后还有多余的字节", "bytes follow the SES_Signature"));
    }
    if signature.data_hash != data_hash {
        return Err(wrong("签章数据属于另一份文件", "the value belongs to another document"));
    }
    if signature.property_info != property {
        return Err(wrong("签章数据写明的路径不同", "the value names another path"));
    }
    if seal != Some(signature.seal_raw()) {
        return Err(wrong("签章数据用的是另一枚印章", "the value is of another seal"));
    }
    let evaluator = Evaluator::new(facts, now, Policy::Default);
    let mut checks = Vec::new();
    ses::run(&signature, &evaluator, &limits, &mut checks);
    fitness::first_refusal(checks, !facts.anchors.is_empty())
}

/// Nothing that two readers may understand as two things, and digests that prove something.
fn sound(xml: &SignatureXml) -> Result<(), SignDocumentError> {
    if let Some(note) = xml.notes.iter().find(|note| note.severity == Severity::Fatal) {
        return Err(unsound(&format!("{}: {}", note.code, note.detail)));
    }
    if let Some(check) = check_method(xml.check_method.as_deref()) {
        return Err(SignDocumentError::Refused { code: check.code, detail: check.detail });
    }
    match xml.references.iter().find(|reference| reference.check_value.len() != 32) {
        Some(odd) => Err(unsound(&format!("{} has a digest that is no SM3", odd.file_ref))),
        None => Ok(()),
    }
}

/// The file says where the seal stands in the package; where it protects that part, the part must be this seal.
fn this_seal(xml: &SignatureXml, seal: &Seal) -> Result<String, SignDocumentError> {
    let path = xml.seal_path.clone().ok_or_else(|| {
        refused(
            "SIGNATURE_FILE_SEAL",
            "签名文件没有写明印章文件的位置",
            "the signature file does not say where the seal stands",
        )
    })?;
    let protected = xml.references.iter().find(|reference| reference.path.as_ref() == Some(&path));
    if protected.is_some_and(|reference| reference.check_value != sm3(seal.raw())) {
        return Err(refused(
            "SIGNATURE_FILE_SEAL",
            "签名文件保护的印章不是这一枚",
            "the seal that the signature file protects is another one",
        ));
    }
    Ok(path)
}

/// Every stamp is one that was asked for, and none is missing.
fn places(stamps: &[Stamp], placements: &[Placement]) -> Result<(), SignDocumentError> {
    let differ = |zh: &str, en: &str| Err(refused("SIGNATURE_FILE_PLACES", zh, en));
    let mut left: Vec<&Stamp> = stamps.iter().collect();
    for placement in placements {
        let (Placement::At { pages, .. } | Placement::CrossPage { pages, .. }) = placement;
        let PageSelection::Pages(pages) = pages else {
            return differ(
                "只报摘要时用印页应写明页码",
                "without the document the pages are told by their numbers",
            );
        };
        let mut on: Vec<&str> = Vec::new();
        for _ in pages {
            let found = left.iter().position(|stamp| {
                let fits = stamp.boundary.is_some_and(|b| fits(placement, &b, stamp.clip, pages.len()));
                fits && !on.contains(&&*stamp.page_ref)
            });
            let Some(at) = found else {
                return differ(
                    "签名文件中的盖章位置与申请的不同",
                    "the places in the signature file are not those that were asked for",
                );
            };
            on.push(&left.remove(at).page_ref);
        }
    }
    match left.is_empty() {
        true => Ok(()),
        false => {
            differ("签名文件中有未申请的盖章位置", "the signature file has places that were not asked for")
        }
    }
}

/// Whether a box, and what is shown of it, is this place on one of so many pages.
fn fits(placement: &Placement, b: &Rect, clip: Option<Rect>, count: usize) -> bool {
    match (placement, clip) {
        (Placement::At { area, .. }, None) => same_box(b, area),
        (Placement::CrossPage { edge, width, height, along, .. }, Some(clip)) => {
            let (across, down) = (width / count as f64, height / count as f64);
            let strip = match edge {
                Edge::Left | Edge::Right => Rect::new(clip.x, 0.0, across, *height),
                Edge::Top | Edge::Bottom => Rect::new(0.0, clip.y, *width, down),
            };
            // Where the paper ends at the right and below is not known without the document; it does not end where it begins.
            let (left, top) = (b.x + clip.x, b.y + clip.y);
            let (start, at_edge) = match edge {
                Edge::Left => (b.y, close(left, 0.0)),
                Edge::Right => (b.y, left > ROUNDING),
                Edge::Top => (b.x, close(top, 0.0)),
                Edge::Bottom => (b.x, top > ROUNDING),
            };
            let whole = close(b.width, *width) && close(b.height, *height);
            whole && same_box(&clip, &strip) && at_edge && close(start, along.unwrap_or(start))
        }
        _ => false,
    }
}

fn same_box(a: &Rect, b: &Rect) -> bool {
    close(a.x, b.x) && close(a.y, b.y) && close(a.width, b.width) && close(a.height, b.height)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= ROUNDING
}

fn unsound(detail: &str) -> SignDocumentError {
    refused(
        "SIGNATURE_FILE_UNSOUND",
        &format!("签名文件不能使用：{detail}"),
        &format!("the signature file cannot be used: {detail}"),
    )
}

pub(super) fn refused(code: &'static str, zh: &str, en: &str) -> SignDocumentError {
    SignDocumentError::Refused { code, detail: text(zh, en) }
}

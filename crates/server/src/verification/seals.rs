//! Which seals stand in a document: looked up in the registry before the document is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use yinxin_crypto::DigestMemory;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::SesSignature;
use yinxin_ofd::{Document, Package, SignatureList, SignatureXml};
use yinxin_seal::{DocumentKind, document_kind};

/// Most signatures looked at: as many as are judged.
const MOST: usize = 500;
/// Most codes that are looked up.
const CODES: usize = 100;
/// Longest code of a seal.
const CODE: usize = 64;

/// Seals of a document: SM3 of each seal's data, by the code it says.
pub(super) type Seals = BTreeMap<String, BTreeSet<String>>;

/// Finds the seals. What cannot be read has none; why it cannot is for the report to say.
pub(super) fn find<R: Read + Seek>(mut input: R, limits: &yinxin_ofd::Limits, met: &DigestMemory) -> Seals {
    let mut seals = Seals::new();
    if matches!(document_kind(&mut input), Ok(DocumentKind::Pdf)) {
        in_pdf(input, met, &mut seals);
        return seals;
    }
    let Ok(mut package) = Package::open(input, limits) else { return seals };
    let Ok(document) = Document::load(&mut package) else { return seals };
    let lists: BTreeSet<String> = document.bodies.into_iter().filter_map(|body| body.signatures).collect();
    let mut looked_at = 0;
    for list in lists {
        let Ok(list) = SignatureList::load(&mut package, &list) else { continue };
        for record in list.records {
            looked_at += 1;
            if looked_at > MOST {
                return seals;
            }
            let Some(path) = record.path else { continue };
            let Ok(xml) = SignatureXml::load(&mut package, &path) else { continue };
            let value = xml.value_path.and_then(|path| package.read(&path).ok());
            note(value.as_deref().unwrap_or_default(), met, &mut seals);
        }
    }
    seals
}

/// The seals of a PDF; as many signatures as are judged.
fn in_pdf<R: Read + Seek>(input: R, met: &DigestMemory, seals: &mut Seals) {
    let Ok(mut document) = yinxin_pdf::Document::open(input, &yinxin_pdf::Limits::default()) else { return };
    for signature in document.signatures().unwrap_or_default() {
        note(&signature.contents, met, seals);
    }
}

/// Notes the seal in a signature value, if there is one.
fn note(value: &[u8], met: &DigestMemory, seals: &mut Seals) {
    let Ok(SesSignature { seal, .. }) = SesSignature::parse(value, &Limits::default()) else { return };
    let known = seals.contains_key(&seal.es_id);
    if is_code(&seal.es_id) && (known || seals.len() < CODES) {
        seals.entry(seal.es_id.clone()).or_default().insert(hex::encode(met.sm3(b"", seal.raw())));
    }
}

/// Whether a seal of this registry could have this code.
pub(super) fn is_code(text: &str) -> bool {
    (1..=CODE).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

//! Which seals stand in a document: looked up in the registry before the document is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use yinxin_crypto::DigestMemory;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::SesSignature;
use yinxin_ofd::{Document, Package, SignatureList, SignatureXml};

/// Most signatures looked at: as many as are judged.
const MOST: usize = 500;
/// Most codes that are looked up.
const CODES: usize = 100;
/// Longest code of a seal.
const CODE: usize = 64;

/// Seals of a document: SM3 of each seal's data, by the code it says.
pub(super) type Seals = BTreeMap<String, BTreeSet<String>>;

/// Finds the seals. What cannot be read has none; why it cannot is for the report to say.
pub(super) fn find<R: Read + Seek>(input: R, limits: &yinxin_ofd::Limits, met: &DigestMemory) -> Seals {
    let mut seals = Seals::new();
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
            let signature = value.and_then(|value| SesSignature::parse(&value, &Limits::default()).ok());
            let Some(seal) = signature.map(|signature| signature.seal) else { continue };
            let known = seals.contains_key(&seal.es_id);
            if is_code(&seal.es_id) && (known || seals.len() < CODES) {
                seals.entry(seal.es_id.clone()).or_default().insert(hex::encode(met.sm3(b"", seal.raw())));
            }
        }
    }
    seals
}

/// Whether a seal of this registry could have this code.
pub(super) fn is_code(text: &str) -> bool {
    (1..=CODE).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

//! Appending validation data (DSS with VRI, ISO 32000-2 §12.8.4.3; ETSI EN 319 142-1 §5.4).

use std::collections::HashMap;
use std::io::{Read, Seek, Write as _};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use yinxin_crypto::{DigestAlgorithm, sm3};

use super::appearance::{dict, name};
use super::error::SignError;
use super::prepare::appendable;
use super::revision::Revision;
use crate::document::Document;
use crate::syntax::{Dict, Object, Ref};
use crate::validation::references;

/// What verifies one signature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    /// The value of the signature as it stands in the document, its padding included.
    pub contents: Vec<u8>,
    /// Certificates, DER.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists, DER.
    pub crls: Vec<Vec<u8>>,
    /// OCSP answers, DER.
    pub ocsp: Vec<Vec<u8>>,
}

/// A list of the store, and its counterpart in the entry of a signature.
struct List {
    key: &'static str,
    single: &'static str,
    of: fn(&Evidence) -> &Vec<Vec<u8>>,
}

const LISTS: [List; 3] = [
    List { key: "Certs", single: "Cert", of: |e| &e.certificates },
    List { key: "CRLs", single: "CRL", of: |e| &e.crls },
    List { key: "OCSPs", single: "OCSP", of: |e| &e.ocsp },
];

/// Works out the revision that carries this evidence; `None` where the document holds all of it already.
///
/// # Errors
/// A document that is encrypted or ambiguous; errors of reading.
pub fn add_validation<R: Read + Seek>(
    document: &mut Document<R>,
    evidence: &[Evidence],
) -> Result<Option<Vec<u8>>, SignError> {
    appendable(document)?;
    let mut revision = Revision::behind(document)?;
    let (root, mut catalog) = document.state.catalog(&mut document.source)?;
    let own = catalog.get("DSS").and_then(Object::reference);
    let mut store = document.state.dict(&mut document.source, &catalog, "DSS")?;
    let mut each = document.state.dict(&mut document.source, &store, "VRI")?;
    let mut entries: Vec<(String, Dict)> =
        evidence.iter().map(|e| (key(&e.contents), dict(vec![("Type", name("VRI"))]))).collect();
    let mut fresh = false;
    for list in LISTS {
        let mut refs = references(&mut document.source, &mut document.state, &store, list.key)?;
        let mut known = HashMap::new();
        for r in &refs {
            let loaded = document.state.load(&mut document.source, *r)?;
            known.insert(sm3(&document.state.data(&mut document.source, *r, &loaded)?), *r);
        }
        for (e, (_, entry)) in evidence.iter().zip(&mut entries) {
            let mut of_this = Vec::new();
            for der in (list.of)(e) {
                let id = match known.get(&sm3(der)) {
                    Some(id) => *id,
                    None => {
                        let id = write(&mut revision, der)?;
                        known.insert(sm3(der), id);
                        refs.push(id);
                        fresh = true;
                        id
                    }
                };
                of_this.push(Object::Ref(id));
            }
            if !of_this.is_empty() {
                entry.set(list.single, Object::Array(of_this));
            }
        }
        if !refs.is_empty() {
            store.set(list.key, Object::Array(refs.into_iter().map(Object::Ref).collect()));
        }
    }
    fresh |= entries.iter().any(|(k, _)| each.get(k).is_none());
    if !fresh {
        return Ok(None);
    }
    for (key, entry) in entries {
        each.set(&key, Object::Dict(entry));
    }
    store.set("Type", name("DSS"));
    store.set("VRI", Object::Dict(each));
    match own {
        Some(id) => revision.object(id, &Object::Dict(store)),
        None => {
            let id = revision.reserve()?;
            revision.object(id, &Object::Dict(store));
            catalog.set("DSS", Object::Ref(id));
            revision.object(root, &Object::Dict(catalog));
        }
    }
    let id = sm3(&revision.out);
    revision.finish(&document.state, id.first_chunk::<16>().copied().unwrap_or_default())?;
    Ok(Some(revision.out))
}

/// The key of a signature's entry: SHA-1 of its value in upper case, which names it and protects nothing.
fn key(contents: &[u8]) -> String {
    DigestAlgorithm::Sha1.digest(contents).iter().map(|b| format!("{b:02X}")).collect()
}

fn write(revision: &mut Revision, der: &[u8]) -> Result<Ref, SignError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(der)?;
    let id = revision.reserve()?;
    revision.stream(id, dict(vec![("Filter", name("FlateDecode"))]), &encoder.finish()?);
    Ok(id)
}

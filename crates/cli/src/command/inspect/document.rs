//! An OFD document from the outside in: package, documents, pages, signatures, their values.

use std::fs::File;
use std::path::Path;

use serde_json::{Value, json};
use yinxin_formats::der::Limits;
use yinxin_formats::inspect::{Kind, Tree, inspect};
use yinxin_ofd::{
    Anomaly, DocBody, Document, DocumentRoot, Entry, Package, Page, Rect, SignatureKind, SignatureList,
    SignatureRecord, SignatureXml,
};
use yinxin_seal::report::to_value;

use super::document_text;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// A document in the package, as far as it can be read.
pub struct Body {
    /// What `OFD.xml` says of it.
    pub body: DocBody,
    /// Pages with their boxes, where those are stated.
    pub pages: Result<Vec<(Page, Option<Rect>)>, Failure>,
    /// Its signatures, if a list is named.
    pub signatures: Option<Result<Vec<Signature>, Failure>>,
    /// What is odd about its parts.
    pub notes: Vec<Anomaly>,
}

/// A record of the signature list with what it leads to.
pub struct Signature {
    /// The record.
    pub record: SignatureRecord,
    /// The signature part.
    pub xml: Result<SignatureXml, Failure>,
    /// The value's tree.
    pub value: Option<Result<Tree, Failure>>,
}

/// Shows a document.
pub fn run(path: &Path, out: &Output) -> Outcome {
    let place = |e: yinxin_ofd::OfdError| Failure::new(e.code(), format!("{}: {e}", path.display()));
    let mut package = Package::open(files::open(path)?, &yinxin_ofd::Limits::default()).map_err(place)?;
    let bodies = match Document::load(&mut package) {
        Ok(document) => {
            let list = document.bodies.into_iter().map(|b| body(&mut package, b)).collect();
            Ok((list, document.notes))
        }
        Err(e) => Err(Failure::from(e)),
    };
    if out.json {
        out.value(&value(path, &package, &bodies));
    } else {
        out.say(document_text::whole(&package, &bodies, out));
    }
    Ok(0)
}

/// Documents with the notes on `OFD.xml`, or why it cannot be read.
pub type Bodies = Result<(Vec<Body>, Vec<Anomaly>), Failure>;

fn body(package: &mut Package<File>, body: DocBody) -> Body {
    let mut notes = Vec::new();
    let pages = match DocumentRoot::load(package, &body.doc_root) {
        Ok(root) => {
            notes.extend(root.notes.iter().cloned());
            let sized = root.pages.iter().map(|p| (p.clone(), root.physical_box(package, p).ok()));
            Ok(sized.collect())
        }
        Err(e) => Err(e.into()),
    };
    let signatures = body.signatures.clone().map(|path| match SignatureList::load(package, &path) {
        Ok(list) => {
            notes.extend(list.notes);
            Ok(list.records.into_iter().map(|r| signature(package, r, &mut notes)).collect())
        }
        Err(e) => Err(e.into()),
    });
    Body { body, pages, signatures, notes }
}

fn signature(package: &mut Package<File>, record: SignatureRecord, notes: &mut Vec<Anomaly>) -> Signature {
    let xml = match &record.path {
        Some(path) => SignatureXml::load(package, path).map_err(Failure::from),
        None => Err(Failure::new("SIGNATURES_LOCATION", record.base_loc.clone())),
    };
    notes.extend(xml.iter().flat_map(|x| x.notes.iter().cloned()));
    let value = xml.as_ref().ok().and_then(|x| x.value_path.clone()).map(|path| {
        let bytes = package.read(&path)?;
        let hint = (record.kind == SignatureKind::Sign).then_some(Kind::SignedData);
        Ok(inspect(&bytes, hint, &Limits::default())?)
    });
    Signature { record, xml, value }
}

fn value(path: &Path, package: &Package<File>, bodies: &Bodies) -> Value {
    let mut anomalies: Vec<Anomaly> = package.anomalies().to_vec();
    let documents = match bodies {
        Ok((list, notes)) => {
            anomalies.extend(notes.iter().cloned());
            anomalies.extend(list.iter().flat_map(|b| b.notes.iter().cloned()));
            list.iter().map(document).collect()
        }
        Err(f) => vec![error(f)],
    };
    json!({
        "file": path.to_string_lossy(),
        "format": "OFD",
        "size": package.file_size(),
        "entries": package.entries().iter().map(entry).collect::<Vec<_>>(),
        "anomalies": to_value(&anomalies),
        "documents": documents,
    })
}

fn error(f: &Failure) -> Value {
    json!({ "error": { "code": f.code, "detail": f.detail } })
}

fn entry(e: &Entry) -> Value {
    json!({
        "path": e.path, "size": e.size, "compressed_size": e.compressed_size, "method": e.method,
        "crc": format!("{:08x}", e.crc), "offset": e.header_offset,
    })
}

fn document(b: &Body) -> Value {
    let pages = match &b.pages {
        Ok(list) => list
            .iter()
            .map(|(p, size)| json!({ "number": p.index.saturating_add(1), "id": p.id, "path": p.path, "box": size.map(|s| s.to_string()) }))
            .collect(),
        Err(f) => vec![error(f)],
    };
    let signatures = match &b.signatures {
        None => Vec::new(),
        Some(Ok(list)) => list.iter().map(record).collect(),
        Some(Err(f)) => vec![error(f)],
    };
    json!({
        "index": b.body.index, "doc_id": b.body.doc_id, "title": b.body.title, "root": b.body.doc_root,
        "signature_list": b.body.signatures, "pages": pages, "signatures": signatures,
    })
}

fn record(s: &Signature) -> Value {
    let part = match &s.xml {
        Ok(x) => json!({
            "provider": x.provider, "method": x.method, "date_time": x.date_time, "seal": x.seal_path,
            "check_method": x.check_method, "value": x.value_path,
            "stamps": x.stamps.iter().map(|p| json!({
                "id": p.id, "page": p.page_ref, "boundary": p.boundary.map(|r| r.to_string()), "clip": p.clip.map(|r| r.to_string()),
            })).collect::<Vec<_>>(),
            "references": x.references.iter().map(|r| json!({
                "file": r.file_ref, "path": r.path, "digest": hex::encode(&r.check_value),
            })).collect::<Vec<_>>(),
        }),
        Err(f) => error(f),
    };
    let tree = match &s.value {
        None => Value::Null,
        Some(Ok(tree)) => to_value(tree),
        Some(Err(f)) => error(f),
    };
    json!({
        "id": s.record.id, "type": s.record.kind.as_str(), "path": s.record.path, "relative": s.record.relative,
        "part": part, "value": tree,
    })
}

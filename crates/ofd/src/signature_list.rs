use std::collections::HashSet;
use std::io::{Read, Seek};

use roxmltree::Node;
use serde::{Deserialize, Serialize};

use crate::anomaly::{Anomaly, Findings, Severity};
use crate::error::OfdError;
use crate::limits::Limits;
use crate::package::{Package, locate};
use crate::path::shorten;
use crate::xml;

/// What a signature record says it is (签名类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureKind {
    /// With an electronic seal (安全签章): the value is an SES signature. The default.
    Seal,
    /// Without one (纯数字签名): the value is a SignedData.
    Sign,
}

impl SignatureKind {
    /// As written in the `Type` attribute.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "Seal",
            Self::Sign => "Sign",
        }
    }
}

/// One record of the signature list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureRecord {
    /// Its ID; empty where none is written.
    pub id: String,
    /// Its type.
    pub kind: SignatureKind,
    /// Whether the type was written, or is the default.
    pub kind_written: bool,
    /// The location of the signature part as written.
    pub base_loc: String,
    /// The location resolved; `None` where it is unusable.
    pub path: Option<String>,
    /// ID of the signature this one builds on.
    pub relative: Option<String>,
}

/// The signature list `Signatures.xml` (签名列表, GB/T 33190-2016 18.1).
#[derive(Debug, Clone)]
pub struct SignatureList {
    /// Its path.
    pub path: String,
    /// Its bytes as stored.
    pub raw: Vec<u8>,
    /// Its records in order.
    pub records: Vec<SignatureRecord>,
    /// `MaxSignId`; the last one where several stand.
    pub max_sign_id: Option<String>,
    /// What is odd about it.
    pub notes: Vec<Anomaly>,
}

impl SignatureList {
    /// Reads a signature list from a package.
    ///
    /// # Errors
    /// [`OfdError::NoSuchPart`], XML and structure errors.
    pub fn load<R: Read + Seek>(package: &mut Package<R>, path: &str) -> Result<Self, OfdError> {
        let raw = package.read(path)?;
        let contains = |path: &str| package.contains(path);
        Self::parse(path, raw, package.limits(), &contains)
    }

    /// Reads a signature list from its bytes; `contains` tells which paths the package has.
    ///
    /// # Errors
    /// XML and structure errors.
    pub fn parse(
        path: &str,
        raw: Vec<u8>,
        limits: &Limits,
        contains: &dyn Fn(&str) -> bool,
    ) -> Result<Self, OfdError> {
        let mut findings = Findings::default();
        let tree = xml::parse(path, &raw, limits)?;
        let root = xml::root(&tree, "Signatures", path, &mut findings)?;
        let mut records = Vec::new();
        let mut max_sign_id = None;
        for node in root.children().filter(Node::is_element) {
            match node.tag_name().name() {
                "Signature" => records.push(record(node, path, contains, &mut findings)),
                "MaxSignId" => max_sign_id = Some(xml::text(node)),
                other => findings.push(
                    Severity::Note,
                    "SIGNATURES_UNKNOWN_ELEMENT",
                    Some(path),
                    xml::position(node),
                    format!("unknown element {:?}", shorten(other)),
                ),
            }
        }
        xml::single(root, "MaxSignId", Severity::Note, "SIGNATURES_MAX_ID_DUPLICATE", path, &mut findings);
        duplicates(&records, path, &mut findings);
        drop(tree);
        Ok(Self { path: path.to_owned(), raw, records, max_sign_id, notes: findings.into_list() })
    }
}

fn record(
    node: Node<'_, '_>,
    path: &str,
    contains: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) -> SignatureRecord {
    let at = xml::position(node);
    let written = node.attribute("Type");
    let kind = match written {
        None | Some("Seal") => SignatureKind::Seal,
        Some("Sign") => SignatureKind::Sign,
        Some(other) => {
            let detail = format!("unknown signature type {:?}; read as Seal", shorten(other));
            findings.push(Severity::Fatal, "SIGNATURES_TYPE_UNKNOWN", Some(path), at, detail);
            SignatureKind::Seal
        }
    };
    let base_loc = xml::attribute(node, "BaseLoc").unwrap_or_default();
    let found = match locate(path, &base_loc, contains) {
        Ok(found) => Some(found.path),
        Err(error) => {
            findings.push(Severity::Fatal, "SIGNATURES_LOCATION", Some(path), at, error.to_string());
            None
        }
    };
    let id = xml::attribute(node, "ID").unwrap_or_default();
    if id.is_empty() {
        findings.push(Severity::Note, "SIGNATURES_NO_ID", Some(path), at, "a record without ID");
    }
    SignatureRecord {
        id,
        kind,
        kind_written: written.is_some(),
        base_loc,
        path: found,
        relative: xml::attribute(node, "Relative"),
    }
}

fn duplicates(records: &[SignatureRecord], path: &str, findings: &mut Findings) {
    let mut ids = HashSet::new();
    let mut paths = HashSet::new();
    for record in records {
        if !record.id.is_empty() && !ids.insert(record.id.as_str()) {
            let detail = format!("two records have the ID {:?}", shorten(&record.id));
            findings.push(Severity::Warning, "SIGNATURES_DUPLICATE_ID", Some(path), 0, detail);
        }
        if let Some(target) = &record.path
            && !paths.insert(target.as_str())
        {
            let detail = format!("two records name {}", shorten(target));
            findings.push(Severity::Warning, "SIGNATURES_DUPLICATE_RECORD", Some(path), 0, detail);
        }
    }
}

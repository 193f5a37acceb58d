use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use roxmltree::Node;

use crate::anomaly::{Anomaly, Findings, Severity};
use crate::error::OfdError;
use crate::geometry::Rect;
use crate::limits::Limits;
use crate::package::{Package, locate};
use crate::path::shorten;
use crate::xml;

/// Padding may be missing: some writers leave it out, and it adds no meaning.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Who made the signature part (创建签名的组件), as it calls itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Provider {
    /// `ProviderName`.
    pub name: String,
    /// `Company`.
    pub company: Option<String>,
    /// `Version`.
    pub version: Option<String>,
}

/// Where the seal's picture stands on a page (签名的外观).
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    /// Its ID; empty where none is written.
    pub id: String,
    /// ID of the page.
    pub page_ref: String,
    /// The picture's box on the page in mm; `None` where it is no box.
    pub boundary: Option<Rect>,
    /// The part of the picture shown, in mm from the box's corner.
    pub clip: Option<Rect>,
}

/// One protected part (受保护的文件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The location as written.
    pub file_ref: String,
    /// The location resolved; `None` where it is unusable.
    pub path: Option<String>,
    /// The digest stated; empty where it is no base64.
    pub check_value: Vec<u8>,
}

/// A signature description part, `Signature.xml` (签名描述文件, GB/T 33190-2016 18.2).
#[derive(Debug, Clone)]
pub struct SignatureXml {
    /// Its path.
    pub path: String,
    /// Its bytes as stored: what the signature value covers.
    pub raw: Vec<u8>,
    /// Who made it.
    pub provider: Option<Provider>,
    /// `SignatureMethod`: an OID, as text.
    pub method: Option<String>,
    /// `SignatureDateTime`, as text: vendors write several forms.
    pub date_time: Option<String>,
    /// `Seal/BaseLoc` resolved.
    pub seal_path: Option<String>,
    /// Stamps in order.
    pub stamps: Vec<Stamp>,
    /// `References/@CheckMethod`, as text: an OID or a name.
    pub check_method: Option<String>,
    /// Protected parts in order.
    pub references: Vec<Reference>,
    /// `SignedValue` resolved.
    pub value_path: Option<String>,
    /// What is odd about it; [`Severity::Fatal`] where two readers may understand two things.
    pub notes: Vec<Anomaly>,
}

impl SignatureXml {
    /// Reads a signature part from a package.
    ///
    /// # Errors
    /// [`OfdError::NoSuchPart`], XML errors, [`OfdError::Structure`] where the root is no `Signature`.
    pub fn load<R: Read + Seek>(package: &mut Package<R>, path: &str) -> Result<Self, OfdError> {
        let raw = package.read(path)?;
        let contains = |path: &str| package.contains(path);
        Self::parse(path, raw, package.limits(), &contains)
    }

    /// Reads a signature part from its bytes; `contains` tells which paths the package has.
    ///
    /// # Errors
    /// XML errors, [`OfdError::Structure`].
    pub fn parse(
        path: &str,
        raw: Vec<u8>,
        limits: &Limits,
        contains: &dyn Fn(&str) -> bool,
    ) -> Result<Self, OfdError> {
        let tree = xml::parse(path, &raw, limits)?;
        let mut findings = Findings::default();
        let root = xml::root(&tree, "Signature", path, &mut findings)?;
        let mut out = Reading { path, contains, findings }.signature(root);
        drop(tree);
        out.raw = raw;
        Ok(out)
    }
}

struct Reading<'a> {
    path: &'a str,
    contains: &'a dyn Fn(&str) -> bool,
    findings: Findings,
}

impl Reading<'_> {
    fn say(&mut self, severity: Severity, code: &'static str, node: Node<'_, '_>, detail: impl Into<String>) {
        self.findings.push(severity, code, Some(self.path), xml::position(node), detail);
    }

    fn only(&mut self, node: Node<'_, '_>, severity: Severity, name: &'static str) {
        xml::single(node, name, severity, "SIGNATURE_DUPLICATE_ELEMENT", self.path, &mut self.findings);
    }

    fn known(&mut self, node: Node<'_, '_>, elements: &[&str], attributes: &[&str]) {
        for child in node.children().filter(Node::is_element) {
            let name = child.tag_name().name();
            if !elements.contains(&name) {
                let detail = format!("unknown element {:?} in {}", shorten(name), node.tag_name().name());
                self.say(Severity::Note, "SIGNATURE_UNKNOWN_ELEMENT", child, detail);
            }
        }
        for attribute in node.attributes() {
            if attribute.namespace().is_none() && !attributes.contains(&attribute.name()) {
                let detail = format!(
                    "unknown attribute {:?} of {}",
                    shorten(attribute.name()),
                    node.tag_name().name()
                );
                self.say(Severity::Note, "SIGNATURE_UNKNOWN_ATTRIBUTE", node, detail);
            }
        }
    }

    fn location(&mut self, node: Node<'_, '_>, loc: &str) -> Option<String> {
        match locate(self.path, loc, self.contains) {
            Ok(found) => {
                if found.ambiguous {
                    let detail = format!(
                        "{:?} leads to one part from this folder and to another from the root",
                        shorten(loc)
                    );
                    self.say(Severity::Warning, "PATH_AMBIGUOUS", node, detail);
                } else if found.bare {
                    let detail = format!("{:?} is counted from the package root", shorten(loc));
                    self.say(Severity::Note, "PATH_BARE", node, detail);
                }
                Some(found.path)
            }
            Err(error) => {
                let code = error.code();
                self.say(Severity::Fatal, code, node, error.to_string());
                None
            }
        }
    }

    fn signature(mut self, root: Node<'_, '_>) -> SignatureXml {
        self.known(root, &["SignedInfo", "SignedValue"], &[]);
        self.only(root, Severity::Fatal, "SignedInfo");
        self.only(root, Severity::Fatal, "SignedValue");
        let value_path = match xml::child(root, "SignedValue") {
            Some(node) => self.location(node, &xml::text(node)),
            None => {
                self.say(Severity::Fatal, "SIGNATURE_NO_VALUE", root, "no SignedValue is named");
                None
            }
        };
        let mut out = SignatureXml {
            path: self.path.to_owned(),
            raw: Vec::new(),
            provider: None,
            method: None,
            date_time: None,
            seal_path: None,
            stamps: Vec::new(),
            check_method: None,
            references: Vec::new(),
            value_path,
            notes: Vec::new(),
        };
        match xml::child(root, "SignedInfo") {
            Some(info) => self.signed_info(info, &mut out),
            None => self.say(Severity::Fatal, "SIGNATURE_NO_INFO", root, "no SignedInfo"),
        }
        out.notes = self.findings.into_list();
        out
    }

    fn signed_info(&mut self, info: Node<'_, '_>, out: &mut SignatureXml) {
        let elements = [
            "Provider",
            "SignatureMethod",
            "SignatureDateTime",
            "Seal",
            "StampAnnot",
            "References",
            "Parameters",
        ];
        self.known(info, &elements, &[]);
        self.only(info, Severity::Warning, "Provider");
        for name in ["SignatureMethod", "SignatureDateTime", "Seal", "References"] {
            self.only(info, Severity::Fatal, name);
        }
        out.provider = xml::child(info, "Provider").map(|node| Provider {
            name: xml::attribute(node, "ProviderName").unwrap_or_default(),
            company: xml::attribute(node, "Company"),
            version: xml::attribute(node, "Version"),
        });
        out.method = xml::child_text(info, "SignatureMethod");
        out.date_time = xml::child_text(info, "SignatureDateTime");
        if let Some(seal) = xml::child(info, "Seal") {
            self.only(seal, Severity::Fatal, "BaseLoc");
            match xml::child_text(seal, "BaseLoc") {
                Some(loc) => out.seal_path = self.location(seal, &loc),
                None => self.say(
                    Severity::Warning,
                    "SIGNATURE_SEAL_LOCATION",
                    seal,
                    "a Seal element without BaseLoc",
                ),
            }
        }
        let mut ids = HashSet::new();
        for node in xml::children(info, "StampAnnot") {
            let stamp = self.stamp(node);
            if !stamp.id.is_empty() && !ids.insert(stamp.id.clone()) {
                let detail = format!("two stamps have the ID {:?}", shorten(&stamp.id));
                self.say(Severity::Warning, "SIGNATURE_STAMP_ID", node, detail);
            }
            out.stamps.push(stamp);
        }
        match xml::child(info, "References") {
            Some(list) => self.references(list, out),
            None => self.say(
                Severity::Fatal,
                "SIGNATURE_NO_REFERENCES",
                info,
                "no References: nothing is protected",
            ),
        }
    }

    fn stamp(&mut self, node: Node<'_, '_>) -> Stamp {
        self.known(node, &[], &["ID", "PageRef", "Boundary", "Clip"]);
        let boundary = node.attribute("Boundary").and_then(Rect::parse);
        let page_ref = xml::attribute(node, "PageRef").unwrap_or_default();
        if boundary.is_none() || page_ref.is_empty() {
            self.say(
                Severity::Warning,
                "SIGNATURE_STAMP_PLACE",
                node,
                "a stamp without a usable PageRef and Boundary",
            );
        }
        Stamp {
            id: xml::attribute(node, "ID").unwrap_or_default(),
            page_ref,
            boundary,
            clip: node.attribute("Clip").and_then(Rect::parse),
        }
    }

    fn references(&mut self, list: Node<'_, '_>, out: &mut SignatureXml) {
        self.known(list, &["Reference"], &["CheckMethod"]);
        out.check_method = xml::attribute(list, "CheckMethod");
        let mut seen: HashMap<String, usize> = HashMap::new();
        for node in xml::children(list, "Reference") {
            self.known(node, &["CheckValue"], &["FileRef"]);
            self.only(node, Severity::Fatal, "CheckValue");
            let file_ref = xml::attribute(node, "FileRef").unwrap_or_default();
            let path = self.location(node, &file_ref);
            let text: String =
                xml::child_text(node, "CheckValue").unwrap_or_default().split_ascii_whitespace().collect();
            let check_value = match BASE64.decode(&text) {
                Ok(value) if !value.is_empty() => value,
                _ => {
                    let detail = format!("the digest of {:?} is no base64", shorten(&file_ref));
                    self.say(Severity::Fatal, "SIGNATURE_CHECK_VALUE", node, detail);
                    Vec::new()
                }
            };
            if let Some(path) = &path {
                match seen.get(path).and_then(|at| out.references.get(*at)) {
                    Some(first) if first.check_value == check_value => {
                        let detail = format!("{path} is listed twice with the same digest");
                        self.say(Severity::Note, "SIGNATURE_REPEATED_REFERENCE", node, detail);
                    }
                    Some(_) => {
                        let detail = format!("{path} is listed twice with different digests");
                        self.say(Severity::Fatal, "SIGNATURE_DUPLICATE_REFERENCE", node, detail);
                    }
                    None => {
                        seen.insert(path.clone(), out.references.len());
                    }
                }
            }
            out.references.push(Reference { file_ref, path, check_value });
        }
        if out.references.is_empty() {
            self.say(
                Severity::Fatal,
                "SIGNATURE_NO_REFERENCES",
                list,
                "References lists no file: nothing is protected",
            );
        }
    }
}

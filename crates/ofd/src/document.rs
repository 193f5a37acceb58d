use std::io::{Read, Seek};

use roxmltree::Node;

use crate::anomaly::{Anomaly, Findings, Severity};
use crate::error::OfdError;
use crate::geometry::Rect;
use crate::limits::Limits;
use crate::package::Package;
use crate::xml;

/// Where every package starts.
pub const ENTRY_POINT: &str = "/OFD.xml";

/// The entry part `OFD.xml` (主入口, GB/T 33190-2016 7.4).
#[derive(Debug, Clone)]
pub struct Document {
    /// Its bytes as stored.
    pub raw: Vec<u8>,
    /// Its documents, at least one.
    pub bodies: Vec<DocBody>,
    /// What is odd about it.
    pub notes: Vec<Anomaly>,
}

/// One document of a package (文档对象入口).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocBody {
    /// Position among the bodies, from 0.
    pub index: usize,
    /// `DocInfo/DocID`.
    pub doc_id: Option<String>,
    /// `DocInfo/Title`.
    pub title: Option<String>,
    /// Path of the document root part.
    pub doc_root: String,
    /// Path of the signature list, where one is named; it need not exist.
    pub signatures: Option<String>,
    /// Versions named: path and whether marked as current.
    pub versions: Vec<(String, bool)>,
    /// Byte range of the `DocBody` element in `OFD.xml`.
    pub(crate) range: std::ops::Range<usize>,
}

impl Document {
    /// Reads `OFD.xml` of a package.
    ///
    /// # Errors
    /// [`OfdError::NoSuchPart`] without `OFD.xml`; XML and structure errors.
    pub fn load<R: Read + Seek>(package: &mut Package<R>) -> Result<Self, OfdError> {
        let raw = package.read(ENTRY_POINT)?;
        let contains = |path: &str| package.contains(path);
        Self::parse(raw, package.limits(), &contains)
    }

    /// Reads `OFD.xml` from its bytes; `contains` tells which paths the package has.
    ///
    /// # Errors
    /// XML and structure errors.
    pub fn parse(raw: Vec<u8>, limits: &Limits, contains: &dyn Fn(&str) -> bool) -> Result<Self, OfdError> {
        let mut findings = Findings::default();
        let tree = xml::parse(ENTRY_POINT, &raw, limits)?;
        let root = xml::root(&tree, "OFD", ENTRY_POINT, &mut findings)?;
        let mut bodies = Vec::new();
        for node in xml::children(root, "DocBody") {
            bodies.push(body(node, bodies.len(), contains, &mut findings)?);
        }
        if bodies.is_empty() {
            return Err(OfdError::Structure {
                path: ENTRY_POINT.into(),
                detail: "it names no document (DocBody)".into(),
            });
        }
        drop(tree);
        Ok(Self { raw, bodies, notes: findings.into_list() })
    }
}

fn body(
    node: Node<'_, '_>,
    index: usize,
    contains: &dyn Fn(&str) -> bool,
    findings: &mut Findings,
) -> Result<DocBody, OfdError> {
    for name in ["DocRoot", "Signatures", "Versions"] {
        xml::single(node, name, Severity::Fatal, "OFD_DUPLICATE_ELEMENT", ENTRY_POINT, findings);
    }
    let info = xml::child(node, "DocInfo");
    let locate = |loc: &str| crate::package::locate(ENTRY_POINT, loc, contains).map(|found| found.path);
    let doc_root = xml::child_text(node, "DocRoot").ok_or_else(|| OfdError::Structure {
        path: ENTRY_POINT.into(),
        detail: format!("document {index} has no DocRoot"),
    })?;
    let signatures = match xml::child_text(node, "Signatures") {
        Some(loc) => Some(locate(&loc)?),
        None => None,
    };
    let mut versions = Vec::new();
    for version in xml::children(node, "Versions").flat_map(|list| xml::children(list, "Version")) {
        if let Some(loc) = version.attribute("BaseLoc") {
            let current = matches!(version.attribute("Current"), Some("true" | "1"));
            versions.push((locate(loc)?, current));
        }
    }
    Ok(DocBody {
        index,
        doc_id: info.and_then(|info| xml::child_text(info, "DocID")),
        title: info.and_then(|info| xml::child_text(info, "Title")),
        doc_root: locate(&doc_root)?,
        signatures,
        versions,
        range: node.range(),
    })
}

/// A page (页面) as the document root lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its ID, which signatures refer to by `PageRef`.
    pub id: String,
    /// Position in the document, from 0.
    pub index: usize,
    /// Path of its content part.
    pub path: String,
}

/// A part that another part names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its ID, where it has one.
    pub id: Option<String>,
    /// Its path.
    pub path: String,
}

/// The document root part, usually `Document.xml` (文档根节点, GB/T 33190-2016 7.5).
#[derive(Debug, Clone)]
pub struct DocumentRoot {
    /// Its path.
    pub path: String,
    /// Pages in order.
    pub pages: Vec<Page>,
    /// Template pages (模板页).
    pub templates: Vec<Named>,
    /// Public and document resources.
    pub resources: Vec<Named>,
    /// The annotation list (注释).
    pub annotations: Option<String>,
    /// The attachment list (附件).
    pub attachments: Option<String>,
    /// The custom tag list (自定义标引).
    pub custom_tags: Option<String>,
    /// The extension list (扩展).
    pub extensions: Option<String>,
    /// `CommonData/PageArea/PhysicalBox`: the box of every page that states none.
    pub page_box: Option<Rect>,
    /// What is odd about it.
    pub notes: Vec<Anomaly>,
}

impl DocumentRoot {
    /// Reads the document root part of a body.
    ///
    /// # Errors
    /// [`OfdError::NoSuchPart`], XML and structure errors, [`OfdError::Limit`] for too many pages.
    pub fn load<R: Read + Seek>(package: &mut Package<R>, path: &str) -> Result<Self, OfdError> {
        let raw = package.read(path)?;
        let contains = |path: &str| package.contains(path);
        Self::parse(path, &raw, package.limits(), &contains)
    }

    /// Reads a document root part from its bytes.
    ///
    /// # Errors
    /// As [`DocumentRoot::load`].
    pub fn parse(
        path: &str,
        raw: &[u8],
        limits: &Limits,
        contains: &dyn Fn(&str) -> bool,
    ) -> Result<Self, OfdError> {
        let mut findings = Findings::default();
        let tree = xml::parse(path, raw, limits)?;
        let root = xml::root(&tree, "Document", path, &mut findings)?;
        let locate = |loc: &str| crate::package::locate(path, loc, contains).map(|found| found.path);
        for name in ["CommonData", "Pages", "Annotations", "Attachments"] {
            xml::single(root, name, Severity::Fatal, "DOCUMENT_DUPLICATE_ELEMENT", path, &mut findings);
        }
        let common = xml::child(root, "CommonData");
        let page_box = common
            .and_then(|node| xml::child(node, "PageArea"))
            .and_then(|area| xml::child_text(area, "PhysicalBox"))
            .and_then(|text| Rect::parse(&text));
        let mut pages = Vec::new();
        for node in xml::children(root, "Pages").flat_map(|list| xml::children(list, "Page")) {
            if pages.len() >= limits.max_pages {
                return Err(OfdError::Limit {
                    what: "the number of pages",
                    found: pages.len() as u64,
                    limit: limits.max_pages as u64,
                });
            }
            let loc = required(node, "BaseLoc", path)?;
            pages.push(Page { id: required(node, "ID", path)?, index: pages.len(), path: locate(&loc)? });
        }
        let mut templates = Vec::new();
        let mut resources = Vec::new();
        for node in common.into_iter().flat_map(|node| node.children()).filter(Node::is_element) {
            match node.tag_name().name() {
                "TemplatePage" => templates.push(Named {
                    id: xml::attribute(node, "ID"),
                    path: locate(&required(node, "BaseLoc", path)?)?,
                }),
                "PublicRes" | "DocumentRes" => {
                    let loc = xml::text(node);
                    if !loc.is_empty() {
                        resources.push(Named { id: None, path: locate(&loc)? });
                    }
                }
                _ => {}
            }
        }
        let list = |name| xml::child_text(root, name).map(|loc| locate(&loc)).transpose();
        Ok(Self {
            path: path.to_owned(),
            pages,
            templates,
            resources,
            annotations: list("Annotations")?,
            attachments: list("Attachments")?,
            custom_tags: list("CustomTags")?,
            extensions: list("Extensions")?,
            page_box,
            notes: findings.into_list(),
        })
    }

    /// The physical box of a page: its own, or the document's.
    ///
    /// # Errors
    /// What reading the page may meet; [`OfdError::Structure`] where neither states a box.
    pub fn physical_box<R: Read + Seek>(
        &self,
        package: &mut Package<R>,
        page: &Page,
    ) -> Result<Rect, OfdError> {
        let content = package.read(&page.path)?;
        let skim = crate::skim::page(&page.path, &content, package.limits())?;
        skim.physical_box.or(self.page_box).filter(|rect| rect.width > 0.0 && rect.height > 0.0).ok_or_else(
            || OfdError::Structure {
                path: page.path.clone(),
                detail: "neither the page nor the document states a usable PhysicalBox".into(),
            },
        )
    }
}

fn required(node: Node<'_, '_>, name: &'static str, path: &str) -> Result<String, OfdError> {
    xml::attribute(node, name).ok_or_else(|| OfdError::Structure {
        path: path.to_owned(),
        detail: format!("{} at byte {} has no {name}", node.tag_name().name(), xml::position(node)),
    })
}

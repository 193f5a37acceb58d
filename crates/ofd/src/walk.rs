//! Following what the documents of a package name.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use roxmltree::Node;

use crate::anomaly::{Findings, Severity};
use crate::document::{DocBody, Document, DocumentRoot, ENTRY_POINT};
use crate::error::OfdError;
use crate::package::Package;
use crate::path::{folder, resolve, shorten};
use crate::reachability::{MissingPart, Part, PartKind, Reachability};
use crate::signature_list::SignatureList;
use crate::signature_xml::SignatureXml;
use crate::{skim, xml};

/// Follows everything the documents name. Never fails: what cannot be read stands in [`Reachability::notes`].
pub fn references<R: Read + Seek>(package: &mut Package<R>, document: &Document) -> Reachability {
    let mut walk =
        Walk { package, out: Reachability::default(), findings: Findings::default(), absent: HashSet::new() };
    walk.out.parts.insert(
        ENTRY_POINT.to_owned(),
        Part { kind: PartKind::EntryPoint, shown: true, from: ENTRY_POINT.to_owned() },
    );
    for body in &document.bodies {
        walk.body(body);
    }
    walk.out.notes = walk.findings.into_list();
    walk.out
}

struct Walk<'a, R> {
    package: &'a mut Package<R>,
    out: Reachability,
    findings: Findings,
    absent: HashSet<String>,
}

impl<R: Read + Seek> Walk<'_, R> {
    /// Enters a part; true where it exists and was not seen (or only as not shown) before.
    fn enter(&mut self, path: &str, kind: PartKind, shown: bool, from: &str) -> bool {
        if !self.package.contains(path) {
            if self.absent.len() < self.package.limits().max_parts && self.absent.insert(path.to_owned()) {
                self.out.missing.push(MissingPart {
                    path: path.to_owned(),
                    kind,
                    shown,
                    from: from.to_owned(),
                });
            }
            return false;
        }
        if let Some(known) = self.out.parts.get_mut(path) {
            let better = shown && !known.shown;
            known.shown |= shown;
            return better;
        }
        if self.out.parts.len() >= self.package.limits().max_parts {
            if !self.out.truncated {
                self.note(
                    "REACH_LIMIT",
                    from,
                    "more parts are named than the limit allows; the rest is not followed",
                );
            }
            self.out.truncated = true;
            return false;
        }
        self.out.parts.insert(path.to_owned(), Part { kind, shown, from: from.to_owned() });
        true
    }

    fn note(&mut self, code: &'static str, path: &str, detail: impl Into<String>) {
        self.findings.push(Severity::Warning, code, Some(path), 0, detail);
    }

    fn unreadable(&mut self, path: &str, error: &OfdError) {
        self.note("PART_UNREADABLE", path, format!("not followed: {error}"));
    }

    /// Resolves a location, bare ones included; an unusable one is noted.
    fn locate(&mut self, base: &str, loc: &str) -> Option<String> {
        match self.package.locate(base, loc) {
            Ok(found) => Some(found.path),
            Err(error) => {
                self.note(error.code(), base, error.to_string());
                None
            }
        }
    }

    fn body(&mut self, body: &DocBody) {
        self.document(&body.doc_root, true, ENTRY_POINT);
        for (path, current) in &body.versions {
            self.version(path, *current);
        }
        if let Some(path) = &body.signatures {
            self.signatures(path);
        }
    }

    fn document(&mut self, path: &str, shown: bool, from: &str) {
        if !self.enter(path, PartKind::DocumentRoot, shown, from) {
            return;
        }
        let root = match DocumentRoot::load(self.package, path) {
            Ok(root) => root,
            Err(error) => return self.unreadable(path, &error),
        };
        let templates: HashMap<&str, &str> = root
            .templates
            .iter()
            .filter_map(|template| Some((template.id.as_deref()?, template.path.as_str())))
            .collect();
        for list in &root.resources {
            self.resource(&list.path, shown, path);
        }
        for page in &root.pages {
            self.page(&page.path, PartKind::Page, shown, path, &templates);
        }
        for template in &root.templates {
            // A template that no page uses can still be put to use by a changed page: named, and treated as shown.
            self.page(&template.path, PartKind::Template, shown, path, &templates);
        }
        if let Some(list) = &root.annotations {
            self.list(list, PartKind::Annotation, shown, path, &["FileLoc"], PartKind::Annotation, shown);
        }
        if let Some(list) = &root.attachments {
            self.list(list, PartKind::AttachmentList, false, path, &["FileLoc"], PartKind::Attachment, false);
        }
        if let Some(list) = &root.custom_tags {
            self.list(
                list,
                PartKind::CustomTag,
                false,
                path,
                &["FileLoc", "SchemaLoc"],
                PartKind::CustomTag,
                false,
            );
        }
        if let Some(list) = &root.extensions {
            self.list(list, PartKind::Extension, false, path, &["ExtendData"], PartKind::Extension, false);
        }
    }

    fn page(&mut self, path: &str, kind: PartKind, shown: bool, from: &str, templates: &HashMap<&str, &str>) {
        if !self.enter(path, kind, shown, from) {
            return;
        }
        let skim = self.package.read(path).and_then(|raw| skim::page(path, &raw, self.package.limits()));
        let skim = match skim {
            Ok(skim) => skim,
            Err(error) => return self.unreadable(path, &error),
        };
        for loc in &skim.resources {
            if let Some(list) = self.locate(path, loc) {
                self.resource(&list, shown, path);
            }
        }
        for id in &skim.templates {
            if !templates.contains_key(id.as_str()) {
                self.note("TEMPLATE_UNKNOWN", path, format!("template {:?} is not declared", shorten(id)));
            }
        }
    }

    /// A resource list: what it names is counted from its `BaseLoc`, which is counted from its own folder.
    fn resource(&mut self, path: &str, shown: bool, from: &str) {
        if !self.enter(path, PartKind::Resource, shown, from) {
            return;
        }
        let named = self.package.read(path).and_then(|raw| {
            let tree = xml::parse(path, &raw, self.package.limits())?;
            Ok(named_by_resource(tree.root_element()))
        });
        let (base, named) = match named {
            Ok(found) => found,
            Err(error) => return self.unreadable(path, &error),
        };
        for (loc, kind) in named {
            if let Some(target) = self.locate_in(path, &base, &loc) {
                self.enter(&target, kind, shown, path);
            }
        }
    }

    /// Tries the base folder, then the list's own folder, then the root: vendors write all three.
    fn locate_in(&mut self, path: &str, base: &str, loc: &str) -> Option<String> {
        if !loc.starts_with('/') && !base.is_empty() {
            let joined = format!("{}/{loc}", base.trim_end_matches('/'));
            match resolve(path, &joined) {
                Ok(target) if self.package.contains(&target) => return Some(target),
                Ok(target) => {
                    return match self.package.locate(path, loc) {
                        Ok(other) if other.exists => Some(other.path),
                        _ => Some(target),
                    };
                }
                Err(error) => {
                    self.note(error.code(), path, error.to_string());
                    return None;
                }
            }
        }
        self.locate(path, loc)
    }

    /// A list part whose elements of the given names hold locations.
    #[expect(clippy::too_many_arguments, reason = "two parts are described: the list and what it lists")]
    fn list(
        &mut self,
        path: &str,
        kind: PartKind,
        shown: bool,
        from: &str,
        elements: &[&str],
        item: PartKind,
        item_shown: bool,
    ) {
        if !self.enter(path, kind, shown, from) {
            return;
        }
        let locations = self.package.read(path).and_then(|raw| {
            let tree = xml::parse(path, &raw, self.package.limits())?;
            let wanted =
                |node: &Node<'_, '_>| node.is_element() && elements.contains(&node.tag_name().name());
            Ok(tree.descendants().filter(wanted).map(xml::text).collect::<Vec<_>>())
        });
        match locations {
            Ok(locations) => {
                for loc in locations.iter().filter(|loc| !loc.is_empty()) {
                    if let Some(target) = self.locate(path, loc) {
                        self.enter(&target, item, item_shown, path);
                    }
                }
            }
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn version(&mut self, path: &str, current: bool) {
        if !self.enter(path, PartKind::Version, current, ENTRY_POINT) {
            return;
        }
        let named = self.package.read(path).and_then(|raw| {
            let tree = xml::parse(path, &raw, self.package.limits())?;
            let root = tree.root_element();
            let files: Vec<String> = xml::children(root, "FileList")
                .flat_map(|list| xml::children(list, "File"))
                .map(xml::text)
                .collect();
            Ok((xml::child_text(root, "DocRoot"), files))
        });
        match named {
            Ok((doc_root, files)) => {
                if let Some(target) = doc_root.and_then(|loc| self.locate(path, &loc)) {
                    self.document(&target, current, path);
                }
                for loc in files.iter().filter(|loc| !loc.is_empty()) {
                    if let Some(target) = self.locate(path, loc) {
                        self.enter(&target, PartKind::Version, false, path);
                    }
                }
            }
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn signatures(&mut self, path: &str) {
        if !self.enter(path, PartKind::SignatureList, false, ENTRY_POINT) {
            return;
        }
        let list = match SignatureList::load(self.package, path) {
            Ok(list) => list,
            Err(error) => return self.unreadable(path, &error),
        };
        for target in list.records.iter().filter_map(|record| record.path.as_deref()) {
            if !self.enter(target, PartKind::Signature, false, path) {
                continue;
            }
            match SignatureXml::load(self.package, target) {
                Ok(signature) => {
                    if let Some(value) = &signature.value_path {
                        self.enter(value, PartKind::SignatureValue, false, target);
                    }
                    if let Some(seal) = &signature.seal_path {
                        self.enter(seal, PartKind::Seal, false, target);
                    } else {
                        // Some vendors leave the seal file beside the signature without naming it.
                        let beside = format!("{}/Seal.esl", folder(target));
                        if self.package.contains(&beside) {
                            self.enter(&beside, PartKind::Seal, false, target);
                        }
                    }
                }
                Err(error) => self.unreadable(target, &error),
            }
        }
    }
}

/// `BaseLoc` of a resource list, and the locations of the files it names with what they are.
fn named_by_resource(root: Node<'_, '_>) -> (String, Vec<(String, PartKind)>) {
    let mut named = Vec::new();
    for node in root.descendants().filter(Node::is_element) {
        let found = match node.tag_name().name() {
            "MediaFile" => Some((xml::text(node), PartKind::Media)),
            "FontFile" => Some((xml::text(node), PartKind::Font)),
            "ColorSpace" => xml::attribute(node, "Profile").map(|loc| (loc, PartKind::ColorProfile)),
            _ => None,
        };
        if let Some((loc, kind)) = found
            && !loc.trim().is_empty()
        {
            named.push((loc.trim().to_owned(), kind));
        }
    }
    (xml::attribute(root, "BaseLoc").unwrap_or_default().trim().to_owned(), named)
}

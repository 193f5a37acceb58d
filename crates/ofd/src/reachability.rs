use std::collections::BTreeMap;
use std::io::{Read, Seek};

use serde::Serialize;

use crate::anomaly::Anomaly;
use crate::package::Package;

/// What a part is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// `OFD.xml`.
    EntryPoint,
    /// A document root.
    DocumentRoot,
    /// A version description.
    Version,
    /// A page's content.
    Page,
    /// A template page's content.
    Template,
    /// A resource list.
    Resource,
    /// An image, sound or video.
    Media,
    /// A font.
    Font,
    /// A color profile.
    ColorProfile,
    /// The annotation list or one page's annotations.
    Annotation,
    /// The attachment list.
    AttachmentList,
    /// An attached file.
    Attachment,
    /// Custom tags.
    CustomTag,
    /// Extensions.
    Extension,
    /// `Signatures.xml`.
    SignatureList,
    /// `Signature.xml`.
    Signature,
    /// The value of a signature.
    SignatureValue,
    /// A seal file.
    Seal,
}

/// A part that something names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is for.
    pub kind: PartKind,
    /// Whether what a viewer displays of the document depends on it.
    pub shown: bool,
    /// The part that names it first.
    pub from: String,
}

/// A part that is named but absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingPart {
    /// Its path.
    pub path: String,
    /// What it would be for.
    pub kind: PartKind,
    /// Whether what a viewer displays would depend on it.
    pub shown: bool,
    /// The part that names it.
    pub from: String,
}

/// What the documents of a package name, directly or through other parts.
#[derive(Debug, Clone, Default)]
pub struct Reachability {
    /// Parts named and present, by path.
    pub parts: BTreeMap<String, Part>,
    /// Parts named and absent.
    pub missing: Vec<MissingPart>,
    /// Parts that could not be followed, and limits reached.
    pub notes: Vec<Anomaly>,
    /// Whether the walk stopped at a limit: then absence from `parts` proves nothing.
    pub truncated: bool,
}

impl Reachability {
    /// Parts of the package that nothing names, in the order of the directory.
    pub fn orphans<R: Read + Seek>(&self, package: &Package<R>) -> Vec<String> {
        package
            .parts()
            .filter(|entry| !self.parts.contains_key(&entry.path))
            .map(|entry| entry.path.clone())
            .collect()
    }

    /// Whether what is displayed depends on this part.
    pub fn shown(&self, path: &str) -> bool {
        self.parts.get(path).is_some_and(|part| part.shown)
    }
}

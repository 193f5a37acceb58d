//! What came after a signature: every object that differs between what was signed and the document as it stands.
//!
//! Harmless is only what is known to be: further signatures with their fields and pictures, data to validate them by, the
//! date of the last change and the description (XMP), which stands on no page. Fields that were filled in and annotations are
//! held against what the signatures permit. Everything else is named and not vouched for.

mod compare;
mod parts;
mod roles;
mod standing;

pub use parts::Of;
use serde::Serialize;

use crate::error::PdfError;
use crate::limits::Limits;
use crate::rules::{Rules, Ruling};
use crate::source::Bytes;
use crate::state::State;

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there.
    Added,
    /// It stands elsewhere now, with other content perhaps.
    Changed,
    /// It is gone.
    Removed,
}

/// What an object is in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A signature.
    Signature,
    /// A document timestamp.
    DocumentTimestamp,
    /// Field or widget of a new signature.
    SignatureField,
    /// The picture of a signature, a field or an annotation, or what it is made of.
    Appearance,
    /// A field that was filled in.
    Field,
    /// An annotation on a page.
    Annotation,
    /// The form or its list of fields.
    Form,
    /// A page.
    Page,
    /// What holds the pages together and puts them in order.
    PageTree,
    /// A page's list of annotations.
    AnnotationList,
    /// The catalog.
    Catalog,
    /// Certificates, revocation lists and answers (DSS).
    ValidationData,
    /// Cross-reference or object stream.
    Structure,
    /// Information on the document.
    Info,
    /// Description of the document (XMP).
    Metadata,
    /// Nothing refers to it.
    Unused,
    /// Bytes outside any object.
    Bytes,
    /// The trailer.
    Trailer,
    /// Anything else.
    Other,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Object number; 0 for what is no object.
    pub number: u32,
    /// What happened.
    pub kind: ChangeKind,
    /// What it is.
    pub role: Role,
    /// Whether it changes nothing that is shown or said.
    pub harmless: bool,
    /// What the signatures say about such a change, where they say anything and it is not harmless.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ruling: Option<Ruling>,
    /// Why not, or what it is about.
    pub detail: String,
    /// What it belongs to, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Of>,
    /// Pages that show it, from 1; not looked for where it is harmless.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<usize>,
    /// Where it stands now, in bytes, or the stream that it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
}

/// All changes after a signature.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Changes, up to a bound; those that matter first.
    pub list: Vec<Change>,
    /// How many there are.
    pub total: usize,
    /// How many are neither harmless nor permitted.
    pub harmful: usize,
    /// How many are not harmless, but permitted.
    pub permitted: usize,
}

impl Change {
    /// Whether it is not harmless, but permitted.
    pub fn permitted(&self) -> bool {
        !self.harmless && self.ruling == Some(Ruling::Permitted)
    }
}

/// Changes kept with their details.
const KEPT: usize = 200;

impl Changes {
    fn push(&mut self, change: Change) {
        self.total = self.total.saturating_add(1);
        if change.permitted() {
            self.permitted = self.permitted.saturating_add(1);
        } else if !change.harmless {
            self.harmful = self.harmful.saturating_add(1);
            if self.list.len() >= KEPT
                && let Some(at) = self.list.iter().position(|c| c.harmless || c.permitted())
            {
                self.list.remove(at);
            }
        }
        if self.list.len() < KEPT {
            self.list.push(change);
        }
    }

    fn finish(mut self) -> Self {
        self.list.sort_by_key(|c| (c.harmless, c.permitted()));
        self
    }

    /// Whether the description of the document was written anew: not on any page, yet some readers show it.
    pub fn description(&self) -> bool {
        self.list.iter().any(|c| c.role == Role::Metadata)
    }

    /// The first change that the certification forbids, or that touches a locked field.
    pub fn broken(&self, ruling: Ruling) -> Option<&Change> {
        self.list.iter().find(|c| !c.harmless && c.ruling == Some(ruling))
    }

    /// Whether only timestamps and validation data came: all that a certification without changes leaves open.
    pub fn only_validation(&self) -> bool {
        let allowed = [
            Role::DocumentTimestamp,
            Role::SignatureField,
            Role::Form,
            Role::Page,
            Role::AnnotationList,
            Role::Catalog,
            Role::ValidationData,
            Role::Structure,
            Role::Info,
            Role::Metadata,
            Role::Unused,
        ];
        self.harmful == 0 && self.permitted == 0 && self.list.iter().all(|c| allowed.contains(&c.role))
    }
}

/// Compares what was signed with what stands now.
pub(crate) fn changes(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    strays: &[(u64, u64)],
    rules: &Rules,
    limits: &Limits,
) -> Result<Changes, PdfError> {
    compare::compare(bytes, signed, now, strays, rules, limits).map(Changes::finish)
}

//! The annotated tree.

use serde::Serialize;

use super::Kind;
use crate::der::{Deviation, ParseError};

/// What [`inspect`](super::inspect()) found: one part for bare DER, one for each block of a PEM file.
#[derive(Debug, Clone, Serialize)]
pub struct Tree {
    /// The parts in order.
    pub parts: Vec<Part>,
}

/// One encoded structure.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// What a PEM armor says it is; `None` for bare DER.
    pub label: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Bytes of DER. Offsets count in the DER, not in PEM text.
    pub length: usize,
    /// Values at the outermost level.
    pub nodes: Vec<TreeNode>,
    /// Deviations that stand at no value of their own, such as bytes after the end.
    pub deviations: Vec<NamedDeviation>,
    /// Why the structure is not what its kind demands, where that is so.
    pub problem: Option<Problem>,
}

/// One value.
#[derive(Debug, Clone, Serialize)]
pub struct TreeNode {
    /// Position of the identifier byte.
    pub offset: usize,
    /// Bytes of identifier and length.
    pub header_length: usize,
    /// Bytes of content, an end marker of an indefinite length included.
    pub length: usize,
    /// Type, such as `INTEGER` or `[0]`.
    pub tag: String,
    /// Name in the standard, where the structure is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// Content in readable form; `None` where members tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What was odd here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deviations: Vec<NamedDeviation>,
    /// Members, or the values encoded inside a string.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TreeNode>,
}

impl TreeNode {
    /// Position after the last byte.
    pub fn end(&self) -> usize {
        self.offset.saturating_add(self.header_length).saturating_add(self.length)
    }
}

/// Name of a member in its standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FieldName {
    /// Chinese.
    pub zh: &'static str,
    /// As in the standard's ASN.1.
    pub en: &'static str,
}

/// A deviation for display.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedDeviation {
    /// Stable code.
    pub code: &'static str,
    /// Position.
    pub at: usize,
    /// What was seen.
    pub detail: String,
}

impl From<Deviation> for NamedDeviation {
    fn from(d: Deviation) -> Self {
        Self { code: d.code, at: d.at, detail: d.detail }
    }
}

/// An error of the structure, where its bytes can still be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Stable code.
    pub code: &'static str,
    /// Position.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

impl From<ParseError> for Problem {
    fn from(e: ParseError) -> Self {
        Self { code: e.code(), at: e.at, message: e.to_string() }
    }
}

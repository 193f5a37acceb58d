//! What came of contents that were disposed of.

use crate::ids::DisposalId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What came of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Deleted.
    Deleted,
    /// Given up by this document, and left because another thing of the registry still refers to the same bytes.
    Shared,
}

impl Fate {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Shared => "shared",
        }
    }
}

/// That the contents of a document were disposed of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disposed {
    /// By which list.
    pub disposal: DisposalId,
    /// When.
    pub at: Timestamp,
    /// What came of the document as it was brought; none where its bytes never came.
    pub original: Option<Fate>,
    /// What came of the sealed document; none where it never was sealed.
    pub sealed: Option<Fate>,
}

/// What was disposed of so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Requests of which nothing is left.
    pub requests: u32,
    /// Documents.
    pub documents: u32,
    /// Contents deleted: a sealed document has two.
    pub deleted: u32,
    /// Contents left, because others refer to the same bytes.
    pub shared: u32,
}

impl Count {
    /// Counts one document.
    pub fn add(&mut self, disposed: &Disposed) {
        self.documents = self.documents.saturating_add(1);
        for fate in [disposed.original, disposed.sealed].into_iter().flatten() {
            let counter = match fate {
                Fate::Deleted => &mut self.deleted,
                Fate::Shared => &mut self.shared,
            };
            *counter = counter.saturating_add(1);
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        Self {
            requests: self.requests.saturating_add(more.requests),
            documents: self.documents.saturating_add(more.documents),
            deleted: self.deleted.saturating_add(more.deleted),
            shared: self.shared.saturating_add(more.shared),
        }
    }
}

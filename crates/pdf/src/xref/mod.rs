//! Cross-reference sections and their chain (ISO 32000-1 §7.5.4, §7.5.8).

mod chain;
mod stream;
mod table;

use crate::syntax::Dict;

pub(crate) use chain::{Chain, follow};

/// Where an object stands, as a section says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Not in use.
    Free,
    /// At this position with this generation.
    At { offset: u64, generation: u16 },
    /// In an object stream, at this place of its list.
    In { stream: u32, index: u32 },
}

/// How a section is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SectionKind {
    /// A classic table.
    Table,
    /// A stream.
    Stream,
    /// A classic table with a stream beside it, for readers of both kinds.
    Hybrid,
}

/// One section.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub kind: SectionKind,
    /// Position it begins at.
    pub at: u64,
    /// Position after it.
    pub end: u64,
    pub entries: Vec<(u32, Entry)>,
    pub trailer: Dict,
    /// The stream beside a hybrid table.
    pub beside: Option<(u64, u64)>,
}

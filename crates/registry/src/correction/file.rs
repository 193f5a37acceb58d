//! What a unit brings to show that it has done what was ordered.

use crate::lifecycle::By;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Files of one answer at most.
pub const MOST_FILES: usize = 20;

/// A file, by its digest; the bytes are in the document store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TicketFile {
    /// SM3 of the bytes, hex.
    pub digest: String,
    /// As the unit knows it.
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    pub media_type: String,
    /// When it was brought.
    pub at: Timestamp,
}

/// What the unit says it has done (整改反馈). It stays as it was said; another one stands behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// When.
    pub at: Timestamp,
    /// Who answered.
    pub by: By,
    /// What was done, 2 to 2000 characters.
    pub text: String,
    /// The files that were there then.
    pub files: Vec<TicketFile>,
}

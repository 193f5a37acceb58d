//! Status of seals.

use crate::frame::Moment;
use serde::Deserialize;

/// A signed answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Envelope {
    /// What is stated, JSON.
    pub statement: String,
}

/// A seal as everybody may know it.
#[derive(Debug, Clone, Deserialize)]
pub struct PublicSeal {
    /// Name.
    pub name: String,
    /// Owner.
    pub owner: String,
    /// Owner's credit code.
    pub credit_code: Option<String>,
    /// Start.
    pub valid_from: Moment,
    /// End.
    pub valid_until: Moment,
}

/// A part of the timeline.
#[derive(Debug, Clone, Deserialize)]
pub struct Since {
    /// From when.
    pub from: Moment,
    /// Status.
    pub status: String,
}

/// Who answers.
#[derive(Debug, Clone, Deserialize)]
pub struct Authority {
    /// Name.
    #[serde(default)]
    pub name: String,
}

/// A status answer.
#[derive(Debug, Clone, Deserialize)]
pub struct Statement {
    /// Who answers.
    pub authority: Authority,
    /// Code.
    pub code: String,
    /// Moment asked about.
    pub at: Moment,
    /// Status.
    pub status: String,
    /// Since when.
    pub since: Option<Moment>,
    /// The seal.
    pub seal: Option<PublicSeal>,
    /// Timeline.
    #[serde(default)]
    pub timeline: Vec<Since>,
}

//! Verifications and their reports.

use crate::frame::Moment;
use serde::Deserialize;
use serde_json::Value;

/// A piece of evidence.
#[derive(Debug, Clone, Deserialize)]
pub struct Evidence {
    /// What.
    pub name: String,
    /// As it stands.
    pub value: String,
}

/// A check.
#[derive(Debug, Clone, Deserialize)]
pub struct Check {
    /// Code.
    pub code: String,
    /// Clause of the standard.
    #[serde(default)]
    pub clause: String,
    /// `pass`, `fail`, `warn`, `indeterminate`, `not_run`.
    pub outcome: String,
    /// In words.
    #[serde(default)]
    pub detail: String,
    /// Evidence.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// What was done to the document since.
    #[serde(default)]
    pub changes: Vec<LaterChange>,
    /// What the signer saw.
    pub signed: Option<Signed>,
}

/// The document as a signer saw it: the file's first bytes.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Signed {
    /// How many.
    pub bytes: u64,
}

/// A change after a signature.
#[derive(Debug, Clone, Deserialize)]
pub struct LaterChange {
    /// `harmless`, `permitted`, `forbidden`, `locked`, `open`.
    pub standing: String,
    /// In words.
    pub text: String,
}

/// The seal in a signature.
#[derive(Debug, Clone, Deserialize)]
pub struct SealInside {
    /// Code.
    pub id: String,
    /// Name.
    pub name: String,
    /// Start.
    pub valid_from: String,
    /// End.
    pub valid_to: String,
}

/// Where it stands.
#[derive(Debug, Clone, Deserialize)]
pub struct Stamp {
    /// Page, from 1.
    pub page: usize,
    /// Box in mm.
    pub boundary: String,
    /// Part of the box that is shown.
    pub clip: Option<String>,
}

/// A signature.
#[derive(Debug, Clone, Deserialize)]
pub struct Signature {
    /// As the document names it.
    pub id: String,
    /// Verdict.
    pub verdict: String,
    /// Seal.
    pub seal: Option<SealInside>,
    /// Signer.
    pub signer: Option<String>,
    /// When, as far as known.
    pub signing_time: Option<String>,
    /// What vouches for the time.
    #[serde(default)]
    pub time_source: String,
    /// Places.
    #[serde(default)]
    pub stamps: Vec<Stamp>,
    /// Checks.
    #[serde(default)]
    pub checks: Vec<Check>,
}

/// A report.
#[derive(Debug, Clone, Deserialize)]
pub struct Report {
    /// Checks of the document.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Signatures.
    #[serde(default)]
    pub signatures: Vec<Signature>,
}

/// A seal, as the registry knows it.
#[derive(Debug, Clone, Deserialize)]
pub struct SealSeen {
    /// Signature it stands in.
    pub signature: String,
    /// `yes`, `different`, `no`.
    pub registered: String,
    /// Owner.
    pub owner: Option<String>,
    /// Status then.
    pub status_then: Option<String>,
    /// Status now.
    pub status_now: Option<String>,
}

/// A document that was sealed here.
#[derive(Debug, Clone, Deserialize)]
pub struct Known {
    /// `sealed` or `original`.
    pub document: String,
    /// When.
    pub sealed_at: Moment,
    /// Name of the seal.
    pub name: String,
}

/// What came of a verification.
#[derive(Debug, Clone, Deserialize)]
pub struct Verification {
    /// Number of the record.
    pub id: String,
    /// When.
    pub at: Moment,
    /// Verdict.
    pub verdict: String,
    /// SM3 of the document.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Seals.
    #[serde(default)]
    pub seals: Vec<SealSeen>,
    /// Report.
    pub report: Value,
    /// Documents sealed here.
    #[serde(default)]
    pub sealed_here: Vec<Known>,
}

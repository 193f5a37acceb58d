//! Records of verifications (核验记录): who had which document verified, and what came of it. Nothing of the document is kept but its
//! digest and size and, where whoever asked wants it so, the report on it.

use crate::area::AreaPath;
use crate::ids::{UnitId, VerificationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What came of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerificationVerdict {
    /// Every check passed (有效).
    Valid,
    /// At least one check failed (无效).
    Invalid,
    /// Nothing failed, but something could not be decided (无法判定).
    Indeterminate,
    /// There is no signature (未签章).
    Unsigned,
}

impl VerificationVerdict {
    /// All.
    pub const ALL: [Self; 4] = [Self::Valid, Self::Invalid, Self::Indeterminate, Self::Unsigned];

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Indeterminate => "indeterminate",
            Self::Unsigned => "unsigned",
        }
    }
}

/// What kind of caller asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerKind {
    /// Nobody the registry knows (公众).
    Anonymous,
    /// A person with an account.
    Account,
    /// A program.
    Client,
}

impl CallerKind {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Account => "account",
            Self::Client => "client",
        }
    }
}

/// Who asked. Of somebody the registry does not know nothing is kept, his address neither.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verifier {
    /// Account or client.
    pub id: String,
    /// Name at that time.
    pub name: String,
    /// Unit he acts for.
    pub unit: Option<UnitId>,
    /// Unit above it.
    pub parent_unit: Option<UnitId>,
    /// Place.
    pub area_path: AreaPath,
}

/// Whether a seal in a document is one of this registry's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registered {
    /// It is, to the last byte.
    Yes,
    /// There is a seal with its code, but it is another one.
    Different,
    /// Nobody here knows its code.
    No,
}

impl Registered {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Different => "different",
            Self::No => "no",
        }
    }
}

/// A seal that was found in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealSeen {
    /// The signature it stands in, as the document names it.
    pub signature: String,
    /// Its code as it says itself (esID).
    pub code: String,
    /// Whether it is one of this registry's.
    pub registered: Registered,
    /// Its name, where it is.
    pub name: Option<String>,
    /// Its owner, where it is.
    pub owner: Option<String>,
    /// When the document was signed with it, as far as known.
    pub signed_at: Option<Timestamp>,
    /// Its status then, as this registry knows it.
    pub then: Option<String>,
    /// Its status when the document was verified.
    pub now: Option<String>,
}

/// What is kept of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// The whole report.
    Report,
    /// Nothing: only what stands in the record itself.
    Digest,
    /// The report was asked to be kept, but is too large.
    TooLarge,
}

impl Kept {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Digest => "digest",
            Self::TooLarge => "too_large",
        }
    }
}

/// A record. It is written once and never changed; when its time is over it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// Key; the number that is handed on.
    pub id: VerificationId,
    /// When.
    pub at: Timestamp,
    /// What kind of caller asked.
    pub caller: CallerKind,
    /// Who asked; `None` for somebody the registry does not know.
    pub by: Option<Verifier>,
    /// SM3 of the document, hex.
    pub digest: String,
    /// Its bytes.
    pub size: u64,
    /// What came of it.
    pub verdict: VerificationVerdict,
    /// Codes of the checks that failed, each once.
    pub failed: Vec<String>,
    /// Seals found, in the order of the document.
    pub seals: Vec<SealSeen>,
    /// What is kept of the report.
    pub kept: Kept,
    /// The report, JSON, where it is kept.
    pub report: Option<String>,
}

impl Verification {
    /// Where it stands. What nobody in particular asked for stands at the top: only who sees everything finds it in a list.
    pub fn area_path(&self) -> AreaPath {
        self.by.as_ref().map_or_else(AreaPath::nation, |by| by.area_path.clone())
    }

    /// Codes of the seals found, each once.
    pub fn codes(&self) -> Vec<&str> {
        let mut codes: Vec<&str> = self.seals.iter().map(|seal| seal.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }
}

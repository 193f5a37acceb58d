//! Seals, who keeps them, who may use them and did.

use super::application::Step;
use crate::frame::Moment;
use serde::Deserialize;

/// A line of a list of seals.
#[derive(Debug, Clone, Deserialize)]
pub struct SealRow {
    /// Key.
    pub id: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind, in Chinese.
    pub kind_zh: String,
    /// Kind.
    pub kind: String,
    /// For internal business only.
    pub internal: bool,
    /// State.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
    /// Owner.
    pub unit_name: String,
    /// End of validity.
    pub valid_until: Option<Moment>,
}

/// What was made.
#[derive(Debug, Clone, Deserialize)]
pub struct Made {
    /// Issuer of the certificate.
    pub certificate_issuer: String,
    /// Serial number of the certificate.
    pub certificate_serial: String,
    /// Start.
    pub valid_from: Moment,
    /// End.
    pub valid_until: Moment,
}

/// A ground of suspension.
#[derive(Debug, Clone, Deserialize)]
pub struct Suspension {
    /// In Chinese.
    pub reason_zh: String,
    /// Code.
    pub reason: String,
    /// In words.
    pub detail: String,
    /// From when.
    pub effective_at: Moment,
}

/// A seal.
#[derive(Debug, Clone, Deserialize)]
pub struct Seal {
    /// The line of lists.
    #[serde(flatten)]
    pub row: SealRow,
    /// Version.
    pub version: i64,
    /// Owner's credit code.
    pub credit_code: Option<String>,
    /// What was made.
    pub made: Option<Made>,
    /// Grounds of the suspension in force.
    #[serde(default)]
    pub suspensions: Vec<Suspension>,
    /// History.
    #[serde(default)]
    pub history: Vec<Step>,
}

/// A custodian.
#[derive(Debug, Clone, Deserialize)]
pub struct Keeper {
    /// Account.
    pub account: String,
    /// Name.
    pub name: String,
    /// Since when.
    pub since: Moment,
}

/// A handover.
#[derive(Debug, Clone, Deserialize)]
pub struct Handover {
    /// To whom.
    pub to: String,
    /// By when.
    pub due: Moment,
}

/// A custody.
#[derive(Debug, Clone, Deserialize)]
pub struct Custody {
    /// State.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
    /// Who keeps it.
    pub keeper: Option<Keeper>,
    /// Handover under way.
    pub handover: Option<Handover>,
    /// Version.
    pub version: i64,
}

/// A line of a list of custodies.
#[derive(Debug, Clone, Deserialize)]
pub struct CustodyRow {
    /// Seal.
    pub seal: String,
    /// Who keeps it.
    pub keeper: Option<Keeper>,
    /// Handover under way.
    pub handover: Option<Handover>,
    /// Next periodic check.
    pub check_due: Option<Moment>,
}

/// A right to use a seal.
#[derive(Debug, Clone, Deserialize)]
pub struct UseGrant {
    /// To whom.
    pub to_name: String,
    /// Uses.
    pub used: u32,
    /// State, in Chinese.
    pub state_zh: String,
    /// State.
    pub state: String,
    /// Limits.
    pub limits: Limits,
}

/// Limits of a right.
#[derive(Debug, Clone, Deserialize)]
pub struct Limits {
    /// Until when.
    pub until: Moment,
    /// Documents at most.
    pub most: Option<u32>,
    /// Kinds of document.
    #[serde(default)]
    pub document_kinds: Vec<String>,
}

/// Somebody named in the register.
#[derive(Debug, Clone, Deserialize)]
pub struct Named {
    /// Name.
    pub name: String,
}

/// A line of the use register.
#[derive(Debug, Clone, Deserialize)]
pub struct UseRecord {
    /// When.
    pub at: Moment,
    /// Name of the document.
    #[serde(default)]
    pub document_name: String,
    /// Kind of document.
    #[serde(default)]
    pub document_kind: String,
    /// What came of it.
    pub result: String,
    /// Who asked.
    pub asked_by: Named,
    /// Request.
    pub request: Option<String>,
}

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
    /// Owner's key.
    #[serde(default)]
    pub unit: String,
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
    /// The application it was made for.
    pub application: String,
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
    /// Name.
    pub to_name: String,
    /// When the giver confirmed.
    pub given_at: Option<Moment>,
    /// When the taker confirmed.
    pub taken_at: Option<Moment>,
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
    /// Next periodic check.
    pub check_due: Option<Moment>,
    /// Activation password, where one is set.
    pub activation: Option<Activation>,
    /// Every step.
    #[serde(default)]
    pub history: Vec<Step>,
    /// Version.
    pub version: i64,
}

/// The activation password of a seal.
#[derive(Debug, Clone, Deserialize)]
pub struct Activation {
    /// Whose it is.
    pub keeper: String,
    /// When it ends.
    pub ends_at: Moment,
    /// Whether it must be changed first.
    pub must_change: bool,
    /// Until when it is locked.
    pub locked_until: Option<Moment>,
}

/// Somebody who may be named.
#[derive(Debug, Clone, Deserialize)]
pub struct Nameable {
    /// Name.
    pub name: String,
    /// Account.
    pub account: String,
}

/// Those who may be named.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Nameables {
    /// By name.
    pub items: Vec<Nameable>,
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
    /// Key.
    pub id: String,
    /// Account or client that may.
    pub to: String,
    /// Documents that may still be sealed; absent without a limit.
    pub left: Option<u32>,
    /// Version.
    pub version: i64,
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
    /// Code of the rule that refused, or of what failed.
    pub code: Option<String>,
    /// Who asked.
    pub asked_by: Named,
    /// Who approved.
    #[serde(default)]
    pub approved_by: Vec<Named>,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// Pages on which it stands.
    #[serde(default)]
    pub pages: Vec<u32>,
    /// From where.
    pub address: Option<String>,
    /// What was strange about it.
    #[serde(default)]
    pub signals: Vec<Strange>,
    /// Request.
    pub request: Option<String>,
}

/// Something strange about a use.
#[derive(Debug, Clone, Deserialize)]
pub struct Strange {
    /// Code.
    pub code: String,
    /// In Chinese.
    pub zh: String,
}

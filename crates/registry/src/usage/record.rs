//! The use register (用印登记): every try to use a seal, refused and failed ones too. An entry is written once and never changed.

use super::document::Placement;
use crate::area::AreaPath;
use crate::custody::signal::Signal;
use crate::ids::{SealId, UnitId, UseItemId, UseRecordId, UseRequestId};
use crate::lifecycle::By;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum UseResult {
    /// The document is sealed.
    Sealed {
        /// SM3 of the sealed document, hex.
        digest: String,
    },
    /// A rule said no.
    Refused {
        /// Stable code of the rule.
        code: String,
    },
    /// Something did not work.
    Failed {
        /// Stable code of the fault.
        code: String,
    },
}

impl UseResult {
    /// Stable name.
    pub fn as_str(&self) -> &'static str {
        match self {
            UseResult::Sealed { .. } => "sealed",
            UseResult::Refused { .. } => "refused",
            UseResult::Failed { .. } => "failed",
        }
    }
}

/// An entry (national measures, about article 21; Xi'an measures, article 35).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseRecord {
    /// Key.
    pub id: UseRecordId,
    /// Seal.
    pub seal: SealId,
    /// Unit.
    pub unit: UnitId,
    /// Unit above it.
    pub parent_unit: Option<UnitId>,
    /// Place.
    pub area_path: AreaPath,
    /// Request; none where a try did not even have one.
    pub request: Option<UseRequestId>,
    /// Document of the request.
    pub item: Option<UseItemId>,
    /// Who asked.
    pub asked_by: By,
    /// Who approved.
    pub approved_by: Vec<By>,
    /// Program through which it was asked.
    pub system: Option<String>,
    /// Why.
    pub reason: String,
    /// Kind of document.
    pub document_kind: String,
    /// Its name.
    pub document_name: String,
    /// SM3 of it before, hex.
    pub document_digest: String,
    /// Where the seal went or was to go.
    pub placements: Vec<Placement>,
    /// Pages on which it stands, from 1, once known.
    pub pages: Vec<u32>,
    /// When.
    pub at: Timestamp,
    /// From where, as the server saw it.
    pub address: Option<String>,
    /// How it ended.
    pub result: UseResult,
    /// What was strange about it.
    pub signals: Vec<Signal>,
}

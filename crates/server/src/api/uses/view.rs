//! An entry as an answer shows it.

use crate::api::use_requests::{PlacementBody, places};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::lifecycle::By;
use yinxin_registry::usage::record::{UseRecord, UseResult};

/// A person or program.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UserView {
    /// Account or client.
    pub id: String,
    /// Name at that time.
    pub name: String,
}

impl From<&By> for UserView {
    fn from(by: &By) -> Self {
        Self { id: by.id.clone(), name: by.name.clone() }
    }
}

/// Something strange about a use.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignalView {
    /// `unusual_hour`, `unusual_place`, `high_volume` or `refused_tries`.
    #[schema(example = "unusual_hour")]
    pub code: String,
    /// In Chinese.
    #[schema(example = "非工作时间用印")]
    pub zh: String,
}

/// An entry of the use register.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UseRecordView {
    /// Key.
    #[schema(example = "urec_01k0000000000000000000000a")]
    pub id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Seal.
    pub seal: String,
    /// Unit.
    pub unit: String,
    /// Request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Document of the request; absent for a try that concerned the request as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// `sealed`, `refused` or `failed`.
    #[schema(example = "sealed")]
    pub result: String,
    /// Code of the rule that refused, or of what failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Who asked.
    pub asked_by: UserView,
    /// Who approved.
    pub approved_by: Vec<UserView>,
    /// Program through which it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Why.
    pub reason: String,
    /// Kind of document.
    pub document_kind: String,
    /// Its name.
    pub document_name: String,
    /// SM3 of it before, hex.
    pub document_digest: String,
    /// SM3 of it sealed, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_digest: Option<String>,
    /// Where the seal went or was to go.
    pub placements: Vec<PlacementBody>,
    /// Pages on which it stands, from 1.
    pub pages: Vec<u32>,
    /// From where, as the server saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What was strange about it.
    pub signals: Vec<SignalView>,
}

/// Code and digest of a result.
pub fn result(result: &UseResult) -> (Option<&str>, Option<&str>) {
    match result {
        UseResult::Sealed { digest } => (None, Some(digest)),
        UseResult::Refused { code } | UseResult::Failed { code } => (Some(code), None),
    }
}

impl From<&UseRecord> for UseRecordView {
    fn from(record: &UseRecord) -> Self {
        let (code, digest) = result(&record.result);
        Self {
            id: record.id.to_string(),
            at: record.at,
            seal: record.seal.to_string(),
            unit: record.unit.to_string(),
            request: record.request.as_ref().map(ToString::to_string),
            item: record.item.as_ref().map(ToString::to_string),
            result: record.result.as_str().to_owned(),
            code: code.map(str::to_owned),
            asked_by: (&record.asked_by).into(),
            approved_by: record.approved_by.iter().map(UserView::from).collect(),
            system: record.system.clone(),
            reason: record.reason.clone(),
            document_kind: record.document_kind.clone(),
            document_name: record.document_name.clone(),
            document_digest: record.document_digest.clone(),
            sealed_digest: digest.map(str::to_owned),
            placements: places(&record.placements),
            pages: record.pages.clone(),
            address: record.address.clone(),
            signals: record
                .signals
                .iter()
                .map(|signal| SignalView { code: signal.as_str().to_owned(), zh: signal.zh().to_owned() })
                .collect(),
        }
    }
}

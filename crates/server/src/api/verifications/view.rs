//! Verifications as answers show them.

use crate::verification::{KnownUse, current_status};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use yinxin_registry::verification::{SealSeen, Verification};

/// A seal found in a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SealSeenView {
    /// The signature it stands in, as the document names it.
    #[schema(example = "1")]
    pub signature: String,
    /// Its code as it says itself (esID).
    #[schema(example = "6101000000018")]
    pub code: String,
    /// `yes`: a seal of this registry, to the last byte; `different`: there is a seal with this code, but another one; `no`: unknown here.
    #[schema(example = "yes", pattern = "^(yes|different|no)$")]
    pub registered: &'static str,
    /// Its name, where it is registered here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its owner, where it is registered here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// When the document was signed with it, as far as known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<Timestamp>,
    /// Its status then, as this registry knows it: `not_in_force`, `valid`, `suspended`, `ended`, `expired` or `void`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "valid")]
    pub status_then: Option<String>,
    /// Its status when the document was verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "suspended")]
    pub status_now: Option<String>,
}

impl From<&SealSeen> for SealSeenView {
    fn from(seen: &SealSeen) -> Self {
        Self {
            signature: seen.signature.clone(),
            code: seen.code.clone(),
            registered: seen.registered.as_str(),
            name: seen.name.clone(),
            owner: seen.owner.clone(),
            signed_at: seen.signed_at,
            status_then: seen.then.clone(),
            status_now: seen.now.clone(),
        }
    }
}

/// A document that was sealed through this registry.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KnownUseView {
    /// `sealed`: the digest is that of the sealed document; `original`: of the document before it was sealed.
    #[schema(example = "sealed", pattern = "^(sealed|original)$")]
    pub document: &'static str,
    /// When it was sealed.
    #[schema(value_type = String, format = DateTime)]
    pub sealed_at: Timestamp,
    /// Code of the seal.
    #[schema(example = "6101000000018")]
    pub code: String,
    /// Its name.
    #[schema(example = "示例有限公司合同专用章")]
    pub name: String,
    /// Its owner.
    pub owner: String,
    /// Its status then.
    #[schema(example = "valid")]
    pub status_then: &'static str,
    /// Its status now.
    #[schema(example = "valid")]
    pub status_now: &'static str,
}

impl KnownUseView {
    pub(super) fn of(known: &KnownUse, now: Timestamp) -> Self {
        Self {
            document: if known.sealed { "sealed" } else { "original" },
            sealed_at: known.at,
            code: known.seal.code().to_owned(),
            name: known.seal.name().to_owned(),
            owner: known.seal.unit_name().to_owned(),
            status_then: current_status(&known.seal, known.at).as_str(),
            status_now: current_status(&known.seal, now).as_str(),
        }
    }
}

/// Who had a document verified.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerifierView {
    /// Account or client.
    pub id: String,
    /// Name at that time.
    pub name: String,
    /// Unit he acted for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A record of a verification.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerificationView {
    /// Number of the record.
    #[schema(example = "ver_01k0000000000000000000000a")]
    pub id: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// `valid`, `invalid`, `indeterminate` or `unsigned`.
    #[schema(example = "valid", pattern = "^(valid|invalid|indeterminate|unsigned)$")]
    pub verdict: &'static str,
    /// SM3 of the bytes that were brought, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Their number.
    pub size: u64,
    /// Codes of the checks that failed.
    pub failed: Vec<String>,
    /// Seals found, in the order of the document.
    pub seals: Vec<SealSeenView>,
    /// What is kept besides: `report`; `digest`: nothing; `too_large`: nothing, because the report is too large.
    #[schema(example = "digest", pattern = "^(report|digest|too_large)$")]
    pub kept: &'static str,
    /// `anonymous`, `account` or `client`.
    #[schema(example = "anonymous", pattern = "^(anonymous|account|client)$")]
    pub caller: &'static str,
    /// Who asked: shown to himself and to who supervises.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<VerifierView>,
}

impl VerificationView {
    /// As everybody sees it who holds the document.
    pub(super) fn plain(record: &Verification) -> Self {
        Self {
            id: record.id.to_string(),
            at: record.at,
            verdict: record.verdict.as_str(),
            digest: record.digest.clone(),
            size: record.size,
            failed: record.failed.clone(),
            seals: record.seals.iter().map(SealSeenView::from).collect(),
            kept: record.kept.as_str(),
            caller: record.caller.as_str(),
            by: None,
        }
    }

    /// As who asked sees it, and who supervises.
    pub(super) fn whole(record: &Verification) -> Self {
        let by = record.by.as_ref().map(|by| VerifierView {
            id: by.id.clone(),
            name: by.name.clone(),
            unit: by.unit.as_ref().map(ToString::to_string),
        });
        Self { by, ..Self::plain(record) }
    }
}

/// A record with its report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerificationRecord {
    /// The record.
    #[serde(flatten)]
    pub record: VerificationView,
    /// The report as it was given, where it is kept: shown to who asked and to who supervises.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub report: Option<Value>,
}

/// What came of a verification.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VerificationAnswer {
    /// The record of it.
    #[serde(flatten)]
    pub record: VerificationView,
    /// The report, in the form of `yinxin verify --json`: `docs/generated/report.schema.json`. Its `file` is the digest.
    #[schema(value_type = Object)]
    pub report: Value,
    /// Where the document is known to this registry as sealed here, the newest first.
    pub sealed_here: Vec<KnownUseView>,
}

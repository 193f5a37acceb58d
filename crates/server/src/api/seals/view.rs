//! A seal as an answer shows it.

use crate::api::applications::StepView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::lifecycle::application::Publicity;
use yinxin_registry::lifecycle::seal::{Delivery, End, Filing, ImprintFound, Made, Seal, Suspension};

/// One line of a list of seals.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SealSummary {
    /// Key.
    pub id: String,
    /// Seal code (印章编码).
    pub code: String,
    /// Number among the unit's seals of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Name.
    pub name: String,
    /// Kind.
    #[schema(example = "legal_name")]
    pub kind: String,
    /// In Chinese.
    pub kind_zh: String,
    /// For internal business only (仅内部使用): of no force outside the unit and never published.
    pub internal: bool,
    /// Where it stands.
    #[schema(example = "active")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "有效")]
    pub state_zh: String,
    /// Owner.
    pub unit: String,
    /// Owner's name.
    pub unit_name: String,
    /// Area.
    pub area: String,
    /// Maker.
    pub maker: String,
    /// End of its validity, once made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub valid_until: Option<Timestamp>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl SealSummary {
    /// Of a seal.
    pub fn of(seal: &Seal, version: i64) -> Self {
        Self {
            id: seal.id().to_string(),
            code: seal.code().to_owned(),
            number: seal.number(),
            name: seal.name().to_owned(),
            kind: seal.kind().as_str().to_owned(),
            kind_zh: seal.kind().name_zh().to_owned(),
            internal: is_internal(seal),
            state: seal.state().as_str().to_owned(),
            state_zh: seal.state().zh().to_owned(),
            unit: seal.unit().to_string(),
            unit_name: seal.unit_name().to_owned(),
            area: seal.area().to_string(),
            maker: seal.maker().to_string(),
            valid_until: seal.made().map(|made| made.valid_until),
            version,
        }
    }
}

/// Whether it is for internal business only.
pub fn is_internal(seal: &Seal) -> bool {
    seal.publicity() == Publicity::Internal
}

/// What was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MadeView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// SM3 of the seal's data, hex.
    pub digest: String,
    /// Version of its format: 4 (GB/T 38540-2020) or 5 (GM/T 0031-2025).
    pub format_version: u32,
    /// SM3 of the imprint's picture, hex.
    pub imprint_digest: String,
    /// Issuer of the signer's certificate.
    pub certificate_issuer: String,
    /// Serial number of the signer's certificate, hex.
    pub certificate_serial: String,
    /// End of the certificate.
    #[schema(value_type = String, format = DateTime)]
    pub certificate_until: Timestamp,
    /// Start of the seal.
    #[schema(value_type = String, format = DateTime)]
    pub valid_from: Timestamp,
    /// End of the seal.
    #[schema(value_type = String, format = DateTime)]
    pub valid_until: Timestamp,
    /// How its imprint was found when the seal was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imprint: Option<ImprintFoundView>,
}

impl From<&Made> for MadeView {
    fn from(made: &Made) -> Self {
        Self {
            at: made.at,
            digest: made.digest.clone(),
            format_version: made.format_version,
            imprint_digest: made.imprint_digest.clone(),
            certificate_issuer: made.certificate_issuer.clone(),
            certificate_serial: made.certificate_serial.clone(),
            certificate_until: made.certificate_until,
            valid_from: made.valid_from,
            valid_until: made.valid_until,
            imprint: made.imprint.as_ref().map(ImprintFoundView::from),
        }
    }
}

/// How an imprint was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImprintFoundView {
    /// Codes of the rules it does not keep (`IMPRINT_CHECK_…`), `IMPRINT_COMPARE` where it is not the imprint on record, `IMPRINT_DRAWING` where it
    /// is not what the rules would draw.
    #[schema(example = json!(["IMPRINT_CHECK_BACKGROUND"]))]
    pub remarks: Vec<String>,
    /// With what it was compared: `filed`, the imprint on record, or `drawing`, the drawing by the rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "filed")]
    pub compared_with: Option<String>,
    /// Share of the ink of both that agrees, in ten-thousandths.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(maximum = 10000, example = 9987)]
    pub score: Option<u16>,
    /// Whether the two count as the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same: Option<bool>,
}

impl From<&ImprintFound> for ImprintFoundView {
    fn from(found: &ImprintFound) -> Self {
        let compared = found.compared.as_ref();
        Self {
            remarks: found.remarks.clone(),
            compared_with: compared.map(|c| if c.filed { "filed" } else { "drawing" }.to_owned()),
            score: compared.map(|c| c.score),
            same: compared.map(|c| c.same),
        }
    }
}

/// Filing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FilingView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Until when it had to be filed.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
    /// Whether it was late.
    pub late: bool,
    /// Number of the receipt.
    pub receipt: String,
}

impl From<&Filing> for FilingView {
    fn from(filing: &Filing) -> Self {
        Self {
            at: filing.at,
            due: filing.due,
            late: filing.at >= filing.due,
            receipt: filing.proof.number.clone(),
        }
    }
}

/// Hand-over.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// To whom.
    pub to: String,
    /// When it was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accepted_at: Option<Timestamp>,
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        Self { at: delivery.at, to: delivery.to.clone(), accepted_at: delivery.accepted_at }
    }
}

/// One ground of the suspension in force.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SuspensionView {
    /// Code of the reason.
    #[schema(example = "loss")]
    pub reason: String,
    /// In Chinese.
    #[schema(example = "丢失")]
    pub reason_zh: String,
    /// In words.
    pub detail: String,
    /// From when it counts.
    #[schema(value_type = String, format = DateTime)]
    pub effective_at: Timestamp,
    /// Until when, where it has a term.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Letter of authorization or decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Ticket that ordered it: it ends by itself with its term or the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

impl From<&Suspension> for SuspensionView {
    fn from(suspension: &Suspension) -> Self {
        Self {
            reason: suspension.reason.as_str().to_owned(),
            reason_zh: suspension.reason.zh().to_owned(),
            detail: suspension.detail.clone(),
            effective_at: suspension.effective_at,
            until: suspension.until,
            document: suspension.document.clone(),
            ticket: suspension.ticket.as_ref().map(ToString::to_string),
        }
    }
}

/// How it ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EndView {
    /// Code of the reason.
    pub reason: String,
    /// In words.
    pub detail: String,
    /// From when it counts.
    #[schema(value_type = String, format = DateTime)]
    pub effective_at: Timestamp,
    /// Number of the certificate of cancellation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
}

impl From<&End> for EndView {
    fn from(end: &End) -> Self {
        Self {
            reason: end.reason.clone(),
            detail: end.detail.clone(),
            effective_at: end.effective_at,
            certificate: end.proof.as_ref().map(|proof| proof.number.clone()),
        }
    }
}

/// A seal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SealView {
    /// The line of lists.
    #[serde(flatten)]
    pub summary: SealSummary,
    /// Owner's credit code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// Application it was made for.
    pub application: String,
    /// Number of the approval certificate.
    pub approval: String,
    /// What was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<MadeView>,
    /// To be filed by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub filing_due: Option<Timestamp>,
    /// Filing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filing: Option<FilingView>,
    /// To be claimed by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub claim_due: Option<Timestamp>,
    /// Hand-over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryView>,
    /// Grounds of the suspension in force.
    pub suspensions: Vec<SuspensionView>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<EndView>,
    /// Seal before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Seal after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Uses that a law excludes.
    pub excluded_uses: Vec<String>,
    /// When making began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Every step.
    pub history: Vec<StepView>,
}

impl SealView {
    /// Of a seal.
    pub fn of(seal: &Seal, version: i64) -> Self {
        Self {
            summary: SealSummary::of(seal, version),
            credit_code: seal.credit_code().map(str::to_owned),
            application: seal.application().to_string(),
            approval: seal.approval().number.clone(),
            made: seal.made().map(MadeView::from),
            filing_due: seal.filing_due(),
            filing: seal.filing().map(FilingView::from),
            claim_due: seal.claim_due(),
            delivery: seal.delivery().map(DeliveryView::from),
            suspensions: seal.suspensions().iter().map(SuspensionView::from).collect(),
            end: seal.end().map(EndView::from),
            previous: seal.previous().map(ToString::to_string),
            next: seal.next().map(ToString::to_string),
            excluded_uses: seal.excluded_uses().to_vec(),
            created_at: seal.created_at(),
            history: seal.history().iter().map(StepView::from).collect(),
        }
    }
}

//! An application as an answer shows it.

use super::body::KeyBody;
use crate::api::people::PersonView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::lifecycle::application::{
    Application, Basis, Content, Decision, Imprint, PhysicalSeal, Publicity, Truth,
};
use yinxin_registry::lifecycle::checks::Check;
use yinxin_registry::lifecycle::{State as _, Step};

/// One line of a list of applications.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApplicationSummary {
    /// Key.
    pub id: String,
    /// Number, once handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where it stands.
    #[schema(example = "submitted")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "待审核")]
    pub state_zh: String,
    /// Kind of seal.
    #[schema(example = "legal_name")]
    pub kind: String,
    /// `new`, `renewal`, `change`, `remake`.
    pub basis: String,
    /// Name on the seal.
    pub seal_name: String,
    /// Unit.
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Area.
    pub area: String,
    /// When the next step is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl ApplicationSummary {
    /// Of an application.
    pub fn of(application: &Application, version: i64) -> Self {
        Self {
            id: application.id().to_string(),
            number: application.number().map(str::to_owned),
            state: application.state().as_str().to_owned(),
            state_zh: application.state().zh().to_owned(),
            kind: application.content().kind.as_str().to_owned(),
            basis: application.basis().as_str().to_owned(),
            seal_name: application.content().seal_name.clone(),
            unit: application.unit().to_string(),
            unit_name: application.unit_name().to_owned(),
            area: application.area().to_string(),
            due: application.due(),
            version,
        }
    }
}

/// A document handed in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaterialView {
    /// Which of the procedure's materials.
    pub code: String,
    /// File name.
    pub file_name: String,
    /// SM3, hex.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    pub media_type: String,
}

/// One automatic check.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CheckView {
    /// Stable code.
    pub code: String,
    /// Whether it holds.
    pub passed: bool,
    /// Whether the application cannot be handed in while it does not hold.
    pub blocking: bool,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl From<&Check> for CheckView {
    fn from(check: &Check) -> Self {
        Self {
            code: check.code.clone(),
            passed: check.passed,
            blocking: check.blocking,
            zh: check.zh.clone(),
            en: check.en.clone(),
        }
    }
}

/// A decision.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DecisionView {
    /// Round of submission.
    pub round: u32,
    /// `approve`, `refuse`, `return`.
    pub outcome: String,
    /// Reasons.
    pub reasons: Vec<String>,
    /// Who.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&Decision> for DecisionView {
    fn from(decision: &Decision) -> Self {
        Self {
            round: decision.round,
            outcome: decision.outcome.clone(),
            reasons: decision.reasons.clone(),
            by: decision.by.name.clone(),
            at: decision.at,
        }
    }
}

/// A step of a history.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepView {
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// From when it counts.
    #[schema(value_type = String, format = DateTime)]
    pub effective_at: Timestamp,
    /// Event.
    pub event: String,
    /// State before.
    pub from: String,
    /// State after.
    pub to: String,
    /// Who.
    pub by: String,
    /// In which role.
    pub role: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Certificate or document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

impl From<&Step> for StepView {
    fn from(step: &Step) -> Self {
        Self {
            at: step.at,
            effective_at: step.effective_at,
            event: step.event.clone(),
            from: step.from.clone(),
            to: step.to.clone(),
            by: step.by.name.clone(),
            role: step.by.role.clone(),
            reason: step.reason.clone(),
            document: step.document.clone(),
        }
    }
}

/// Record of the physical seal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhysicalSealView {
    /// Registration number with public security.
    pub registration: String,
    /// Who engraved it.
    pub engraver: String,
    /// When.
    #[schema(format = Date)]
    pub engraved_on: String,
    /// SM3 of the imprint on record, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imprint_digest: Option<String>,
}

impl From<&PhysicalSeal> for PhysicalSealView {
    fn from(physical: &PhysicalSeal) -> Self {
        Self {
            registration: physical.registration.clone(),
            engraver: physical.engraver.clone(),
            engraved_on: physical.engraved_on.clone(),
            imprint_digest: physical.imprint_digest.clone(),
        }
    }
}

/// What the unit asks for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContentView {
    /// Kind of seal.
    pub kind: String,
    /// In Chinese.
    pub kind_zh: String,
    /// For internal business only.
    pub internal: bool,
    /// Name on the seal.
    pub seal_name: String,
    /// Person a personal seal is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<PersonView>,
    /// Who applies.
    pub agent: PersonView,
    /// Legal representative.
    pub legal_representative: PersonView,
    /// Seal administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal_administrator: Option<PersonView>,
    /// Technical support measures.
    pub technical_measures: String,
    /// Record of the physical seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical: Option<PhysicalSealView>,
    /// `drawn` or `given`.
    pub imprint: String,
    /// SM3 of the picture that is given, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imprint_digest: Option<String>,
    /// Width in tenths of a millimeter.
    pub imprint_width_tenth_mm: u32,
    /// Height in tenths of a millimeter.
    pub imprint_height_tenth_mm: u32,
    /// Years of validity.
    pub years: u32,
    /// Where the key is to live.
    pub key: KeyBody,
    /// Uses that a law excludes.
    pub excluded_uses: Vec<String>,
    /// Documents.
    pub materials: Vec<MaterialView>,
}

impl From<&Content> for ContentView {
    fn from(content: &Content) -> Self {
        let (imprint, digest, width, height) = match &content.imprint {
            Imprint::Drawn { width_tenth_mm, height_tenth_mm } => {
                ("drawn", None, *width_tenth_mm, *height_tenth_mm)
            }
            Imprint::Given { digest, width_tenth_mm, height_tenth_mm, .. } => {
                ("given", Some(digest.clone()), *width_tenth_mm, *height_tenth_mm)
            }
        };
        Self {
            kind: content.kind.as_str().to_owned(),
            kind_zh: content.kind.name_zh().to_owned(),
            internal: content.publicity == Publicity::Internal,
            seal_name: content.seal_name.clone(),
            holder: content.holder.as_ref().map(PersonView::from),
            agent: PersonView::from(&content.agent.person),
            legal_representative: PersonView::from(&content.legal_representative),
            seal_administrator: content.seal_administrator.as_ref().map(PersonView::from),
            technical_measures: content.technical_measures.clone(),
            physical: content.physical.as_ref().map(PhysicalSealView::from),
            imprint: imprint.to_owned(),
            imprint_digest: digest,
            imprint_width_tenth_mm: width,
            imprint_height_tenth_mm: height,
            years: content.years,
            key: match &content.key_request {
                None => KeyBody::Workshop,
                Some(request) => KeyBody::Elsewhere { request: request.clone() },
            },
            excluded_uses: content.excluded_uses.clone(),
            materials: content
                .materials
                .iter()
                .map(|m| MaterialView {
                    code: m.code.clone(),
                    file_name: m.file_name.clone(),
                    digest: m.digest.clone(),
                    size: m.size,
                    media_type: m.media_type.clone(),
                })
                .collect(),
        }
    }
}

/// Who stands for the truth of an application.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TruthView {
    /// Name of who stated it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// SM3 of the content it covers, hex.
    pub content_digest: String,
    /// How: `certificate` with `signature`, or the login of the session in which it was confirmed: `password`, `password_totp`,
    /// `certificate`.
    #[schema(example = "certificate")]
    pub method: String,
    /// SM3 of the signed statement, hex; `GET …/truth` gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Subject of the certificate that signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_subject: Option<String>,
    /// Its serial number, hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_serial: Option<String>,
}

impl From<&Truth> for TruthView {
    fn from(truth: &Truth) -> Self {
        let certificate = truth.certificate.as_ref();
        Self {
            by: truth.by.name.clone(),
            at: truth.at,
            content_digest: truth.digest.clone(),
            method: truth.method.clone(),
            signature: truth.signature.clone(),
            certificate_subject: certificate.map(|c| c.subject.clone()),
            certificate_serial: certificate.map(|c| c.serial.clone()),
        }
    }
}

/// An application.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApplicationView {
    /// The line of lists.
    #[serde(flatten)]
    pub summary: ApplicationSummary,
    /// Credit code of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// Seal that is followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_seal: Option<String>,
    /// Change case that carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<String>,
    /// Profile by which it is treated: `xian@1`.
    pub profile: String,
    /// What is asked.
    pub content: ContentView,
    /// SM3 of what the statement of truth has to cover, hex.
    pub content_digest: String,
    /// Round of submission.
    pub round: u32,
    /// Statement of truth of the last submission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truth: Option<TruthView>,
    /// Automatic checks of the last submission.
    pub checks: Vec<CheckView>,
    /// Decisions of all rounds.
    pub decisions: Vec<DecisionView>,
    /// Number of the approval certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// Code of the seal, given by the approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal_code: Option<String>,
    /// Maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// Seal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// Every step.
    pub history: Vec<StepView>,
}

impl ApplicationView {
    /// Of an application.
    pub fn of(application: &Application, version: i64) -> Self {
        let change = match application.basis() {
            Basis::Change { case, .. } => Some(case.to_string()),
            _ => None,
        };
        let profile = application.profile();
        Self {
            summary: ApplicationSummary::of(application, version),
            credit_code: application.credit_code().map(str::to_owned),
            previous_seal: application.basis().previous().map(ToString::to_string),
            change,
            profile: format!("{}@{}", profile.id, profile.version),
            content: ContentView::from(application.content()),
            content_digest: application.content_digest(),
            round: application.round(),
            truth: application.truth().map(TruthView::from),
            checks: application.checks().iter().map(CheckView::from).collect(),
            decisions: application.decisions().iter().map(DecisionView::from).collect(),
            approval: application.approval().map(|p| p.number.clone()),
            seal_code: application.seal_code().map(str::to_owned),
            maker: application.maker().map(ToString::to_string),
            seal: application.seal().map(ToString::to_string),
            history: application.history().iter().map(StepView::from).collect(),
        }
    }
}

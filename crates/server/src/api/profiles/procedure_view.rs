//! Procedures as answers show them.

use super::view::TextView;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::area::Area;
use yinxin_registry::profile::{
    ApplicantKind, ImprintSize, Needed, Procedure, Profile, SealKind, Shape, Step, StepShown,
};

/// A kind with its names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KindView {
    /// Code, as requests use it.
    #[schema(example = "legal_name")]
    pub code: String,
    /// Name.
    pub name: TextView,
}

impl From<ApplicantKind> for KindView {
    fn from(kind: ApplicantKind) -> Self {
        let name = TextView { zh: kind.name_zh().to_owned(), en: kind.name_en().to_owned() };
        Self { code: kind.as_str().to_owned(), name }
    }
}

impl From<SealKind> for KindView {
    fn from(kind: SealKind) -> Self {
        let name = TextView { zh: kind.name_zh().to_owned(), en: kind.name_en().to_owned() };
        Self { code: kind.as_str().to_owned(), name }
    }
}

/// What one kind of applicant may ask for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OfferView {
    /// Who.
    pub applicant: KindView,
    /// For which seals.
    pub seals: Vec<KindView>,
}

/// What an area offers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OfferedView {
    /// Code of the area.
    pub area: String,
    /// Its name.
    pub area_name: String,
    /// Authority in charge.
    pub authority: String,
    /// Profile in force: `national@1`.
    pub profile: String,
    /// By kind of applicant.
    pub offered: Vec<OfferView>,
}

/// A material to hand in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MaterialNeededView {
    /// Code, under which it is handed in.
    #[schema(example = "application_form")]
    pub code: String,
    /// Name.
    pub name: TextView,
    /// Who issues it.
    pub issuer: TextView,
    /// Whether the application is incomplete without it.
    pub required: bool,
}

impl From<&Needed<'_>> for MaterialNeededView {
    fn from(needed: &Needed<'_>) -> Self {
        Self {
            code: needed.material.code.clone(),
            name: TextView::from(&needed.material.name),
            issuer: TextView::from(&needed.material.issuer),
            required: needed.required,
        }
    }
}

/// A step of the way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepOfProcedureView {
    /// Code.
    #[schema(value_type = String, example = "apply")]
    pub step: Step,
    /// Name.
    pub name: TextView,
    /// What happens and what the applicant does.
    pub help: TextView,
    /// Why it is left out, when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<TextView>,
}

impl From<&StepShown<'_>> for StepOfProcedureView {
    fn from(shown: &StepShown<'_>) -> Self {
        Self {
            step: shown.step,
            name: TextView::from(shown.name),
            help: TextView::from(shown.help),
            skipped: shown.skipped.map(TextView::from),
        }
    }
}

/// A size the imprint may have.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImprintSizeView {
    /// `circle`, `ellipse`, `square`, `rectangle`.
    #[schema(value_type = String, example = "circle")]
    pub shape: Shape,
    /// Smallest and largest width, millimeters; of a circle the diameter.
    pub width_mm: [u16; 2],
    /// Smallest and largest height, millimeters.
    pub height_mm: [u16; 2],
}

impl From<&ImprintSize> for ImprintSizeView {
    fn from(size: &ImprintSize) -> Self {
        Self { shape: size.shape, width_mm: size.width_mm, height_mm: size.height_mm }
    }
}

/// How long things take and last.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeadlinesView {
    /// Working days for the decision.
    pub review_working_days: u32,
    /// Working days for the applicant to put a returned application right.
    pub correction_working_days: u32,
    /// Hours after making in which the seal is filed.
    pub filing_hours: u32,
    /// Months after which a seal nobody has claimed is canceled.
    pub claim_months: u32,
    /// Months before its end in which a seal may be renewed.
    pub renewal_window_months: u32,
    /// Most years a seal is valid.
    pub seal_years: u32,
}

impl DeadlinesView {
    /// Of a profile.
    pub fn of(profile: &Profile) -> Self {
        let deadlines = &profile.deadlines;
        Self {
            review_working_days: deadlines.review_working_days,
            correction_working_days: deadlines.correction_working_days,
            filing_hours: deadlines.filing_hours,
            claim_months: deadlines.claim_months,
            renewal_window_months: deadlines.renewal_window_months,
            seal_years: profile.validity.seal_years,
        }
    }
}

/// A procedure.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProcedureView {
    /// Code of the area.
    #[schema(example = "100000")]
    pub area: String,
    /// Its name.
    pub area_name: String,
    /// Authority in charge.
    pub authority: String,
    /// Profile in force: `national@1`.
    #[schema(example = "national@1")]
    pub profile: String,
    /// Who applies.
    pub applicant: KindView,
    /// For which seal.
    pub seal: KindView,
    /// Whether the physical seal comes first.
    pub physical_first: bool,
    /// Materials, those that must be there first.
    pub materials: Vec<MaterialNeededView>,
    /// Steps in their order; those left out carry the reason.
    pub steps: Vec<StepOfProcedureView>,
    /// Deadlines.
    pub deadlines: DeadlinesView,
    /// Sizes the imprint may have.
    pub imprints: Vec<ImprintSizeView>,
}

impl ProcedureView {
    /// Of a procedure of an area.
    pub fn of(area: &Area, profile: &Profile, procedure: &Procedure<'_>) -> Self {
        Self {
            area: area.code.to_string(),
            area_name: area.name.clone(),
            authority: area.authority.clone(),
            profile: format!("{}@{}", profile.id, profile.version),
            applicant: procedure.applicant.into(),
            seal: procedure.seal.into(),
            physical_first: procedure.physical_first,
            materials: procedure.materials.iter().map(MaterialNeededView::from).collect(),
            steps: procedure.steps.iter().map(StepOfProcedureView::from).collect(),
            deadlines: DeadlinesView::of(profile),
            imprints: procedure.imprints.iter().map(|size| ImprintSizeView::from(*size)).collect(),
        }
    }
}

impl OfferedView {
    /// Of an area.
    pub fn of(area: &Area, profile: &Profile) -> Self {
        let offered = ApplicantKind::ALL.into_iter().map(|applicant| OfferView {
            applicant: applicant.into(),
            seals: SealKind::ALL
                .into_iter()
                .filter(|seal| profile.procedure(applicant, *seal).is_some())
                .map(KindView::from)
                .collect(),
        });
        Self {
            area: area.code.to_string(),
            area_name: area.name.clone(),
            authority: area.authority.clone(),
            profile: format!("{}@{}", profile.id, profile.version),
            offered: offered.filter(|offer| !offer.seals.is_empty()).collect(),
        }
    }
}

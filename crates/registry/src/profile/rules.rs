//! The content of a profile file, as it is written in TOML.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::kind::{ApplicantKind, SealKind};
use super::seal_code::SealCodePattern;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Everything a profile says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// Identifier: small letters, digits, `-`.
    pub id: String,
    /// Version, from 1; cases remember the one they began under.
    pub version: u32,
    /// Name.
    pub name: Text,
    /// First digits of the codes of the areas it is made for; empty for the whole nation.
    pub applies_to: String,
    /// Whether units may have seals for internal business only (NM-37), which are not published.
    pub internal_seals: bool,
    /// What it rests on.
    pub basis: Vec<Basis>,
    /// Time limits.
    pub deadlines: Deadlines,
    /// Longest validity.
    pub validity: Validity,
    /// Days off and days worked against the week.
    #[serde(default)]
    pub calendar: Calendar,
    /// How seal codes are made.
    pub seal_code: SealCodePattern,
    /// What a suspension does.
    pub suspension: Suspension,
    /// Papers issued.
    pub certificates: Certificates,
    /// Materials that procedures may ask for.
    #[serde(rename = "material")]
    pub materials: Vec<Material>,
    /// Steps as applicants are told of them.
    #[serde(rename = "step")]
    pub steps: Vec<StepRule>,
    /// Kinds of seals allowed here.
    #[serde(rename = "seal")]
    pub seals: Vec<SealRule>,
    /// What is asked of whom for which seal.
    #[serde(rename = "procedure")]
    pub procedures: Vec<ProcedureRule>,
}

/// A document and clause the profile rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Title of the document.
    pub document: Text,
    /// Clause: `第十六条`.
    pub clause: String,
    /// What follows from it.
    pub about: Text,
}

/// Time limits. Working days are those of [`Calendar`]; how limits are counted is told in `calendar.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// Working days for the decision, 1 to 60.
    pub review_working_days: u32,
    /// Working days for the applicant to put a returned application right, 1 to 120.
    pub correction_working_days: u32,
    /// Working days to tell the reasons of a refusal (XA-18), 1 to 30.
    pub refusal_notice_working_days: u32,
    /// Hours after making in which the seal is filed, 1 to 720.
    pub filing_hours: u32,
    /// Months after which a made seal nobody has claimed is cancelled, 1 to 24.
    pub claim_months: u32,
    /// Months before the end of validity in which it is renewed (XA-28), 1 to 12.
    pub renewal_window_months: u32,
    /// Days before the end of validity on which the unit is reminded, falling: at most 10.
    pub reminder_days: Vec<u32>,
    /// Years records are kept after the seal's end, 5 to 100.
    pub retention_years: u32,
}

/// Longest validity, years, 1 to 10.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// Of a certificate asked for here.
    pub certificate_years: u32,
    /// Of a seal; it never outlives its certificate whatever stands here (NM-14).
    pub seal_years: u32,
}

/// Exceptions from the week of Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Days off (节假日), weekends among them or not.
    #[serde(default)]
    pub holidays: Vec<Date>,
    /// Saturdays and Sundays worked instead (调休).
    #[serde(default)]
    pub workdays: Vec<Date>,
}

/// What a suspension (停用) does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// Effects an authority may choose from; `block_signing` is always among them.
    pub effects: Vec<SuspensionEffect>,
    /// Whether suspension and resumption by the unit need its letter of authorization (授权书).
    pub authorization_letter: bool,
}

/// An effect of a suspension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspensionEffect {
    /// The seal signs nothing.
    BlockSigning,
    /// It is not renewed.
    BlockRenewal,
    /// It is not changed or re-made.
    BlockChange,
    /// Its unit makes no new application.
    BlockApplications,
    /// The public status service tells the suspension.
    PublishStatus,
}

/// Papers issued to the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificates {
    /// Certificate of making (制作证明).
    pub making: bool,
    /// Certificate of cancellation (注销证明).
    pub cancellation: bool,
}

/// A material (申请材料).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Code, small letters and `_`.
    pub code: String,
    /// What it proves.
    pub kind: MaterialKind,
    /// Name.
    pub name: Text,
    /// Who issues it.
    pub issuer: Text,
}

/// What a material proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialKind {
    /// The application itself (申请表).
    ApplicationForm,
    /// Legal identity of the unit (单位身份证明).
    UnitIdentity,
    /// Identity of a person: legal representative, agent, holder of a name seal (人员身份证明).
    PersonIdentity,
    /// That a person may act: letter of authorization, appointment (授权或任职证明).
    Authority,
    /// That a body or branch exists, or a business is permitted (设立或业务资格文件).
    Establishment,
    /// Record of the physical seal with public security (实体印章备案).
    PhysicalSealRecord,
    /// The imprint (印模信息).
    Imprint,
    /// Statement of truth (真实性承诺).
    TruthStatement,
    /// Rules and technical measures of seal use (用印制度与技术保障).
    Safeguards,
}

/// A step of the way, as applicants see it; the order here is the order of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Engrave the physical seal and have it recorded (实体印章刻制备案).
    PhysicalSeal,
    /// Fill in the application and hand in materials online (网上申请).
    Apply,
    /// Show paper originals at the counter (线下核验原件).
    Originals,
    /// The issuing department reviews (审核).
    Review,
    /// Approval certificate (批准凭证).
    Approval,
    /// Making (制作).
    Making,
    /// Filing (备案).
    Filing,
    /// Hand-over and acceptance (交付).
    HandOver,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 8] = [
        Self::PhysicalSeal,
        Self::Apply,
        Self::Originals,
        Self::Review,
        Self::Approval,
        Self::Making,
        Self::Filing,
        Self::HandOver,
    ];

    /// Whether a procedure may leave the step out. The others are the law's (NM-~11 to NM-~17), and whether the
    /// physical seal comes first is said once for each kind of seal: [`SealRule::physical_first`].
    pub fn may_be_skipped(self) -> bool {
        self == Self::Originals
    }
}

/// How a step is explained to applicants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRule {
    /// Which.
    pub step: Step,
    /// Name.
    pub name: Text,
    /// What happens and what the applicant does.
    pub help: Text,
}

/// A kind of seal allowed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealRule {
    /// Kind.
    pub kind: SealKind,
    /// Whether the physical seal comes first (XA-16).
    pub physical_first: bool,
    /// Sizes its imprint may have.
    #[serde(rename = "imprint")]
    pub imprints: Vec<ImprintSize>,
}

/// Allowed size of an imprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImprintSize {
    /// Shape.
    pub shape: Shape,
    /// Smallest and largest width, mm.
    pub width_mm: [u16; 2],
    /// Smallest and largest height, mm.
    pub height_mm: [u16; 2],
    /// For these applicants only; empty: for all.
    #[serde(default)]
    pub applicants: Vec<ApplicantKind>,
}

impl ImprintSize {
    /// Whether sides in tenths of a millimeter are of this shape and within these bounds.
    pub fn allows(&self, width_tenth_mm: u32, height_tenth_mm: u32) -> bool {
        let within = |side: u32, [least, most]: [u16; 2]| {
            (u32::from(least).saturating_mul(10)..=u32::from(most).saturating_mul(10)).contains(&side)
        };
        let shaped = match self.shape {
            Shape::Circle | Shape::Square => width_tenth_mm == height_tenth_mm,
            Shape::Ellipse => width_tenth_mm > height_tenth_mm,
            Shape::Rectangle => true,
        };
        shaped && within(width_tenth_mm, self.width_mm) && within(height_tenth_mm, self.height_mm)
    }
}

/// Shape of an imprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Width and height are the diameter.
    Circle,
    /// Wider than high.
    Ellipse,
    /// Width and height are equal.
    Square,
    /// Any two sides.
    Rectangle,
}

/// What is asked of some applicants for some seals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcedureRule {
    /// Who.
    pub applicants: Vec<ApplicantKind>,
    /// For which seals.
    pub seals: Vec<SealKind>,
    /// Materials that must be there, by code.
    pub required: Vec<String>,
    /// Materials that may be asked for.
    #[serde(default)]
    pub optional: Vec<String>,
    /// Steps left out, with the reason.
    #[serde(default, rename = "skip")]
    pub skips: Vec<Skip>,
}

/// A simplification (简化手续).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// The step left out.
    pub step: Step,
    /// Why.
    pub because: Text,
}

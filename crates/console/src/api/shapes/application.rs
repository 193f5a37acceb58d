//! Units, procedures and applications.

use super::{Both, PersonShown};
use crate::frame::Moment;
use serde::Deserialize;

/// A unit.
#[derive(Debug, Clone, Deserialize)]
pub struct Unit {
    /// Key.
    pub id: String,
    /// Name.
    pub name: String,
    /// Credit code.
    pub credit_code: Option<String>,
    /// Kind of applicant.
    pub applicant_kind: String,
    /// Area.
    pub area: String,
    /// Technical support measures.
    #[serde(default)]
    pub technical_measures: String,
}

/// A kind with its names.
#[derive(Debug, Clone, Deserialize)]
pub struct Kind {
    /// Code.
    pub code: String,
    /// Names.
    pub name: Both,
}

/// What one kind of applicant may ask for.
#[derive(Debug, Clone, Deserialize)]
pub struct Offer {
    /// Who.
    pub applicant: Kind,
    /// Seals.
    pub seals: Vec<Kind>,
}

/// What an area offers.
#[derive(Debug, Clone, Deserialize)]
pub struct Offered {
    /// By kind of applicant.
    pub offered: Vec<Offer>,
}

/// A material to hand in.
#[derive(Debug, Clone, Deserialize)]
pub struct NeededMaterial {
    /// Code.
    pub code: String,
    /// Name.
    pub name: Both,
    /// Whether it must be there.
    pub required: bool,
}

/// A step of a procedure.
#[derive(Debug, Clone, Deserialize)]
pub struct ProcedureStep {
    /// Name.
    pub name: Both,
    /// What happens.
    pub help: Both,
    /// Why it is left out.
    pub skipped: Option<Both>,
}

/// Deadlines.
#[derive(Debug, Clone, Deserialize)]
pub struct Deadlines {
    /// Working days for the decision.
    pub review_working_days: u32,
    /// Most years a seal is valid.
    pub seal_years: u32,
}

/// A size the imprint may have, mm.
#[derive(Debug, Clone, Deserialize)]
pub struct ImprintSize {
    /// `circle`, `ellipse`, `square`, `rectangle`.
    pub shape: String,
    /// Smallest and largest width.
    pub width_mm: [u16; 2],
    /// Smallest and largest height.
    pub height_mm: [u16; 2],
}

/// A procedure.
#[derive(Debug, Clone, Deserialize)]
pub struct Procedure {
    /// Authority in charge.
    pub authority: String,
    /// The seal.
    pub seal: Kind,
    /// Whether the physical seal comes first.
    pub physical_first: bool,
    /// Materials.
    pub materials: Vec<NeededMaterial>,
    /// Steps.
    pub steps: Vec<ProcedureStep>,
    /// Deadlines.
    pub deadlines: Deadlines,
    /// Sizes the imprint may have.
    #[serde(default)]
    pub imprints: Vec<ImprintSize>,
}

/// A line of a list of applications.
#[derive(Debug, Clone, Deserialize)]
pub struct ApplicationRow {
    /// Key.
    pub id: String,
    /// Number.
    pub number: Option<String>,
    /// State.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
    /// Name on the seal.
    pub seal_name: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Next deadline.
    pub due: Option<Moment>,
}

/// A document handed in.
#[derive(Debug, Clone, Deserialize)]
pub struct Material {
    /// Code.
    pub code: String,
    /// File name.
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    pub media_type: String,
    /// SM3, hex.
    pub digest: String,
}

/// Record of the physical seal.
#[derive(Debug, Clone, Deserialize)]
pub struct Physical {
    /// Registration number.
    pub registration: String,
    /// Who engraved it.
    pub engraver: String,
    /// When.
    pub engraved_on: String,
    /// SM3 of the imprint on record, hex.
    pub imprint_digest: Option<String>,
}

/// What is found of an imprint that is tried.
#[derive(Debug, Clone, Deserialize)]
pub struct TrialChecks {
    /// Whether it can be made.
    pub drawn: bool,
    /// Checks.
    pub checks: Vec<AutoCheck>,
}

/// An automatic check.
#[derive(Debug, Clone, Deserialize)]
pub struct AutoCheck {
    /// Stable code.
    pub code: String,
    /// Whether it holds.
    pub passed: bool,
    /// Whether it must.
    pub blocking: bool,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// The checks as they come out now.
#[derive(Debug, Clone, Deserialize)]
pub struct Checks {
    /// Whether it could be handed in.
    pub ready: bool,
    /// Checks.
    pub checks: Vec<AutoCheck>,
    /// Statement of truth.
    pub statement: String,
    /// What it covers.
    pub content_digest: String,
}

/// A decision.
#[derive(Debug, Clone, Deserialize)]
pub struct Decision {
    /// `approve`, `refuse`, `return`.
    pub outcome: String,
    /// Reasons.
    pub reasons: Vec<String>,
    /// Who.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// A step of a history.
#[derive(Debug, Clone, Deserialize)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// Event.
    pub event: String,
    /// State after.
    pub to: String,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
}

/// Content of an application.
#[derive(Debug, Clone, Deserialize)]
pub struct Content {
    /// Kind of seal.
    pub kind: String,
    /// In Chinese.
    pub kind_zh: String,
    /// For internal business only.
    pub internal: bool,
    /// Name on the seal.
    pub seal_name: String,
    /// Person a personal seal is for.
    pub holder: Option<PersonShown>,
    /// Agent.
    pub agent: PersonShown,
    /// Legal representative.
    pub legal_representative: PersonShown,
    /// Seal administrator.
    pub seal_administrator: Option<PersonShown>,
    /// Measures.
    pub technical_measures: String,
    /// Physical seal.
    pub physical: Option<Physical>,
    /// SM3 of the picture that is given, hex.
    pub imprint_digest: Option<String>,
    /// Width in tenths of a millimeter.
    pub imprint_width_tenth_mm: u32,
    /// Height.
    pub imprint_height_tenth_mm: u32,
    /// Years.
    pub years: u32,
    /// Documents.
    pub materials: Vec<Material>,
}

impl Content {
    /// What of it an application for a seal that follows begins with: no numbers of people, which are typed and checked anew, and no
    /// pictures, which were handed in with this one.
    pub fn anew(mut self) -> Self {
        let people = [Some(&mut self.agent), Some(&mut self.legal_representative)];
        for person in
            people.into_iter().chain([self.holder.as_mut(), self.seal_administrator.as_mut()]).flatten()
        {
            person.id_number = String::new();
            person.phone = None;
        }
        if let Some(physical) = &mut self.physical {
            physical.imprint_digest = None;
        }
        self.imprint_digest = None;
        self
    }

    /// Width and height of the imprint in mm.
    pub fn size_mm(&self) -> String {
        let mm = |tenth: u32| match tenth % 10 {
            0 => (tenth / 10).to_string(),
            rest => format!("{}.{rest}", tenth / 10),
        };
        format!("{} × {} mm", mm(self.imprint_width_tenth_mm), mm(self.imprint_height_tenth_mm))
    }
}

/// An application.
#[derive(Debug, Clone, Deserialize)]
pub struct Application {
    /// The line of lists.
    #[serde(flatten)]
    pub row: ApplicationRow,
    /// Unit.
    pub unit: String,
    /// Kind of seal.
    pub kind: String,
    /// Version.
    pub version: i64,
    /// Credit code of the unit.
    pub credit_code: Option<String>,
    /// Content.
    pub content: Content,
    /// Checks of the last submission.
    pub checks: Vec<AutoCheck>,
    /// Decisions.
    pub decisions: Vec<Decision>,
    /// Number of the approval certificate.
    pub approval: Option<String>,
    /// Code of the seal.
    pub seal_code: Option<String>,
    /// Seal.
    pub seal: Option<String>,
    /// History.
    pub history: Vec<Step>,
}

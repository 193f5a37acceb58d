//! A procedure: what one kind of applicant does for one kind of seal, for publishing and for checking.

use serde::Serialize;

use super::kind::{ApplicantKind, SealKind};
use super::rules::{ImprintSize, Material, MaterialKind, ProcedureRule, Rules, SealRule, Step, Text};

/// What one kind of applicant does for one kind of seal (办理流程); serialized, it is shown to applicants before they start
/// (NM-~11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Procedure<'p> {
    /// Who applies.
    pub applicant: ApplicantKind,
    /// For what.
    pub seal: SealKind,
    /// Whether the physical seal comes first.
    pub physical_first: bool,
    /// Materials, those that must be there first.
    pub materials: Vec<Needed<'p>>,
    /// Steps in order; those left out carry the reason.
    pub steps: Vec<StepShown<'p>>,
    /// Sizes the imprint may have.
    pub imprints: Vec<&'p ImprintSize>,
}

/// A material of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Needed<'p> {
    /// What.
    #[serde(flatten)]
    pub material: &'p Material,
    /// Whether the application is incomplete without it.
    pub required: bool,
}

/// A step of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepShown<'p> {
    /// Which.
    pub step: Step,
    /// Name.
    pub name: &'p Text,
    /// What happens and what the applicant does.
    pub help: &'p Text,
    /// Why it is left out, when it is.
    pub skipped: Option<&'p Text>,
}

impl<'p> Procedure<'p> {
    pub(super) fn of(rules: &'p Rules, applicant: ApplicantKind, seal: SealKind) -> Option<Self> {
        let allowed = rules.seals.iter().find(|rule| rule.kind == seal)?;
        let procedure = rules
            .procedures
            .iter()
            .find(|rule| rule.applicants.contains(&applicant) && rule.seals.contains(&seal))?;
        Some(Self {
            applicant,
            seal,
            physical_first: allowed.physical_first,
            materials: materials(rules, procedure),
            steps: steps(rules, procedure, allowed.physical_first),
            imprints: imprints(allowed, applicant),
        })
    }

    /// Whether an imprint may have these sides, in tenths of a millimeter.
    pub fn allows_imprint(&self, width_tenth_mm: u32, height_tenth_mm: u32) -> bool {
        self.imprints.iter().any(|size| size.allows(width_tenth_mm, height_tenth_mm))
    }

    /// The materials that must be there and are not among `codes`.
    pub fn missing_materials<S: AsRef<str>>(&self, codes: &[S]) -> Vec<&'p Material> {
        self.materials
            .iter()
            .filter(|needed| needed.required)
            .map(|needed| needed.material)
            .filter(|material| !codes.iter().any(|code| code.as_ref() == material.code))
            .collect()
    }

    /// The codes that this procedure does not know, in the order given.
    pub fn unknown_materials<'c, S: AsRef<str>>(&self, codes: &'c [S]) -> Vec<&'c str> {
        codes
            .iter()
            .map(AsRef::as_ref)
            .filter(|code| !self.materials.iter().any(|needed| needed.material.code == *code))
            .collect()
    }

    /// Whether a material of this kind must be there.
    pub fn requires(&self, kind: MaterialKind) -> bool {
        self.materials.iter().any(|needed| needed.required && needed.material.kind == kind)
    }

    /// Whether the step is taken, not left out.
    pub fn takes(&self, step: Step) -> bool {
        self.steps.iter().any(|shown| shown.step == step && shown.skipped.is_none())
    }
}

fn materials<'p>(rules: &'p Rules, procedure: &'p ProcedureRule) -> Vec<Needed<'p>> {
    let named = |codes: &'p [String], required| {
        codes
            .iter()
            .filter_map(|code| rules.materials.iter().find(|material| material.code == *code))
            .map(move |material| Needed { material, required })
    };
    named(&procedure.required, true).chain(named(&procedure.optional, false)).collect()
}

fn steps<'p>(rules: &'p Rules, procedure: &'p ProcedureRule, physical_first: bool) -> Vec<StepShown<'p>> {
    let mut steps: Vec<_> = rules
        .steps
        .iter()
        .filter(|rule| rule.step != Step::PhysicalSeal || physical_first)
        .map(|rule| StepShown {
            step: rule.step,
            name: &rule.name,
            help: &rule.help,
            skipped: procedure.skips.iter().find(|skip| skip.step == rule.step).map(|skip| &skip.because),
        })
        .collect();
    steps.sort_by_key(|shown| shown.step);
    steps
}

fn imprints(seal: &SealRule, applicant: ApplicantKind) -> Vec<&ImprintSize> {
    seal.imprints
        .iter()
        .filter(|size| size.applicants.is_empty() || size.applicants.contains(&applicant))
        .collect()
}

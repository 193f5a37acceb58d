//! Area profiles (地区配置): which materials, steps, deadlines, seals and codes an area asks for, as data files.
//!
//! [`Profile::parse`] takes a file that says everything and contradicts nothing, or names the place that does not. Four
//! profiles come with the program: [`BUILT_IN`]. A case remembers the identifier and version of the profile it began
//! under, so a later profile never rewrites the past.

mod calendar;
mod check;
mod check_procedures;
mod fault;
pub mod kind;
mod locate;
mod procedure;
mod rules;
mod seal_code;

use std::ops::Deref;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use calendar::day_of;
pub use fault::ProfileFault;
pub use kind::{ApplicantKind, SealClass, SealKind, UnknownKind};
pub use procedure::{Needed, Procedure, StepShown};
pub use rules::{
    Basis, Calendar, Certificates, Deadlines, ImprintSize, Material, MaterialKind, ProcedureRule, Rules,
    SealRule, Shape, Skip, Step, StepRule, Suspension, SuspensionEffect, Text, Validity,
};
pub use seal_code::{SealCodeFault, SealCodePattern};

/// Most bytes of a profile file.
pub const MAX_BYTES: usize = 256 * 1024;

/// The profiles that come with the program: identifier and TOML text.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("national", include_str!("../../data/profiles/national.toml")),
    ("tianjin", include_str!("../../data/profiles/tianjin.toml")),
    ("xian", include_str!("../../data/profiles/xian.toml")),
    ("beijing", include_str!("../../data/profiles/beijing.toml")),
];

/// A profile that was checked. What it says is read through [`Rules`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Profile(Rules);

impl Profile {
    /// Reads and checks a profile file.
    ///
    /// # Errors
    /// The first fault, with its place: too large, not TOML, unknown or missing fields, values out of range,
    /// contradictions.
    pub fn parse(text: &str) -> Result<Self, ProfileFault> {
        if text.len() > MAX_BYTES {
            return Err(ProfileFault::new(
                "PROFILE_TOO_LARGE",
                "",
                format!("配置文件共 {} 字节 / the file has {} bytes", text.len(), text.len()),
                format!("不得超过 {MAX_BYTES} 字节 / at most {MAX_BYTES} are allowed"),
            ));
        }
        let rules: Rules = toml::from_str(text).map_err(|e| locate::of_error(text, &e))?;
        check::check(&rules).map_err(|mut fault| {
            fault.line = locate::line_of(text, &fault.path);
            fault
        })?;
        Ok(Self(rules))
    }

    /// The profile of that identifier that comes with the program.
    ///
    /// # Errors
    /// `PROFILE_UNKNOWN` when there is none.
    pub fn built_in(id: &str) -> Result<Self, ProfileFault> {
        match BUILT_IN.iter().find(|(name, _)| *name == id) {
            Some((_, text)) => Self::parse(text),
            None => Err(ProfileFault::new(
                "PROFILE_UNKNOWN",
                "",
                format!("没有内置的地区配置“{id}” / no profile {id:?} comes with the program"),
                "内置：national、tianjin、xian、beijing / there are national, tianjin, xian, beijing",
            )),
        }
    }

    /// Whether the profile is made for the area of this code.
    pub fn is_made_for(&self, area_code: &str) -> bool {
        area_code.starts_with(&self.0.applies_to)
    }

    /// What this applicant does for this seal; `None` where the area offers it no such seal.
    pub fn procedure(&self, applicant: ApplicantKind, seal: SealKind) -> Option<Procedure<'_>> {
        Procedure::of(&self.0, applicant, seal)
    }

    /// Every procedure offered, for publishing.
    pub fn procedures_offered(&self) -> Vec<Procedure<'_>> {
        let pairs = ApplicantKind::ALL
            .into_iter()
            .flat_map(|applicant| SealKind::ALL.into_iter().map(move |seal| (applicant, seal)));
        pairs.filter_map(|(applicant, seal)| self.procedure(applicant, seal)).collect()
    }

    /// The rule of a kind of seal; `None` when it is not allowed here.
    pub fn seal_rule(&self, kind: SealKind) -> Option<&SealRule> {
        self.0.seals.iter().find(|rule| rule.kind == kind)
    }
}

/// A version of a profile as it came into force. Versions are never changed: what was decided by one stays readable by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileVersion {
    /// Key: `xian@2`.
    pub id: String,
    /// Identifier of the profile.
    pub profile: String,
    /// Version.
    pub version: u32,
    /// The file, TOML.
    pub text: String,
    /// Since when it is in force.
    pub from: Timestamp,
    /// Who put it in force; `system` for what came with the program.
    pub by: String,
}

impl Deref for Profile {
    type Target = Rules;

    fn deref(&self) -> &Rules {
        &self.0
    }
}

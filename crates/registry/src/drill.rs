//! Drills of emergency measures (应急演练): a suspension in bulk rehearsed. What it would have touched is written down, nothing is changed; the
//! real measure refers to its drill.

use crate::area::AreaPath;
use crate::ids::{DrillId, JobId, MakerId, SealId, UnitId};
use crate::lifecycle::seal::Seal;
use crate::lifecycle::{By, Refused};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Measures that refer to one drill at most.
pub const MOST_MEASURES: usize = 100;

/// Which seals a measure in bulk is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by", deny_unknown_fields)]
pub enum Target {
    /// Those whose certificates an issuer gave out.
    Issuer {
        /// Issuer, RFC 4514.
        issuer: String,
        /// First serial number, hexadecimal.
        first_serial: Option<String>,
        /// Last serial number, included.
        last_serial: Option<String>,
    },
    /// Those of a unit and of the bodies and branches under it.
    Unit {
        /// Unit.
        unit: UnitId,
    },
    /// Those of an area and what lies in it.
    Area {
        /// Area.
        area: AreaPath,
    },
    /// Those a maker made.
    Maker {
        /// Maker.
        maker: MakerId,
    },
}

impl Target {
    /// In which words it is told apart: `issuer`, `unit`, `area`, `maker`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Issuer { .. } => "issuer",
            Self::Unit { .. } => "unit",
            Self::Area { .. } => "area",
            Self::Maker { .. } => "maker",
        }
    }

    /// Whether a seal belongs to it. Of an issuer's serial numbers the database has chosen already.
    pub fn covers(&self, seal: &Seal) -> bool {
        match self {
            Self::Issuer { issuer, .. } => seal.made().is_some_and(|made| made.certificate_issuer == *issuer),
            Self::Unit { unit } => seal.unit() == unit || seal.parent_unit() == Some(unit),
            Self::Area { area } => area.covers(seal.area_path()),
            Self::Maker { maker } => seal.maker() == maker,
        }
    }
}

/// What a drill found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Seals the measure would suspend.
    pub seals: u64,
    /// Of these, by state.
    pub by_state: BTreeMap<String, u64>,
    /// Units that own them.
    pub units: u64,
    /// Seals on their way.
    pub coming: u64,
    /// Whether everything was looked at; otherwise the numbers say "at least".
    pub complete: bool,
    /// The first of them.
    pub first: Vec<SealId>,
}

/// That a measure was carried out as it was rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarriedOut {
    /// The measure.
    pub measure: JobId,
    /// When it was ordered.
    pub at: Timestamp,
    /// Who ordered it.
    pub by: By,
}

/// A drill. What it found stays as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drill {
    /// Key.
    pub id: DrillId,
    /// Area of the department that drilled.
    pub area_path: AreaPath,
    /// Everywhere its powers reach.
    pub areas: Vec<AreaPath>,
    /// Emergency plan (应急预案) and what was rehearsed.
    pub plan: String,
    /// Which seals.
    pub target: Target,
    /// What would have been touched.
    pub found: Found,
    /// How long finding it took, milliseconds.
    pub took_ms: u64,
    /// Who drilled.
    pub by: By,
    /// When.
    pub at: Timestamp,
    /// What was carried out afterwards, the oldest first.
    pub carried_out: Vec<CarriedOut>,
}

impl Drill {
    /// A measure upon the same seals refers to it.
    ///
    /// # Errors
    /// `DRILL_DIFFERS` when it is about other seals; `DRILL_USED` when too many refer to it.
    pub fn carry_out(
        mut self,
        target: &Target,
        measure: JobId,
        by: &By,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        if self.target != *target {
            return Err(Refused::rule(
                "DRILL_DIFFERS",
                "该次演练针对的是另一范围的印章",
                "the drill was about other seals",
            ));
        }
        if self.carried_out.len() >= MOST_MEASURES {
            return Err(Refused::rule(
                "DRILL_USED",
                "引用该次演练的措施过多，请重新演练",
                "too many measures refer to this drill: hold another",
            ));
        }
        self.carried_out.push(CarriedOut { measure, at: now, by: by.clone() });
        Ok(self)
    }
}

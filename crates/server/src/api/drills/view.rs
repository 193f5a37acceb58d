//! Drills as answers show them.

use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use yinxin_registry::drill::{CarriedOut, Drill, Target};

/// Which seals.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct TargetView {
    /// `issuer`, `unit`, `area` or `maker`.
    #[schema(example = "issuer")]
    pub by: String,
    /// Issuer of certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// First serial number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_serial: Option<String>,
    /// Last serial number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_serial: Option<String>,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Path of an area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
}

impl From<&Target> for TargetView {
    fn from(target: &Target) -> Self {
        let by = target.as_str().to_owned();
        match target.clone() {
            Target::Issuer { issuer, first_serial, last_serial } => {
                Self { by, issuer: Some(issuer), first_serial, last_serial, ..Self::default() }
            }
            Target::Unit { unit } => Self { by, unit: Some(unit.to_string()), ..Self::default() },
            Target::Area { area } => Self { by, area: Some(area.to_string()), ..Self::default() },
            Target::Maker { maker } => Self { by, maker: Some(maker.to_string()), ..Self::default() },
        }
    }
}

/// What would have been touched.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DrillFoundView {
    /// Seals the measure would suspend.
    pub seals: u64,
    /// Of these, by state: `active`, `suspended`.
    pub by_state: BTreeMap<String, u64>,
    /// Units that own them.
    pub units: u64,
    /// Seals on their way, not in force: they would have to be looked at one by one.
    pub coming: u64,
    /// Whether everything was looked at; otherwise the numbers say "at least".
    pub complete: bool,
    /// The first of them, at most 50.
    pub first: Vec<String>,
}

/// A measure that refers to the drill.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CarriedOutView {
    /// Measure: `GET /seals/bulk-suspensions/{id}`.
    #[schema(example = "job_01k0000000000000000000000a")]
    pub measure: String,
    /// When it was ordered.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who ordered it.
    pub by: String,
}

impl From<&CarriedOut> for CarriedOutView {
    fn from(one: &CarriedOut) -> Self {
        Self { measure: one.measure.to_string(), at: one.at, by: one.by.name.clone() }
    }
}

/// A drill.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DrillView {
    /// Key.
    #[schema(example = "drl_01k0000000000000000000000a")]
    pub id: String,
    /// Path of the area of the department that drilled.
    #[schema(example = "/100000/610000/610100/")]
    pub area: String,
    /// Emergency plan and what was rehearsed.
    pub plan: String,
    /// Which seals.
    pub target: TargetView,
    /// What would have been touched.
    pub found: DrillFoundView,
    /// How long finding it took, milliseconds.
    pub took_ms: u64,
    /// Who drilled.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Measures that refer to it, the oldest first.
    pub carried_out: Vec<CarriedOutView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl DrillView {
    /// Of a drill.
    pub fn of(drill: &Drill, version: i64) -> Self {
        let found = &drill.found;
        Self {
            id: drill.id.to_string(),
            area: drill.area_path.to_string(),
            plan: drill.plan.clone(),
            target: (&drill.target).into(),
            found: DrillFoundView {
                seals: found.seals,
                by_state: found.by_state.clone(),
                units: found.units,
                coming: found.coming,
                complete: found.complete,
                first: found.first.iter().map(ToString::to_string).collect(),
            },
            took_ms: drill.took_ms,
            by: drill.by.name.clone(),
            at: drill.at,
            carried_out: drill.carried_out.iter().map(Into::into).collect(),
            version,
        }
    }
}

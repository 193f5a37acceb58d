//! A right as an answer shows it.

use crate::api::applications::StepView;
use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::custody::grant::{Hours, Limits, UseGrant};
use yinxin_registry::lifecycle::State as _;

/// Hours of the day, Beijing time; `from` behind `until` means over midnight.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursBody {
    /// From, inclusive.
    #[schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$", example = "09:00:00")]
    pub from: Time,
    /// Until, exclusive.
    #[schema(value_type = String, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$", example = "18:00:00")]
    pub until: Time,
}

impl From<HoursBody> for Hours {
    fn from(hours: HoursBody) -> Self {
        Self { from: hours.from, until: hours.until }
    }
}

/// What may be done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LimitsView {
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until when, exclusive.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Kinds of document; empty means every kind.
    pub document_kinds: Vec<String>,
    /// Documents at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
    /// Hours of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<HoursBody>,
}

impl From<&Limits> for LimitsView {
    fn from(limits: &Limits) -> Self {
        Self {
            from: limits.from,
            until: limits.until,
            document_kinds: limits.document_kinds.clone(),
            most: limits.most,
            hours: limits.hours.map(|hours| HoursBody { from: hours.from, until: hours.until }),
        }
    }
}

/// A right to use a seal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UseGrantView {
    /// Key.
    #[schema(example = "grnt_01k0000000000000000000000a")]
    pub id: String,
    /// Seal.
    pub seal: String,
    /// Unit.
    pub unit: String,
    /// Account or client that may.
    pub to: String,
    /// Its name.
    pub to_name: String,
    /// What may be done.
    pub limits: LimitsView,
    /// Documents sealed under it, or being sealed.
    pub used: u32,
    /// Documents that may still be sealed; absent without a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<u32>,
    /// `live`, `used_up`, `revoked` or `over`.
    #[schema(example = "live")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "有效")]
    pub state_zh: String,
    /// When it was given.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// What changed the right itself; uses stand in the use register.
    pub history: Vec<StepView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl UseGrantView {
    /// Of a right.
    pub fn of(grant: &UseGrant, version: i64) -> Self {
        Self {
            id: grant.id().to_string(),
            seal: grant.seal().to_string(),
            unit: grant.unit().to_string(),
            to: grant.to().to_owned(),
            to_name: grant.to_name().to_owned(),
            limits: grant.limits().into(),
            used: grant.used(),
            left: grant.left(),
            state: grant.state().as_str().to_owned(),
            state_zh: grant.state().zh().to_owned(),
            created_at: grant.created_at(),
            history: grant.history().iter().map(StepView::from).collect(),
            version,
        }
    }
}

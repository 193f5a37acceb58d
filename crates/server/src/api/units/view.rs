//! A unit as an answer shows it.

use crate::api::people::PersonView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::profile::ApplicantKind;
use yinxin_registry::unit::{Former, Unit, UnitForm};

/// One line of a list of units.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitSummary {
    /// Key.
    pub id: String,
    /// `legal`, `internal_body`, `branch`.
    #[schema(value_type = String, example = "legal")]
    pub form: UnitForm,
    /// Credit code; internal bodies have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "91610100MA00000011")]
    pub credit_code: Option<String>,
    /// Full name.
    #[schema(example = "示例市示例有限公司")]
    pub name: String,
    /// Which procedure applies.
    #[schema(value_type = String, example = "enterprise")]
    pub applicant_kind: ApplicantKind,
    /// Area of registration.
    #[schema(example = "610100")]
    pub area: String,
    /// Unit it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// `active` or `dissolved`.
    #[schema(example = "active")]
    pub state: String,
    /// Version, as in the ETag.
    pub version: i64,
}

impl UnitSummary {
    /// Of a unit.
    pub fn of(unit: &Unit, version: i64) -> Self {
        Self {
            id: unit.id.to_string(),
            form: unit.form,
            credit_code: unit.credit_code.as_ref().map(ToString::to_string),
            name: unit.name.clone(),
            applicant_kind: unit.applicant_kind,
            area: unit.area.to_string(),
            parent: unit.parent.as_ref().map(ToString::to_string),
            state: if unit.dissolved_at.is_some() { "dissolved" } else { "active" }.to_owned(),
            version,
        }
    }
}

/// What stood on the unit before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormerView {
    /// `name`, `legal_representative`, `seal_administrator`, `technical_measures`.
    #[schema(example = "name")]
    pub what: String,
    /// What stood there, masked.
    pub was: String,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl From<&Former> for FormerView {
    fn from(former: &Former) -> Self {
        Self { what: former.what.clone(), was: former.was.clone(), until: former.until }
    }
}

/// A unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitView {
    /// The line of lists.
    #[serde(flatten)]
    pub summary: UnitSummary,
    /// Legal representative or person in charge.
    pub legal_representative: PersonView,
    /// Seal administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal_administrator: Option<PersonView>,
    /// Technical support measures for using seals.
    pub technical_measures: String,
    /// When it was dissolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub dissolved_at: Option<Timestamp>,
    /// What stood here before, oldest first.
    pub former: Vec<FormerView>,
}

impl UnitView {
    /// Of a unit.
    pub fn of(unit: &Unit, version: i64) -> Self {
        Self {
            summary: UnitSummary::of(unit, version),
            legal_representative: PersonView::from(&unit.legal_representative),
            seal_administrator: unit.seal_administrator.as_ref().map(PersonView::from),
            technical_measures: unit.technical_measures.clone(),
            dissolved_at: unit.dissolved_at,
            former: unit.former.iter().map(FormerView::from).collect(),
        }
    }
}

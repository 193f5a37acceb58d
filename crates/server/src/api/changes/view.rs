//! A change case as an answer shows it.

use crate::api::applications::StepView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::lifecycle::change::ChangeCase;

/// One line of a list of change cases.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeSummary {
    /// Key.
    pub id: String,
    /// Where it stands.
    #[schema(example = "open")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "办理中")]
    pub state_zh: String,
    /// Unit.
    pub unit: String,
    /// Seal to be changed.
    pub seal: String,
    /// Application for the new one.
    pub application: String,
    /// The new one, at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_seal: Option<String>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Version, as in the ETag.
    pub version: i64,
}

impl ChangeSummary {
    /// Of a case.
    pub fn of(case: &ChangeCase, version: i64) -> Self {
        Self {
            id: case.id().to_string(),
            state: case.state().as_str().to_owned(),
            state_zh: case.state().zh().to_owned(),
            unit: case.unit().to_string(),
            seal: case.seal().to_string(),
            application: case.application().to_string(),
            new_seal: case.new_seal().map(ToString::to_string),
            created_at: case.created_at(),
            version,
        }
    }
}

/// A change case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeView {
    /// The line of lists.
    #[serde(flatten)]
    pub summary: ChangeSummary,
    /// Why.
    pub reason: String,
    /// Every step.
    pub history: Vec<StepView>,
}

impl ChangeView {
    /// Of a case.
    pub fn of(case: &ChangeCase, version: i64) -> Self {
        Self {
            summary: ChangeSummary::of(case, version),
            reason: case.reason().to_owned(),
            history: case.history().iter().map(StepView::from).collect(),
        }
    }
}

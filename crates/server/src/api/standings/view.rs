//! An authorization as an answer shows it.

use crate::api::applications::StepView;
use crate::api::flows::CourseView;
use crate::api::use_grants::LimitsView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::approval::standing::Standing;
use yinxin_registry::lifecycle::State as _;

/// A standing authorization.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StandingView {
    /// Key.
    #[schema(example = "stnd_01k0000000000000000000000a")]
    pub id: String,
    /// Seal.
    pub seal: String,
    /// Unit.
    pub unit: String,
    /// Program.
    pub client: String,
    /// Its name.
    pub client_name: String,
    /// Time, kinds of document, count, hours.
    pub limits: LimitsView,
    /// Name of the template the program fills.
    pub template: String,
    /// Value of one document at most, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_each: Option<u64>,
    /// Value of all documents together at most, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_total: Option<u64>,
    /// Why.
    pub reason: String,
    /// Documents sealed under it, or being sealed.
    pub used: u32,
    /// Documents that may still be sealed.
    pub left: u32,
    /// Value of those used, in fen.
    pub value_used: u64,
    /// `proposed`, `live`, `refused`, `used_up`, `revoked` or `over`.
    #[schema(example = "live")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "有效")]
    pub state_zh: String,
    /// How it is voted on.
    pub approval: CourseView,
    /// When it was proposed.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Every step that changed the right itself.
    pub history: Vec<StepView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl StandingView {
    /// Of an authorization.
    pub fn of(standing: &Standing, version: i64) -> Self {
        let terms = standing.terms();
        Self {
            id: standing.id().to_string(),
            seal: standing.seal().to_string(),
            unit: standing.unit().to_string(),
            client: terms.client.to_string(),
            client_name: terms.client_name.clone(),
            limits: (&terms.limits).into(),
            template: terms.template.clone(),
            value_each: terms.value_each,
            value_total: terms.value_total,
            reason: terms.reason.clone(),
            used: standing.used(),
            left: standing.left(),
            value_used: standing.value_used(),
            state: standing.state().as_str().to_owned(),
            state_zh: standing.state().zh().to_owned(),
            approval: standing.course().into(),
            created_at: standing.created_at(),
            history: standing.history().iter().map(StepView::from).collect(),
            version,
        }
    }
}

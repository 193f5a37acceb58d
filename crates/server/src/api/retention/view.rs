//! Rules and dossiers as answers show them.

use crate::api::applications::StepView;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::retention::dossier::Dossier;
use yinxin_registry::retention::rule::{KindPeriod, Period, RetentionRule};

/// How long.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum PeriodBody {
    /// So many whole years, behind the day on which the request ended.
    Years {
        /// Years: not below what the area demands, a hundred at most.
        #[schema(minimum = 1, maximum = 100, example = 10)]
        years: u32,
    },
    /// For ever (永久).
    Permanent {},
}

impl From<PeriodBody> for Period {
    fn from(body: PeriodBody) -> Self {
        match body {
            PeriodBody::Years { years } => Self::Years { years },
            PeriodBody::Permanent {} => Self::Permanent,
        }
    }
}

impl From<Period> for PeriodBody {
    fn from(period: Period) -> Self {
        match period {
            Period::Years { years } => Self::Years { years },
            Period::Permanent => Self::Permanent {},
        }
    }
}

/// How long documents of one kind are kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KindPeriodBody {
    /// Kind of document, as requests name it, 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64, example = "合同")]
    pub document_kind: String,
    /// How long.
    pub period: PeriodBody,
}

impl From<KindPeriodBody> for KindPeriod {
    fn from(body: KindPeriodBody) -> Self {
        Self { document_kind: body.document_kind, period: body.period.into() }
    }
}

/// The rule of a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RetentionRuleView {
    /// Unit.
    #[schema(example = "unit_01k0000000000000000000000a")]
    pub unit: String,
    /// Of kinds that are not named.
    pub default: PeriodBody,
    /// Kinds with a period of their own.
    pub kinds: Vec<KindPeriodBody>,
    /// Years below which no rule goes, by the profile of the area.
    pub least_years: u32,
    /// Account that set it; absent where the unit has set none, and the least counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub set_at: Option<Timestamp>,
    /// Version, as in the ETag; 0 where the unit has set none.
    pub version: i64,
}

impl RetentionRuleView {
    /// Of a unit, with its rule where it has one.
    pub fn of(unit: &str, rule: Option<&RetentionRule>, least_years: u32, version: i64) -> Self {
        let least = PeriodBody::Years { years: least_years };
        let kind = |one: &KindPeriod| KindPeriodBody {
            document_kind: one.document_kind.clone(),
            period: one.period.into(),
        };
        Self {
            unit: unit.to_owned(),
            default: rule.map_or(least, |rule| rule.default_period().into()),
            kinds: rule.map(|rule| rule.kinds().iter().map(kind).collect()).unwrap_or_default(),
            least_years,
            set_by: rule.map(|rule| rule.set_by().id.clone()),
            set_at: rule.map(RetentionRule::set_at),
            version,
        }
    }
}

/// A hold on a dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HoldView {
    /// `unit` or `authority`: that side lifts it.
    #[schema(example = "authority", pattern = "^(unit|authority)$")]
    pub side: &'static str,
    /// Account.
    pub by: String,
    /// Its name.
    pub by_name: String,
    /// Why.
    pub reason: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// The dossier of a request: what is kept of it, until when, and what holds it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierView {
    /// Request.
    #[schema(example = "use_01k0000000000000000000000a")]
    pub request: String,
    /// Unit.
    pub unit: String,
    /// Kind of its documents.
    #[schema(example = "合同")]
    pub document_kind: String,
    /// `current`, `kept`, `listed`, `deleting` or `disposed`.
    #[schema(example = "kept")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "保管中")]
    pub state_zh: String,
    /// When the request ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Until when its documents are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub kept_until: Option<Timestamp>,
    /// Whether they are kept for ever.
    pub permanent: bool,
    /// What holds it: nothing is disposed of until each is lifted.
    pub holds: Vec<HoldView>,
    /// List of disposal it stands on, or was disposed of by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposal: Option<String>,
    /// Every step.
    pub history: Vec<StepView>,
    /// Version, as in the ETag; 0 where nothing has happened to it yet.
    pub version: i64,
}

impl DossierView {
    /// Of a dossier.
    pub fn of(dossier: &Dossier, version: i64) -> Self {
        let hold = |hold: &yinxin_registry::retention::dossier::Hold| HoldView {
            side: hold.side.as_str(),
            by: hold.by.id.clone(),
            by_name: hold.by.name.clone(),
            reason: hold.reason.clone(),
            at: hold.at,
        };
        Self {
            request: dossier.request().to_string(),
            unit: dossier.unit().to_string(),
            document_kind: dossier.document_kind().to_owned(),
            state: dossier.state().as_str().to_owned(),
            state_zh: dossier.state().zh().to_owned(),
            ended_at: dossier.ended_at(),
            kept_until: dossier.kept_until(),
            permanent: dossier.ended_at().is_some() && dossier.kept_until().is_none(),
            holds: dossier.holds().iter().map(hold).collect(),
            disposal: dossier.disposal().map(ToString::to_string),
            history: dossier.history().iter().map(StepView::from).collect(),
            version,
        }
    }
}

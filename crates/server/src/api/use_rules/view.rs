//! Rules of use as answers show them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::profile::day_of;
use yinxin_registry::unit::Unit;
use yinxin_registry::use_rules::{FormerRules, RulesDocument, UseRules};

/// A document of rules.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RulesDocumentView {
    /// SM3 of the bytes, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// As the unit knows it.
    #[schema(example = "印章使用管理制度.pdf")]
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    #[schema(example = "application/pdf")]
    pub media_type: String,
}

impl From<&RulesDocument> for RulesDocumentView {
    fn from(document: &RulesDocument) -> Self {
        Self {
            digest: document.digest.clone(),
            file_name: document.file_name.clone(),
            size: document.size,
            media_type: document.media_type.clone(),
        }
    }
}

/// What stood there before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FormerRulesView {
    /// SM3 of the document, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// Body in charge.
    pub body_in_charge: String,
    /// Day of its last review.
    #[schema(value_type = String, format = Date)]
    pub reviewed_on: Date,
    /// Until when it stood there.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
}

impl From<&FormerRules> for FormerRulesView {
    fn from(former: &FormerRules) -> Self {
        Self {
            digest: former.document.digest.clone(),
            body_in_charge: former.body_in_charge.clone(),
            reviewed_on: former.reviewed_on,
            until: former.until,
        }
    }
}

/// The rules of a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UseRulesView {
    /// Unit.
    #[schema(example = "unit_01k0000000000000000000000a")]
    pub unit: String,
    /// `missing`, `outdated` or `current`.
    #[schema(example = "current")]
    pub state: String,
    /// The document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<RulesDocumentView>,
    /// Body or post in charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "办公室")]
    pub body_in_charge: Option<String>,
    /// Day on which the unit last looked at them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub reviewed_on: Option<Date>,
    /// Who handed them in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// What stood there before, the oldest first.
    pub former: Vec<FormerRulesView>,
    /// Version, as in the ETag; 0 where there are none.
    pub version: i64,
}

impl UseRulesView {
    /// Of a unit, with its rules where it has some.
    pub fn of(unit: &str, rules: Option<&UseRules>, version: i64, now: Timestamp) -> Self {
        Self {
            unit: unit.to_owned(),
            state: rules.map_or("missing", |rules| rules.state(day_of(now))).to_owned(),
            document: rules.map(|rules| rules.document().into()),
            body_in_charge: rules.map(|rules| rules.body_in_charge().to_owned()),
            reviewed_on: rules.map(UseRules::reviewed_on),
            by: rules.map(|rules| rules.by().name.clone()),
            at: rules.map(UseRules::at),
            former: rules.map(|rules| rules.former().iter().map(Into::into).collect()).unwrap_or_default(),
            version,
        }
    }
}

/// A unit by what is known of its rules.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UseRulesLine {
    /// Unit.
    #[schema(example = "unit_01k0000000000000000000000a")]
    pub unit: String,
    /// Its name.
    pub unit_name: String,
    /// Path of its area.
    #[schema(example = "/100000/610000/610100/")]
    pub area: String,
    /// `missing`, `outdated` or `current`.
    #[schema(example = "missing")]
    pub state: String,
    /// Body or post in charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_in_charge: Option<String>,
    /// Day on which the unit last looked at them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub reviewed_on: Option<Date>,
}

impl UseRulesLine {
    /// A unit without rules.
    pub fn missing(unit: &Unit) -> Self {
        Self {
            unit: unit.id.to_string(),
            unit_name: unit.name.clone(),
            area: unit.area_path.to_string(),
            state: "missing".to_owned(),
            body_in_charge: None,
            reviewed_on: None,
        }
    }

    /// A unit with rules.
    pub fn of(rules: &UseRules, now: Timestamp) -> Self {
        Self {
            unit: rules.unit().to_string(),
            unit_name: rules.unit_name().to_owned(),
            area: rules.area_path().to_string(),
            state: rules.state(day_of(now)).to_owned(),
            body_in_charge: Some(rules.body_in_charge().to_owned()),
            reviewed_on: Some(rules.reviewed_on()),
        }
    }
}

//! Profiles as answers show them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::profile::{Profile, ProfileVersion, Text};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextView {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Text> for TextView {
    fn from(text: &Text) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
}

/// One line of the list of profiles.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProfileSummary {
    /// Identifier.
    #[schema(example = "national")]
    pub id: String,
    /// Version in force.
    #[schema(example = 1)]
    pub version: u32,
    /// Name.
    pub name: TextView,
    /// First digits of the codes of the areas it is made for; empty: the whole nation.
    #[schema(example = "6101")]
    pub applies_to: String,
}

impl ProfileSummary {
    /// Of a profile.
    pub fn of(profile: &Profile) -> Self {
        Self {
            id: profile.id.clone(),
            version: profile.version,
            name: TextView::from(&profile.name),
            applies_to: profile.applies_to.clone(),
        }
    }
}

/// A version of a profile.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProfileView {
    /// The line of the list.
    #[serde(flatten)]
    pub summary: ProfileSummary,
    /// Since when it is in force.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Who put it in force; `system` for what came with the program.
    pub by: String,
    /// The file, TOML.
    pub text: String,
    /// What the file says: the same as `text`, as JSON.
    #[schema(value_type = Object)]
    pub rules: serde_json::Value,
}

impl ProfileView {
    /// Of a version and what it says.
    ///
    /// # Errors
    /// When the rules cannot be written as JSON.
    pub fn of(version: &ProfileVersion, profile: &Profile) -> Result<Self, serde_json::Error> {
        Ok(Self {
            summary: ProfileSummary::of(profile),
            from: version.from,
            by: version.by.clone(),
            text: version.text.clone(),
            rules: serde_json::to_value(profile)?,
        })
    }
}

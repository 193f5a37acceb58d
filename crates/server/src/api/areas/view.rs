//! An area as an answer shows it.

use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaLevel};

/// An area.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AreaView {
    /// Code.
    #[schema(example = "610100")]
    pub code: String,
    /// Name.
    #[schema(example = "示例市")]
    pub name: String,
    /// `nation`, `province`, `city`, `county`, `zone`.
    #[schema(value_type = String, example = "city")]
    pub level: AreaLevel,
    /// Place in the tree.
    #[schema(example = "/100000/610000/610100/")]
    pub path: String,
    /// Identifier of the profile of practice.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "national")]
    pub profile: Option<String>,
    /// Authority in charge, as certificates name it.
    pub authority: String,
    /// Designation of the department that issues seals here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub designation: Option<String>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl AreaView {
    /// Of an area.
    pub fn of(area: &Area, version: i64) -> Self {
        Self {
            code: area.code.to_string(),
            name: area.name.clone(),
            level: area.level,
            path: area.path.to_string(),
            profile: area.profile.clone(),
            authority: area.authority.clone(),
            designation: area.designation.as_ref().map(ToString::to_string),
            version,
        }
    }
}

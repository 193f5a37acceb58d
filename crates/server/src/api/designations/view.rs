//! A designation as an answer shows it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::area::{Designation, DesignationState};

/// A designation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DesignationView {
    /// Key.
    pub id: String,
    /// Area that designates.
    #[schema(example = "610113")]
    pub area: String,
    /// `made`, `filed`, `ended`.
    #[schema(value_type = String, example = "filed")]
    pub state: DesignationState,
    /// Department that issues seals.
    #[schema(example = "示例区行政审批局")]
    pub department: String,
    /// Person who answers for it.
    pub responsible: String,
    /// Number of the document that names it.
    pub document: String,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until when, once ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Receipt of the area above, once filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl DesignationView {
    /// Of a designation.
    pub fn of(designation: &Designation, version: i64) -> Self {
        Self {
            id: designation.id.to_string(),
            area: designation.area.to_string(),
            state: designation.state,
            department: designation.department.clone(),
            responsible: designation.responsible.clone(),
            document: designation.document.clone(),
            from: designation.from,
            until: designation.until,
            receipt: designation.receipt.clone(),
            version,
        }
    }
}

//! An entry of the list as an answer shows it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::block::BlockedAgent;

/// An entry of the list of agents who may not apply.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BlockView {
    /// Key.
    pub id: String,
    /// Path of the area it counts in, with everything within.
    #[schema(example = "/100000/610000/610100/")]
    pub area: String,
    /// The person, masked.
    #[schema(example = "示** 110***********002X")]
    pub person: String,
    /// Why.
    pub reason: String,
    /// Number of the decision.
    pub document: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Until when; absent: until lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Who decided.
    pub by: String,
    /// When it was lifted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lifted_at: Option<Timestamp>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl BlockView {
    /// Of an entry.
    pub fn of(block: &BlockedAgent, version: i64) -> Self {
        Self {
            id: block.id.to_string(),
            area: block.area_path.to_string(),
            person: block.person.clone(),
            reason: block.reason.clone(),
            document: block.document.clone(),
            from: block.from,
            until: block.until,
            by: block.by.name.clone(),
            lifted_at: block.lifted_at,
            version,
        }
    }
}

//! An entry as an answer shows it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::supervision::SupervisionEntry;

/// An entry of the log of supervision.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupervisionView {
    /// Key.
    #[schema(example = "sup_01k0000000000000000000000a")]
    pub id: String,
    /// Maker.
    pub maker: String,
    /// Its name at the time.
    pub maker_name: String,
    /// Path of the area that registered it.
    #[schema(example = "/100000/610000/610100/")]
    pub area: String,
    /// `inspection`, `finding` or `order`.
    #[schema(example = "order")]
    pub kind: String,
    /// In Chinese.
    #[schema(example = "责令整改")]
    pub kind_zh: String,
    /// `noted` (an inspection), `open` or `done`.
    #[schema(example = "open")]
    pub state: String,
    /// Whether the day of an order has passed without it being done.
    pub overdue: bool,
    /// What was seen or ordered.
    pub text: String,
    /// Number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Unit that entrusted the maker at the time and answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrusted_by: Option<String>,
    /// Until when an order is to be carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Entry it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// Who wrote it.
    pub by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub settled_at: Option<Timestamp>,
    /// Who settled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<String>,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl SupervisionView {
    /// Of an entry.
    pub fn of(entry: &SupervisionEntry, version: i64, now: Timestamp) -> Self {
        let settled = entry.settled.as_ref();
        Self {
            id: entry.id.to_string(),
            maker: entry.maker.to_string(),
            maker_name: entry.maker_name.clone(),
            area: entry.area_path.to_string(),
            kind: entry.kind.as_str().to_owned(),
            kind_zh: entry.kind.zh().to_owned(),
            state: entry.state().to_owned(),
            overdue: entry.is_overdue(now),
            text: entry.text.clone(),
            document: entry.document.clone(),
            entrusted_by: entry.entrusted_by.clone(),
            due: entry.due,
            follows: entry.follows.as_ref().map(ToString::to_string),
            by: entry.by.name.clone(),
            at: entry.at,
            settled_at: settled.map(|s| s.at),
            settled_by: settled.map(|s| s.by.name.clone()),
            remark: settled.map(|s| s.remark.clone()),
            version,
        }
    }
}

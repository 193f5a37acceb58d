//! Tickets as answers show them.

use crate::api::applications::StepView;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::correction::{Answer, Breach, SealsOrdered, Ticket, TicketFile};
use yinxin_registry::lifecycle::State as _;

/// A breach.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BreachView {
    /// Code.
    #[schema(example = "beyond_approval")]
    pub code: String,
    /// In Chinese.
    #[schema(example = "未经审批或者超出审批范围用印")]
    pub zh: String,
    /// Whether seals may be suspended upon it at once.
    pub grave: bool,
}

impl From<&Breach> for BreachView {
    fn from(breach: &Breach) -> Self {
        Self { code: breach.as_str().to_owned(), zh: breach.zh().to_owned(), grave: breach.is_grave() }
    }
}

/// A file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketFileView {
    /// SM3 of the bytes, hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub digest: String,
    /// As the unit knows it.
    #[schema(example = "整改报告.pdf")]
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// When it was brought.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl From<&TicketFile> for TicketFileView {
    fn from(file: &TicketFile) -> Self {
        Self {
            digest: file.digest.clone(),
            file_name: file.file_name.clone(),
            size: file.size,
            media_type: file.media_type.clone(),
            at: file.at,
        }
    }
}

/// What the unit answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketAnswerView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What was done.
    pub text: String,
    /// With which files.
    pub files: Vec<TicketFileView>,
}

impl From<&Answer> for TicketAnswerView {
    fn from(answer: &Answer) -> Self {
        Self {
            at: answer.at,
            by: answer.by.name.clone(),
            text: answer.text.clone(),
            files: answer.files.iter().map(Into::into).collect(),
        }
    }
}

/// Seals suspended by it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketSuspensionView {
    /// Which.
    pub seals: Vec<String>,
    /// Until which day; absent: until the ticket ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Why.
    pub detail: String,
    /// Number of the decision.
    pub document: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who decided.
    pub by: String,
}

impl From<&SealsOrdered> for TicketSuspensionView {
    fn from(ordered: &SealsOrdered) -> Self {
        Self {
            seals: ordered.seals.iter().map(ToString::to_string).collect(),
            until: ordered.until,
            detail: ordered.detail.clone(),
            document: ordered.document.clone(),
            at: ordered.at,
            by: ordered.by.name.clone(),
        }
    }
}

/// A ticket of the supervision of units.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketView {
    /// Key.
    #[schema(example = "tkt_01k0000000000000000000000a")]
    pub id: String,
    /// Unit.
    pub unit: String,
    /// Its name at the time.
    pub unit_name: String,
    /// Path of its area.
    #[schema(example = "/100000/610000/610100/")]
    pub area: String,
    /// `inspection`, `finding` or `order`.
    #[schema(example = "order")]
    pub kind: String,
    /// In Chinese.
    #[schema(example = "责令整改")]
    pub kind_zh: String,
    /// `noted` (an inspection), `open`, `answered`, `accepted` or `closed`.
    #[schema(example = "open")]
    pub state: String,
    /// In Chinese.
    #[schema(example = "待整改")]
    pub state_zh: String,
    /// Whether the day of an order has passed without an answer.
    pub overdue: bool,
    /// What the unit is held to account for.
    pub breaches: Vec<BreachView>,
    /// What was seen or is ordered.
    pub text: String,
    /// Law and article it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Seals it is about.
    pub seals: Vec<String>,
    /// Until when an order is to be carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Ticket it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// Files for the next answer.
    pub files: Vec<TicketFileView>,
    /// What the unit answered, the oldest first.
    pub answers: Vec<TicketAnswerView>,
    /// Seals it suspended, the oldest first. Whether they still are tells each seal.
    pub suspensions: Vec<TicketSuspensionView>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Every step.
    pub history: Vec<StepView>,
    /// Version, as in the ETag.
    pub version: i64,
}

impl TicketView {
    /// Of a ticket.
    pub fn of(ticket: &Ticket, version: i64, now: Timestamp) -> Self {
        Self {
            id: ticket.id().to_string(),
            unit: ticket.unit().to_string(),
            unit_name: ticket.unit_name().to_owned(),
            area: ticket.area_path().to_string(),
            kind: ticket.kind().as_str().to_owned(),
            kind_zh: ticket.kind().zh().to_owned(),
            state: ticket.state().as_str().to_owned(),
            state_zh: ticket.state().zh().to_owned(),
            overdue: ticket.is_overdue(now),
            breaches: ticket.breaches().iter().map(Into::into).collect(),
            text: ticket.text().to_owned(),
            basis: ticket.basis().map(str::to_owned),
            document: ticket.document().map(str::to_owned),
            seals: ticket.seals().iter().map(ToString::to_string).collect(),
            due: ticket.due(),
            follows: ticket.follows().map(ToString::to_string),
            files: ticket.files().iter().map(Into::into).collect(),
            answers: ticket.answers().iter().map(Into::into).collect(),
            suspensions: ticket.suspensions().iter().map(Into::into).collect(),
            created_at: ticket.created_at(),
            history: ticket.history().iter().map(StepView::from).collect(),
            version,
        }
    }
}

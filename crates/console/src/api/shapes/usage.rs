//! Requests to use a seal, notices, tickets, figures.

use super::Both;
use super::application::Step;
use crate::frame::Moment;
use serde::{Deserialize, Serialize};

/// Somebody who decides.
#[derive(Debug, Clone, Deserialize)]
pub struct Approver {}

/// A vote.
#[derive(Debug, Clone, Deserialize)]
pub struct Vote {
    /// Name.
    pub name: String,
    /// Agreed or refused.
    pub agrees: bool,
    /// Words.
    pub words: Option<String>,
}

/// A step of the approval.
#[derive(Debug, Clone, Deserialize)]
pub struct Stage {
    /// Name.
    pub name: String,
    /// Who decides.
    pub approvers: Vec<Approver>,
    /// How many must agree.
    pub need: u16,
    /// Whether a vote may be handed on.
    #[serde(default)]
    pub delegable: bool,
    /// When it is due.
    pub due: Option<Moment>,
    /// Votes.
    #[serde(default)]
    pub votes: Vec<Vote>,
}

/// How it is voted on.
#[derive(Debug, Clone, Deserialize)]
pub struct Course {
    /// What is voted on.
    pub digest: String,
    /// Step reached.
    pub reached: usize,
    /// Whose vote is waited for.
    #[serde(default)]
    pub waits_for: Vec<String>,
    /// Steps.
    pub steps: Vec<Stage>,
}

/// What came of the documents.
#[derive(Debug, Clone, Deserialize)]
pub struct Tally {
    /// Documents.
    pub documents: u32,
    /// Sealed.
    #[serde(default)]
    pub signed: u32,
    /// Failed.
    #[serde(default)]
    pub failed: u32,
}

/// A request to use a seal.
#[derive(Debug, Clone, Deserialize)]
pub struct UseRequest {
    /// Key.
    pub id: String,
    /// Number.
    pub number: String,
    /// Seal.
    pub seal: String,
    /// State.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
    /// Who asks.
    pub asked_by: String,
    /// Its name.
    pub asked_by_name: String,
    /// Kind of document.
    pub document_kind: String,
    /// Why.
    pub reason: String,
    /// To whom.
    pub recipient: Option<String>,
    /// How it is voted on.
    pub approval: Option<Course>,
    /// Until when the approval is good.
    pub good_until: Option<Moment>,
    /// What came of it.
    pub tally: Tally,
    /// When it was opened.
    pub created_at: Moment,
    /// History.
    pub history: Vec<Step>,
    /// Version.
    pub version: i64,
}

impl UseRequest {
    /// Whether this person's vote is waited for.
    pub fn waits_for(&self, account: &str) -> bool {
        self.approval.as_ref().is_some_and(|course| course.waits_for.iter().any(|waited| waited == account))
    }

    /// When the step that is reached is due.
    pub fn due(&self) -> Option<Moment> {
        let course = self.approval.as_ref()?;
        course.steps.get(course.reached)?.due
    }
}

/// Pages of a placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Pages {
    /// Every page.
    All {},
    /// The last.
    Last {},
    /// From one to another.
    Range {
        /// First.
        first: u32,
        /// Last.
        last: u32,
    },
}

/// An edge of the paper.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// Right.
    #[default]
    Right,
    /// Left.
    Left,
    /// Upper.
    Top,
    /// Lower.
    Bottom,
}

impl Edge {
    /// As forms say it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Left => "left",
            Self::Top => "top",
            Self::Bottom => "bottom",
        }
    }

    /// What a form says; the usual edge for everything else.
    pub fn of(code: &str) -> Self {
        match code {
            "left" => Self::Left,
            "top" => Self::Top,
            "bottom" => Self::Bottom,
            _ => Self::Right,
        }
    }

    /// Whether it runs from left to right.
    pub fn lies_flat(self) -> bool {
        matches!(self, Self::Top | Self::Bottom)
    }
}

/// Where the seal goes; hundredths of a millimeter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Placement {
    /// At a place.
    At {
        /// Pages.
        pages: Pages,
        /// Middle, to the right.
        x: i32,
        /// Middle, down.
        y: i32,
    },
    /// Over a word.
    Keyword {
        /// The word.
        word: String,
        /// Which hit, from 1; 0 for every hit.
        hit: u32,
    },
    /// Over the edges.
    CrossPage {
        /// Pages.
        pages: Pages,
        /// Over which.
        #[serde(default)]
        edge: Edge,
        /// Middle, to the right: along the upper and the lower edge.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        x: Option<i32>,
        /// Middle, down: along the right and the left edge.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        y: Option<i32>,
    },
}

/// Places under a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PlaceTemplate {
    /// Name.
    pub name: String,
    /// Places.
    pub placements: Vec<Placement>,
}

/// The templates of a person.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PlaceTemplates {
    /// Templates.
    pub templates: Vec<PlaceTemplate>,
    /// Version.
    pub version: i64,
}

/// What came of sealing a document.
#[derive(Debug, Clone, Deserialize)]
pub struct Sealed {
    /// SM3 of the sealed document, hex.
    #[serde(default)]
    pub digest: String,
    /// Code for print-outs.
    pub verification_code: String,
}

/// A document of a request.
#[derive(Debug, Clone, Deserialize)]
pub struct UseItem {
    /// Key.
    pub id: String,
    /// File name.
    pub name: String,
    /// `ofd`, `pdf`, `ofd-signature` or `pdf-digest`.
    pub format: String,
    /// SM3 of its bytes, hex.
    #[serde(default)]
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Code of what went wrong last.
    pub fault: Option<String>,
    /// Places.
    #[serde(default)]
    pub placements: Vec<Placement>,
    /// Whether its bytes came.
    pub has_content: bool,
    /// State.
    pub state: String,
    /// In Chinese.
    pub state_zh: String,
    /// What came of it.
    pub sealed: Option<Sealed>,
}

/// A notice.
#[derive(Debug, Clone, Deserialize)]
pub struct Notice {
    /// Key.
    pub id: String,
    /// What it is about.
    pub subject: String,
    /// By what people know it.
    pub label: Option<String>,
    /// In a few words.
    pub title: Both,
    /// In a sentence.
    pub text: Both,
    /// By when something has to be done.
    pub due: Option<Moment>,
    /// When it came about.
    pub at: Moment,
    /// When it was read.
    pub read_at: Option<Moment>,
}

/// A page of notices.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Notices {
    /// Notices.
    pub items: Vec<Notice>,
    /// Where it goes on.
    pub next: Option<String>,
    /// How many are unread.
    pub unread: u64,
}

/// A ticket about a unit.
#[derive(Debug, Clone, Deserialize)]
pub struct Ticket {
    /// Key.
    pub id: String,
    /// Unit.
    pub unit_name: String,
    /// Kind, in Chinese.
    pub kind_zh: String,
    /// State, in Chinese.
    pub state_zh: String,
    /// What is ordered.
    pub text: String,
    /// By when.
    pub due: Option<Moment>,
}

/// How many.
#[derive(Debug, Clone, Deserialize)]
pub struct Count {
    /// At most 100.
    pub count: u64,
    /// Whether there are more.
    #[serde(default)]
    pub more: bool,
}

/// How many are in a state.
#[derive(Debug, Clone, Deserialize)]
pub struct StateCount {
    /// State.
    pub state: String,
    /// How many.
    pub count: u64,
}

/// Figures of an area.
#[derive(Debug, Clone, Deserialize)]
pub struct Overview {
    /// Applications.
    pub applications: Vec<StateCount>,
    /// Seals.
    pub seals: Vec<StateCount>,
    /// Units.
    pub units: u64,
    /// Overdue decisions.
    pub overdue_reviews: Count,
    /// Overdue filings.
    pub overdue_filings: Count,
    /// Seals that end soon.
    pub expiring: Count,
    /// Strange uses.
    pub strange_uses: Count,
    /// Orders to units whose day has passed.
    pub overdue_tickets: Count,
    /// Certificates that end soon.
    pub ending_certificates: Vec<EndingCertificate>,
}

/// A certificate that ends soon.
#[derive(Debug, Clone, Deserialize)]
pub struct EndingCertificate {
    /// Whose.
    pub name: String,
    /// Its last moment.
    pub until: Moment,
}

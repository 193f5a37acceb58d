//! Notices (通知): what a person is told because something happened that is his to know or to act upon.

mod templates;

pub use templates::{TEMPLATES, Template, template};

use crate::ids::{AccountId, NoticeId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A notice to one person. Its words are those of the moment it came about; they never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Key.
    pub id: NoticeId,
    /// Whose.
    pub account: AccountId,
    /// What brought it about; a person is told of one event once.
    pub event: String,
    /// Stable code: `seal.suspended`.
    pub kind: String,
    /// Identifier of the thing.
    pub subject: String,
    /// By what people know the thing: the code of a seal, the number of an application.
    pub label: Option<String>,
    /// In a few words.
    pub title: Words,
    /// In a sentence.
    pub text: Words,
    /// By when something has to be done.
    pub due: Option<Timestamp>,
    /// When it came about.
    pub at: Timestamp,
}

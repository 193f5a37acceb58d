//! A notice as answers show it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_registry::notice::{Notice, Words};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WordsView {
    /// Chinese.
    #[schema(example = "印章及其证书即将到期")]
    pub zh: String,
    /// English.
    #[schema(example = "A seal and its certificate end soon")]
    pub en: String,
}

impl From<&Words> for WordsView {
    fn from(words: &Words) -> Self {
        Self { zh: words.zh.clone(), en: words.en.clone() }
    }
}

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticeView {
    /// Key.
    #[schema(example = "ntc_01k0000000000000000000000a")]
    pub id: String,
    /// Stable code.
    #[schema(example = "seal.renewal_reminder")]
    pub kind: String,
    /// Identifier of the thing it is about.
    #[schema(example = "seal_01k0000000000000000000000a")]
    pub subject: String,
    /// By what people know the thing: the code of a seal, the number of an application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// In a few words.
    pub title: WordsView,
    /// In a sentence.
    pub text: WordsView,
    /// By when something has to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// When it came about.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it was marked as read; absent: not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}

impl NoticeView {
    /// Of a notice and its mark.
    pub fn of(notice: &Notice, read_at: Option<Timestamp>) -> Self {
        Self {
            id: notice.id.to_string(),
            kind: notice.kind.clone(),
            subject: notice.subject.clone(),
            label: notice.label.clone(),
            title: (&notice.title).into(),
            text: (&notice.text).into(),
            due: notice.due,
            at: notice.at,
            read_at,
        }
    }
}

//! Refusals of the API (RFC 9457), as pages show them.

use crate::frame::Lang;
use serde::Deserialize;
use std::borrow::Borrow;

/// One field at fault.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FieldFault {
    /// Place in the body, a JSON pointer.
    pub pointer: Option<String>,
    /// Query parameter or header.
    pub parameter: Option<String>,
    /// Stable code.
    pub code: String,
    /// In Chinese.
    pub detail: String,
    /// In English.
    pub detail_en: String,
}

impl FieldFault {
    /// In the language of the page.
    pub fn text(&self, lang: impl Borrow<Lang>) -> &str {
        lang.borrow()
            .pick(&self.detail, if self.detail_en.is_empty() { &self.detail } else { &self.detail_en })
    }
}

/// A refusal.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// Status.
    pub status: u16,
    /// Stable code.
    pub code: String,
    /// What it is, in Chinese.
    pub title: String,
    /// In English.
    pub title_en: String,
    /// More of it, in Chinese.
    pub detail: String,
    /// In English.
    pub detail_en: String,
    /// Number of the request, to be reported.
    pub instance: String,
    /// Rule that forbids it.
    pub rule: Option<String>,
    /// Fields at fault.
    pub errors: Vec<FieldFault>,
}

impl Problem {
    /// Something a page sees by itself before the API is asked; the words are in its language.
    pub fn of_the_page(code: &str, words: &str) -> Self {
        Self { status: 422, code: code.to_owned(), title: words.to_owned(), ..Self::default() }
    }

    /// What it is.
    pub fn title(&self, lang: impl Borrow<Lang>) -> &str {
        lang.borrow().pick(&self.title, if self.title_en.is_empty() { &self.title } else { &self.title_en })
    }

    /// More of it.
    pub fn detail(&self, lang: impl Borrow<Lang>) -> &str {
        lang.borrow()
            .pick(&self.detail, if self.detail_en.is_empty() { &self.detail } else { &self.detail_en })
    }

    /// What is wrong with the field at this pointer, or with a part of it.
    pub fn at(&self, pointer: &str) -> Option<&FieldFault> {
        let inside = format!("{pointer}/");
        let here = |fault: &&FieldFault| {
            fault.pointer.as_deref().is_some_and(|place| place == pointer || place.starts_with(&inside))
        };
        self.errors.iter().find(here)
    }
}

//! A text in both languages, where it is used.

use crate::frame::Lang;
use std::borrow::Borrow;

/// Chinese, English. The tables of the desk hold their words beside what they are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Say(pub &'static str, pub &'static str);

impl Say {
    /// Nothing.
    pub const NONE: Say = Say("", "");

    /// In the language of the page.
    pub fn text(&self, lang: impl Borrow<Lang>) -> &'static str {
        lang.borrow().pick(self.0, self.1)
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A code of the API with its words.
pub type Named = (&'static str, Say);

/// The words for a code; the code itself where it has none.
pub fn named(table: &[Named], code: &str, lang: Lang) -> String {
    table
        .iter()
        .find(|(known, _)| *known == code)
        .map_or_else(|| code.to_owned(), |(_, say)| say.text(lang).to_owned())
}

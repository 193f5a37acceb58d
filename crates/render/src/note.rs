//! What a picture does not show, or not exactly.

use serde::Serialize;

/// Something that is missing from the page's picture or text, or shown otherwise than the document asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Stable code.
    pub code: &'static str,
    /// The part in which it was met.
    pub part: String,
    /// ID of the object, where it has one.
    pub object: Option<String>,
    /// What exactly.
    pub detail: String,
    /// How often the same was met.
    pub count: usize,
}

/// Longest text taken from a document into a note.
const LONGEST: usize = 120;

/// Notes of one page: equal ones counted, all bounded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Notes {
    list: Vec<Note>,
    limit: usize,
}

impl Notes {
    pub fn new(limit: usize) -> Self {
        Self { list: Vec::new(), limit }
    }

    /// Adds a note, or counts it where the same code and detail stand already.
    pub fn add(&mut self, code: &'static str, part: &str, object: Option<&str>, detail: impl Into<String>) {
        let detail: String = detail.into().chars().take(LONGEST * 2).collect();
        if let Some(same) = self.list.iter_mut().find(|note| note.code == code && note.detail == detail) {
            same.count = same.count.saturating_add(1);
            return;
        }
        if self.list.len() >= self.limit {
            let more = "NOTES_LIMIT";
            match self.list.iter_mut().find(|note| note.code == more) {
                Some(rest) => rest.count = rest.count.saturating_add(1),
                None => self.list.push(Note {
                    code: more,
                    part: part.to_owned(),
                    object: None,
                    detail: "further notes are only counted".into(),
                    count: 1,
                }),
            }
            return;
        }
        self.list.push(Note {
            code,
            part: part.to_owned(),
            object: object.map(|id| id.chars().take(LONGEST).collect()),
            detail,
            count: 1,
        });
    }

    pub fn into_list(self) -> Vec<Note> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_notes_are_counted_and_all_are_bounded() {
        let mut notes = Notes::new(2);
        for n in 0..10 {
            notes.add("A", "/p", None, "same");
            notes.add("B", "/p", Some("7"), format!("{n}"));
        }
        let list = notes.into_list();
        let found: Vec<_> = list.iter().map(|note| (note.code, note.count)).collect();
        assert_eq!(found, [("A", 10), ("B", 1), ("NOTES_LIMIT", 9)]);
    }
}

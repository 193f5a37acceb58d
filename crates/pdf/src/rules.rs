//! What signatures let happen to a document afterwards (DocMDP, FieldMDP; ISO 32000-1 §12.8.2).

use serde::{Deserialize, Serialize};

use crate::error::PdfError;
use crate::form::text;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object};

/// What a certification permits (DocMDP). Validation data and document timestamps may follow any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing.
    Nothing,
    /// Filling in fields and signing.
    Fill,
    /// The same, and annotations.
    Annotate,
}

impl Level {
    /// The number that `/P` gives: 1, 2 or 3.
    pub fn number(self) -> i64 {
        match self {
            Self::Nothing => 1,
            Self::Fill => 2,
            Self::Annotate => 3,
        }
    }

    /// From `/P`; without it 2, and a number that means nothing permits nothing.
    fn from_object(object: Option<&Object>) -> Self {
        match object.map(Object::int) {
            None | Some(Some(2)) => Self::Fill,
            Some(Some(3)) => Self::Annotate,
            _ => Self::Nothing,
        }
    }
}

/// The fields that a signature locks (FieldMDP).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldLock {
    /// All.
    All,
    /// These, and those below them.
    These(Vec<String>),
    /// All but these and those below them.
    AllBut(Vec<String>),
}

/// Names in one lock.
const MAX_NAMES: usize = 10_000;

impl FieldLock {
    /// Whether a field, by its full name, is locked.
    pub fn holds(&self, field: &str) -> bool {
        let named = |list: &[String]| {
            list.iter()
                .any(|n| field.strip_prefix(n.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('.')))
        };
        match self {
            Self::All => true,
            Self::These(list) => named(list),
            Self::AllBut(list) => !named(list),
        }
    }

    /// From parameters or a field's `/Lock`; what cannot be understood locks everything.
    fn read(bytes: &mut dyn Bytes, state: &mut State, dict: &Dict) -> Result<Self, PdfError> {
        let mut names = Vec::new();
        let fields = state.value(bytes, dict, "Fields")?;
        for f in fields.array().unwrap_or_default().iter().take(MAX_NAMES) {
            if let Some(s) = state.resolve(bytes, f)?.string() {
                names.push(text(&s.bytes));
            }
        }
        Ok(match state.value(bytes, dict, "Action")?.name() {
            Some(b"Include") => Self::These(names),
            Some(b"Exclude") => Self::AllBut(names),
            _ => Self::All,
        })
    }
}

/// What a signature, and those that its revision holds already, say about later changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// The strictest level; `None` where none of them certifies or states one.
    pub level: Option<Level>,
    /// Locks of fields.
    pub locks: Vec<FieldLock>,
}

/// How a change stands to the [`Rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// The certification or the locks leave it open.
    Permitted,
    /// The certification forbids it.
    Forbidden,
    /// The field is locked.
    Locked,
}

impl Rules {
    /// Adds what another signature says; the stricter word counts.
    pub(crate) fn join(&mut self, other: &Self) {
        self.level = self.level.into_iter().chain(other.level).min();
        self.locks.extend(other.locks.iter().cloned());
    }

    /// On a field that was filled in. `None`: nobody said that it might be.
    pub(crate) fn fill(&self, field: &str) -> Option<Ruling> {
        if self.locks.iter().any(|l| l.holds(field)) {
            return Some(Ruling::Locked);
        }
        match self.level {
            Some(Level::Nothing) => Some(Ruling::Forbidden),
            Some(Level::Fill | Level::Annotate) => Some(Ruling::Permitted),
            // Who locks some fields leaves the others to those who come after.
            None => (!self.locks.is_empty()).then_some(Ruling::Permitted),
        }
    }

    /// On an annotation.
    pub(crate) fn annotate(&self) -> Option<Ruling> {
        self.level.map(|l| if l == Level::Annotate { Ruling::Permitted } else { Ruling::Forbidden })
    }
}

/// What one signature says: the transforms it names, and the lock of its field.
pub(crate) struct Said {
    pub certifies: Option<Level>,
    pub rules: Rules,
}

/// Reads the rules of a signature.
pub(crate) fn read(
    bytes: &mut dyn Bytes,
    state: &mut State,
    signature: &Dict,
    field: &Dict,
) -> Result<Said, PdfError> {
    let mut out = Said { certifies: None, rules: Rules::default() };
    let references = state.value(bytes, signature, "Reference")?;
    for r in references.array().unwrap_or_default().iter().take(16) {
        let Object::Dict(r) = state.resolve(bytes, r)? else { continue };
        let parameters = state.dict(bytes, &r, "TransformParams")?;
        if r.is("TransformMethod", "DocMDP") {
            let level = Level::from_object(parameters.get("P"));
            out.certifies = Some(out.certifies.map_or(level, |l| l.min(level)));
        } else if r.is("TransformMethod", "FieldMDP") {
            out.rules.locks.push(FieldLock::read(bytes, state, &parameters)?);
        }
    }
    // ISO 32000-2 table 237: the lock of the field may state a level too.
    let lock = state.dict(bytes, field, "Lock")?;
    let stated = lock.get("P").map(|p| Level::from_object(Some(p)));
    out.rules.level = out.certifies.into_iter().chain(stated).min();
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_holds_the_fields_below_the_one_it_names() {
        let these = FieldLock::These(vec!["a.b".into()]);
        assert!(these.holds("a.b") && these.holds("a.b.c"));
        assert!(!these.holds("a.bc") && !these.holds("a"));
        let but = FieldLock::AllBut(vec!["a".into()]);
        assert!(!but.holds("a.b") && but.holds("ab"));
    }

    #[test]
    fn the_stricter_word_counts() {
        let mut rules = Rules { level: Some(Level::Annotate), locks: Vec::new() };
        rules.join(&Rules { level: Some(Level::Fill), locks: vec![FieldLock::These(vec!["x".into()])] });
        assert_eq!(rules.annotate(), Some(Ruling::Forbidden));
        assert_eq!((rules.fill("x"), rules.fill("y")), (Some(Ruling::Locked), Some(Ruling::Permitted)));
        assert_eq!(Rules::default().fill("x"), None);
        assert_eq!(Level::from_object(Some(&Object::Int(9))), Level::Nothing);
    }
}

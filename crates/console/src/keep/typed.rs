//! What somebody typed into a form when the session had ended: kept for a while, so that it is there after the login.

use crate::frame::{Fault, Sent, once};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long.
const TIME: Duration = Duration::from_secs(30 * 60);
/// How many forms.
const MOST: usize = 256;
/// Fields that are never kept, by the end of their names: secrets, and what belongs to the old session.
const NEVER: [&str; 9] =
    ["csrf", "activation", "password", "current", "new", "again", "code", "secret", "pin"];

/// A form that was not sent.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Where it goes.
    pub path: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
}

/// The forms.
#[derive(Debug, Default)]
pub struct TypedForms(Mutex<HashMap<String, (Instant, Typed)>>);

impl TypedForms {
    /// Keeps one; gives its name, which nobody can guess.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn put(&self, path: &str, sent: &Sent) -> Result<String, Fault> {
        let name = once()?;
        let fields = sent.fields().filter(|(name, _)| may_be_kept(name)).cloned().collect();
        let now = Instant::now();
        let mut forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        forms.retain(|_, (until, _)| *until > now);
        if forms.len() >= MOST {
            let oldest = forms.iter().min_by_key(|(_, (until, _))| *until).map(|(name, _)| name.clone());
            oldest.map(|oldest| forms.remove(&oldest));
        }
        forms.insert(name.clone(), (now + TIME, Typed { path: path.to_owned(), fields }));
        Ok(name)
    }

    /// What is kept under this name.
    ///
    /// # Errors
    /// [`Fault::Gone`].
    pub fn get(&self, name: &str) -> Result<Typed, Fault> {
        let mut forms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        forms.retain(|_, (until, _)| *until > now);
        forms.get(name).map(|(_, typed)| typed.clone()).ok_or(Fault::Gone)
    }
}

fn may_be_kept(name: &str) -> bool {
    let last = name.rsplit(['/', ':']).next().unwrap_or(name);
    !NEVER.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_without_secrets_and_the_oldest_goes_first() {
        let forms = TypedForms::default();
        let sent = Sent::read(b"csrf=x&s%3A%2Freason=why&s%3A%2Factivation=secret&s%3A%2Fsigned%2Fpin=1");
        let first = forms.put("/uses/new", &sent).unwrap();
        let typed = forms.get(&first).unwrap();
        assert_eq!(typed.fields, [("s:/reason".to_owned(), "why".to_owned())]);
        for _ in 0..MOST {
            forms.put("/uses/new", &sent).unwrap();
        }
        assert!(matches!(forms.get(&first), Err(Fault::Gone)));
        assert!(matches!(forms.get("guess"), Err(Fault::Gone)));
    }
}

//! Names in the place of identifiers, where a fact of a record leads to another thing.

use super::cell::Cell;
use crate::frame::Visit;
use crate::state::Shared;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most things of a page that are named; further ones stand with their identifiers.
const MOST: usize = 24;

/// Names of things a page has led to so far; `None` for those the visitor may not see.
#[derive(Default)]
pub struct Names(BTreeMap<String, Option<String>>);

impl Names {
    /// Gives every cell that leads to a seal, a unit or a maker by its identifier the name of it.
    pub async fn put(&mut self, console: &Shared, visit: &Visit, cells: impl Iterator<Item = &mut Cell>) {
        for cell in cells {
            let Cell::Link(path, words) = cell else { continue };
            let Some(api) = source(path, words) else { continue };
            if !self.0.contains_key(&api) {
                if self.0.len() >= MOST {
                    return;
                }
                let found: Option<Value> = console.api.read(visit, &api).await.ok();
                let name = found.as_ref().and_then(|found| found.pointer("/name")).and_then(Value::as_str);
                self.0.insert(api.clone(), name.map(str::to_owned));
            }
            if let Some(Some(name)) = self.0.get(&api) {
                words.clone_from(name);
            }
        }
    }
}

/// Where the API tells of what a link leads to, if the link says nothing but its identifier.
fn source(path: &str, words: &str) -> Option<String> {
    let (list, id) = path.trim_start_matches("/desk").rsplit_once('/')?;
    (id == words && matches!(list, "/seals" | "/units" | "/makers")).then(|| format!("{list}/{id}"))
}

#[cfg(test)]
mod tests {
    use super::source;

    #[test]
    fn seals_units_and_makers_are_asked_for_and_nothing_that_has_words_already() {
        assert_eq!(source("/seals/seal_1", "seal_1").unwrap(), "/seals/seal_1");
        assert_eq!(source("/desk/units/unit_1", "unit_1").unwrap(), "/units/unit_1");
        assert_eq!(source("/desk/units/unit_1", "打开"), None);
        assert_eq!(source("/desk/accounts/acct_1", "acct_1"), None);
    }
}

//! Places of a seal that somebody keeps under names (用印位置模板), to put them on the next document: the lower right of the last page of
//! a contract, across the edges and in the middle. They belong to one person and bind nobody.

use super::document::{Placement, check_placements};
use crate::ids::AccountId;
use crate::lifecycle::Refused;
use serde::{Deserialize, Serialize};

/// Templates of one person at most.
pub const MOST_TEMPLATES: usize = 50;

/// Places under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceTemplate {
    /// Its name, 1 to 40 characters.
    pub name: String,
    /// Where the seal goes.
    pub placements: Vec<Placement>,
}

/// The templates of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceTemplates {
    account: AccountId,
    templates: Vec<PlaceTemplate>,
}

impl PlaceTemplates {
    /// These templates of this person, in place of all before.
    ///
    /// # Errors
    /// `TEMPLATES`: too many, a name that is none or stands twice; `PLACEMENT`.
    pub fn of(account: AccountId, templates: Vec<PlaceTemplate>) -> Result<Self, Refused> {
        let named = |name: &str| {
            (1..=40).contains(&name.chars().count())
                && name.trim() == name
                && !name.chars().any(char::is_control)
        };
        let twice = templates
            .iter()
            .enumerate()
            .any(|(at, one)| templates.iter().take(at).any(|other| other.name == one.name));
        if templates.len() > MOST_TEMPLATES || twice || !templates.iter().all(|one| named(&one.name)) {
            return Err(Refused::rule(
                "TEMPLATES",
                "位置模板至多 50 个，名称为 1 至 40 字且不重复",
                "50 templates at most, each with a name of its own of 1 to 40 characters",
            ));
        }
        for template in &templates {
            check_placements(&template.placements)?;
        }
        Ok(Self { account, templates })
    }

    /// Whose they are.
    pub fn account(&self) -> &AccountId {
        &self.account
    }
    /// The templates, in the order they were given.
    pub fn templates(&self) -> &[PlaceTemplate] {
        &self.templates
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::document::Pages;

    fn template(name: &str, x: i32) -> PlaceTemplate {
        PlaceTemplate {
            name: name.to_owned(),
            placements: vec![Placement::At { pages: Pages::Last, x, y: 24_000 }],
        }
    }

    fn account() -> AccountId {
        AccountId::parse("acct_01k0000000000000000000000a").unwrap()
    }

    #[test]
    fn names_are_told_apart_and_places_lie_on_paper() {
        let kept =
            PlaceTemplates::of(account(), vec![template("合同末页", 15_000), template("骑缝", 1)]).unwrap();
        assert_eq!(kept.templates().len(), 2);
        let many = (0..51).map(|n| template(&n.to_string(), 1)).collect();
        for bad in [
            vec![template("合同", 1), template("合同", 2)],
            vec![template("", 1)],
            vec![template(" 合同", 1)],
            vec![template("合\n同", 1)],
            vec![template("合同", -1)],
            vec![PlaceTemplate { name: "空".to_owned(), placements: Vec::new() }],
            many,
        ] {
            PlaceTemplates::of(account(), bad).unwrap_err();
        }
    }
}

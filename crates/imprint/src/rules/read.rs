//! Rules from TOML.

use super::{Basis, Centers, Outline, PictureRule, Rule, Rules, Span};
use crate::spec::{Kind, Rank};
use serde::Deserialize;
use thiserror::Error;

/// Largest file of rules, in bytes.
pub const MAX_RULES_BYTES: usize = 64 * 1024;
/// Most entries of a file.
pub const MAX_ENTRIES: usize = 200;
/// Longest text of a file: the name of an area, a source.
const MAX_TEXT: usize = 300;

/// Why a file of rules was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RulesError {
    /// More than [`MAX_RULES_BYTES`], or more than [`MAX_ENTRIES`] entries.
    #[error("规则文件过大 / the file of rules is too large: {what}")]
    TooLarge {
        /// What there is too much of.
        what: String,
    },
    /// Not TOML, or not of this form.
    #[error("规则文件第 {line} 行有误 / line {line} of the rules: {detail}")]
    Form {
        /// Counted from 1.
        line: usize,
        /// What the reader said, names of unknown fields, kinds and ranks included.
        detail: String,
    },
    /// A value that no seal can have.
    #[error("规则第 {entry} 条（{name}）的 {field} 有误 / {field} of rule {entry} ({name}): {detail}")]
    Value {
        /// Counted from 1.
        entry: usize,
        /// Kind and rank.
        name: String,
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        detail: String,
    },
}

impl RulesError {
    /// A stable code for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "IMPRINT_RULES_TOO_LARGE",
            Self::Form { .. } => "IMPRINT_RULES_FORM",
            Self::Value { .. } => "IMPRINT_RULES_VALUE",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    area: String,
    picture: Option<PictureRule>,
    #[serde(default, rename = "rule")]
    rules: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: Kind,
    rank: Option<Rank>,
    shape: Option<Outline>,
    width_mm: Option<Span>,
    height_mm: Option<Span>,
    rim_mm: Option<Span>,
    center: Option<Centers>,
    center_share: Option<Span>,
    basis: Option<Basis>,
    source: String,
}

/// Reads a file whose entries are all complete.
pub(super) fn whole(text: &str) -> Result<Rules, RulesError> {
    let picture = PictureRule { dpi_advised: 600, dpi_warn: 300, dpi_refuse: 150 };
    laid_over(&Rules { area: String::new(), picture, all: Vec::new() }, text)
}

/// Reads a file and changes `base` by it.
pub(super) fn laid_over(base: &Rules, text: &str) -> Result<Rules, RulesError> {
    if text.len() > MAX_RULES_BYTES {
        return Err(RulesError::TooLarge { what: format!("{} bytes", text.len()) });
    }
    let file: File = toml::from_str(text).map_err(|error| form(text, &error))?;
    if file.rules.len() > MAX_ENTRIES {
        return Err(RulesError::TooLarge { what: format!("{} entries", file.rules.len()) });
    }
    text_of("area", &file.area, 0, "-")?;
    let picture = file.picture.unwrap_or(base.picture);
    dpi_in_order(&picture)?;
    let mut rules = Rules { area: file.area, picture, all: base.all.clone() };
    for (index, entry) in file.rules.into_iter().enumerate() {
        let number = index.saturating_add(1);
        let rule = entry.complete(&rules, number)?;
        match rules.all.iter_mut().find(|r| r.kind == rule.kind && r.rank == rule.rank) {
            Some(old) => *old = rule,
            None => rules.all.push(rule),
        }
    }
    Ok(rules)
}

fn form(text: &str, error: &toml::de::Error) -> RulesError {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line = before.iter().filter(|b| **b == b'\n').count().saturating_add(1);
    RulesError::Form { line, detail: error.message().chars().take(MAX_TEXT).collect() }
}

impl Entry {
    /// The rule: what the entry leaves out is taken from the rule that held before.
    fn complete(self, rules: &Rules, entry: usize) -> Result<Rule, RulesError> {
        let name = match self.rank {
            Some(rank) => format!("{}/{}", self.kind.code(), rank.code()),
            None => self.kind.code().to_owned(),
        };
        let base = match self.rank {
            Some(rank) => rules.find(self.kind, rank),
            None => rules.all.iter().find(|r| r.kind == self.kind && r.rank.is_none()),
        };
        let lacks =
            |field| RulesError::Value { entry, name: name.clone(), field, detail: "missing".to_owned() };
        let rule = Rule {
            kind: self.kind,
            rank: self.rank,
            shape: self.shape.or(base.map(|b| b.shape)).ok_or_else(|| lacks("shape"))?,
            width_mm: self.width_mm.or(base.map(|b| b.width_mm)).ok_or_else(|| lacks("width_mm"))?,
            height_mm: self.height_mm.or(base.and_then(|b| b.height_mm)),
            rim_mm: self.rim_mm.or(base.map(|b| b.rim_mm)).ok_or_else(|| lacks("rim_mm"))?,
            center: self.center.or_else(|| base.map(|b| b.center.clone())).ok_or_else(|| lacks("center"))?,
            center_share: self
                .center_share
                .or(base.map(|b| b.center_share))
                .ok_or_else(|| lacks("center_share"))?,
            basis: self.basis.unwrap_or(Basis::Practice),
            source: self.source,
            area: rules.area.clone(),
        };
        checked(rule, entry, &name)
    }
}

/// Bounds that any seal keeps, whoever writes its rule.
fn checked(rule: Rule, entry: usize, name: &str) -> Result<Rule, RulesError> {
    let bad = |field, detail: String| Err(RulesError::Value { entry, name: name.to_owned(), field, detail });
    let spans = [
        ("width_mm", Some(rule.width_mm), 8.0, 70.0),
        ("height_mm", rule.height_mm, 8.0, 70.0),
        ("rim_mm", Some(rule.rim_mm), 0.2, 3.0),
        ("center_share", Some(rule.center_share), 0.1, 0.5),
    ];
    for (field, span, low, high) in spans {
        let Some(span) = span else { continue };
        // Written so that a NaN is refused.
        if !(low <= span.min && span.min <= span.usual && span.usual <= span.max && span.max <= high) {
            return bad(field, format!("{low} <= min <= usual <= max <= {high} must hold"));
        }
    }
    if rule.shape == Outline::Round && rule.height_mm.is_some() {
        return bad("height_mm", "a round seal has only a width".to_owned());
    }
    if rule.shape == Outline::Ellipse && rule.height_mm.is_none_or(|h| h.max >= rule.width_mm.min) {
        return bad("height_mm", "an ellipse is lower than wide".to_owned());
    }
    let personal = rule.kind == Kind::Personal;
    if personal != (rule.shape == Outline::Rectangle) {
        return bad("shape", "a personal seal is a rectangle, no other is".to_owned());
    }
    if !rule.center.allowed.contains(&rule.center.usual) {
        return bad("center", "usual must be one of allowed".to_owned());
    }
    text_of("source", &rule.source, entry, name)?;
    Ok(rule)
}

fn text_of(field: &'static str, text: &str, entry: usize, name: &str) -> Result<(), RulesError> {
    if text.trim().is_empty() || text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
        let detail = format!("1 to {MAX_TEXT} characters, no control characters");
        return Err(RulesError::Value { entry, name: name.to_owned(), field, detail });
    }
    Ok(())
}

fn dpi_in_order(picture: &PictureRule) -> Result<(), RulesError> {
    let PictureRule { dpi_advised, dpi_warn, dpi_refuse } = *picture;
    if (72..=dpi_warn).contains(&dpi_refuse) && dpi_warn <= dpi_advised && dpi_advised <= 2400 {
        return Ok(());
    }
    let detail = "72 <= dpi_refuse <= dpi_warn <= dpi_advised <= 2400 must hold".to_owned();
    Err(RulesError::Value { entry: 0, name: "picture".to_owned(), field: "picture", detail })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Center;

    fn refused(text: &str) -> RulesError {
        Rules::national().with_area(text).unwrap_err()
    }

    #[test]
    fn the_national_rules_are_sound_and_name_every_kind_and_a_source() {
        let rules = whole(include_str!("../../data/rules.toml")).unwrap();
        assert_eq!(&rules, Rules::national());
        for kind in Kind::ALL {
            for rank in Rank::ALL {
                let rule = rules.find(kind, rank).unwrap();
                assert!(rule.width_mm.holds(rule.width_mm.usual, 0.0) && rule.source.chars().count() > 8);
            }
        }
        let of = |rank| rules.find(Kind::Official, rank).unwrap();
        let sizes = [Rank::StateCouncil, Rank::ProvinceMinistry, Rank::PrefectureCounty, Rank::NationalName];
        assert_eq!(sizes.map(|rank| of(rank).width_mm.usual), [60.0, 50.0, 45.0, 42.0]);
        assert!(sizes.iter().all(|rank| of(*rank).center.usual == Center::Emblem));
        assert_eq!((of(Rank::Unit).width_mm.max, of(Rank::Unit).center.usual), (45.0, Center::Star));
        assert_eq!(of(Rank::Township).basis, Basis::Practice);
    }

    #[test]
    fn an_area_changes_what_it_names_and_nothing_else() {
        let text = "area = '示例市'\n[[rule]]\nkind = 'official'\nrank = 'township'\n\
                    width_mm = { min = 40, usual = 41, max = 42 }\nsource = '示例市规定'\n";
        let rules = Rules::national().with_area(text).unwrap();
        let rule = rules.find(Kind::Official, Rank::Township).unwrap();
        assert_eq!((rule.width_mm.usual, rule.area.as_str()), (41.0, "示例市"));
        assert_eq!(rule.center.usual, Center::Star, "from the national entry");
        assert_eq!(rules.all().len(), Rules::national().all().len());
        let other = rules.find(Kind::Official, Rank::Unit).unwrap();
        assert_eq!(Some(other), Rules::national().find(Kind::Official, Rank::Unit));
    }

    #[test]
    fn names_the_line_of_what_is_not_known() {
        let entry = "area = 'A'\n[[rule]]\nkind = 'contract'\nsource = 's'\n";
        for (more, word) in
            [("diameter = 3\n", "diameter"), ("rank = 'duke'\n", "duke"), ("shape = 'heart'\n", "heart")]
        {
            let error = refused(&format!("{entry}{more}"));
            assert!(
                matches!(&error, RulesError::Form { line: 5, detail } if detail.contains(word)),
                "{error}"
            );
        }
        assert_eq!(refused("area = ").code(), "IMPRINT_RULES_FORM");
        assert_eq!(
            refused("area = 'A'\n[[rule]]\nkind = 'king'\nsource = 's'\n").code(),
            "IMPRINT_RULES_FORM"
        );
    }

    #[test]
    fn names_entry_and_field_of_a_value_no_seal_can_have() {
        for (more, wrong) in [
            ("width_mm = { min = 40, usual = 39, max = 42 }", "width_mm"),
            ("width_mm = { min = 40, usual = 40, max = 400 }", "width_mm"),
            ("width_mm = { min = nan, usual = nan, max = nan }", "width_mm"),
            ("rim_mm = { min = 0, usual = 1, max = 2 }", "rim_mm"),
            ("center_share = { min = 0.1, usual = 0.9, max = 0.95 }", "center_share"),
            ("center = { usual = 'star', allowed = ['none'] }", "center"),
            ("height_mm = { min = 30, usual = 30, max = 30 }", "height_mm"),
            ("shape = 'rectangle'", "shape"),
        ] {
            let error = refused(&format!("area = 'A'\n[[rule]]\nkind = 'contract'\nsource = 's'\n{more}\n"));
            assert!(
                matches!(&error, RulesError::Value { entry: 1, field, .. } if *field == wrong),
                "{more}: {error}"
            );
        }
        assert_eq!(refused("area = ''\n").code(), "IMPRINT_RULES_VALUE");
        let dpi = "area = 'A'\n[picture]\ndpi_advised = 100\ndpi_warn = 300\ndpi_refuse = 150\n";
        assert_eq!(refused(dpi).code(), "IMPRINT_RULES_VALUE");
    }

    #[test]
    fn refuses_files_that_are_too_large() {
        assert_eq!(refused(&"#".repeat(MAX_RULES_BYTES + 1)).code(), "IMPRINT_RULES_TOO_LARGE");
        let many = "[[rule]]\nkind = 'contract'\nsource = 's'\n".repeat(MAX_ENTRIES + 1);
        assert_eq!(refused(&format!("area = 'A'\n{many}")).code(), "IMPRINT_RULES_TOO_LARGE");
    }
}

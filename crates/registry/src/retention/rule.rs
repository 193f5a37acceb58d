//! The rule of a unit (保管期限表): how many years the documents of each kind are kept behind the end of their request.

use crate::area::AreaPath;
use crate::ids::UnitId;
use crate::lifecycle::{By, Refused};
use crate::profile::Rules;
use crate::text::has_length;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most years of a rule.
pub const MOST_YEARS: u32 = 100;
/// Most kinds of document a rule names.
pub const MOST_KINDS: usize = 100;

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Period {
    /// So many whole years.
    Years {
        /// Years.
        years: u32,
    },
    /// For ever (永久).
    Permanent,
}

/// How long documents of one kind are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindPeriod {
    /// Kind of document, as requests name it: 合同.
    pub document_kind: String,
    /// How long.
    pub period: Period,
}

/// The rule of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    /// Of kinds that are not named.
    default: Period,
    kinds: Vec<KindPeriod>,
    set_by: By,
    set_at: Timestamp,
}

impl RetentionRule {
    /// A rule, in place of the one before.
    ///
    /// # Errors
    /// `RETENTION_YEARS` below `least` years, which the area's profile demands, or above a hundred; `RETENTION_KINDS` for a kind named
    /// twice, without a name, or too many of them.
    pub fn set(
        of: (UnitId, Option<UnitId>, AreaPath),
        default: Period,
        kinds: Vec<KindPeriod>,
        least: u32,
        by: &By,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let fits = |period: Period| match period {
            Period::Years { years } => (least..=MOST_YEARS).contains(&years),
            Period::Permanent => true,
        };
        if !fits(default) || !kinds.iter().all(|one| fits(one.period)) {
            return Err(Refused::rule(
                "RETENTION_YEARS",
                format!("保管期限应为 {least} 至 {MOST_YEARS} 年，或者永久"),
                format!("documents are kept for {least} to {MOST_YEARS} years, or for ever"),
            ));
        }
        let named = |kind: &str| kinds.iter().filter(|one| one.document_kind == kind).count() == 1;
        let good = |kind: &str| has_length(kind, 1..=64) && named(kind);
        if kinds.len() > MOST_KINDS || !kinds.iter().all(|one| good(&one.document_kind)) {
            return Err(Refused::rule(
                "RETENTION_KINDS",
                "文件种类应各列一次，每种 1 至 64 字，至多 100 种",
                "each kind of document is named once, with 1 to 64 characters, a hundred at most",
            ));
        }
        let (unit, parent_unit, area_path) = of;
        Ok(Self { unit, parent_unit, area_path, default, kinds, set_by: by.clone(), set_at: now })
    }

    /// How long documents of a kind are kept.
    pub fn period(&self, document_kind: &str) -> Period {
        let named = self.kinds.iter().find(|one| one.document_kind == document_kind);
        named.map_or(self.default, |one| one.period)
    }

    crate::place::getters!();
    /// Of kinds that are not named.
    pub fn default_period(&self) -> Period {
        self.default
    }
    /// Kinds with a period of their own.
    pub fn kinds(&self) -> &[KindPeriod] {
        &self.kinds
    }
    /// Who set it.
    pub fn set_by(&self) -> &By {
        &self.set_by
    }
    /// When.
    pub fn set_at(&self) -> Timestamp {
        self.set_at
    }
}

/// Until when the documents of a request that ended at `ended` are kept; `None` for ever. Without a rule of the unit, and where the area has
/// come to demand more since the rule was set, the least of the area counts.
pub fn kept_until(
    rule: Option<&RetentionRule>,
    document_kind: &str,
    rules: &Rules,
    ended: Timestamp,
) -> Option<Timestamp> {
    match rule.map(|rule| rule.period(document_kind)) {
        Some(Period::Permanent) => None,
        Some(Period::Years { years }) => Some(rules.retention_ends_after(ended, years)),
        None => Some(rules.retention_ends(ended)),
    }
}

//! Rules of use of a unit (印章使用管理制度): that it has them, which body is in charge, when they were last looked at (2021 measures on
//! using electronic seals; Xi'an measures, article 21).

use crate::area::AreaPath;
use crate::ids::UnitId;
use crate::lifecycle::{By, Refused};
use crate::profile::day_of;
use crate::text::has_length;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

/// Rules are to be looked at once in so many months.
pub const REVIEWED_EVERY_MONTHS: i32 = 12;
/// Versions kept besides the one that counts.
pub const MOST_FORMER: usize = 50;

/// A document of rules, by its digest; the bytes are in the document store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulesDocument {
    /// SM3 of the bytes, hex.
    pub digest: String,
    /// As the unit knows it.
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    pub media_type: String,
}

/// What stood there before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerRules {
    /// The document.
    pub document: RulesDocument,
    /// Body in charge.
    pub body_in_charge: String,
    /// Day of its last review.
    pub reviewed_on: Date,
    /// Until when it stood there.
    pub until: Timestamp,
}

/// The rules of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseRules {
    unit: UnitId,
    parent_unit: Option<UnitId>,
    area_path: AreaPath,
    unit_name: String,
    document: RulesDocument,
    body_in_charge: String,
    reviewed_on: Date,
    by: By,
    at: Timestamp,
    former: Vec<FormerRules>,
}

/// Rules as a unit hands them in.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// Unit, unit above it, place.
    pub of: (UnitId, Option<UnitId>, AreaPath),
    /// Name of the unit.
    pub unit_name: String,
    /// The document.
    pub document: RulesDocument,
    /// Body or post in charge (主管机构), 2 to 100 characters.
    pub body_in_charge: String,
    /// When the unit last looked at them.
    pub reviewed_on: Date,
}

impl UseRules {
    /// Puts rules in place, of those before where there are any.
    ///
    /// # Errors
    /// `RULES_BODY`, `RULES_REVIEW`.
    pub fn adopt(before: Option<Self>, adoption: Adoption, by: &By, now: Timestamp) -> Result<Self, Refused> {
        if !has_length(&adoption.body_in_charge, 2..=100) {
            return Err(Refused::rule(
                "RULES_BODY",
                "须写明主管机构，2 至 100 个字",
                "name the body in charge, 2 to 100 characters",
            ));
        }
        let today = day_of(now);
        let last = before.as_ref().map_or(Date::MIN, |before| before.reviewed_on);
        if adoption.reviewed_on > today || adoption.reviewed_on < last {
            return Err(Refused::rule(
                "RULES_REVIEW",
                "审阅日期不得晚于今天，也不得早于上一次",
                "the day of the review lies neither ahead nor before the last one",
            ));
        }
        let mut former = before.as_ref().map(|before| before.former.clone()).unwrap_or_default();
        former.extend(before.map(|before| FormerRules {
            document: before.document,
            body_in_charge: before.body_in_charge,
            reviewed_on: before.reviewed_on,
            until: now,
        }));
        former.drain(..former.len().saturating_sub(MOST_FORMER));
        let (unit, parent_unit, area_path) = adoption.of;
        Ok(Self {
            unit,
            parent_unit,
            area_path,
            unit_name: adoption.unit_name,
            document: adoption.document,
            body_in_charge: adoption.body_in_charge.trim().to_owned(),
            reviewed_on: adoption.reviewed_on,
            by: by.clone(),
            at: now,
            former,
        })
    }

    /// Rules last looked at before this day are outdated.
    pub fn outdated_before(today: Date) -> Date {
        today.saturating_sub(REVIEWED_EVERY_MONTHS.months())
    }

    /// `current` or `outdated`.
    pub fn state(&self, today: Date) -> &'static str {
        if self.reviewed_on < Self::outdated_before(today) { "outdated" } else { "current" }
    }

    crate::place::getters!();
    /// Name of the unit when it handed them in.
    pub fn unit_name(&self) -> &str {
        &self.unit_name
    }
    /// The document.
    pub fn document(&self) -> &RulesDocument {
        &self.document
    }
    /// Body or post in charge.
    pub fn body_in_charge(&self) -> &str {
        &self.body_in_charge
    }
    /// When the unit last looked at them.
    pub fn reviewed_on(&self) -> Date {
        self.reviewed_on
    }
    /// Who handed them in.
    pub fn by(&self) -> &By {
        &self.by
    }
    /// When.
    pub fn at(&self) -> Timestamp {
        self.at
    }
    /// What stood there before, the oldest first.
    pub fn former(&self) -> &[FormerRules] {
        &self.former
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn adoption(reviewed_on: Date, digest: char) -> Adoption {
        let unit = UnitId::parse(&format!("unit_{}", "0".repeat(26))).unwrap();
        Adoption {
            of: (unit, None, AreaPath::nation()),
            unit_name: "示例单位".to_owned(),
            document: RulesDocument {
                digest: digest.to_string().repeat(64),
                file_name: "制度.pdf".to_owned(),
                size: 1,
                media_type: "application/pdf".to_owned(),
            },
            body_in_charge: "办公室".to_owned(),
            reviewed_on,
        }
    }

    #[test]
    fn rules_grow_old_after_twelve_months_and_a_review_makes_them_current() {
        let now: Timestamp = "2026-11-23T04:00:00Z".parse().unwrap();
        let by = By::system();
        let old = UseRules::adopt(None, adoption(date(2025, 11, 22), 'a'), &by, now).unwrap();
        assert_eq!(old.state(date(2026, 11, 22)), "current");
        assert_eq!(old.state(date(2026, 11, 23)), "outdated");
        let new = UseRules::adopt(Some(old), adoption(date(2026, 11, 23), 'b'), &by, now).unwrap();
        assert_eq!(new.state(date(2026, 11, 23)), "current");
        assert_eq!((new.former().len(), new.former()[0].reviewed_on), (1, date(2025, 11, 22)));
    }

    #[test]
    fn a_review_lies_neither_ahead_nor_before_the_last_one() {
        let now: Timestamp = "2026-11-23T04:00:00Z".parse().unwrap();
        let by = By::system();
        let code = |outcome: Result<UseRules, Refused>| outcome.unwrap_err().code();
        assert_eq!(code(UseRules::adopt(None, adoption(date(2026, 11, 24), 'a'), &by, now)), "RULES_REVIEW");
        let kept = UseRules::adopt(None, adoption(date(2026, 5, 1), 'a'), &by, now).unwrap();
        let back = UseRules::adopt(Some(kept.clone()), adoption(date(2026, 4, 30), 'a'), &by, now);
        assert_eq!(code(back), "RULES_REVIEW");
        let nobody = Adoption { body_in_charge: " 某 ".to_owned(), ..adoption(date(2026, 5, 1), 'a') };
        assert_eq!(code(UseRules::adopt(None, nobody, &by, now)), "RULES_BODY");
        let many = (0..60).fold(kept, |rules, _| {
            UseRules::adopt(Some(rules), adoption(date(2026, 5, 1), 'c'), &by, now).unwrap()
        });
        assert_eq!(many.former().len(), MOST_FORMER);
    }
}

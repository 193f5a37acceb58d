//! Units (单位) that own seals, their internal bodies and branches, and the people who answer for them.

use crate::area::{AreaCode, AreaPath};
use crate::credit_code::CreditCode;
use crate::ids::UnitId;
use crate::profile::ApplicantKind;
use crate::protected::Protected;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a unit is within its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitForm {
    /// A legal person or another organization with a credit code of its own.
    Legal,
    /// An internal body (内设机构) under a legal name.
    InternalBody,
    /// A branch (分支机构).
    Branch,
}

/// A person named on a record: identity numbers and telephones are protected before they come here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Resident identity number.
    pub id_number: Protected,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Protected>,
}

/// A change of someone or something named on the unit: who stood there before, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// `name`, `legal_representative`, `seal_administrator`, `technical_measures`.
    pub what: String,
    /// What stood there, masked.
    pub was: String,
    /// Until when.
    pub until: Timestamp,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Key.
    pub id: UnitId,
    /// Legal, internal body or branch.
    pub form: UnitForm,
    /// Unified social credit code; internal bodies have none.
    pub credit_code: Option<CreditCode>,
    /// Full legal name.
    pub name: String,
    /// Which procedure applies.
    pub applicant_kind: ApplicantKind,
    /// Area of registration.
    pub area: AreaCode,
    /// Its place.
    pub area_path: AreaPath,
    /// The unit it belongs to; legal units have none.
    pub parent: Option<UnitId>,
    /// Legal representative or person in charge (法定代表人或者负责人).
    pub legal_representative: Person,
    /// Seal administrator (印章管理员).
    pub seal_administrator: Option<Person>,
    /// Technical support measures for using seals (技术保障措施), in the unit's words.
    pub technical_measures: String,
    /// Whether it still exists; merged and dissolved units apply for nothing.
    pub dissolved_at: Option<Timestamp>,
    /// What stood here before, oldest first.
    pub former: Vec<Former>,
}

/// What a unit may not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitFault {
    /// A name of 2 to 100 characters without control characters is needed.
    #[error("单位名称应为 2 至 100 个字 (a unit's name has 2 to 100 characters)")]
    Name,
    /// Legal units and branches carry a credit code.
    #[error("该类单位须填写统一社会信用代码 (a unit of this form needs its credit code)")]
    CreditCodeMissing,
    /// An internal body has none of its own.
    #[error("内设机构没有自己的统一社会信用代码 (an internal body has no credit code of its own)")]
    CreditCodeUnexpected,
    /// Internal bodies and branches belong to a unit, legal units to none.
    #[error(
        "内设机构和分支机构须指明所属单位，法人单位不得指明 (bodies and branches name their unit, legal units none)"
    )]
    Parent,
    /// The unit was dissolved.
    #[error("单位已注销或者合并 (the unit has been dissolved or merged)")]
    Dissolved,
    /// Text of technical measures is longer than 4000 characters.
    #[error("技术保障措施不得超过 4000 字 (technical measures have at most 4000 characters)")]
    Measures,
}

impl Unit {
    /// Checks what must always hold.
    ///
    /// # Errors
    /// The first [`UnitFault`].
    pub fn check(&self) -> Result<(), UnitFault> {
        let length = self.name.chars().count();
        if !(2..=100).contains(&length) || self.name.chars().any(char::is_control) {
            return Err(UnitFault::Name);
        }
        match (self.form, self.credit_code.is_some()) {
            (UnitForm::InternalBody, true) => return Err(UnitFault::CreditCodeUnexpected),
            (UnitForm::Legal | UnitForm::Branch, false) => return Err(UnitFault::CreditCodeMissing),
            _ => {}
        }
        if (self.form == UnitForm::Legal) == self.parent.is_some() {
            return Err(UnitFault::Parent);
        }
        if self.technical_measures.chars().count() > 4000 {
            return Err(UnitFault::Measures);
        }
        Ok(())
    }

    /// Takes over new particulars and keeps the old ones.
    ///
    /// # Errors
    /// [`UnitFault`] when the unit is dissolved or would be left in a state that [`Unit::check`] refuses.
    pub fn change(mut self, change: UnitChange, now: Timestamp) -> Result<Self, UnitFault> {
        if self.dissolved_at.is_some() {
            return Err(UnitFault::Dissolved);
        }
        let mut former = |what: &str, was: String| {
            self.former.push(Former { what: what.to_owned(), was, until: now });
        };
        if let Some(name) = change.name {
            former("name", std::mem::replace(&mut self.name, name));
        }
        if let Some(person) = change.legal_representative {
            former("legal_representative", described(&self.legal_representative));
            self.legal_representative = person;
        }
        if let Some(person) = change.seal_administrator {
            former("seal_administrator", self.seal_administrator.as_ref().map(described).unwrap_or_default());
            self.seal_administrator = Some(person);
        }
        if let Some(text) = change.technical_measures {
            former("technical_measures", std::mem::replace(&mut self.technical_measures, text));
        }
        self.check()?;
        Ok(self)
    }

    /// Ends the unit: merger, dissolution, deregistration.
    ///
    /// # Errors
    /// [`UnitFault::Dissolved`] when it has ended already.
    pub fn dissolve(mut self, now: Timestamp) -> Result<Self, UnitFault> {
        if self.dissolved_at.is_some() {
            return Err(UnitFault::Dissolved);
        }
        self.dissolved_at = Some(now);
        Ok(self)
    }
}

fn described(person: &Person) -> String {
    format!("{} {}", person.name, person.id_number.masked)
}

/// New particulars; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct UnitChange {
    /// New legal name. Seals under the old name have to be changed by a case of their own.
    pub name: Option<String>,
    /// New legal representative.
    pub legal_representative: Option<Person>,
    /// New seal administrator.
    pub seal_administrator: Option<Person>,
    /// New technical measures.
    pub technical_measures: Option<String>,
}

//! A unit as a request carries it.

use crate::api::people::PersonBody;
use crate::api::text::check_line;
use crate::api::words::both;
use crate::http::Faults;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;
use yinxin_registry::area::AreaCode;
use yinxin_registry::credit_code::CreditCode;
use yinxin_registry::ids::UnitId;
use yinxin_registry::profile::ApplicantKind;
use yinxin_registry::unit::{Unit, UnitFault, UnitForm};

/// A unit to be registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterUnit {
    /// Area that registers it.
    #[schema(value_type = String, pattern = "^[0-9]{6,12}$", example = "610100")]
    pub area: AreaCode,
    /// `legal`, `internal_body` or `branch`.
    #[schema(value_type = String, pattern = "^(legal|internal_body|branch)$", example = "legal")]
    pub form: UnitForm,
    /// Unified social credit code; internal bodies have none of their own.
    #[serde(default)]
    #[schema(
        pattern = "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$",
        example = "91610100MA00000011"
    )]
    pub credit_code: Option<String>,
    /// Full legal name.
    #[schema(min_length = 2, max_length = 100, example = "示例市示例有限公司")]
    pub name: String,
    /// Which procedure applies: see `GET /procedures/offered`.
    #[schema(
        value_type = String,
        pattern = "^(government|institution|enterprise|society|individual_business|other)$",
        example = "enterprise"
    )]
    pub applicant_kind: ApplicantKind,
    /// The unit it belongs to, for internal bodies and branches.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "unit_01k0000000000000000000000a")]
    pub parent: Option<UnitId>,
    /// Legal representative or person in charge.
    pub legal_representative: PersonBody,
    /// Seal administrator.
    #[serde(default)]
    pub seal_administrator: Option<PersonBody>,
    /// Technical support measures for using seals.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub technical_measures: String,
}

impl RegisterUnit {
    /// Notes what is wrong with it in itself; gives the credit code, when there is a good one.
    pub fn check(&self, today: Date, faults: &mut Faults) -> Option<CreditCode> {
        check_line("/name", &self.name, 2..=100, faults);
        check_people(Some(&self.legal_representative), self.seal_administrator.as_ref(), None, today, faults);
        let code = self.credit_code.as_deref()?;
        faults.take("/credit_code", CreditCode::parse(code), |fault| {
            let (zh, en) = both(&fault.to_string());
            (fault.code(), zh, en)
        })
    }
}

/// Notes what is wrong with the people of a unit, `present` being the unit as it stands.
pub fn check_people(
    legal_representative: Option<&PersonBody>,
    seal_administrator: Option<&PersonBody>,
    present: Option<&Unit>,
    today: Date,
    faults: &mut Faults,
) {
    let people = [
        ("/legal_representative", legal_representative, present.map(|unit| &unit.legal_representative)),
        (
            "/seal_administrator",
            seal_administrator,
            present.and_then(|unit| unit.seal_administrator.as_ref()),
        ),
    ];
    for (pointer, person, present) in people {
        if let Some(person) = person {
            faults.within(pointer, |faults| person.check(present, today, faults));
        }
    }
}

/// Notes a unit above that does not fit: bodies stand under a legal unit or a branch of the same area, branches under a legal unit.
pub fn check_parent(unit: &Unit, parent: &Unit, faults: &mut Faults) {
    let fits = match unit.form {
        UnitForm::InternalBody => {
            matches!(parent.form, UnitForm::Legal | UnitForm::Branch) && parent.area == unit.area
        }
        UnitForm::Branch => parent.form == UnitForm::Legal,
        // What must not have one is told by the unit's own check.
        UnitForm::Legal => true,
    };
    if !fits {
        faults.push(
            "/parent",
            "PARENT",
            "内设机构应隶属于同一区划的单位，分支机构应隶属于法人单位",
            "a body belongs to a unit of its area, a branch to a legal unit",
        );
    }
    if parent.dissolved_at.is_some() {
        faults.push("/parent", "DISSOLVED", "所属单位已注销", "the unit above has been dissolved");
    }
}

/// Where a fault of the domain stands in a request, and its code.
pub fn place_of(fault: &UnitFault) -> (&'static str, &'static str) {
    match fault {
        UnitFault::Name => ("/name", "NAME"),
        UnitFault::CreditCodeMissing => ("/credit_code", "CREDIT_CODE_MISSING"),
        UnitFault::CreditCodeUnexpected => ("/credit_code", "CREDIT_CODE_UNEXPECTED"),
        UnitFault::Parent => ("/parent", "PARENT"),
        UnitFault::Dissolved => ("", "DISSOLVED"),
        UnitFault::Measures => ("/technical_measures", "LONG"),
    }
}

//! The kinds of seals and of applicants the measures distinguish (NM-3, XA-3; national type codes 01–05 and 99).

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not the code of any kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not a known {what}")]
pub struct UnknownKind {
    /// `seal kind` or `applicant kind`.
    pub what: &'static str,
    /// The word, cut to 64 characters.
    pub word: String,
}

impl UnknownKind {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        "KIND_UNKNOWN"
    }

    fn new(what: &'static str, word: &str) -> Self {
        Self { what, word: word.chars().take(64).collect() }
    }
}

/// Kind of a seal (印章种类); the class is [`SealKind::class`], the national two-digit code [`SealKind::type_code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealKind {
    /// Seal of the unit's legal name (法定名称章); a unit has at most one in force (XA-19).
    LegalName,
    /// Seal of an internal body under the legal name (内设机构章).
    InternalBody,
    /// Seal of a branch under the legal name (分支机构章).
    Branch,
    /// Contract seal (合同专用章).
    BusinessContract,
    /// Finance seal (财务专用章).
    BusinessFinance,
    /// Invoice seal (发票专用章).
    BusinessInvoice,
    /// Cancellation seal (核销专用章: verification and writing-off of vouchers).
    BusinessCancellation,
    /// Customs declaration seal (报关专用章).
    BusinessCustoms,
    /// Another business seal (其他业务专用章).
    BusinessOther,
    /// Personal seal of the legal representative (法定代表人名章).
    PersonalLegalRepresentative,
    /// Personal seal of the person in charge (主要负责人名章).
    PersonalPersonInCharge,
    /// Personal seal of the finance officer (财务负责人名章).
    PersonalFinanceOfficer,
    /// Personal seal of an authorized representative (授权代表名章).
    PersonalAuthorizedRepresentative,
    /// Personal seal of other staff acting for the unit (其他人员名章).
    PersonalStaff,
}

/// The classes of seal kinds (印章大类).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealClass {
    /// The unit itself.
    LegalName,
    /// An internal body of the unit.
    InternalBody,
    /// A branch of the unit.
    Branch,
    /// A business of the unit.
    Business,
    /// A person acting for the unit.
    Personal,
}

impl SealKind {
    /// Every kind, in the order of the national type codes.
    pub const ALL: [Self; 14] = [
        Self::LegalName,
        Self::InternalBody,
        Self::Branch,
        Self::BusinessFinance,
        Self::BusinessInvoice,
        Self::BusinessContract,
        Self::BusinessCancellation,
        Self::BusinessCustoms,
        Self::BusinessOther,
        Self::PersonalLegalRepresentative,
        Self::PersonalPersonInCharge,
        Self::PersonalFinanceOfficer,
        Self::PersonalAuthorizedRepresentative,
        Self::PersonalStaff,
    ];

    /// The code used in data files, the database and the API, for example `business_contract`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LegalName => "legal_name",
            Self::InternalBody => "internal_body",
            Self::Branch => "branch",
            Self::BusinessContract => "business_contract",
            Self::BusinessFinance => "business_finance",
            Self::BusinessInvoice => "business_invoice",
            Self::BusinessCancellation => "business_cancellation",
            Self::BusinessCustoms => "business_customs",
            Self::BusinessOther => "business_other",
            Self::PersonalLegalRepresentative => "personal_legal_representative",
            Self::PersonalPersonInCharge => "personal_person_in_charge",
            Self::PersonalFinanceOfficer => "personal_finance_officer",
            Self::PersonalAuthorizedRepresentative => "personal_authorized_representative",
            Self::PersonalStaff => "personal_staff",
        }
    }

    /// The class the kind belongs to.
    pub fn class(self) -> SealClass {
        match self {
            Self::LegalName => SealClass::LegalName,
            Self::InternalBody => SealClass::InternalBody,
            Self::Branch => SealClass::Branch,
            Self::BusinessContract
            | Self::BusinessFinance
            | Self::BusinessInvoice
            | Self::BusinessCancellation
            | Self::BusinessCustoms
            | Self::BusinessOther => SealClass::Business,
            Self::PersonalLegalRepresentative
            | Self::PersonalPersonInCharge
            | Self::PersonalFinanceOfficer
            | Self::PersonalAuthorizedRepresentative
            | Self::PersonalStaff => SealClass::Personal,
        }
    }

    /// National type code: 01 legal name, 02 finance, 03 invoice, 04 contract, 05 personal name, 99 other.
    ///
    /// Seals of internal bodies and branches are not the unit's legal-name seal and have no code of their own: 99.
    pub fn type_code(self) -> &'static str {
        match self {
            Self::LegalName => "01",
            Self::BusinessFinance => "02",
            Self::BusinessInvoice => "03",
            Self::BusinessContract => "04",
            Self::PersonalLegalRepresentative
            | Self::PersonalPersonInCharge
            | Self::PersonalFinanceOfficer
            | Self::PersonalAuthorizedRepresentative
            | Self::PersonalStaff => "05",
            Self::InternalBody
            | Self::Branch
            | Self::BusinessCancellation
            | Self::BusinessCustoms
            | Self::BusinessOther => "99",
        }
    }

    /// Whether a unit may have at most one such seal in force (XA-19: the legal-name seal).
    pub fn is_unique_per_unit(self) -> bool {
        self == Self::LegalName
    }

    /// Whether several such seals of one unit are told apart by a number in the imprint (XA-19: business seals).
    pub fn is_numbered(self) -> bool {
        self.class() == SealClass::Business
    }

    /// Whether the seal is a person's name seal; it then names a person of the unit.
    pub fn is_personal(self) -> bool {
        self.class() == SealClass::Personal
    }

    /// Name in Chinese.
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::LegalName => "法定名称章",
            Self::InternalBody => "内设机构章",
            Self::Branch => "分支机构章",
            Self::BusinessContract => "合同专用章",
            Self::BusinessFinance => "财务专用章",
            Self::BusinessInvoice => "发票专用章",
            Self::BusinessCancellation => "核销专用章",
            Self::BusinessCustoms => "报关专用章",
            Self::BusinessOther => "其他业务专用章",
            Self::PersonalLegalRepresentative => "法定代表人名章",
            Self::PersonalPersonInCharge => "主要负责人名章",
            Self::PersonalFinanceOfficer => "财务负责人名章",
            Self::PersonalAuthorizedRepresentative => "授权代表名章",
            Self::PersonalStaff => "其他人员名章",
        }
    }

    /// Name in English.
    pub fn name_en(self) -> &'static str {
        match self {
            Self::LegalName => "legal-name seal",
            Self::InternalBody => "seal of an internal body",
            Self::Branch => "seal of a branch",
            Self::BusinessContract => "contract seal",
            Self::BusinessFinance => "finance seal",
            Self::BusinessInvoice => "invoice seal",
            Self::BusinessCancellation => "cancellation seal",
            Self::BusinessCustoms => "customs declaration seal",
            Self::BusinessOther => "other business seal",
            Self::PersonalLegalRepresentative => "seal of the legal representative",
            Self::PersonalPersonInCharge => "seal of the person in charge",
            Self::PersonalFinanceOfficer => "seal of the finance officer",
            Self::PersonalAuthorizedRepresentative => "seal of an authorized representative",
            Self::PersonalStaff => "seal of other staff",
        }
    }
}

impl Display for SealKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SealKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| UnknownKind::new("seal kind", word))
    }
}

/// Kind of an applicant (申请人类别): what sort of unit asks for a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantKind {
    /// State organ (国家机关).
    Government,
    /// Public institution (事业单位).
    Institution,
    /// Enterprise (企业).
    Enterprise,
    /// Social organization (社会组织).
    Society,
    /// Individual business (个体工商户).
    IndividualBusiness,
    /// Another organization set up under the law (其他依法成立的组织).
    Other,
}

impl ApplicantKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Government,
        Self::Institution,
        Self::Enterprise,
        Self::Society,
        Self::IndividualBusiness,
        Self::Other,
    ];

    /// The code used in data files, the database and the API, for example `individual_business`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Government => "government",
            Self::Institution => "institution",
            Self::Enterprise => "enterprise",
            Self::Society => "society",
            Self::IndividualBusiness => "individual_business",
            Self::Other => "other",
        }
    }

    /// Name in Chinese.
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Government => "国家机关",
            Self::Institution => "事业单位",
            Self::Enterprise => "企业",
            Self::Society => "社会组织",
            Self::IndividualBusiness => "个体工商户",
            Self::Other => "其他依法成立的组织",
        }
    }

    /// Name in English.
    pub fn name_en(self) -> &'static str {
        match self {
            Self::Government => "state organ",
            Self::Institution => "public institution",
            Self::Enterprise => "enterprise",
            Self::Society => "social organization",
            Self::IndividualBusiness => "individual business",
            Self::Other => "other organization",
        }
    }
}

impl Display for ApplicantKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ApplicantKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| UnknownKind::new("applicant kind", word))
    }
}

//! What an applicant asks for (申请内容): the seal, the people, the imprint, the documents.

use super::Refused;
use crate::ids::AccountId;
use crate::profile::SealKind;
use crate::unit::Person;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether a seal is for all the world or for the unit's own house (national measures, about article 37).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Publicity {
    /// Filed, published, of legal force outside.
    Public,
    /// For internal business only: not published, marked.
    Internal,
}

/// Person who applies for the unit (经办人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// Who.
    pub person: Person,
    /// With which account; a business system that writes for a unit names none until somebody hands it in.
    pub account: Option<AccountId>,
}

/// Record of the physical seal (实物印章).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhysicalSeal {
    /// Registration number with public security, 3 to 19 digits.
    pub registration: String,
    /// Who engraved it.
    pub engraver: String,
    /// When.
    pub engraved_on: String,
    /// SM3 of the imprint on record, hex.
    pub imprint_digest: Option<String>,
}

/// A document handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Which of the profile's materials it is.
    pub code: String,
    /// File name as given.
    pub file_name: String,
    /// SM3, hex.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// Media type.
    pub media_type: String,
    /// When it came.
    pub at: Timestamp,
}

/// The imprint asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Imprint {
    /// Drawn by the rules from the name of the unit.
    Drawn {
        /// Width in tenths of a millimeter.
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        height_tenth_mm: u32,
    },
    /// The picture of the imprint on record.
    Given {
        /// SM3 of the picture, hex; the picture is a material.
        digest: String,
        /// `png`.
        format: String,
        /// Width in tenths of a millimeter.
        width_tenth_mm: u32,
        /// Height in tenths of a millimeter.
        height_tenth_mm: u32,
    },
}

impl Imprint {
    /// Width and height in tenths of a millimeter.
    pub fn sides_tenth_mm(&self) -> (u32, u32) {
        match self {
            Self::Drawn { width_tenth_mm, height_tenth_mm }
            | Self::Given { width_tenth_mm, height_tenth_mm, .. } => (*width_tenth_mm, *height_tenth_mm),
        }
    }
}

/// What the applicant fills in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Kind of seal.
    pub kind: SealKind,
    /// Public or internal.
    pub publicity: Publicity,
    /// Name on the seal.
    pub seal_name: String,
    /// Person a personal seal is for.
    pub holder: Option<Person>,
    /// Who applies.
    pub agent: Agent,
    /// Legal representative.
    pub legal_representative: Person,
    /// Seal administrator.
    pub seal_administrator: Option<Person>,
    /// Technical support measures.
    pub technical_measures: String,
    /// Physical seal.
    pub physical: Option<PhysicalSeal>,
    /// Imprint.
    pub imprint: Imprint,
    /// Years the seal is to be valid.
    pub years: u32,
    /// Certification request (PKCS#10) of the key in the unit's own device (智能密码钥匙), DER, base64; absent where the maker makes the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_request: Option<String>,
    /// Uses that a law excludes for this seal.
    #[serde(default)]
    pub excluded_uses: Vec<String>,
    /// Documents.
    pub materials: Vec<Material>,
}

impl Content {
    /// Refuses content no seal can have.
    pub(super) fn check(&self) -> Result<(), Refused> {
        let name = self.seal_name.chars().count();
        if !(2..=80).contains(&name) || self.seal_name.chars().any(char::is_control) {
            return Err(Refused::rule(
                "SEAL_NAME",
                "印章名称应为 2 至 80 个字",
                "a seal's name has 2 to 80 characters",
            ));
        }
        if self.kind.is_personal() != self.holder.is_some() {
            return Err(Refused::rule(
                "HOLDER",
                "个人印章须指明持有人，其他印章不得指明",
                "a personal seal names its holder, others none",
            ));
        }
        if !(1..=10).contains(&self.years) {
            return Err(Refused::rule("YEARS", "有效期应为 1 至 10 年", "a seal is valid for 1 to 10 years"));
        }
        if self.materials.len() > 100 || self.excluded_uses.len() > 50 {
            return Err(Refused::rule(
                "TOO_MANY",
                "材料或者禁用范围过多",
                "too many materials or excluded uses",
            ));
        }
        let (width, height) = self.imprint.sides_tenth_mm();
        if ![width, height].iter().all(|side| (100..=700).contains(side)) {
            return Err(Refused::rule(
                "IMPRINT_SIZE",
                "印模边长应为 10 至 70 毫米",
                "an imprint's sides are 10 to 70 mm",
            ));
        }
        Ok(())
    }
}

//! Making and management units (制作管理单位) and their licenses.

use crate::area::{AreaCode, AreaPath};
use crate::credit_code::CreditCode;
use crate::ids::{AccountId, MakerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// License of the public security organ to make seals (公章刻制业特种行业许可).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    /// Its number.
    pub number: String,
    /// The organ that gave it.
    pub issuer: String,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Who entrusts a maker and answers for it (national measures, about article 10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entrusted {
    /// Unit that entrusts.
    pub by: String,
    /// Number of the agreement.
    pub document: String,
    /// Until when.
    pub until: Timestamp,
}

/// A certificate of a maker that another has replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerCertificate {
    /// DER in base64.
    pub certificate: String,
    /// When the next one took its place.
    pub until: Timestamp,
}

/// A maker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// Key.
    pub id: MakerId,
    /// Name.
    pub name: String,
    /// Credit code.
    pub credit_code: CreditCode,
    /// Area of registration.
    pub area: AreaCode,
    /// Its place.
    pub area_path: AreaPath,
    /// Areas it makes for.
    pub jurisdictions: Vec<AreaPath>,
    /// License.
    pub license: License,
    /// Who entrusts it, when it works for another.
    pub entrusted: Option<Entrusted>,
    /// Certificate it signs seals with, DER in base64; the workshop's key.
    pub certificate: Option<String>,
    /// Certificates before, the newest first: a seal made in their time is taken in still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_certificates: Vec<FormerCertificate>,
    /// Person who answers for it.
    pub responsible: String,
    /// Whether it was stopped, and why.
    pub stopped: Option<String>,
    /// Who registered it.
    pub created_by: AccountId,
}

/// Why a maker may not make a seal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakerFault {
    /// Not yet or no longer licensed.
    #[error("制作单位的许可证不在有效期内 (the maker's license is not valid now)")]
    License,
    /// The area is not among those it makes for.
    #[error("该区域不在制作单位的业务范围内 (the maker does not serve this area)")]
    Jurisdiction,
    /// Stopped by authority.
    #[error("制作单位已被停业：{0} (the maker has been stopped)")]
    Stopped(String),
    /// Entrusting has ended.
    #[error("委托制作已到期 (the maker is no longer entrusted)")]
    Entrusting,
    /// Empty name, number, no area, or an end before its beginning.
    #[error("制作单位登记信息不完整：{0} (the maker's record is incomplete)")]
    Record(&'static str),
}

impl Maker {
    /// Checks what must always hold.
    ///
    /// # Errors
    /// [`MakerFault::Record`] naming the part.
    pub fn check(&self) -> Result<(), MakerFault> {
        if self.name.trim().is_empty() || self.name.chars().count() > 100 {
            return Err(MakerFault::Record("name"));
        }
        if self.license.number.trim().is_empty() || self.license.issuer.trim().is_empty() {
            return Err(MakerFault::Record("license"));
        }
        if self.license.from >= self.license.until {
            return Err(MakerFault::Record("license.until"));
        }
        if self.jurisdictions.is_empty() || self.jurisdictions.len() > 200 {
            return Err(MakerFault::Record("jurisdictions"));
        }
        if self.responsible.trim().is_empty() {
            return Err(MakerFault::Record("responsible"));
        }
        Ok(())
    }

    /// Puts another certificate in place of the one it has, which stays known with the moment of the change.
    pub fn replace_certificate(&mut self, certificate: String, now: Timestamp) {
        if self.certificate.as_ref() == Some(&certificate) {
            return;
        }
        if let Some(before) = self.certificate.replace(certificate) {
            self.former_certificates.insert(0, FormerCertificate { certificate: before, until: now });
        }
    }

    /// Whether it may make a seal for `area` now.
    ///
    /// # Errors
    /// The first [`MakerFault`].
    pub fn may_make(&self, area: &AreaPath, now: Timestamp) -> Result<(), MakerFault> {
        if let Some(why) = &self.stopped {
            return Err(MakerFault::Stopped(why.clone()));
        }
        if now < self.license.from || self.license.until <= now {
            return Err(MakerFault::License);
        }
        if self.entrusted.as_ref().is_some_and(|e| e.until <= now) {
            return Err(MakerFault::Entrusting);
        }
        if self.jurisdictions.iter().any(|j| j.covers(area)) { Ok(()) } else { Err(MakerFault::Jurisdiction) }
    }
}

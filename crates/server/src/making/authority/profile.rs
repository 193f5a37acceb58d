//! What a certificate is to say.

use jiff::Timestamp;
use yinxin_formats::oids;
use yinxin_formats::x509::Name;

use super::AuthorityError;

/// Most characters of one field (RFC 5280 appendix A).
const MAX_FIELD: usize = 64;

/// Whom a certificate is for. All are for signatures and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateKind {
    /// The owner's key of a seal.
    Seal,
    /// A maker of seals (制章人).
    Maker,
    /// An authority that signs proofs.
    Authority,
    /// A person, such as an agent.
    Person,
}

impl CertificateKind {
    /// The word in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Maker => "maker",
            Self::Authority => "authority",
            Self::Person => "person",
        }
    }
}

/// The subject of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectFields {
    /// Organization (O).
    pub organization: String,
    /// Unified social credit code, written as serialNumber.
    pub credit_code: Option<String>,
    /// Common name (CN).
    pub common_name: String,
}

/// What a certificate is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateProfile {
    /// For whom.
    pub kind: CertificateKind,
    /// Its subject.
    pub subject: SubjectFields,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity.
    pub not_after: Timestamp,
}

impl SubjectFields {
    /// Refuses what a certificate cannot carry sensibly.
    ///
    /// # Errors
    /// [`AuthorityError::Subject`] with the field.
    pub fn check(&self) -> Result<(), AuthorityError> {
        let usable = |text: &str| {
            !text.trim().is_empty()
                && text.chars().count() <= MAX_FIELD
                && !text.chars().any(char::is_control)
        };
        if !usable(&self.organization) {
            return Err(AuthorityError::Subject("organization"));
        }
        if !usable(&self.common_name) {
            return Err(AuthorityError::Subject("common_name"));
        }
        let plain =
            |c: &str| c.len() <= MAX_FIELD && !c.is_empty() && c.bytes().all(|b| b.is_ascii_alphanumeric());
        match &self.credit_code {
            Some(code) if !plain(code) => Err(AuthorityError::Subject("credit_code")),
            _ => Ok(()),
        }
    }

    /// The name, with a mark as organizational unit where one is given.
    pub fn to_name(&self, mark: Option<&str>) -> Name {
        let mut fields = vec![(oids::AT_COUNTRY, "CN"), (oids::AT_ORGANIZATION, self.organization.as_str())];
        fields.extend(mark.map(|m| (oids::AT_ORGANIZATIONAL_UNIT, m)));
        fields.extend(self.credit_code.as_deref().map(|c| (oids::AT_SERIAL_NUMBER, c)));
        fields.push((oids::AT_COMMON_NAME, &self.common_name));
        Name::build(&fields)
    }
}

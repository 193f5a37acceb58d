//! Certificates for the keys of seals: who issues them is behind [`CertificateAuthority`].

mod check;
mod import;
mod index;
mod profile;
mod test_authority;
mod test_names;

use jiff::Timestamp;
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_formats::crl::RevocationReason;
use yinxin_formats::x509::Certificate;

pub use check::{CertificateFault, Expected, check_certificate, read_chain};
pub use import::ImportAuthority;
pub use profile::{CertificateKind, CertificateProfile, SubjectFields};
pub use test_authority::{Level, TestAuthority};
pub use test_names::MARK;

use super::journal::JournalError;

/// A certificate to be issued.
#[derive(Debug, Clone)]
pub struct CertificateRequest<'a> {
    /// What it is issued for: asking again under the same reference with the same key gives the certificate issued before.
    pub reference: &'a str,
    /// Certification request (PKCS#10), DER; signed by the key to be certified.
    pub csr: &'a [u8],
    /// What the certificate is to say. Names and extensions inside the request count for nothing.
    pub profile: CertificateProfile,
}

/// A certificate and those above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// The certificate.
    pub leaf: Certificate,
    /// Its issuers, the nearest first; the anchor may be the last.
    pub chain: Vec<Certificate>,
}

/// What an authority says of itself.
#[derive(Debug, Clone)]
pub struct AuthorityDescription {
    /// Name for people.
    pub name: String,
    /// Subject of the issuing certificate.
    pub issuer: String,
    /// Whether its certificates are for tests only.
    pub test: bool,
    /// The issuing certificate and those above it.
    pub chain: Vec<Certificate>,
}

/// Why an authority did not deliver.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// The request cannot be read or is not signed by its own key.
    #[error("证书申请不可用：{0} / the certification request is refused: {0}")]
    Request(String),
    /// A field of the subject cannot stand in a certificate.
    #[error("证书主体字段不可用：{0} / a field of the subject cannot be used: {0}")]
    Subject(&'static str),
    /// The dates do not lie within those of the issuer.
    #[error("证书有效期超出签发机构的有效期 / the dates are not within those of the issuer")]
    Validity,
    /// The reference was used with another key.
    #[error("同一业务号已用于另一密钥 / the reference was used with another key")]
    ReferenceUsed,
    /// Not decided yet; ask again later.
    #[error("证书机构尚未签发 / the authority has not issued yet")]
    Pending,
    /// No certificate of this serial was issued here.
    #[error("没有签发过该序列号的证书 / no certificate of this serial was issued here")]
    UnknownSerial,
    /// The password is not that of the authority's keys, or its files are damaged.
    #[error("证书机构的文件不可用：{0} / the authority's files cannot be used: {0}")]
    Store(String),
    /// The record of what was issued.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The authority cannot be reached, or failed.
    #[error("证书机构不可用：{0} / the authority is not available: {0}")]
    Unavailable(String),
}

impl AuthorityError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Request(_) => "AUTHORITY_REQUEST",
            Self::Subject(_) => "AUTHORITY_SUBJECT",
            Self::Validity => "AUTHORITY_VALIDITY",
            Self::ReferenceUsed => "AUTHORITY_REFERENCE_USED",
            Self::Pending => "AUTHORITY_PENDING",
            Self::UnknownSerial => "AUTHORITY_UNKNOWN_SERIAL",
            Self::Store(_) => "AUTHORITY_STORE",
            Self::Journal(e) => e.code(),
            Self::Unavailable(_) => "AUTHORITY_UNAVAILABLE",
        }
    }
}

/// A certificate authority (电子认证服务机构). Calls may block: they go over a network or to a device.
pub trait CertificateAuthority: Send + Sync {
    /// Issues a certificate, once per reference.
    ///
    /// # Errors
    /// [`AuthorityError::Pending`] where a person there decides first; and see there.
    fn issue(
        &self,
        request: &CertificateRequest<'_>,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<IssuedCertificate, AuthorityError>;

    /// Revokes a certificate by its serial (hexadecimal, any case). Revoking twice keeps the first date.
    ///
    /// # Errors
    /// See [`AuthorityError`].
    fn revoke(&self, serial: &str, reason: RevocationReason, at: Timestamp) -> Result<(), AuthorityError>;

    /// What it is.
    fn describe(&self) -> AuthorityDescription;
}

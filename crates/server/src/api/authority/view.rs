//! The authority's certificates as answers show them.

use crate::app::{App, Stop};
use crate::start::authority::Next;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use yinxin_formats::pem;
use yinxin_formats::x509::Certificate;

/// A certificate of the authority.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CertificateView {
    /// SM3 of the certificate, hex: by it heads of the audit chain name their signer, and makers theirs.
    pub sm3: String,
    /// SM3 of its public key, hex: the same for certificates of one key.
    pub key_sm3: String,
    /// Subject.
    pub subject: String,
    /// First moment.
    #[schema(value_type = String, format = DateTime)]
    pub not_before: Timestamp,
    /// Last moment.
    #[schema(value_type = String, format = DateTime)]
    pub not_after: Timestamp,
    /// When another took its place; absent for the one in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub replaced_at: Option<Timestamp>,
    /// The certificate, PEM.
    pub certificate: String,
}

impl CertificateView {
    pub(super) fn of(certificate: &Certificate, replaced_at: Option<Timestamp>) -> Self {
        Self {
            sm3: hex::encode(certificate.sm3()),
            key_sm3: hex::encode(yinxin_crypto::sm3(certificate.spki_der())),
            subject: certificate.subject.to_string(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            replaced_at,
            certificate: pem::encode("CERTIFICATE", certificate.raw()),
        }
    }
}

/// A certificate that was asked for and does not count yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NextCertificateView {
    /// Whether it is for a new key.
    pub new_key: bool,
    /// When it was asked for.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Certification request (PKCS#10, PEM), for an authority outside.
    pub request: String,
    /// What was issued; absent while an authority outside has the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<CertificateView>,
}

impl NextCertificateView {
    pub(super) fn of(next: &Next) -> Result<Self, Stop> {
        let issued = next.issued().map_err(super::fault)?;
        Ok(Self {
            new_key: next.new_key,
            asked_at: next.asked_at,
            request: pem::encode("CERTIFICATE REQUEST", &next.csr().map_err(super::fault)?),
            issued: issued.map(|issued| CertificateView::of(&issued.leaf, None)),
        })
    }
}

/// The authority and its certificates.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuthorityView {
    /// Name.
    pub name: String,
    /// Code.
    pub code: String,
    /// The certificate in use.
    pub current: CertificateView,
    /// Those before, the newest first: what was signed under them stays good.
    pub former: Vec<CertificateView>,
    /// One that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<NextCertificateView>,
}

impl AuthorityView {
    pub(super) fn of(app: &App, next: Option<&Next>) -> Result<Self, Stop> {
        let signing = app.authority.signing();
        let former = signing.former.iter().map(|f| CertificateView::of(&f.certificate, Some(f.until)));
        Ok(Self {
            name: app.authority.party.name.clone(),
            code: app.authority.party.code.clone(),
            current: CertificateView::of(&signing.certificate, None),
            former: former.collect(),
            next: next.map(NextCertificateView::of).transpose()?,
        })
    }
}

//! An authority that is asked by hand: requests go out to it as files, certificates come back.

use jiff::Timestamp;
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_formats::crl::RevocationReason;

use super::{
    AuthorityDescription, AuthorityError, CertificateAuthority, CertificateRequest, IssuedCertificate,
};

/// An authority outside (外部电子认证服务机构). It never answers by itself: whoever asks waits until the certificate is brought.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportAuthority;

impl CertificateAuthority for ImportAuthority {
    fn issue(
        &self,
        request: &CertificateRequest<'_>,
        _now: Timestamp,
        _rng: &mut dyn CryptoRng,
    ) -> Result<IssuedCertificate, AuthorityError> {
        request.profile.subject.check()?;
        Err(AuthorityError::Pending)
    }

    fn revoke(&self, _serial: &str, _reason: RevocationReason, _at: Timestamp) -> Result<(), AuthorityError> {
        Err(AuthorityError::Unavailable(
            "外部机构的证书须向该机构申请撤销 (ask the authority outside)".to_owned(),
        ))
    }

    fn describe(&self) -> AuthorityDescription {
        AuthorityDescription {
            name: "外部证书机构（导入） outside authority (import)".to_owned(),
            issuer: String::new(),
            test: false,
            chain: Vec::new(),
        }
    }
}

//! Certificate of a maker in a request.

use crate::http::Faults;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_crypto::PublicKey;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;

/// The certificate in the one form it is stored in: DER, base64 with padding. Notes what is no certificate of an SM2 key in its time.
pub fn read(text: &str, now: Timestamp, faults: &mut Faults) -> Option<String> {
    let der = STANDARD.decode(text).ok();
    let certificate = der.and_then(|der| Certificate::parse(&der, &Limits::default()).ok());
    let Some(certificate) = certificate else {
        let (zh, en) = ("应为 DER 证书的 Base64", "the base64 of a certificate in DER");
        faults.push("/certificate", "CERTIFICATE", zh, en);
        return None;
    };
    if !matches!(certificate.public_key(), Ok(PublicKey::Sm2(_))) {
        faults.push(
            "/certificate",
            "CERTIFICATE_KEY",
            "应为 SM2 公钥证书",
            "a certificate of an SM2 key is needed",
        );
    }
    if now < certificate.not_before || certificate.not_after <= now {
        faults.push(
            "/certificate",
            "CERTIFICATE_TIME",
            "证书不在有效期内",
            "the certificate is not valid now",
        );
    }
    Some(STANDARD.encode(certificate.raw()))
}

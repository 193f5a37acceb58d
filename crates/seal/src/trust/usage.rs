//! Key usage and extended key usage by purpose.

use const_oid::ObjectIdentifier;
use yinxin_formats::x509::Certificate;

use crate::report::{Text, text};

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Making seals.
    SealMaker,
    /// Signing documents.
    Signer,
    /// Signing timestamps.
    Timestamp,
}

const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");
const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// What usage says: allowed, allowed with a remark, or not.
pub(super) fn check(cert: &Certificate, purpose: Purpose) -> Result<Option<Text>, Text> {
    let usage =
        cert.key_usage().map_err(|e| text(format!("密钥用途无法解析：{e}"), format!("key usage: {e}")))?;
    let mut remark = None;
    match usage {
        Some(ku) if ku.digital_signature() || ku.content_commitment() => {}
        Some(_) => {
            return Err(text(
                "证书的密钥用途不含数字签名或抗抵赖（可能是加密证书）",
                "key usage has neither digitalSignature nor nonRepudiation (an encryption certificate, perhaps)",
            ));
        }
        None => {
            remark = Some(text("证书没有写明密钥用途", "the certificate does not state its key usage"));
        }
    }
    let extended = cert
        .extended_key_usage()
        .map_err(|e| text(format!("扩展密钥用途无法解析：{e}"), format!("extended key usage: {e}")))?;
    match (purpose, extended) {
        (Purpose::Timestamp, Some(list)) if list == [TIME_STAMPING] => {
            let critical = cert.extensions.iter().any(|e| e.oid.to_string() == "2.5.29.37" && e.critical);
            if !critical {
                remark = Some(text(
                    "时间戳证书的扩展密钥用途未标为关键",
                    "extended key usage of the timestamp certificate is not critical",
                ));
            }
        }
        (Purpose::Timestamp, _) => {
            return Err(text(
                "证书不是专用的时间戳证书（扩展密钥用途须仅为时间戳）",
                "the certificate is not dedicated to timestamps (extended key usage must be timeStamping alone)",
            ));
        }
        (_, Some(list)) => {
            let fits = |o: &ObjectIdentifier| [ANY, CLIENT_AUTH, EMAIL, DOCUMENT_SIGNING].contains(o);
            if !list.iter().any(fits) {
                let critical = cert.extensions.iter().any(|e| e.oid.to_string() == "2.5.29.37" && e.critical);
                let t = text(
                    "扩展密钥用途与签章无关",
                    "extended key usage names no purpose that fits signing documents",
                );
                if critical {
                    return Err(t);
                }
                remark = Some(t);
            }
        }
        (_, None) => {}
    }
    Ok(remark)
}

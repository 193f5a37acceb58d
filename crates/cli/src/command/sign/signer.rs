//! Which certificate signs.

use std::path::Path;

use yinxin_crypto::{PublicKey, SigningKey, SoftwareKey};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{CertList, Seal};
use yinxin_formats::x509::Certificate;

use super::SignArgs;
use crate::failure::Failure;
use crate::{keys, trust};

/// The key and its certificate: the one named, else the one beside the key in its PKCS#12 file, else the one the seal
/// lists for this key.
pub fn with_key(
    args: &SignArgs,
    key: &Path,
    seal: Option<&Seal>,
) -> Result<(SoftwareKey, Certificate), Failure> {
    // A wrong certificate path should not cost a password prompt.
    let named = args.cert.as_deref().map(trust::certificate).transpose()?;
    let loaded = keys::load_with_certificates(key, &args.password)?;
    let cert = match named {
        Some(c) => Some(c),
        None => matching(&loaded.certificates, loaded.key.public_key())
            .or_else(|| matching(listed(seal), loaded.key.public_key())),
    };
    let cert = cert.ok_or_else(missing)?;
    Ok((loaded.key, cert))
}

/// The certificate of a key that is elsewhere: the one named, else the only one the seal lists.
pub fn without_key(args: &SignArgs, seal: Option<&Seal>) -> Result<Certificate, Failure> {
    if let Some(path) = &args.cert {
        return trust::certificate(path);
    }
    match listed(seal) {
        [only] => Certificate::parse(only, &Limits::default()).map_err(Failure::from),
        _ => Err(missing()),
    }
}

fn listed(seal: Option<&Seal>) -> &[Vec<u8>] {
    match seal.map(|s| &s.property.certs) {
        Some(CertList::Certificates(list)) => list,
        _ => &[],
    }
}

fn matching(list: &[Vec<u8>], key: &PublicKey) -> Option<Certificate> {
    let parsed = list.iter().filter_map(|der| Certificate::parse(der, &Limits::default()).ok());
    parsed.into_iter().find(|c| c.public_key().is_ok_and(|k| k == *key))
}

fn missing() -> Failure {
    Failure::new(
        "SIGNER_CERTIFICATE_MISSING",
        "找不到签章人证书，请用 --cert 给出 / the signer's certificate is not known: give it by --cert",
    )
}

//! `ECPrivateKey` of SEC 1 and RFC 5915.

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::KeystoreError;
use crate::asn1::{self, Reader};
use crate::{KeyAlgorithm, KeyError, PublicKey, SigningKey, SoftwareKey, oids};

/// Tag `[1]` of the public key.
const CONTEXT_1: u8 = 0xa1;

/// Reads an `ECPrivateKey`; `curve` is what its surroundings say, needed when it does not say itself.
pub(crate) fn parse(der: &[u8], curve: Option<ObjectIdentifier>) -> Result<SoftwareKey, KeystoreError> {
    let mut outer = Reader::new(der);
    let mut fields = outer.sequence("ECPrivateKey SEQUENCE expected")?;
    outer.finish("bytes after ECPrivateKey")?;
    let bad_version = fields.error("ECPrivateKey version 1 expected");
    if fields.small(bad_version.what)? != 1 {
        return Err(bad_version.into());
    }
    let secret = fields.octets("privateKey OCTET STRING expected")?;
    let missing = fields.error("the file does not name the curve of the key");
    let inner_curve = match fields.optional(asn1::CONTEXT_0)? {
        Some(parameters) => Some(parameters.reader().oid("namedCurve expected in parameters")?),
        None => None,
    };
    let stored_public = match fields.optional(CONTEXT_1)? {
        Some(public) => Some(public.reader().bits("publicKey BIT STRING expected")?),
        None => None,
    };
    fields.finish("more fields than ECPrivateKey has")?;

    let disagree = asn1::Asn1Error { what: "the file names two different curves", ..missing };
    let curve = match (curve, inner_curve) {
        (Some(outside), Some(inside)) if outside != inside => return Err(disagree.into()),
        (outside, inside) => inside.or(outside).ok_or(missing)?,
    };
    let algorithm = match curve {
        oids::CURVE_SM2 => KeyAlgorithm::Sm2,
        oids::CURVE_P256 => KeyAlgorithm::P256,
        oid => return Err(KeystoreError::Unsupported { what: "curve", oid }),
    };
    let key = SoftwareKey::from_secret_bytes(algorithm, secret)?;
    if let Some(stored) = stored_public
        && PublicKey::from_curve_point(&curve, stored)? != *key.public_key()
    {
        return Err(KeyError::PublicKeyMismatch.into());
    }
    Ok(key)
}

/// The `ECPrivateKey` with public key, as PKCS#8 wraps it.
pub(crate) fn encode(key: &SoftwareKey) -> Zeroizing<Vec<u8>> {
    let secret = Zeroizing::new(asn1::tlv(asn1::OCTET_STRING, &*key.secret_bytes()));
    let public = asn1::bits(&key.public_key().key_bits());
    let public = asn1::tlv(CONTEXT_1, &public);
    let content = Zeroizing::new([asn1::unsigned(&[1]).as_slice(), &secret, &public].concat());
    Zeroizing::new(asn1::tlv(asn1::SEQUENCE, &content))
}

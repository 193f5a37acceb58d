//! PKCS#8 private keys, plain for reading and encrypted for both ways, RFC 5958.

use base64::Engine;
use zeroize::Zeroizing;

use super::pbes2::{self, Budget};
use super::{KeystoreError, pkcs12, sec1};
use crate::asn1::{self, Reader};
use crate::rand_core::CryptoRng;
use crate::{SigningKey, SoftwareKey, oids};

/// Rounds of PBKDF2-HMAC-SM3 for new files: a fraction of a second today, as OWASP advises for 256-bit digests.
pub const DEFAULT_ITERATIONS: u32 = 600_000;

/// What a DER key file is, by its first fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Plain,
    Encrypted,
    Sec1,
    Pkcs12,
}

pub(crate) fn shape(bytes: &[u8]) -> Result<Shape, KeystoreError> {
    if pkcs12::looks_like(bytes) {
        return Ok(Shape::Pkcs12);
    }
    let mut outer = Reader::new(bytes);
    let mut fields = outer.sequence("neither PEM nor a DER SEQUENCE: not a key file")?;
    let unknown = fields.error("neither PKCS#8, SEC 1 nor PKCS#12");
    match fields.next()?.tag {
        asn1::SEQUENCE => Ok(Shape::Encrypted),
        asn1::INTEGER => match fields.peek() {
            Some(asn1::SEQUENCE) => Ok(Shape::Plain),
            Some(asn1::OCTET_STRING) => Ok(Shape::Sec1),
            _ => Err(unknown.into()),
        },
        _ => Err(unknown.into()),
    }
}

/// Reads an unencrypted `PrivateKeyInfo`.
pub(crate) fn parse(der: &[u8]) -> Result<SoftwareKey, KeystoreError> {
    let mut outer = Reader::new(der);
    let mut fields = outer.sequence("PrivateKeyInfo SEQUENCE expected")?;
    outer.finish("bytes after PrivateKeyInfo")?;
    let bad_version = fields.error("PrivateKeyInfo version 0 or 1 expected");
    if fields.small(bad_version.what)? > 1 {
        return Err(bad_version.into());
    }
    let mut algorithm = fields.sequence("privateKeyAlgorithm SEQUENCE expected")?;
    let private_key = fields.octets("privateKey OCTET STRING expected")?;
    // Attributes and a second copy of the public key may follow; neither matters here.
    let oid = algorithm.oid("algorithm OBJECT IDENTIFIER expected")?;
    if oid != oids::EC_PUBLIC_KEY {
        return Err(KeystoreError::Unsupported { what: "private key type", oid });
    }
    let curve = algorithm.oid("namedCurve OBJECT IDENTIFIER expected")?;
    sec1::parse(private_key, Some(curve))
}

/// Decrypts an `EncryptedPrivateKeyInfo` (PBES2, or the old PBE of PKCS#12 with SHA-1 and 3DES).
///
/// # Errors
/// See [`KeystoreError`].
pub fn decrypt_pkcs8(der: &[u8], password: &[u8]) -> Result<SoftwareKey, KeystoreError> {
    decrypt_with(der, password, &mut Budget::new())
}

pub(crate) fn decrypt_with(
    der: &[u8],
    password: &[u8],
    budget: &mut Budget,
) -> Result<SoftwareKey, KeystoreError> {
    let mut outer = Reader::new(der);
    let mut fields = outer.sequence("EncryptedPrivateKeyInfo SEQUENCE expected")?;
    outer.finish("bytes after EncryptedPrivateKeyInfo")?;
    let algorithm = fields.sequence("encryptionAlgorithm SEQUENCE expected")?;
    let ciphertext = fields.octets("encryptedData OCTET STRING expected")?;
    fields.finish("more fields than EncryptedPrivateKeyInfo has")?;
    let plaintext = decrypt_content(algorithm, password, ciphertext, budget)?;
    // A wrong password passes the padding check once in 256 times and then looks malformed.
    parse(&plaintext).map_err(|error| match error {
        KeystoreError::Malformed(_) => KeystoreError::WrongPassword,
        other => other,
    })
}

/// Decrypts by an `AlgorithmIdentifier` read up to its fields.
pub(crate) fn decrypt_content(
    mut algorithm: Reader<'_>,
    password: &[u8],
    ciphertext: &[u8],
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    match algorithm.oid("encryption OBJECT IDENTIFIER expected")? {
        oids::PBES2 => pbes2::decrypt(algorithm, password, ciphertext, budget),
        oids::PBE_SHA1_3DES => pkcs12::decrypt_old(algorithm, password, ciphertext, budget),
        oid => Err(KeystoreError::Unsupported { what: "encryption", oid }),
    }
}

/// Encrypts a key as PKCS#8 with PBES2: PBKDF2-HMAC-SM3 and SM4-CBC. The only way a private key leaves memory.
///
/// # Errors
/// [`KeystoreError::BadPassword`] for an empty password, [`KeystoreError::BadIterations`] outside 1000 to 5000000
/// (see [`DEFAULT_ITERATIONS`]).
pub fn encrypt_pkcs8(
    key: &SoftwareKey,
    password: &[u8],
    rng: &mut dyn CryptoRng,
    iterations: u32,
) -> Result<Vec<u8>, KeystoreError> {
    if password.is_empty() {
        return Err(KeystoreError::BadPassword { what: "it is empty" });
    }
    if !(1000..=5_000_000).contains(&iterations) {
        return Err(KeystoreError::BadIterations { asked: iterations });
    }
    Ok(pbes2::encrypt_sm(&encode(key), password, rng, iterations))
}

/// [`encrypt_pkcs8`] as a PEM file `ENCRYPTED PRIVATE KEY`.
///
/// # Errors
/// As [`encrypt_pkcs8`].
pub fn encrypt_pkcs8_pem(
    key: &SoftwareKey,
    password: &[u8],
    rng: &mut dyn CryptoRng,
    iterations: u32,
) -> Result<String, KeystoreError> {
    let der = encrypt_pkcs8(key, password, rng, iterations)?;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let mut out = String::from("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    for (count, character) in text.chars().enumerate() {
        if count > 0 && count % 64 == 0 {
            out.push('\n');
        }
        out.push(character);
    }
    out.push_str("\n-----END ENCRYPTED PRIVATE KEY-----\n");
    Ok(out)
}

/// The plain `PrivateKeyInfo`, never given out.
fn encode(key: &SoftwareKey) -> Zeroizing<Vec<u8>> {
    let curve = key.public_key().curve().unwrap_or(oids::CURVE_SM2);
    let algorithm = asn1::group(asn1::SEQUENCE, &[&asn1::oid(&oids::EC_PUBLIC_KEY), &asn1::oid(&curve)]);
    let private_key = Zeroizing::new(asn1::tlv(asn1::OCTET_STRING, &sec1::encode(key)));
    let content = Zeroizing::new([asn1::unsigned(&[0]).as_slice(), &algorithm, &private_key].concat());
    Zeroizing::new(asn1::tlv(asn1::SEQUENCE, &content))
}

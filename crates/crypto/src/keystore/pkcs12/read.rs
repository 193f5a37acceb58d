//! The PFX structure: MAC, safes and bags.

use const_oid::ObjectIdentifier;
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sm3::digest::{Digest, FixedOutputReset, block_api::BlockSizeUser};

use super::kdf::{self, Purpose};
use crate::asn1::{self, Reader, Tlv};
use crate::keystore::pbes2::Budget;
use crate::keystore::{KeystoreError, MAX_FILE, pkcs8};
use crate::{DigestAlgorithm, SoftwareKey, oids};

/// Most bags looked at in one file.
const MAX_BAGS: usize = 256;
/// Bags may contain bags; nobody nests deeper than once.
const MAX_DEPTH: usize = 4;
/// Tag `[0] IMPLICIT OCTET STRING` in primitive form.
const IMPLICIT_0: u8 = 0x80;

/// What a PKCS#12 file holds.
#[derive(Debug)]
pub struct Pkcs12 {
    /// Private keys this software can use, in file order, labelled with their friendly name if they have one.
    pub keys: Vec<SoftwareKey>,
    /// DER of the X.509 certificates, in file order.
    pub certificates: Vec<Vec<u8>>,
    /// Whether a MAC covered the file (it verified, or reading would have failed).
    pub authenticated: bool,
    /// Algorithms or bag types of the parts that were passed over.
    pub skipped: Vec<ObjectIdentifier>,
}

impl Pkcs12 {
    /// The first usable private key.
    pub fn key(&self) -> Option<&SoftwareKey> {
        self.keys.first()
    }
}

/// Reads a PKCS#12 file; the password is UTF-8 text.
///
/// # Errors
/// See [`KeystoreError`]; parts with unsupported algorithms are not an error but listed in [`Pkcs12::skipped`].
pub fn read_pkcs12(bytes: &[u8], password: &[u8]) -> Result<Pkcs12, KeystoreError> {
    if bytes.len() > MAX_FILE {
        return Err(KeystoreError::TooLarge);
    }
    let der = super::ber::to_der(bytes)?;
    let mut outer = Reader::new(&der);
    let mut pfx = outer.sequence("PFX SEQUENCE expected")?;
    let bad_version = pfx.error("PFX version 3 expected");
    if pfx.small(bad_version.what)? != 3 {
        return Err(bad_version.into());
    }
    let mut safe = pfx.sequence("authSafe ContentInfo expected")?;
    let oid = safe.oid("contentType expected")?;
    if oid != oids::PKCS7_DATA {
        return Err(KeystoreError::Unsupported { what: "PKCS#12 integrity mode", oid });
    }
    let content = explicit(&mut safe)?.octets("content OCTET STRING expected")?;
    let mut budget = Budget::new();
    let authenticated = match pfx.optional(asn1::SEQUENCE)? {
        Some(mac) => {
            check_mac(mac.reader(), content, password, &mut budget)?;
            true
        }
        None => false,
    };
    pfx.finish("more fields than PFX has")?;

    let found = Pkcs12 { keys: Vec::new(), certificates: Vec::new(), authenticated, skipped: Vec::new() };
    let mut walk = Walk { password, budget, bags: 0, found };
    walk.safes(content)?;
    Ok(walk.found)
}

/// Content of `[0] EXPLICIT`.
fn explicit<'a>(fields: &mut Reader<'a>) -> Result<Reader<'a>, KeystoreError> {
    Ok(fields.expect(asn1::CONTEXT_0, "[0] expected")?.reader())
}

fn check_mac(
    mut mac: Reader<'_>,
    content: &[u8],
    password: &[u8],
    budget: &mut Budget,
) -> Result<(), KeystoreError> {
    let mut info = mac.sequence("DigestInfo expected")?;
    let mut identifier = info.sequence("digestAlgorithm expected")?;
    let oid = identifier.oid("digest OBJECT IDENTIFIER expected")?;
    let expected = info.octets("MAC value expected")?;
    let bad = mac.error("macSalt is longer than 1024 bytes");
    let salt = mac.octets("macSalt expected")?;
    if salt.len() > 1024 {
        return Err(bad.into());
    }
    let bad = mac.error("iterations is 0 or above 32 bits");
    let rounds = if mac.is_empty() { 1 } else { mac.small(bad.what)? };
    mac.finish("more fields than MacData has")?;
    if rounds == 0 {
        return Err(bad.into());
    }
    let digest = DigestAlgorithm::from_oid(&oid);
    let digest = digest.ok_or(KeystoreError::Unsupported { what: "PKCS#12 MAC", oid })?;
    // An empty password is two zero octets to some writers and nothing at all to others.
    let text = kdf::bmp(password)?;
    let candidates: &[&[u8]] = if password.is_empty() { &[&text, &[]] } else { &[&text] };
    for candidate in candidates {
        budget.spend(rounds, 1)?;
        if mac_matches(digest, candidate, salt, rounds, content, expected) {
            return Ok(());
        }
    }
    Err(KeystoreError::WrongPassword)
}

fn mac_matches(
    digest: DigestAlgorithm,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    content: &[u8],
    expected: &[u8],
) -> bool {
    match digest {
        DigestAlgorithm::Sm3 => mac_with::<sm3::Sm3>(password, salt, rounds, content, expected),
        DigestAlgorithm::Sha1 => mac_with::<sha1::Sha1>(password, salt, rounds, content, expected),
        DigestAlgorithm::Sha256 => mac_with::<sha2::Sha256>(password, salt, rounds, content, expected),
        DigestAlgorithm::Sha384 => mac_with::<sha2::Sha384>(password, salt, rounds, content, expected),
        DigestAlgorithm::Sha512 => mac_with::<sha2::Sha512>(password, salt, rounds, content, expected),
    }
}

fn mac_with<D: EagerHash + Digest + BlockSizeUser + FixedOutputReset>(
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    content: &[u8],
    expected: &[u8],
) -> bool {
    let length = <D as Digest>::output_size();
    let key = kdf::derive::<D>(Purpose::Mac, password, salt, rounds, length);
    let Ok(mut mac) = Hmac::<D>::new_from_slice(&key) else { return false };
    mac.update(content);
    mac.verify_slice(expected).is_ok()
}

struct Walk<'a> {
    password: &'a [u8],
    budget: Budget,
    bags: usize,
    found: Pkcs12,
}

impl Walk<'_> {
    /// `AuthenticatedSafe ::= SEQUENCE OF ContentInfo`.
    fn safes(&mut self, content: &[u8]) -> Result<(), KeystoreError> {
        let der = super::ber::to_der(content)?;
        let mut safes = Reader::new(&der).sequence("AuthenticatedSafe expected")?;
        while !safes.is_empty() {
            let mut info = safes.sequence("ContentInfo expected")?;
            match info.oid("contentType expected")? {
                oids::PKCS7_DATA => {
                    let content = explicit(&mut info)?.octets("content OCTET STRING expected")?;
                    self.contents(content, 0)?;
                }
                oids::PKCS7_ENCRYPTED_DATA => self.encrypted(explicit(&mut info)?)?,
                other => self.found.skipped.push(other),
            }
        }
        Ok(())
    }

    /// `EncryptedData ::= SEQUENCE { version, EncryptedContentInfo }`.
    fn encrypted(&mut self, mut reader: Reader<'_>) -> Result<(), KeystoreError> {
        let mut data = reader.sequence("EncryptedData expected")?;
        data.small("EncryptedData version expected")?;
        let mut info = data.sequence("EncryptedContentInfo expected")?;
        info.oid("contentType expected")?;
        let algorithm = info.sequence("contentEncryptionAlgorithm expected")?;
        let ciphertext = implicit_octets(info.next()?)?;
        match pkcs8::decrypt_content(algorithm, self.password, &ciphertext, &mut self.budget) {
            Ok(plaintext) => self.contents(&plaintext, 0),
            Err(KeystoreError::Unsupported { oid, .. }) => {
                self.found.skipped.push(oid);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// `SafeContents ::= SEQUENCE OF SafeBag`.
    fn contents(&mut self, bytes: &[u8], depth: usize) -> Result<(), KeystoreError> {
        let der = super::ber::to_der(bytes)?;
        let mut bags = Reader::new(&der).sequence("SafeContents expected")?;
        while !bags.is_empty() {
            let too_many = bags.error("more than 256 bags");
            self.bags = self.bags.saturating_add(1);
            if self.bags > MAX_BAGS {
                return Err(too_many.into());
            }
            let mut bag = bags.sequence("SafeBag expected")?;
            let kind = bag.oid("bagId expected")?;
            let value = bag.expect(asn1::CONTEXT_0, "bagValue expected")?;
            let name = friendly_name(bag);
            self.bag(kind, value, name, depth)?;
        }
        Ok(())
    }

    fn bag(
        &mut self,
        kind: ObjectIdentifier,
        value: Tlv<'_>,
        name: Option<String>,
        depth: usize,
    ) -> Result<(), KeystoreError> {
        match kind {
            oids::BAG_KEY => self.key(pkcs8::parse(value.value), name),
            oids::BAG_SHROUDED_KEY => {
                let key = pkcs8::decrypt_with(value.value, self.password, &mut self.budget);
                self.key(key, name)
            }
            oids::BAG_CERT => self.certificate(value.reader()),
            oids::BAG_SAFE_CONTENTS if depth < MAX_DEPTH => {
                self.contents(value.value, depth.saturating_add(1))
            }
            other => {
                self.found.skipped.push(other);
                Ok(())
            }
        }
    }

    fn key(
        &mut self,
        key: Result<SoftwareKey, KeystoreError>,
        name: Option<String>,
    ) -> Result<(), KeystoreError> {
        match key {
            Ok(key) => self.found.keys.push(match name {
                Some(name) => key.with_label(name),
                None => key,
            }),
            Err(KeystoreError::Unsupported { oid, .. }) => self.found.skipped.push(oid),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn certificate(&mut self, mut reader: Reader<'_>) -> Result<(), KeystoreError> {
        let mut bag = reader.sequence("CertBag expected")?;
        let kind = bag.oid("certId expected")?;
        if kind != oids::CERT_TYPE_X509 {
            self.found.skipped.push(kind);
            return Ok(());
        }
        let certificate = explicit(&mut bag)?.octets("certificate OCTET STRING expected")?;
        self.found.certificates.push(certificate.to_vec());
        Ok(())
    }
}

/// `[0] IMPLICIT OCTET STRING`, whole or in chunks.
fn implicit_octets(tlv: Tlv<'_>) -> Result<Vec<u8>, KeystoreError> {
    match tlv.tag {
        IMPLICIT_0 => Ok(tlv.value.to_vec()),
        asn1::CONTEXT_0 => {
            let mut chunks = tlv.reader();
            let mut joined = Vec::new();
            while !chunks.is_empty() {
                joined.extend_from_slice(chunks.octets("chunk OCTET STRING expected")?);
            }
            Ok(joined)
        }
        _ => Err(asn1::Asn1Error { at: tlv.value_at, what: "encryptedContent [0] expected" }.into()),
    }
}

/// The friendlyName among a bag's attributes; damaged attributes are not worth refusing a key for.
fn friendly_name(mut bag: Reader<'_>) -> Option<String> {
    let mut attributes = bag.optional(asn1::SET).ok()??.reader();
    while let Ok(mut attribute) = attributes.sequence("attribute") {
        if attribute.oid("attrId").ok()? != oids::FRIENDLY_NAME {
            continue;
        }
        let mut values = attribute.expect(asn1::SET, "attrValues").ok()?.reader();
        let text = values.expect(asn1::BMP_STRING, "BMPString").ok()?.value;
        let units: Vec<u16> = text
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |sum, byte| (sum << 8) | u16::from(*byte)))
            .collect();
        return String::from_utf16(&units).ok().filter(|name| !name.is_empty());
    }
    None
}

//! How a request and a response name a certificate.

use const_oid::ObjectIdentifier;
use yinxin_crypto::DigestAlgorithm;

use crate::der::{ParseError, Reader, write};
use crate::x509::{AlgorithmIdentifier, Certificate, Serial, digest_identifier};

/// CertID (证书标识), RFC 6960 §4.1.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertId {
    /// Digest algorithm of the two digests.
    pub hash_algorithm: ObjectIdentifier,
    /// Digest of the issuer's name.
    pub issuer_name_hash: Vec<u8>,
    /// Digest of the issuer's public key bits.
    pub issuer_key_hash: Vec<u8>,
    /// Serial of the certificate.
    pub serial: Serial,
}

impl CertId {
    /// Names the certificate with `serial` issued by `issuer`.
    pub fn new(digest: DigestAlgorithm, issuer: &Certificate, serial: &Serial) -> Result<Self, ParseError> {
        Ok(Self {
            hash_algorithm: digest.oid(),
            issuer_name_hash: digest.digest(issuer.subject.raw()),
            issuer_key_hash: digest.digest(&issuer.public_key_bits()?),
            serial: serial.clone(),
        })
    }

    /// Whether this names the certificate with `serial` issued by `issuer`; false for unknown digest algorithms.
    pub fn matches(&self, issuer: &Certificate, serial: &Serial) -> bool {
        let Some(digest) = DigestAlgorithm::from_oid(&self.hash_algorithm) else { return false };
        self.serial == *serial
            && self.issuer_name_hash == digest.digest(issuer.subject.raw())
            && issuer.public_key_bits().is_ok_and(|bits| self.issuer_key_hash == digest.digest(&bits))
    }

    pub(super) fn read(r: &mut Reader<'_, '_>) -> Result<Self, ParseError> {
        let ctx = r.ctx();
        let (_, mut s) = r.sequence("CertID")?;
        let hash_algorithm = AlgorithmIdentifier::read(&mut s, "hashAlgorithm")?.oid;
        let issuer_name_hash = s.octets("issuerNameHash")?.into_owned();
        let issuer_key_hash = s.octets("issuerKeyHash")?.into_owned();
        let serial = Serial::read(&s.any("serialNumber")?, ctx)?;
        s.finish("CertID")?;
        Ok(Self { hash_algorithm, issuer_name_hash, issuer_key_hash, serial })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        write::sequence(&[
            &digest_identifier(&self.hash_algorithm),
            &write::octets(&self.issuer_name_hash),
            &write::octets(&self.issuer_key_hash),
            &self.serial.to_der(),
        ])
    }
}

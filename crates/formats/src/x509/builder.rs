//! Writing of certificates.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{PublicKey, SignatureAlgorithm, SigningKey};

use super::signature::{sign_structure, signature_identifier};
use super::{BuildError, Extension, GeneralName, KeyUsage, Name, NameConstraints, Serial, encode_extensions};
use crate::der::{Tag, write};
use crate::oids;

/// Extension values in strict DER.
pub mod extensions {
    use super::*;

    /// basicConstraints, critical. `path_len` counts for authorities only.
    pub fn basic_constraints(ca: bool, path_len: Option<u64>) -> Extension {
        let mut content = Vec::new();
        if ca {
            content.extend(write::boolean(true));
            content.extend(path_len.map(write::small).unwrap_or_default());
        }
        Extension::new(oids::EXT_BASIC_CONSTRAINTS, true, write::sequence(&[&content]))
    }

    /// keyUsage, critical.
    pub fn key_usage(usage: KeyUsage) -> Extension {
        let bits: Vec<bool> = (0..9).map(|i| usage.0 >> i & 1 == 1).collect();
        Extension::new(oids::EXT_KEY_USAGE, true, write::named_bits(&bits))
    }

    /// extKeyUsage. RFC 3161 §2.3 wants it critical for timestamp authorities.
    pub fn extended_key_usage(usages: &[ObjectIdentifier], critical: bool) -> Extension {
        let list: Vec<u8> = usages.iter().flat_map(write::oid).collect();
        Extension::new(oids::EXT_EXTENDED_KEY_USAGE, critical, write::sequence(&[&list]))
    }

    /// subjectKeyIdentifier: SHA-1 of the public key bits (RFC 5280 §4.2.1.2 method 1).
    pub fn subject_key_id(key: &PublicKey) -> Extension {
        Extension::new(oids::EXT_SUBJECT_KEY_ID, false, write::octets(&key_id(key)))
    }

    /// authorityKeyIdentifier with an identifier of the issuer's key.
    pub fn authority_key_id(key_id: &[u8]) -> Extension {
        let id = write::tlv(Tag::context_primitive(0), key_id);
        Extension::new(oids::EXT_AUTHORITY_KEY_ID, false, write::sequence(&[&id]))
    }

    /// subjectAltName.
    pub fn subject_alt_names(names: &[GeneralName]) -> Extension {
        let list: Vec<u8> = names.iter().flat_map(GeneralName::to_der).collect();
        Extension::new(oids::EXT_SUBJECT_ALT_NAME, false, write::sequence(&[&list]))
    }

    /// nameConstraints, critical.
    pub fn name_constraints(constraints: &NameConstraints) -> Extension {
        let trees = |n, names: &[GeneralName]| {
            let list: Vec<u8> = names.iter().flat_map(|g| write::sequence(&[&g.to_der()])).collect();
            if list.is_empty() { list } else { write::explicit(n, &list) }
        };
        let both = [trees(0, &constraints.permitted), trees(1, &constraints.excluded)].concat();
        Extension::new(oids::EXT_NAME_CONSTRAINTS, true, write::sequence(&[&both]))
    }

    /// certificatePolicies without qualifiers.
    pub fn certificate_policies(policies: &[ObjectIdentifier]) -> Extension {
        let list: Vec<u8> = policies.iter().flat_map(|p| write::sequence(&[&write::oid(p)])).collect();
        Extension::new(oids::EXT_CERTIFICATE_POLICIES, false, write::sequence(&[&list]))
    }

    /// cRLDistributionPoints: one point per address.
    pub fn crl_distribution_points(uris: &[&str]) -> Extension {
        let point = |uri: &&str| {
            let name = GeneralName::Uri((*uri).to_owned()).to_der();
            write::sequence(&[&write::explicit(0, &write::explicit(0, &name))])
        };
        let list: Vec<u8> = uris.iter().flat_map(point).collect();
        Extension::new(oids::EXT_CRL_DISTRIBUTION_POINTS, false, write::sequence(&[&list]))
    }

    /// authorityInfoAccess: OCSP responders, then issuer certificates.
    pub fn authority_info_access(ocsp: &[&str], ca_issuers: &[&str]) -> Extension {
        let one = |method: &ObjectIdentifier, uri: &str| {
            write::sequence(&[&write::oid(method), &GeneralName::Uri(uri.to_owned()).to_der()])
        };
        let mut list = Vec::new();
        ocsp.iter().for_each(|uri| list.extend(one(&oids::ACCESS_OCSP, uri)));
        ca_issuers.iter().for_each(|uri| list.extend(one(&oids::ACCESS_CA_ISSUERS, uri)));
        Extension::new(oids::EXT_AUTHORITY_INFO_ACCESS, false, write::sequence(&[&list]))
    }

    /// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
    pub fn ocsp_no_check() -> Extension {
        Extension::new(oids::EXT_OCSP_NO_CHECK, false, write::null())
    }
}

/// SHA-1 of the public key bits, the usual identifier of a key (RFC 5280 §4.2.1.2 method 1).
pub fn key_id(key: &PublicKey) -> Vec<u8> {
    yinxin_crypto::DigestAlgorithm::Sha1.digest(&key.key_bits())
}

/// A certificate to be issued; strict DER of RFC 5280 and GB/T 20518.
#[derive(Debug, Clone)]
pub struct CertificateBuilder {
    serial: Serial,
    issuer: Name,
    subject: Name,
    not_before: Timestamp,
    not_after: Timestamp,
    spki: Vec<u8>,
    extensions: Vec<Extension>,
}

impl CertificateBuilder {
    /// A v3 certificate without extensions yet. Times are cut to whole seconds.
    pub fn new(
        serial: Serial,
        issuer: Name,
        subject: Name,
        not_before: Timestamp,
        not_after: Timestamp,
        subject_key: &PublicKey,
    ) -> Self {
        let spki = subject_key.spki_der();
        Self { serial, issuer, subject, not_before, not_after, spki, extensions: Vec::new() }
    }

    /// Adds an extension; see [`extensions`] for the usual ones.
    #[must_use]
    pub fn extension(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    /// The part to be signed.
    pub fn tbs(&self, algorithm: SignatureAlgorithm) -> Result<Vec<u8>, BuildError> {
        check_serial(&self.serial)?;
        check_unique(&self.extensions)?;
        let invalid = |what, why| Err(BuildError::Invalid { what, why });
        if self.not_after < self.not_before {
            return invalid("validity", "it ends before it begins");
        }
        if self.issuer.is_empty() {
            return invalid("issuer", "the name is empty");
        }
        let validity =
            write::sequence(&[&write::x509_time(self.not_before), &write::x509_time(self.not_after)]);
        // v1 is the default and must not be written.
        let version =
            if self.extensions.is_empty() { Vec::new() } else { write::explicit(0, &write::small(2)) };
        let mut out = [
            version.as_slice(),
            &self.serial.to_der(),
            &signature_identifier(algorithm),
            self.issuer.raw(),
            &validity,
            self.subject.raw(),
            &self.spki,
        ]
        .concat();
        if !self.extensions.is_empty() {
            out.extend(write::explicit(3, &encode_extensions(&self.extensions)));
        }
        Ok(write::sequence(&[&out]))
    }

    /// Signs with the issuer's key; returns the certificate as DER.
    pub fn sign(&self, issuer_key: &dyn SigningKey) -> Result<Vec<u8>, BuildError> {
        let tbs = self.tbs(issuer_key.algorithm())?;
        Ok(sign_structure(&tbs, issuer_key)?)
    }
}

/// RFC 5280 §4.1.2.2: positive, at most 20 bytes.
fn check_serial(serial: &Serial) -> Result<(), BuildError> {
    let bytes = serial.as_bytes();
    let positive = bytes.first().is_some_and(|b| b & 0x80 == 0) && bytes != [0];
    if positive && bytes.len() <= 20 {
        Ok(())
    } else {
        Err(BuildError::Invalid {
            what: "serialNumber",
            why: "it must be positive and at most 20 bytes long",
        })
    }
}

pub(crate) fn check_unique(extensions: &[Extension]) -> Result<(), BuildError> {
    let twice = |(i, e): (usize, &Extension)| extensions.iter().take(i).any(|x| x.oid == e.oid);
    if extensions.iter().enumerate().any(twice) {
        return Err(BuildError::Invalid { what: "extensions", why: "a type occurs twice" });
    }
    Ok(())
}

//! Writing of SignedData.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{DigestAlgorithm, SignatureAlgorithm, SigningKey};

use super::attributes::{Attribute, SignedAttributes};
use super::signed_data::Family;
use crate::der::{Tag, write};
use crate::oids;
use crate::x509::{BuildError, Certificate, GeneralName, digest_identifier, signature_identifier};

/// What is signed.
#[derive(Debug, Clone)]
enum Content {
    Attached(Vec<u8>),
    Detached(Vec<u8>),
    Digest(Vec<u8>),
}

/// A SignedData with one signer to be made, in strict DER.
#[derive(Debug, Clone)]
pub struct SignedDataBuilder {
    family: Family,
    content_type: ObjectIdentifier,
    content: Content,
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    with_attributes: bool,
    attributes: Vec<Attribute>,
    signing_certificate: bool,
    unsigned: Vec<Attribute>,
}

/// A SignedData whose signature value is still to be made, here or elsewhere.
#[derive(Debug, Clone)]
pub struct PreparedSignedData {
    builder: SignedDataBuilder,
    sid: Vec<u8>,
    algorithm: SignatureAlgorithm,
    signed_attrs: Option<SignedAttributes>,
    signed_bytes: Vec<u8>,
}

impl SignedDataBuilder {
    fn new(family: Family, content: Content) -> Self {
        Self {
            family,
            content_type: family.data(),
            content,
            certificates: Vec::new(),
            crls: Vec::new(),
            with_attributes: true,
            attributes: Vec::new(),
            signing_certificate: false,
            unsigned: Vec::new(),
        }
    }

    /// Holds its content.
    pub fn attached(family: Family, content: &[u8]) -> Self {
        Self::new(family, Content::Attached(content.to_vec()))
    }

    /// Signs content that is kept elsewhere.
    pub fn detached(family: Family, content: &[u8]) -> Self {
        Self::new(family, Content::Detached(content.to_vec()))
    }

    /// Signs content that is kept elsewhere and hashed already, with the digest algorithm of the signer's key.
    /// Works with signed attributes only.
    pub fn detached_digest(family: Family, digest: &[u8]) -> Self {
        Self::new(family, Content::Digest(digest.to_vec()))
    }

    /// Type of the content; plain data of the family if not set.
    #[must_use]
    pub fn content_type(mut self, oid: ObjectIdentifier) -> Self {
        self.content_type = oid;
        self
    }

    /// Puts a certificate (DER) in.
    #[must_use]
    pub fn certificate(mut self, der: &[u8]) -> Self {
        self.certificates.push(der.to_vec());
        self
    }

    /// Puts a revocation list (DER) in.
    #[must_use]
    pub fn crl(mut self, der: &[u8]) -> Self {
        self.crls.push(der.to_vec());
        self
    }

    /// Signs the content itself instead of attributes.
    #[must_use]
    pub fn without_attributes(mut self) -> Self {
        self.with_attributes = false;
        self
    }

    /// Adds a signed attribute beside contentType and messageDigest.
    #[must_use]
    pub fn attribute(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// Adds the signingTime attribute.
    #[must_use]
    pub fn signing_time(self, time: Timestamp) -> Self {
        self.attribute(Attribute::new(oids::ATTR_SIGNING_TIME, write::x509_time(time)))
    }

    /// Adds the signing-certificate-v2 attribute with the signer's certificate (RFC 5035).
    #[must_use]
    pub fn signing_certificate(mut self) -> Self {
        self.signing_certificate = true;
        self
    }

    /// Adds an unsigned attribute.
    #[must_use]
    pub fn unsigned_attribute(mut self, attribute: Attribute) -> Self {
        self.unsigned.push(attribute);
        self
    }

    /// Works out what `signer` has to sign with `algorithm`.
    pub fn prepare(
        self,
        signer: &Certificate,
        algorithm: SignatureAlgorithm,
    ) -> Result<PreparedSignedData, BuildError> {
        let invalid = |what, why| BuildError::Invalid { what, why };
        let digest = algorithm.digest();
        let content_digest = match &self.content {
            Content::Attached(bytes) | Content::Detached(bytes) => digest.digest(bytes),
            Content::Digest(d) if d.len() == digest.output_len() => d.clone(),
            Content::Digest(_) => {
                return Err(invalid("digest", "its length is not that of the key's digest"));
            }
        };
        let sid = write::sequence(&[signer.issuer.raw(), &signer.serial.to_der()]);
        let (signed_attrs, signed_bytes) = if self.with_attributes {
            let attrs = self.signed_attributes(signer, digest, &content_digest)?;
            let bytes = attrs.signed_bytes().to_vec();
            (Some(attrs), bytes)
        } else {
            // RFC 5652 §5.3: attributes are required unless the content is plain data.
            let extra = !self.attributes.is_empty() || self.signing_certificate;
            if extra || self.content_type != self.family.data() {
                return Err(invalid("signer", "this content or these attributes need signed attributes"));
            }
            match &self.content {
                Content::Attached(bytes) | Content::Detached(bytes) => (None, bytes.clone()),
                Content::Digest(_) => {
                    return Err(invalid("signer", "without attributes the content is needed"));
                }
            }
        };
        Ok(PreparedSignedData { builder: self, sid, algorithm, signed_attrs, signed_bytes })
    }

    fn signed_attributes(
        &self,
        signer: &Certificate,
        digest: DigestAlgorithm,
        content_digest: &[u8],
    ) -> Result<SignedAttributes, BuildError> {
        let mut all = vec![
            Attribute::new(oids::ATTR_CONTENT_TYPE, write::oid(&self.content_type)),
            Attribute::new(oids::ATTR_MESSAGE_DIGEST, write::octets(content_digest)),
        ];
        if self.signing_certificate {
            let value = signing_certificate_v2(signer, digest);
            all.push(Attribute::new(oids::ATTR_SIGNING_CERTIFICATE_V2, value));
        }
        all.extend(self.attributes.iter().cloned());
        let twice = |(i, a): (usize, &Attribute)| all.iter().take(i).any(|x| x.oid == a.oid);
        if all.iter().enumerate().any(twice) {
            return Err(BuildError::Invalid { what: "signed attributes", why: "a type occurs twice" });
        }
        Ok(SignedAttributes::build(all))
    }

    /// Signs here and now; returns the ContentInfo as DER.
    pub fn sign(self, signer: &Certificate, key: &dyn SigningKey) -> Result<Vec<u8>, BuildError> {
        let fits = signer.public_key().is_ok_and(|k| k == *key.public_key());
        if !fits {
            return Err(BuildError::Invalid {
                what: "signer",
                why: "the certificate is not that of the key",
            });
        }
        let prepared = self.prepare(signer, key.algorithm())?;
        let signature = key.sign(prepared.signed_bytes())?;
        Ok(prepared.assemble(&signature))
    }
}

impl PreparedSignedData {
    /// The exact bytes to sign (a message, not a digest).
    pub fn signed_bytes(&self) -> &[u8] {
        &self.signed_bytes
    }

    /// Puts the signature value in; returns the ContentInfo as DER.
    pub fn assemble(self, signature: &[u8]) -> Vec<u8> {
        let Self { builder: b, sid, algorithm, signed_attrs, .. } = self;
        let digest = digest_identifier(&algorithm.digest().oid());
        let retag = |tag: Tag, mut set: Vec<u8>| {
            if let Some(first) = set.first_mut() {
                *first = tag.0;
            }
            set
        };
        let attrs = signed_attrs.map(|a| retag(Tag::context(0), a.signed_bytes().to_vec()));
        let unsigned = if b.unsigned.is_empty() {
            Vec::new()
        } else {
            retag(Tag::context(1), write::set_of(b.unsigned.iter().map(Attribute::to_der).collect()))
        };
        let signer_info = write::sequence(&[
            &write::small(1),
            &sid,
            &digest,
            &attrs.unwrap_or_default(),
            &signer_algorithm(b.family, algorithm),
            &write::octets(signature),
            &unsigned,
        ]);
        let econtent = match &b.content {
            Content::Attached(bytes) => write::explicit(0, &write::octets(bytes)),
            _ => Vec::new(),
        };
        let optional_set = |n, members: Vec<Vec<u8>>| {
            if members.is_empty() { members.concat() } else { retag(Tag::context(n), write::set_of(members)) }
        };
        // RFC 5652 §5.1: version 3 for content other than data; GB/T 35275 knows version 1 only.
        let version = if b.family == Family::Rfc5652 && b.content_type != oids::DATA { 3 } else { 1 };
        let signed_data = write::sequence(&[
            &write::small(version),
            &write::set_of(vec![digest]),
            &write::sequence(&[&write::oid(&b.content_type), &econtent]),
            &optional_set(0, b.certificates),
            &optional_set(1, b.crls),
            &write::set_of(vec![signer_info]),
        ]);
        write::sequence(&[&write::oid(&b.family.signed_data()), &write::explicit(0, &signed_data)])
    }
}

/// GB/T 35275 names the bare SM2 signature beside the digest; RFC 5652 the combined algorithm.
fn signer_algorithm(family: Family, algorithm: SignatureAlgorithm) -> Vec<u8> {
    match (family, algorithm) {
        (Family::Gbt35275, SignatureAlgorithm::Sm2Sm3) => write::sequence(&[&write::oid(&oids::SM2_SIGN)]),
        _ => signature_identifier(algorithm),
    }
}

/// SigningCertificateV2 (RFC 5035 §3) with one certificate; SHA-256 is the default and stays unwritten.
fn signing_certificate_v2(certificate: &Certificate, digest: DigestAlgorithm) -> Vec<u8> {
    let algorithm =
        if digest == DigestAlgorithm::Sha256 { Vec::new() } else { digest_identifier(&digest.oid()) };
    let issuer = GeneralName::Directory(certificate.issuer.clone()).to_der();
    let issuer_serial = write::sequence(&[&write::sequence(&[&issuer]), &certificate.serial.to_der()]);
    let hash = write::octets(&digest.digest(certificate.raw()));
    let id = write::sequence(&[&algorithm, &hash, &issuer_serial]);
    write::sequence(&[&write::sequence(&[&id])])
}

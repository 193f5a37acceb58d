//! Reading of requests.

use std::ops::Range;

use const_oid::ObjectIdentifier;
use yinxin_crypto::PublicKey;

use crate::cms::{Attribute, read_attributes};
use crate::der::{Ctx, Deviation, Limits, ParseError, ParseErrorKind, Reader, Tag};
use crate::oids;
use crate::x509::{
    AlgorithmIdentifier, Extension, Name, SignatureError, range_of, read_extensions, read_public_key,
};

/// CertificationRequest (证书申请), RFC 2986 §4.
///
/// ```text
/// CertificationRequest     ::= SEQUENCE { certificationRequestInfo, signatureAlgorithm, signature BIT STRING }
/// CertificationRequestInfo ::= SEQUENCE { version INTEGER, subject Name, subjectPKInfo, attributes [0] }
/// ```
#[derive(Debug, Clone)]
pub struct Csr {
    raw: Vec<u8>,
    tbs: Range<usize>,
    spki: Range<usize>,
    signature: Range<usize>,
    algorithm: AlgorithmIdentifier,
    deviations: Vec<Deviation>,
    /// Whom the certificate is to name.
    pub subject: Name,
    /// Attributes as received.
    pub attributes: Vec<Attribute>,
    /// Algorithm of the proof of possession.
    pub signature_algorithm: ObjectIdentifier,
}

impl Csr {
    /// Reads one request from DER; nothing may follow it.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(bytes, &ctx)?;
        let (_, mut outer) = input.sequence("CertificationRequest")?;
        input.finish("CertificationRequest")?;
        let (tbs, mut t) = outer.sequence("certificationRequestInfo")?;
        let algorithm = AlgorithmIdentifier::read(&mut outer, "signatureAlgorithm")?;
        let (bits, signature) = outer.bits("signature")?;
        let signature = bits.content_offset + 1..bits.content_offset + 1 + signature.len();
        outer.finish("CertificationRequest")?;
        let at = t.offset();
        if t.small("version")? != 0 {
            return Err(ParseError::new(ParseErrorKind::Value("only version 0 exists"), at, "version"));
        }
        let subject = Name::read(&t.expect(Tag::SEQUENCE, "subject")?, &ctx)?;
        let spki = range_of(&t.expect(Tag::SEQUENCE, "subjectPKInfo")?);
        let attributes = match t.optional_explicit(0, "attributes")? {
            Some(mut list) => read_attributes(&mut list)?,
            None => {
                ctx.deviate(
                    "CSR_NO_ATTRIBUTES",
                    t.offset(),
                    "attributes [0] is left out, it is not optional",
                );
                Vec::new()
            }
        };
        t.finish("certificationRequestInfo")?;
        Ok(Self {
            raw: bytes.to_vec(),
            tbs: range_of(&tbs),
            spki,
            signature,
            signature_algorithm: algorithm.oid,
            algorithm,
            deviations: ctx.into_deviations(),
            subject,
            attributes,
        })
    }

    /// The bytes as received.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The signed part as received.
    pub fn tbs(&self) -> &[u8] {
        self.raw.get(self.tbs.clone()).unwrap_or_default()
    }

    /// The signature (content of the BIT STRING).
    pub fn signature(&self) -> &[u8] {
        self.raw.get(self.signature.clone()).unwrap_or_default()
    }

    /// SubjectPublicKeyInfo as received.
    pub fn spki_der(&self) -> &[u8] {
        self.raw.get(self.spki.clone()).unwrap_or_default()
    }

    /// What strict encoding or the standard forbids but was readable.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// The key to be certified.
    pub fn public_key(&self) -> Result<PublicKey, ParseError> {
        read_public_key(self.spki_der(), self.spki.start)
    }

    /// Proof of possession: the request is signed with its own key. An unusable key counts as wrong.
    pub fn verify(&self) -> Result<(), SignatureError> {
        let key = self.public_key().map_err(|_| SignatureError::Wrong)?;
        self.algorithm.verify(&key, self.tbs(), self.signature())
    }

    /// Extensions asked for.
    pub fn requested_extensions(&self) -> Result<Vec<Extension>, ParseError> {
        let Some(attribute) = self.attributes.iter().find(|a| a.oid == oids::ATTR_EXTENSION_REQUEST) else {
            return Ok(Vec::new());
        };
        attribute.single("extensionRequest", read_extensions)
    }
}

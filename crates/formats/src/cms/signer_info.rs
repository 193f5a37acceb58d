//! One signer of a SignedData.

use const_oid::ObjectIdentifier;
use yinxin_crypto::SignatureAlgorithm;

use super::attributes::{Attribute, SignedAttributes, read_attributes};
use crate::der::{Ctx, Node, ParseError, Tag};
use crate::oids;
use crate::x509::{AlgorithmIdentifier, Certificate, Name, Serial};

/// How a SignerInfo names its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignerId {
    /// issuerAndSerialNumber
    IssuerSerial {
        /// Issuer of the certificate.
        issuer: Name,
        /// Serial of the certificate.
        serial: Serial,
    },
    /// subjectKeyIdentifier `[0]`
    SubjectKeyId(Vec<u8>),
}

impl SignerId {
    /// Whether this names the certificate.
    pub fn matches(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerSerial { issuer, serial } => {
                *serial == certificate.serial && issuer.matches(&certificate.issuer)
            }
            Self::SubjectKeyId(id) => {
                certificate.subject_key_id().ok().flatten().is_some_and(|own| own == *id)
            }
        }
    }
}

/// SignerInfo (签名者信息), GB/T 35275 §8 and RFC 5652 §5.3.
///
/// ```text
/// SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0] OPTIONAL, signatureAlgorithm,
///   signature OCTET STRING, unsignedAttrs [1] OPTIONAL }
/// ```
#[derive(Debug, Clone)]
pub struct SignerInfo {
    /// 1 with issuer and serial, 3 with a key identifier.
    pub version: u64,
    /// The signer's certificate.
    pub sid: SignerId,
    /// Digest of content (and of the signature where it names none).
    pub digest_algorithm: ObjectIdentifier,
    /// Signed attributes; without them the signature covers the content itself.
    pub signed_attrs: Option<SignedAttributes>,
    /// Signature algorithm as written; GB/T 35275 files name 1.2.156.10197.1.301.1, .301 or .501 for SM2 with SM3.
    pub signature_algorithm: ObjectIdentifier,
    /// What identifier and parameters of the signature algorithm name by themselves, where that is known.
    pub known_algorithm: Option<SignatureAlgorithm>,
    /// The signature value.
    pub signature: Vec<u8>,
    /// Attributes outside the signature, such as a timestamp of it.
    pub unsigned_attrs: Vec<Attribute>,
    /// Position of the structure.
    pub at: usize,
}

impl SignerInfo {
    pub(super) fn read(node: &Node<'_>, ctx: &Ctx) -> Result<Self, ParseError> {
        let mut s = node.reader(ctx)?;
        let version = s.small("SignerInfo version")?;
        let sid = if s.peek() == Some(Tag::SEQUENCE) {
            let (_, mut is) = s.sequence("issuerAndSerialNumber")?;
            let issuer = Name::read(&is.expect(Tag::SEQUENCE, "issuer")?, ctx)?;
            let serial = Serial::read(&is.any("serialNumber")?, ctx)?;
            is.finish("issuerAndSerialNumber")?;
            SignerId::IssuerSerial { issuer, serial }
        } else {
            let id = s.expect(Tag::context_primitive(0), "subjectKeyIdentifier")?;
            SignerId::SubjectKeyId(id.content.to_vec())
        };
        let expected = if matches!(sid, SignerId::SubjectKeyId(_)) { 3 } else { 1 };
        if version != expected {
            let detail = format!("SignerInfo version {version} where {expected} belongs");
            ctx.deviate("CMS_VERSION", node.offset, detail);
        }
        let digest_algorithm = AlgorithmIdentifier::read(&mut s, "digestAlgorithm")?.oid;
        let attrs = s.optional(Tag::context(0), "signedAttrs")?;
        let signed_attrs = attrs.map(|a| SignedAttributes::read(&a, ctx)).transpose()?;
        let algorithm = AlgorithmIdentifier::read(&mut s, "signatureAlgorithm")?;
        let (signature_algorithm, known_algorithm) = (algorithm.oid, algorithm.known());
        let at = s.offset();
        let signature = s.octets("signature")?.into_owned();
        let sm2 = [oids::SM2, oids::SM2_SIGN, oids::SM2_WITH_SM3].contains(&signature_algorithm);
        if sm2 && super::verify::raw64(&signature).is_some() {
            ctx.deviate("SIGNATURE_RAW64", at, "SM2 signature as 64 bytes r‖s instead of SEQUENCE {r, s}");
        }
        let mut unsigned_attrs = Vec::new();
        if let Some(mut list) = s.optional_explicit(1, "unsignedAttrs")? {
            unsigned_attrs = read_attributes(&mut list)?;
        }
        s.finish("SignerInfo")?;
        Ok(Self {
            version,
            sid,
            digest_algorithm,
            signed_attrs,
            signature_algorithm,
            known_algorithm,
            signature,
            unsigned_attrs,
            at: node.offset,
        })
    }

    /// Values of an unsigned attribute.
    pub fn unsigned(&self, oid: &ObjectIdentifier) -> impl Iterator<Item = &[u8]> {
        self.unsigned_attrs
            .iter()
            .filter(move |a| a.oid == *oid)
            .flat_map(|a| a.values.iter().map(Vec::as_slice))
    }
}

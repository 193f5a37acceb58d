//! Attributes of a signer.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::DigestAlgorithm;

use crate::der::{Ctx, Limits, Node, ParseError, ParseErrorKind, Reader, Tag, write};
use crate::oids;
use crate::x509::{GeneralName, Serial};

/// Attribute (属性), RFC 5652 §5.3: a type and its values as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Type.
    pub oid: ObjectIdentifier,
    /// Each value with header.
    pub values: Vec<Vec<u8>>,
    /// Position of the first value.
    pub at: usize,
}

impl Attribute {
    /// An attribute with one value, to be written.
    pub fn new(oid: ObjectIdentifier, value: Vec<u8>) -> Self {
        Self { oid, values: vec![value], at: 0 }
    }

    /// DER.
    pub fn to_der(&self) -> Vec<u8> {
        write::sequence(&[&write::oid(&self.oid), &write::set_of(self.values.clone())])
    }

    /// The only value, decoded with `f`, which must use all of it.
    pub(crate) fn single<T>(
        &self,
        what: &'static str,
        f: impl FnOnce(&mut Reader<'_, '_>) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        let [value] = self.values.as_slice() else {
            let kind = ParseErrorKind::Value("this attribute must have exactly one value");
            return Err(ParseError::new(kind, self.at, what));
        };
        let ctx = Ctx::new(&Limits::default());
        let mut r = Reader::at(value, self.at, &ctx)?;
        let out = f(&mut r)?;
        r.finish(what)?;
        Ok(out)
    }
}

/// Reads attributes up to the end; an attribute type may occur once (RFC 5652 §11), repeats are noted.
pub(crate) fn read_attributes(r: &mut Reader<'_, '_>) -> Result<Vec<Attribute>, ParseError> {
    let ctx = r.ctx();
    let mut out: Vec<Attribute> = Vec::new();
    while !r.is_empty() {
        let (node, mut s) = r.sequence("Attribute")?;
        let oid = s.oid("attrType")?;
        let (set, mut list) = s.set("attrValues")?;
        let mut values = Vec::new();
        while !list.is_empty() {
            values.push(list.any("attribute value")?.raw.to_vec());
        }
        s.finish("Attribute")?;
        if out.len() >= MAX_ATTRIBUTES {
            let kind = ParseErrorKind::Limit("number of attributes");
            return Err(ParseError::new(kind, node.offset, "attributes"));
        }
        if out.iter().any(|a| a.oid == oid) {
            ctx.deviate("CMS_ATTRIBUTE_REPEATED", node.offset, format!("attribute {oid} occurs twice"));
        }
        out.push(Attribute { oid, values, at: set.content_offset });
    }
    Ok(out)
}

const MAX_ATTRIBUTES: usize = 256;

/// Signed attributes (签名属性) as received, with what the signature over them covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedAttributes {
    /// Attributes in the order received.
    pub attributes: Vec<Attribute>,
    received: Vec<u8>,
    sorted: Vec<u8>,
}

impl SignedAttributes {
    /// From the `[0]` value of a SignerInfo.
    pub(super) fn read(node: &Node<'_>, ctx: &Ctx) -> Result<Self, ParseError> {
        let attributes = read_attributes(&mut node.reader(ctx)?)?;
        let mut parts = Vec::new();
        let mut r = node.reader(ctx)?;
        while !r.is_empty() {
            parts.push(r.any("Attribute")?.raw.to_vec());
        }
        let sorted = write::set_of(parts);
        // Indefinite length has no header that could be kept: the signature covers the definite form.
        let received = if node.raw.get(1) == Some(&0x80) {
            write::tlv(Tag::SET, node.content)
        } else {
            let mut bytes = node.raw.to_vec();
            if let Some(first) = bytes.first_mut() {
                *first = Tag::SET.0;
            }
            bytes
        };
        if received != sorted {
            let detail = "signed attributes are not in the order or form of DER";
            ctx.deviate("CMS_ATTRS_NOT_SORTED", node.offset, detail);
        }
        Ok(Self { attributes, received, sorted })
    }

    /// For writing: sorted as DER demands.
    pub(super) fn build(attributes: Vec<Attribute>) -> Self {
        let sorted = write::set_of(attributes.iter().map(Attribute::to_der).collect());
        Self { attributes, received: sorted.clone(), sorted }
    }

    /// What the signature covers: the attributes as received under the tag of SET (RFC 5652 §5.4).
    pub fn signed_bytes(&self) -> &[u8] {
        &self.received
    }

    /// The attributes in the order of DER, where that differs from [`Self::signed_bytes`].
    pub fn sorted_alternative(&self) -> Option<&[u8]> {
        (self.received != self.sorted).then_some(&self.sorted)
    }

    fn decode<T>(
        &self,
        oid: &ObjectIdentifier,
        what: &'static str,
        f: impl FnOnce(&mut Reader<'_, '_>) -> Result<T, ParseError>,
    ) -> Result<Option<T>, ParseError> {
        let mut found = self.attributes.iter().filter(|a| a.oid == *oid);
        let Some(attribute) = found.next() else { return Ok(None) };
        if let Some(second) = found.next() {
            let kind = ParseErrorKind::Value("this attribute must occur once");
            return Err(ParseError::new(kind, second.at, what));
        }
        attribute.single(what, f).map(Some)
    }

    /// contentType.
    pub fn content_type(&self) -> Result<Option<ObjectIdentifier>, ParseError> {
        self.decode(&oids::ATTR_CONTENT_TYPE, "contentType", |r| r.oid("contentType"))
    }

    /// messageDigest.
    pub fn message_digest(&self) -> Result<Option<Vec<u8>>, ParseError> {
        let what = "messageDigest";
        self.decode(&oids::ATTR_MESSAGE_DIGEST, what, |r| r.octets(what).map(|v| v.into_owned()))
    }

    /// signingTime: what the signer claims.
    pub fn signing_time(&self) -> Result<Option<Timestamp>, ParseError> {
        let what = "signingTime";
        self.decode(&oids::ATTR_SIGNING_TIME, what, |r| r.any(what)?.time(what))
    }

    /// Certificates the signer bound itself to: signing-certificate-v2 (RFC 5035), else signing-certificate.
    /// The first one must be the signer's.
    pub fn signing_certificate(&self) -> Result<Option<Vec<EssCertId>>, ParseError> {
        let what = "signingCertificateV2";
        let v2 = self.decode(&oids::ATTR_SIGNING_CERTIFICATE_V2, what, |r| ess_certs(r, true))?;
        if v2.is_some() {
            return Ok(v2);
        }
        self.decode(&oids::ATTR_SIGNING_CERTIFICATE, "signingCertificate", |r| ess_certs(r, false))
    }
}

/// ESSCertID or ESSCertIDv2 (证书标识), RFC 5035 §4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EssCertId {
    /// Digest algorithm; SHA-1 in ESSCertID, SHA-256 where ESSCertIDv2 does not say.
    pub hash_algorithm: ObjectIdentifier,
    /// Digest of the certificate as received.
    pub hash: Vec<u8>,
    /// Issuer names and serial, where given.
    pub issuer_serial: Option<(Vec<GeneralName>, Serial)>,
}

impl EssCertId {
    /// Whether this identifies the certificate; `None` if the digest algorithm is unknown.
    pub fn matches(&self, certificate: &crate::x509::Certificate) -> Option<bool> {
        let hash = DigestAlgorithm::from_oid(&self.hash_algorithm)?.digest(certificate.raw());
        let issuer = |names: &[GeneralName]| {
            names.iter().any(|n| matches!(n, GeneralName::Directory(d) if d.matches(&certificate.issuer)))
        };
        let named = self.issuer_serial.as_ref();
        Some(hash == self.hash && named.is_none_or(|(n, s)| *s == certificate.serial && issuer(n)))
    }
}

/// SigningCertificate(V2) ::= SEQUENCE { certs SEQUENCE OF ESSCertID(v2), policies OPTIONAL }
fn ess_certs(r: &mut Reader<'_, '_>, v2: bool) -> Result<Vec<EssCertId>, ParseError> {
    let (_, mut outer) = r.sequence("SigningCertificate")?;
    let (_, mut list) = outer.sequence("certs")?;
    let mut out = Vec::new();
    while !list.is_empty() {
        let (_, mut s) = list.sequence("ESSCertID")?;
        let mut hash_algorithm = if v2 { oids::SHA256 } else { oids::SHA1 };
        if v2 && s.peek() == Some(Tag::SEQUENCE) {
            hash_algorithm = crate::x509::AlgorithmIdentifier::read(&mut s, "hashAlgorithm")?.oid;
        }
        let hash = s.octets("certHash")?.into_owned();
        let mut issuer_serial = None;
        if !s.is_empty() {
            let (_, mut is) = s.sequence("issuerSerial")?;
            let names = GeneralName::read_all(&mut is.sequence("issuer")?.1)?;
            let ctx = is.ctx();
            issuer_serial = Some((names, Serial::read(&is.any("serialNumber")?, ctx)?));
        }
        s.finish("ESSCertID")?;
        out.push(EssCertId { hash_algorithm, hash, issuer_serial });
    }
    Ok(out)
}

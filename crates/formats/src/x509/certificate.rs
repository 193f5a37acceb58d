//! X.509 certificates as received.

use std::ops::Range;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{PublicKey, SignatureAlgorithm};

use super::constraints::{self as read, AuthorityKeyId, BasicConstraints, KeyUsage};
use super::constraints::{NameConstraints, PolicyConstraints};
use super::locations::{self, AuthorityInfoAccess, DistributionPoint};
use super::signature::{AlgorithmIdentifier, SignatureError, read_public_key};
use super::{Extension, GeneralName, Name, Serial, extension};
use crate::der::{Ctx, Deviation, Limits, Node, ParseError, ParseErrorKind, Reader, Tag};
use crate::oids;

/// Certificate (数字证书), RFC 5280 §4.1 and GB/T 20518.
///
/// ```text
/// Certificate    ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }
/// TBSCertificate ::= SEQUENCE { version [0] DEFAULT v1, serialNumber INTEGER, signature AlgorithmIdentifier,
///   issuer Name, validity, subject Name, subjectPublicKeyInfo, issuerUniqueID [1], subjectUniqueID [2],
///   extensions [3] }
/// ```
#[derive(Debug, Clone)]
pub struct Certificate {
    raw: Vec<u8>,
    tbs: Range<usize>,
    spki: Range<usize>,
    signature: Range<usize>,
    algorithm: AlgorithmIdentifier,
    deviations: Vec<Deviation>,
    /// 1, 2 or 3.
    pub version: u8,
    /// Serial number, unique per issuer.
    pub serial: Serial,
    /// Who issued it.
    pub issuer: Name,
    /// Whom it names.
    pub subject: Name,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity.
    pub not_after: Timestamp,
    /// Algorithm of the issuer's signature; inner and outer are equal.
    pub signature_algorithm: ObjectIdentifier,
    /// All extensions in order; no type occurs twice.
    pub extensions: Vec<Extension>,
}

/// Extensions that this module decodes for the path evaluation.
const UNDERSTOOD: [ObjectIdentifier; 12] = [
    oids::EXT_BASIC_CONSTRAINTS,
    oids::EXT_KEY_USAGE,
    oids::EXT_EXTENDED_KEY_USAGE,
    oids::EXT_SUBJECT_KEY_ID,
    oids::EXT_AUTHORITY_KEY_ID,
    oids::EXT_NAME_CONSTRAINTS,
    oids::EXT_SUBJECT_ALT_NAME,
    oids::EXT_CERTIFICATE_POLICIES,
    oids::EXT_POLICY_CONSTRAINTS,
    oids::EXT_INHIBIT_ANY_POLICY,
    oids::EXT_CRL_DISTRIBUTION_POINTS,
    oids::EXT_AUTHORITY_INFO_ACCESS,
];

pub(crate) fn range_of(node: &Node<'_>) -> Range<usize> {
    node.offset..node.offset + node.raw.len()
}

impl Certificate {
    /// Reads one certificate from DER (or BER); nothing may follow it.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(bytes, &ctx)?;
        let (_, mut outer) = input.sequence("Certificate")?;
        input.finish("Certificate")?;
        let (tbs, mut t) = outer.sequence("tbsCertificate")?;
        let algorithm = AlgorithmIdentifier::read(&mut outer, "signatureAlgorithm")?;
        let (bits, signature) = outer.bits("signatureValue")?;
        outer.finish("Certificate")?;

        let version = read_version(&mut t)?;
        let serial = Serial::read(&t.any("serialNumber")?, &ctx)?;
        AlgorithmIdentifier::read(&mut t, "signature")?.must_equal(&algorithm, &ctx)?;
        let issuer = Name::read(&t.expect(Tag::SEQUENCE, "issuer")?, &ctx)?;
        let (not_before, not_after) = read_validity(&mut t)?;
        let subject = Name::read(&t.expect(Tag::SEQUENCE, "subject")?, &ctx)?;
        let spki = t.expect(Tag::SEQUENCE, "subjectPublicKeyInfo")?;
        for n in [1, 2] {
            if let Some(node) = t.optional(Tag::context_primitive(n), "uniqueID")?
                && version == 1
            {
                ctx.deviate("X509_VERSION", node.offset, "unique identifier in a v1 certificate");
            }
        }
        let mut extensions = Vec::new();
        if let Some(mut list) = t.optional_explicit(3, "extensions")? {
            if version != 3 {
                let detail = format!("extensions in a v{version} certificate");
                ctx.deviate("X509_VERSION", list.offset(), detail);
            }
            extensions = extension::read_all(&mut list)?;
            list.finish("extensions")?;
        }
        t.finish("tbsCertificate")?;

        let signature = bits.content_offset + 1..bits.content_offset + 1 + signature.len();
        Ok(Self {
            raw: bytes.to_vec(),
            tbs: range_of(&tbs),
            spki: range_of(&spki),
            signature,
            signature_algorithm: algorithm.oid,
            algorithm,
            deviations: ctx.into_deviations(),
            version,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            extensions,
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

    /// The issuer's signature (content of the BIT STRING).
    pub fn signature(&self) -> &[u8] {
        self.raw.get(self.signature.clone()).unwrap_or_default()
    }

    /// SubjectPublicKeyInfo as received.
    pub fn spki_der(&self) -> &[u8] {
        self.raw.get(self.spki.clone()).unwrap_or_default()
    }

    /// What strict encoding or RFC 5280 forbids but was readable.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// SM3 of the certificate as received.
    pub fn sm3(&self) -> [u8; 32] {
        yinxin_crypto::sm3(&self.raw)
    }

    /// The algorithm it is signed with, where it is known.
    pub fn algorithm(&self) -> Option<SignatureAlgorithm> {
        self.algorithm.known()
    }

    /// The subject's key. An unknown algorithm or an invalid point is an error.
    pub fn public_key(&self) -> Result<PublicKey, ParseError> {
        read_public_key(self.spki_der(), self.spki.start)
    }

    /// Content of the subject's public key BIT STRING (the bytes that a usual key identifier is the SHA-1 of).
    pub fn public_key_bits(&self) -> Result<Vec<u8>, ParseError> {
        let ctx = Ctx::new(&Limits::default());
        let mut r = Reader::at(self.spki_der(), self.spki.start, &ctx)?;
        let (_, mut s) = r.sequence("subjectPublicKeyInfo")?;
        s.any("algorithm")?;
        s.bits("subjectPublicKey").map(|(_, bits)| bits.to_vec())
    }

    /// Whether this certificate was signed with `issuer_key`; says nothing of names, dates or rights.
    pub fn verify_signature(&self, issuer_key: &PublicKey) -> Result<(), SignatureError> {
        self.algorithm.verify(issuer_key, self.tbs(), self.signature())
    }

    /// Whether subject and issuer are the same name.
    pub fn is_self_issued(&self) -> bool {
        self.subject.matches(&self.issuer)
    }

    /// The extension of this type.
    pub fn extension(&self, oid: &ObjectIdentifier) -> Option<&Extension> {
        self.extensions.iter().find(|e| e.oid == *oid)
    }

    fn decode<T>(
        &self,
        oid: ObjectIdentifier,
        f: impl FnOnce(&Extension) -> Result<T, ParseError>,
    ) -> Result<Option<T>, ParseError> {
        self.extension(&oid).map(f).transpose()
    }

    /// basicConstraints; an error where malformed.
    pub fn basic_constraints(&self) -> Result<Option<BasicConstraints>, ParseError> {
        self.decode(oids::EXT_BASIC_CONSTRAINTS, read::basic_constraints)
    }

    /// keyUsage; `None` means not restricted.
    pub fn key_usage(&self) -> Result<Option<KeyUsage>, ParseError> {
        self.decode(oids::EXT_KEY_USAGE, read::key_usage)
    }

    /// extKeyUsage; `None` means not restricted.
    pub fn extended_key_usage(&self) -> Result<Option<Vec<ObjectIdentifier>>, ParseError> {
        self.decode(oids::EXT_EXTENDED_KEY_USAGE, |e| read::oid_list(e, "extKeyUsage"))
    }

    /// subjectKeyIdentifier.
    pub fn subject_key_id(&self) -> Result<Option<Vec<u8>>, ParseError> {
        self.decode(oids::EXT_SUBJECT_KEY_ID, |e| read::octet_string(e, "subjectKeyIdentifier"))
    }

    /// authorityKeyIdentifier.
    pub fn authority_key_id(&self) -> Result<Option<AuthorityKeyId>, ParseError> {
        self.decode(oids::EXT_AUTHORITY_KEY_ID, read::authority_key_id)
    }

    /// nameConstraints.
    pub fn name_constraints(&self) -> Result<Option<NameConstraints>, ParseError> {
        self.decode(oids::EXT_NAME_CONSTRAINTS, read::name_constraints)
    }

    /// subjectAltName; empty where absent.
    pub fn subject_alt_names(&self) -> Result<Vec<GeneralName>, ParseError> {
        let names = self.decode(oids::EXT_SUBJECT_ALT_NAME, |e| read::general_names(e, "subjectAltName"))?;
        Ok(names.unwrap_or_default())
    }

    /// certificatePolicies.
    pub fn certificate_policies(&self) -> Result<Option<Vec<ObjectIdentifier>>, ParseError> {
        self.decode(oids::EXT_CERTIFICATE_POLICIES, read::policies)
    }

    /// policyConstraints.
    pub fn policy_constraints(&self) -> Result<Option<PolicyConstraints>, ParseError> {
        self.decode(oids::EXT_POLICY_CONSTRAINTS, read::policy_constraints)
    }

    /// inhibitAnyPolicy: certificates that may follow before anyPolicy counts no more.
    pub fn inhibit_any_policy(&self) -> Result<Option<u64>, ParseError> {
        self.decode(oids::EXT_INHIBIT_ANY_POLICY, |e| read::small(e, "inhibitAnyPolicy"))
    }

    /// cRLDistributionPoints; empty where absent.
    pub fn crl_distribution_points(&self) -> Result<Vec<DistributionPoint>, ParseError> {
        let points = self.decode(oids::EXT_CRL_DISTRIBUTION_POINTS, locations::distribution_points)?;
        Ok(points.unwrap_or_default())
    }

    /// Addresses of revocation lists.
    pub fn crl_uris(&self) -> Result<Vec<String>, ParseError> {
        let names = self.crl_distribution_points()?.into_iter().flat_map(|p| p.full_name);
        Ok(names
            .filter_map(|n| match n {
                GeneralName::Uri(uri) => Some(uri),
                _ => None,
            })
            .collect())
    }

    /// authorityInfoAccess; empty where absent.
    pub fn authority_info_access(&self) -> Result<AuthorityInfoAccess, ParseError> {
        let aia = self.decode(oids::EXT_AUTHORITY_INFO_ACCESS, locations::authority_info_access)?;
        Ok(aia.unwrap_or_default())
    }

    /// Whether an OCSP responder asks not to be checked for revocation itself (RFC 6960 §4.2.2.2.1).
    pub fn ocsp_no_check(&self) -> bool {
        self.extension(&oids::EXT_OCSP_NO_CHECK).is_some()
    }

    /// Critical extensions that no accessor of this type decodes; a certificate with any must not be relied on.
    pub fn unknown_critical(&self) -> Vec<ObjectIdentifier> {
        let critical = self.extensions.iter().filter(|e| e.critical).map(|e| e.oid);
        critical.filter(|oid| !UNDERSTOOD.contains(oid)).collect()
    }
}

impl PartialEq for Certificate {
    /// Equal bytes.
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Certificate {}

fn read_version(t: &mut Reader<'_, '_>) -> Result<u8, ParseError> {
    let ctx = t.ctx();
    let Some(mut v) = t.optional_explicit(0, "version")? else { return Ok(1) };
    let at = v.offset();
    let n = v.small("version")?;
    v.finish("version")?;
    match n {
        0 => {
            ctx.deviate("EXPLICIT_DEFAULT", at, "version 1 is written out although it is the default");
            Ok(1)
        }
        1 => Ok(2),
        2 => Ok(3),
        _ => Err(ParseError::new(ParseErrorKind::Value("versions above 3 do not exist"), at, "version")),
    }
}

fn read_validity(t: &mut Reader<'_, '_>) -> Result<(Timestamp, Timestamp), ParseError> {
    let ctx = t.ctx();
    let (_, mut v) = t.sequence("validity")?;
    let mut time = |what| {
        let node = v.any(what)?;
        let moment = node.time(what)?;
        note_time_form(&node, moment, ctx);
        Ok::<_, ParseError>(moment)
    };
    let both = (time("notBefore")?, time("notAfter")?);
    v.finish("validity")?;
    Ok(both)
}

/// RFC 5280 §4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050, both in UTC with seconds.
pub(crate) fn note_time_form(node: &Node<'_>, moment: Timestamp, ctx: &Ctx) {
    let early = crate::der::format_utc(moment).is_some();
    if node.tag == Tag::GENERALIZED_TIME && early {
        ctx.deviate("TIME_FORM", node.offset, "GeneralizedTime for a year before 2050");
    }
    let length = if node.tag == Tag::UTC_TIME { 13 } else { 15 };
    if node.content.len() != length || node.content.last() != Some(&b'Z') {
        ctx.deviate("TIME_FORM", node.offset, "time is not written in UTC with whole seconds");
    }
}

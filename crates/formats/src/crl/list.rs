//! The list itself.

use std::ops::Range;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{PublicKey, SignatureAlgorithm};

use super::entry::{Entries, Revoked};
use crate::der::{Ctx, Deviation, Limits, ParseError, ParseErrorKind, Reader, Tag};
use crate::oids;
use crate::x509::{
    AlgorithmIdentifier, AuthorityKeyId, Extension, GeneralName, Name, ReasonFlags, Serial, SignatureError,
};
use crate::x509::{authority_key_id, point_name, range_of, read_extensions, reason_flags};

/// Revocation list (证书撤销列表), RFC 5280 §5.1. Entries stay bytes and are decoded when looked for.
///
/// ```text
/// TBSCertList ::= SEQUENCE { version INTEGER OPTIONAL, signature AlgorithmIdentifier, issuer Name,
///   thisUpdate Time, nextUpdate Time OPTIONAL,
///   revokedCertificates SEQUENCE OF SEQUENCE { INTEGER, Time, Extensions OPTIONAL } OPTIONAL,
///   crlExtensions [0] OPTIONAL }
/// ```
#[derive(Debug, Clone)]
pub struct Crl {
    raw: Vec<u8>,
    tbs: Range<usize>,
    signature: Range<usize>,
    entries: Range<usize>,
    algorithm: AlgorithmIdentifier,
    deviations: Vec<Deviation>,
    /// 1 or 2.
    pub version: u8,
    /// Who issued it.
    pub issuer: Name,
    /// When it was issued.
    pub this_update: Timestamp,
    /// When the next one is due; `None` where the list does not say.
    pub next_update: Option<Timestamp>,
    /// Algorithm of the signature; inner and outer are equal.
    pub signature_algorithm: ObjectIdentifier,
    /// Extensions of the list; no type occurs twice.
    pub extensions: Vec<Extension>,
}

/// issuingDistributionPoint (颁发分布点), RFC 5280 §5.2.5.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IssuingDistributionPoint {
    /// fullName of the distribution point
    pub full_name: Vec<GeneralName>,
    /// nameRelativeToCRLIssuer as received
    pub relative: Option<Vec<u8>>,
    /// The list covers certificates of end entities only.
    pub only_user: bool,
    /// The list covers certificates of authorities only.
    pub only_ca: bool,
    /// The list covers these reasons only.
    pub only_some_reasons: Option<ReasonFlags>,
    /// The list covers certificates of other issuers too.
    pub indirect: bool,
    /// The list covers attribute certificates only.
    pub only_attribute: bool,
}

const UNDERSTOOD: [ObjectIdentifier; 4] = [
    oids::EXT_CRL_NUMBER,
    oids::EXT_AUTHORITY_KEY_ID,
    oids::EXT_ISSUING_DISTRIBUTION_POINT,
    oids::EXT_DELTA_CRL,
];

impl Crl {
    /// Reads a list from DER; nothing may follow it. For lists above 16 MB raise [`Limits::max_bytes`].
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        if bytes.len() > limits.max_bytes {
            return Err(ParseError::new(ParseErrorKind::Limit("size of the input"), 0, "CertificateList"));
        }
        Self::from_vec(bytes.to_vec(), limits)
    }

    /// As [`Crl::parse`], without a copy of the bytes.
    pub fn from_vec(raw: Vec<u8>, limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(&raw, &ctx)?;
        let (_, mut outer) = input.sequence("CertificateList")?;
        input.finish("CertificateList")?;
        let (tbs, mut t) = outer.sequence("tbsCertList")?;
        let algorithm = AlgorithmIdentifier::read(&mut outer, "signatureAlgorithm")?;
        let (bits, signature) = outer.bits("signatureValue")?;
        outer.finish("CertificateList")?;
        let signature = bits.content_offset + 1..bits.content_offset + 1 + signature.len();
        let tbs = range_of(&tbs);

        let version = read_version(&mut t)?;
        AlgorithmIdentifier::read(&mut t, "signature")?.must_equal(&algorithm, &ctx)?;
        let issuer = Name::read(&t.expect(Tag::SEQUENCE, "issuer")?, &ctx)?;
        let this_update = t.any("thisUpdate")?.time("thisUpdate")?;
        let next_update = match t.peek() {
            Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => Some(t.any("nextUpdate")?.time("nextUpdate")?),
            _ => None,
        };
        let mut entries = 0..0;
        if let Some(node) = t.optional(Tag::SEQUENCE, "revokedCertificates")? {
            entries = node.content_offset..node.content_offset + node.content.len();
        }
        let mut extensions = Vec::new();
        if let Some(mut list) = t.optional_explicit(0, "crlExtensions")? {
            if version == 1 {
                ctx.deviate("CRL_VERSION", list.offset(), "extensions in a v1 list");
            }
            extensions = read_extensions(&mut list)?;
            list.finish("crlExtensions")?;
        }
        t.finish("tbsCertList")?;
        Ok(Self {
            tbs,
            signature,
            entries,
            signature_algorithm: algorithm.oid,
            algorithm,
            deviations: ctx.into_deviations(),
            version,
            issuer,
            this_update,
            next_update,
            extensions,
            raw,
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

    /// What strict encoding or RFC 5280 forbids but was readable.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// The algorithm it is signed with, where it is known.
    pub fn algorithm(&self) -> Option<SignatureAlgorithm> {
        self.algorithm.known()
    }

    /// Whether the list was signed with `issuer_key`; says nothing of names, dates or rights.
    pub fn verify_signature(&self, issuer_key: &PublicKey) -> Result<(), SignatureError> {
        self.algorithm.verify(issuer_key, self.tbs(), self.signature())
    }

    /// All entries, decoded one by one.
    pub fn entries(&self) -> Entries<'_> {
        Entries {
            data: self.raw.get(self.entries.clone()).unwrap_or_default(),
            base: self.entries.start,
            pos: 0,
            v1: self.version == 1,
            issuer: Vec::new(),
        }
    }

    /// The first entry of a certificate of this list's own issuer with this serial. Entries of other issuers in an
    /// indirect list do not count. A malformed entry on the way is an error: the search cannot be trusted past it.
    pub fn find(&self, serial: &Serial) -> Result<Option<Revoked>, ParseError> {
        let mut entries = self.entries();
        while let Some(revoked) = entries.seek(serial)? {
            let mine = |n: &GeneralName| matches!(n, GeneralName::Directory(d) if d.matches(&self.issuer));
            if revoked.certificate_issuer.is_empty() || revoked.certificate_issuer.iter().any(mine) {
                return Ok(Some(revoked));
            }
        }
        Ok(None)
    }

    fn extension(&self, oid: ObjectIdentifier) -> Option<&Extension> {
        self.extensions.iter().find(|e| e.oid == oid)
    }

    /// authorityKeyIdentifier.
    pub fn authority_key_id(&self) -> Result<Option<AuthorityKeyId>, ParseError> {
        self.extension(oids::EXT_AUTHORITY_KEY_ID).map(authority_key_id).transpose()
    }

    /// cRLNumber.
    pub fn crl_number(&self) -> Result<Option<Serial>, ParseError> {
        self.number(oids::EXT_CRL_NUMBER, "cRLNumber")
    }

    /// Number of the list this one only completes; a delta list must not be used alone (RFC 5280 §5.2.4).
    pub fn delta_base(&self) -> Result<Option<Serial>, ParseError> {
        self.number(oids::EXT_DELTA_CRL, "deltaCRLIndicator")
    }

    fn number(&self, oid: ObjectIdentifier, what: &'static str) -> Result<Option<Serial>, ParseError> {
        let read = |e: &Extension| {
            e.decode(what, |r| {
                let ctx = r.ctx();
                Serial::read(&r.any(what)?, ctx)
            })
        };
        self.extension(oid).map(read).transpose()
    }

    /// issuingDistributionPoint.
    pub fn issuing_distribution_point(&self) -> Result<Option<IssuingDistributionPoint>, ParseError> {
        self.extension(oids::EXT_ISSUING_DISTRIBUTION_POINT).map(read_point).transpose()
    }

    /// Whether entries may name other issuers.
    pub fn is_indirect(&self) -> Result<bool, ParseError> {
        Ok(self.issuing_distribution_point()?.is_some_and(|p| p.indirect))
    }

    /// Critical extensions of the list that no accessor decodes; a list with any must not be relied on.
    pub fn unknown_critical(&self) -> Vec<ObjectIdentifier> {
        let critical = self.extensions.iter().filter(|e| e.critical).map(|e| e.oid);
        critical.filter(|oid| !UNDERSTOOD.contains(oid)).collect()
    }
}

fn read_version(t: &mut Reader<'_, '_>) -> Result<u8, ParseError> {
    let Some(node) = t.optional(Tag::INTEGER, "version")? else { return Ok(1) };
    match node.small("version")? {
        0 => {
            let detail = "version 1 is written out although it is the default";
            t.ctx().deviate("EXPLICIT_DEFAULT", node.offset, detail);
            Ok(1)
        }
        1 => Ok(2),
        _ => {
            let kind = ParseErrorKind::Value("versions above 2 do not exist");
            Err(ParseError::new(kind, node.offset, "version"))
        }
    }
}

fn read_point(e: &Extension) -> Result<IssuingDistributionPoint, ParseError> {
    e.decode("issuingDistributionPoint", |r| {
        let (_, mut s) = r.sequence("issuingDistributionPoint")?;
        let mut point = IssuingDistributionPoint::default();
        if let Some(mut name) = s.optional_explicit(0, "distributionPoint")? {
            (point.full_name, point.relative) = point_name(&mut name)?;
            name.finish("distributionPoint")?;
        }
        point.only_user = flag(&mut s, 1)?;
        point.only_ca = flag(&mut s, 2)?;
        point.only_some_reasons = reason_flags(&mut s, 3)?;
        point.indirect = flag(&mut s, 4)?;
        point.only_attribute = flag(&mut s, 5)?;
        s.finish("issuingDistributionPoint")?;
        Ok(point)
    })
}

/// `[n] IMPLICIT BOOLEAN DEFAULT FALSE`.
fn flag(s: &mut Reader<'_, '_>, n: u8) -> Result<bool, ParseError> {
    let what = "issuingDistributionPoint";
    match s.optional(Tag::context_primitive(n), what)? {
        None => Ok(false),
        Some(node) => match node.content {
            [b] => Ok(*b != 0),
            _ => Err(ParseError::new(ParseErrorKind::Value("malformed BOOLEAN"), node.offset, what)),
        },
    }
}

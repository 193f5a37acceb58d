//! Responses.

use std::ops::Range;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use yinxin_crypto::{PublicKey, SignatureAlgorithm};

use super::CertId;
use super::request::nonce_of;
use crate::crl::RevocationReason;
use crate::der::{Ctx, Deviation, Limits, Node, ParseError, ParseErrorKind, Reader, Tag};
use crate::oids;
use crate::x509::{
    AlgorithmIdentifier, Certificate, Extension, Name, SignatureError, range_of, read_extensions,
};

/// Whether a responder answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OcspStatus {
    /// An answer follows.
    Successful,
    /// The request was not understood.
    MalformedRequest,
    /// The responder failed.
    InternalError,
    /// Ask again later.
    TryLater,
    /// The request must be signed.
    SigRequired,
    /// The responder does not answer this requestor, or not for this certificate.
    Unauthorized,
}

impl OcspStatus {
    const ALL: [(Self, u64); 6] = [
        (Self::Successful, 0),
        (Self::MalformedRequest, 1),
        (Self::InternalError, 2),
        (Self::TryLater, 3),
        (Self::SigRequired, 5),
        (Self::Unauthorized, 6),
    ];

    /// Number in the standard.
    pub fn number(self) -> u64 {
        Self::ALL.iter().find(|s| s.0 == self).map_or(2, |s| s.1)
    }
}

/// OCSPResponse (状态查询响应), RFC 6960 §4.2.1.
#[derive(Debug, Clone)]
pub struct OcspResponse {
    raw: Vec<u8>,
    /// Whether there is an answer.
    pub status: OcspStatus,
    /// The answer, present where successful.
    pub basic: Option<BasicResponse>,
    deviations: Vec<Deviation>,
}

/// Who signed a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponderId {
    /// byName
    Name(Name),
    /// byKey: SHA-1 of the public key bits
    KeyHash(Vec<u8>),
}

impl ResponderId {
    /// Whether this names the certificate. SM3 and SHA-256 key digests, as some national responders write, count too.
    pub fn matches(&self, certificate: &Certificate) -> bool {
        use yinxin_crypto::DigestAlgorithm::{Sha1, Sha256, Sm3};
        match self {
            Self::Name(name) => name.matches(&certificate.subject),
            Self::KeyHash(hash) => certificate
                .public_key_bits()
                .is_ok_and(|bits| [Sha1, Sm3, Sha256].iter().any(|a| a.digest(&bits) == *hash)),
        }
    }
}

/// State of one certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertStatus {
    /// Not revoked, as far as the responder knows.
    Good,
    /// Revoked.
    Revoked {
        /// When.
        date: Timestamp,
        /// Why, where given.
        reason: Option<RevocationReason>,
    },
    /// The responder does not know the certificate.
    Unknown,
}

/// SingleResponse, RFC 6960 §4.2.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleResponse {
    /// Which certificate.
    pub cert_id: CertId,
    /// Its state.
    pub status: CertStatus,
    /// When the state was known to be so.
    pub this_update: Timestamp,
    /// When newer knowledge is due; `None` means always.
    pub next_update: Option<Timestamp>,
    /// Extensions.
    pub extensions: Vec<Extension>,
}

/// BasicOCSPResponse, RFC 6960 §4.2.1.
#[derive(Debug, Clone)]
pub struct BasicResponse {
    raw: Vec<u8>,
    tbs: Range<usize>,
    signature: Range<usize>,
    algorithm: AlgorithmIdentifier,
    /// Algorithm of the signature.
    pub signature_algorithm: ObjectIdentifier,
    /// Who signed.
    pub responder: ResponderId,
    /// When it was signed.
    pub produced_at: Timestamp,
    /// Answers.
    pub responses: Vec<SingleResponse>,
    /// Extensions of the response.
    pub extensions: Vec<Extension>,
    /// Certificates as received.
    pub certificates: Vec<Vec<u8>>,
}

impl OcspResponse {
    /// Reads a response; nothing may follow it.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(bytes, &ctx)?;
        let (_, mut outer) = input.sequence("OCSPResponse")?;
        input.finish("OCSPResponse")?;
        let node = outer.expect(Tag::ENUMERATED, "responseStatus")?;
        let number = node.small("responseStatus")?;
        let status = OcspStatus::ALL.iter().find(|s| s.1 == number).map(|s| s.0);
        let unknown =
            || ParseError::new(ParseErrorKind::Value("unknown status"), node.offset, "responseStatus");
        let status = status.ok_or_else(unknown)?;
        let mut basic = None;
        if let Some(mut wrapped) = outer.optional_explicit(0, "responseBytes")? {
            let (_, mut s) = wrapped.sequence("responseBytes")?;
            wrapped.finish("responseBytes")?;
            let at = s.offset();
            if s.oid("responseType")? != oids::OCSP_BASIC {
                let kind = ParseErrorKind::Value("only id-pkix-ocsp-basic is known");
                return Err(ParseError::new(kind, at, "responseType"));
            }
            let octets = s.expect(Tag::OCTET_STRING, "response")?;
            s.finish("responseBytes")?;
            let content = octets.string_bytes(&ctx)?;
            let at = if octets.tag.is_constructed() { 0 } else { octets.content_offset };
            basic = Some(BasicResponse::read(&content, at, &ctx)?);
        }
        outer.finish("OCSPResponse")?;
        if status == OcspStatus::Successful && basic.is_none() {
            return Err(ParseError::new(ParseErrorKind::Missing, node.offset, "responseBytes"));
        }
        Ok(Self { raw: bytes.to_vec(), status, basic, deviations: ctx.into_deviations() })
    }

    /// As received.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// What strict encoding or the standard forbids but was readable.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }
}

impl BasicResponse {
    fn read(bytes: &[u8], base: usize, ctx: &Ctx) -> Result<Self, ParseError> {
        let mut input = Reader::at(bytes, base, ctx)?;
        let (_, mut outer) = input.sequence("BasicOCSPResponse")?;
        input.finish("BasicOCSPResponse")?;
        let (tbs, mut t) = outer.sequence("tbsResponseData")?;
        let algorithm = AlgorithmIdentifier::read(&mut outer, "signatureAlgorithm")?;
        let (bits, signature) = outer.bits("signature")?;
        let start = bits.content_offset + 1 - base;
        let signature = start..start + signature.len();
        let mut certificates = Vec::new();
        if let Some(mut wrapped) = outer.optional_explicit(0, "certs")? {
            let (_, mut list) = wrapped.sequence("certs")?;
            while !list.is_empty() {
                certificates.push(list.expect(Tag::SEQUENCE, "Certificate")?.raw.to_vec());
            }
        }
        outer.finish("BasicOCSPResponse")?;

        if let Some(mut v) = t.optional_explicit(0, "version")? {
            let at = v.offset();
            if v.small("version")? != 0 {
                return Err(ParseError::new(ParseErrorKind::Value("only version 1 exists"), at, "version"));
            }
            ctx.deviate("EXPLICIT_DEFAULT", at, "version 1 is written out although it is the default");
        }
        let responder = read_responder(&mut t)?;
        let produced_at = t.any("producedAt")?.time("producedAt")?;
        let (_, mut list) = t.sequence("responses")?;
        let mut responses = Vec::new();
        while !list.is_empty() {
            responses.push(read_single(&mut list)?);
        }
        let mut extensions = Vec::new();
        if let Some(mut e) = t.optional_explicit(1, "responseExtensions")? {
            extensions = read_extensions(&mut e)?;
            e.finish("responseExtensions")?;
        }
        t.finish("tbsResponseData")?;
        let tbs = range_of(&tbs);
        Ok(Self {
            raw: bytes.to_vec(),
            tbs: tbs.start - base..tbs.end - base,
            signature,
            signature_algorithm: algorithm.oid,
            algorithm,
            responder,
            produced_at,
            responses,
            extensions,
            certificates,
        })
    }

    /// The signed part as received.
    pub fn tbs(&self) -> &[u8] {
        self.raw.get(self.tbs.clone()).unwrap_or_default()
    }

    /// The signature (content of the BIT STRING).
    pub fn signature(&self) -> &[u8] {
        self.raw.get(self.signature.clone()).unwrap_or_default()
    }

    /// The algorithm it is signed with, where it is known.
    pub fn algorithm(&self) -> Option<SignatureAlgorithm> {
        self.algorithm.known()
    }

    /// Whether the response was signed with `key`; says nothing of the responder's right to answer.
    pub fn verify_signature(&self, key: &PublicKey) -> Result<(), SignatureError> {
        self.algorithm.verify(key, self.tbs(), self.signature())
    }

    /// The nonce of the request that was answered.
    pub fn nonce(&self) -> Option<Vec<u8>> {
        nonce_of(&self.extensions)
    }

    /// Critical extensions of the response or of an answer that are not decoded here.
    pub fn unknown_critical(&self) -> Vec<ObjectIdentifier> {
        let all = self.extensions.iter().chain(self.responses.iter().flat_map(|r| &r.extensions));
        all.filter(|e| e.critical && e.oid != oids::EXT_OCSP_NONCE).map(|e| e.oid).collect()
    }
}

fn read_responder(t: &mut Reader<'_, '_>) -> Result<ResponderId, ParseError> {
    let ctx = t.ctx();
    if let Some(mut inner) = t.optional_explicit(1, "byName")? {
        return Name::read(&inner.expect(Tag::SEQUENCE, "byName")?, ctx).map(ResponderId::Name);
    }
    let mut inner = t.expect(Tag::context(2), "responderID")?.reader(ctx)?;
    inner.octets("byKey").map(|hash| ResponderId::KeyHash(hash.into_owned()))
}

fn read_single(list: &mut Reader<'_, '_>) -> Result<SingleResponse, ParseError> {
    let ctx = list.ctx();
    let (_, mut s) = list.sequence("SingleResponse")?;
    let cert_id = CertId::read(&mut s)?;
    let status = read_status(&s.any("certStatus")?, ctx)?;
    let this_update = s.any("thisUpdate")?.time("thisUpdate")?;
    let next_update = match s.optional_explicit(0, "nextUpdate")? {
        Some(mut inner) => Some(inner.any("nextUpdate")?.time("nextUpdate")?),
        None => None,
    };
    let mut extensions = Vec::new();
    if let Some(mut e) = s.optional_explicit(1, "singleExtensions")? {
        extensions = read_extensions(&mut e)?;
    }
    s.finish("SingleResponse")?;
    Ok(SingleResponse { cert_id, status, this_update, next_update, extensions })
}

fn read_status(node: &Node<'_>, ctx: &Ctx) -> Result<CertStatus, ParseError> {
    match node.tag.0 {
        0x80 => Ok(CertStatus::Good),
        0x82 => Ok(CertStatus::Unknown),
        0xa1 => {
            let mut r = node.reader(ctx)?;
            let date = r.any("revocationTime")?.time("revocationTime")?;
            let mut reason = None;
            if let Some(mut inner) = r.optional_explicit(0, "revocationReason")? {
                let node = inner.expect(Tag::ENUMERATED, "revocationReason")?;
                let number = node.small("revocationReason")?;
                let kind = ParseErrorKind::Value("unknown reason");
                let unknown = || ParseError::new(kind, node.offset, "revocationReason");
                reason = Some(RevocationReason::from_number(number).ok_or_else(unknown)?);
            }
            r.finish("revoked")?;
            Ok(CertStatus::Revoked { date, reason })
        }
        found => {
            let kind = ParseErrorKind::UnexpectedTag { expected: "certStatus [0]–[2]", found };
            Err(ParseError::new(kind, node.offset, "certStatus"))
        }
    }
}

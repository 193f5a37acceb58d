//! Requests.

use const_oid::ObjectIdentifier;

use super::info::MessageImprint;
use crate::der::{Ctx, Limits, ParseError, ParseErrorKind, Reader, Tag, write};
use crate::x509::{Extension, Serial, read_extension_entries};

/// TimeStampReq (时间戳请求), RFC 3161 §2.4.1.
///
/// ```text
/// TimeStampReq ::= SEQUENCE { version INTEGER, messageImprint, reqPolicy OBJECT IDENTIFIER OPTIONAL,
///   nonce INTEGER OPTIONAL, certReq BOOLEAN DEFAULT FALSE, extensions [0] IMPLICIT OPTIONAL }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampReq {
    /// What is to be stamped.
    pub imprint: MessageImprint,
    /// Policy wanted.
    pub policy: Option<ObjectIdentifier>,
    /// Random number that the token must repeat.
    pub nonce: Option<Serial>,
    /// Whether the token shall hold the authority's certificate.
    pub cert_req: bool,
    /// Extensions.
    pub extensions: Vec<Extension>,
}

impl TimeStampReq {
    /// A request for the SM3 imprint of `data` with the authority's certificate.
    pub fn sm3(data: &[u8], nonce: &[u8]) -> Self {
        Self::sm3_digest(&yinxin_crypto::sm3(data), nonce)
    }

    /// The same for data of which only the SM3 is at hand.
    pub fn sm3_digest(digest: &[u8; 32], nonce: &[u8]) -> Self {
        Self {
            imprint: MessageImprint::sm3_digest(digest),
            policy: None,
            nonce: Some(Serial::from_unsigned(nonce)),
            cert_req: true,
            extensions: Vec::new(),
        }
    }

    /// Reads a request; nothing may follow it.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(bytes, &ctx)?;
        let (_, mut s) = input.sequence("TimeStampReq")?;
        input.finish("TimeStampReq")?;
        let at = s.offset();
        if s.small("version")? != 1 {
            return Err(ParseError::new(ParseErrorKind::Value("only version 1 exists"), at, "version"));
        }
        let imprint = MessageImprint::read(&mut s)?;
        let policy = s.optional(Tag::OID, "reqPolicy")?.map(|n| n.oid("reqPolicy")).transpose()?;
        let nonce = s.optional(Tag::INTEGER, "nonce")?.map(|n| Serial::read_any_number(&n)).transpose()?;
        let cert_req = s.peek() == Some(Tag::BOOLEAN) && s.boolean("certReq")?;
        let mut extensions = Vec::new();
        if let Some(node) = s.optional(Tag::context(0), "extensions")? {
            let mut list = Reader::at(node.content, node.content_offset, &ctx)?;
            extensions = read_extension_entries(&mut list, node.offset)?;
        }
        s.finish("TimeStampReq")?;
        Ok(Self { imprint, policy, nonce, cert_req, extensions })
    }

    /// Strict DER.
    pub fn to_der(&self) -> Vec<u8> {
        let mut out = [write::small(1), self.imprint.to_der()].concat();
        out.extend(self.policy.as_ref().map(write::oid).unwrap_or_default());
        out.extend(self.nonce.as_ref().map(Serial::to_der).unwrap_or_default());
        if self.cert_req {
            out.extend(write::boolean(true));
        }
        if !self.extensions.is_empty() {
            let all: Vec<u8> = self.extensions.iter().flat_map(Extension::to_der).collect();
            out.extend(write::tlv(Tag::context(0), &all));
        }
        write::sequence(&[&out])
    }
}

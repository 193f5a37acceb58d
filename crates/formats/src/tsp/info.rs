//! TSTInfo, the signed content of a token.

use const_oid::ObjectIdentifier;
use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::DigestAlgorithm;

use crate::der::{Ctx, Limits, ParseError, ParseErrorKind, Reader, Tag, write};
use crate::x509::{AlgorithmIdentifier, Extension, GeneralName, Serial};

/// MessageImprint (消息印记): digest of what is stamped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageImprint {
    /// Digest algorithm.
    pub algorithm: ObjectIdentifier,
    /// Digest.
    pub hash: Vec<u8>,
}

impl MessageImprint {
    /// The SM3 imprint of `data`.
    pub fn sm3(data: &[u8]) -> Self {
        Self::sm3_digest(&yinxin_crypto::sm3(data))
    }

    /// The imprint that this SM3 is.
    pub fn sm3_digest(digest: &[u8; 32]) -> Self {
        Self { algorithm: crate::oids::SM3, hash: digest.to_vec() }
    }

    pub(super) fn read(r: &mut Reader<'_, '_>) -> Result<Self, ParseError> {
        let (_, mut s) = r.sequence("messageImprint")?;
        let algorithm = AlgorithmIdentifier::read(&mut s, "hashAlgorithm")?.oid;
        let hash = s.octets("hashedMessage")?.into_owned();
        s.finish("messageImprint")?;
        Ok(Self { algorithm, hash })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let algorithm = crate::x509::digest_identifier(&self.algorithm);
        write::sequence(&[&algorithm, &write::octets(&self.hash)])
    }

    /// Whether this is the imprint of `data`; `None` if the digest algorithm is unknown.
    pub fn covers(&self, data: &[u8]) -> Option<bool> {
        DigestAlgorithm::from_oid(&self.algorithm).map(|a| a.digest(data) == self.hash)
    }
}

/// Accuracy of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Accuracy {
    /// Seconds.
    pub seconds: u64,
    /// Milliseconds, 0–999.
    pub millis: u16,
    /// Microseconds, 0–999.
    pub micros: u16,
}

impl Accuracy {
    /// As a span of time; the longest possible where the seconds are absurd.
    pub fn duration(&self) -> SignedDuration {
        let seconds = i64::try_from(self.seconds).unwrap_or(i64::MAX);
        let nanos = i32::from(self.millis) * 1_000_000 + i32::from(self.micros) * 1_000;
        SignedDuration::new(seconds, nanos)
    }

    fn read(r: &mut Reader<'_, '_>) -> Result<Self, ParseError> {
        let (_, mut s) = r.sequence("accuracy")?;
        let mut out = Self::default();
        if let Some(node) = s.optional(Tag::INTEGER, "seconds")? {
            out.seconds = node.small("seconds")?;
        }
        let mut part = |n, what| match s.optional(Tag::context_primitive(n), what)? {
            None => Ok(0),
            Some(node) => match u16::try_from(node.small(what)?) {
                Ok(v) if v < 1000 => Ok(v),
                _ => Err(ParseError::new(ParseErrorKind::Value("not below 1000"), node.offset, what)),
            },
        };
        out.millis = part(0, "millis")?;
        out.micros = part(1, "micros")?;
        s.finish("accuracy")?;
        Ok(out)
    }

    fn to_der(self) -> Vec<u8> {
        let mut out = Vec::new();
        if self.seconds > 0 {
            out.extend(write::small(self.seconds));
        }
        for (n, v) in [(0x80, self.millis), (0x81, self.micros)] {
            if v > 0 {
                let mut part = write::small(u64::from(v));
                if let Some(tag) = part.first_mut() {
                    *tag = n;
                }
                out.extend(part);
            }
        }
        write::sequence(&[&out])
    }
}

/// TSTInfo (时间戳信息), RFC 3161 §2.4.2 and GB/T 20520.
///
/// ```text
/// TSTInfo ::= SEQUENCE { version INTEGER, policy OBJECT IDENTIFIER, messageImprint, serialNumber INTEGER,
///   genTime GeneralizedTime, accuracy OPTIONAL, ordering BOOLEAN DEFAULT FALSE, nonce INTEGER OPTIONAL,
///   tsa [0] GeneralName OPTIONAL, extensions [1] IMPLICIT OPTIONAL }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TstInfo {
    /// 1.
    pub version: u64,
    /// Policy of the authority.
    pub policy: ObjectIdentifier,
    /// What was stamped.
    pub imprint: MessageImprint,
    /// Serial of the token.
    pub serial: Serial,
    /// The time proven, with fractions of a second where given.
    pub gen_time: Timestamp,
    /// Accuracy of `gen_time`.
    pub accuracy: Option<Accuracy>,
    /// Whether tokens of this authority can be ordered by `gen_time` alone.
    pub ordering: bool,
    /// The number from the request.
    pub nonce: Option<Serial>,
    /// Name of the authority.
    pub tsa: Option<GeneralName>,
    /// Extensions.
    pub extensions: Vec<Extension>,
}

impl TstInfo {
    /// Reads a TSTInfo that stands alone.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        Self::read(bytes, &Ctx::new(limits))
    }

    pub(super) fn read(bytes: &[u8], ctx: &Ctx) -> Result<Self, ParseError> {
        let mut input = Reader::new(bytes, ctx)?;
        let (_, mut s) = input.sequence("TSTInfo")?;
        input.finish("TSTInfo")?;
        let at = s.offset();
        let version = s.small("version")?;
        if version != 1 {
            return Err(ParseError::new(ParseErrorKind::Value("only version 1 exists"), at, "version"));
        }
        let policy = s.oid("policy")?;
        let imprint = MessageImprint::read(&mut s)?;
        let serial = Serial::read(&s.any("serialNumber")?, ctx)?;
        let gen_time = s.expect(Tag::GENERALIZED_TIME, "genTime")?.time("genTime")?;
        let accuracy = if s.peek() == Some(Tag::SEQUENCE) { Some(Accuracy::read(&mut s)?) } else { None };
        let mut ordering = false;
        if s.peek() == Some(Tag::BOOLEAN) {
            let at = s.offset();
            ordering = s.boolean("ordering")?;
            if !ordering {
                ctx.deviate(
                    "EXPLICIT_DEFAULT",
                    at,
                    "ordering FALSE is written out although it is the default",
                );
            }
        }
        let nonce = match s.optional(Tag::INTEGER, "nonce")? {
            Some(node) => Some(Serial::read_any_number(&node)?),
            None => None,
        };
        let tsa = match s.optional_explicit(0, "tsa")? {
            Some(mut inner) => Some(GeneralName::read(&inner.any("tsa")?, ctx)?),
            None => None,
        };
        let mut extensions = Vec::new();
        if let Some(node) = s.optional(Tag::context(1), "extensions")? {
            let mut list = Reader::at(node.content, node.content_offset, ctx)?;
            extensions = crate::x509::read_extension_entries(&mut list, node.offset)?;
        }
        s.finish("TSTInfo")?;
        Ok(Self { version, policy, imprint, serial, gen_time, accuracy, ordering, nonce, tsa, extensions })
    }

    /// Strict DER; fractions of a second are written to the microsecond without trailing zeros.
    pub fn to_der(&self) -> Vec<u8> {
        let time = crate::der::format_generalized_fraction(self.gen_time);
        let mut out = [
            write::small(1),
            write::oid(&self.policy),
            self.imprint.to_der(),
            self.serial.to_der(),
            write::tlv(Tag::GENERALIZED_TIME, time.as_bytes()),
        ]
        .concat();
        if let Some(accuracy) = self.accuracy {
            out.extend(accuracy.to_der());
        }
        if self.ordering {
            out.extend(write::boolean(true));
        }
        if let Some(nonce) = &self.nonce {
            out.extend(nonce.to_der());
        }
        if let Some(tsa) = &self.tsa {
            out.extend(write::explicit(0, &tsa.to_der()));
        }
        if !self.extensions.is_empty() {
            let all: Vec<u8> = self.extensions.iter().flat_map(Extension::to_der).collect();
            out.extend(write::tlv(Tag::context(1), &all));
        }
        write::sequence(&[&out])
    }
}

//! Reading of a seal signature.

use std::ops::Range;

use const_oid::ObjectIdentifier;

use crate::der::{Ctx, Deviation, Limits, ParseError, ParseErrorKind, Reader, Tag};

use super::certs::certificate;
use super::extension::{SesExtension, Tagging, extensions};
use super::seal::{Seal, count, layout, range_within, trailing};
use super::text::text;
use super::time_info::{TimeInfo, time_info};
use super::{SesVersion, value};

/// A seal signature (电子签章), SES_Signature, as received.
///
/// ```text
/// v1: SES_Signature ::= SEQUENCE { toSign TBS_Sign, signature BIT STRING }
///     TBS_Sign ::= SEQUENCE { version, eseal, timeInfo BIT STRING, dataHash BIT STRING, propertyInfo IA5String,
///                             cert OCTET STRING, signatureAlgorithm OID }
/// v4, v5: SES_Signature ::= SEQUENCE { toSign TBS_Sign, cert OCTET STRING, signatureAlgID OID, signature BIT STRING,
///                                      timeStamp [0] EXPLICIT BIT STRING OPTIONAL }
///     TBS_Sign ::= SEQUENCE { version, eseal, timeInfo GeneralizedTime, dataHash BIT STRING, propertyInfo IA5String,
///                             extDatas [0] EXPLICIT OPTIONAL }
/// ```
#[derive(Debug, Clone)]
pub struct SesSignature {
    /// Layout.
    pub version: SesVersion,
    /// Version number as written in TBS_Sign.
    pub version_number: u64,
    /// The seal inside.
    pub seal: Seal,
    /// When it says it was made.
    pub time_info: TimeInfo,
    /// Digest of the protected document.
    pub data_hash: Vec<u8>,
    /// What was digested: in an OFD the path of Signature.xml.
    pub property_info: String,
    /// Extension data (v4, v5).
    pub extensions: Vec<SesExtension>,
    /// Certificate of the signer (签章者), DER.
    pub signer_cert: Vec<u8>,
    /// Signature algorithm of the signer.
    pub algorithm: ObjectIdentifier,
    /// The signer's signature: bytes of the BIT STRING as received.
    pub signature: Vec<u8>,
    /// Timestamp token over the signature (v4, v5).
    pub timestamp: Option<Vec<u8>>,
    /// What was odd, the seal inside included. Positions count from the start of the input.
    pub deviations: Vec<Deviation>,
    /// Number of bytes that followed the signature in the input.
    pub trailing: usize,
    raw: Vec<u8>,
    tbs: Range<usize>,
}

impl SesSignature {
    /// Reads a seal signature of any version.
    ///
    /// # Errors
    /// A [`ParseError`] with the position where the bytes stop being a seal signature, or where a limit is reached.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut outer = Reader::new(bytes, &ctx)?;
        let (mut signature, seal_at) = Self::read(&mut outer, &ctx)?;
        signature.trailing = trailing(&outer, &ctx);
        signature.deviations = ctx.into_deviations();
        let inside = |d: &&Deviation| seal_at.contains(&d.at);
        signature.seal.deviations = signature.deviations.iter().filter(inside).cloned().collect();
        Ok(signature)
    }

    /// Also gives the position of the seal in the input.
    fn read(outer: &mut Reader<'_, '_>, ctx: &Ctx) -> Result<(Self, Range<usize>), ParseError> {
        let node = outer.expect(Tag::SEQUENCE, "SES_Signature")?;
        let members = count(&node, ctx, "SES_Signature")?;
        let mut r = node.reader(ctx)?;
        let (tbs_node, mut tbs) = r.sequence("TBS_Sign")?;
        let version_at = tbs.offset();
        let version_number = tbs.small("version")?;
        // A timestamp makes five members in v4 too, so that here only the number tells v4 from v5.
        let shape = if members == 5 { 4 } else { members };
        let version = layout(shape, version_number, version_at, node.offset, ctx)?;
        let (ToSign { seal, time_info, data_hash, property_info, extensions, .. }, seal_at) =
            ToSign::read(&mut tbs, version, version_at)?;
        let (signer_cert, algorithm) = {
            let place = if version == SesVersion::V1 { &mut tbs } else { &mut r };
            (certificate(place, "signer certificate")?.1, value::algorithm(place)?.1)
        };
        tbs.finish("TBS_Sign")?;
        let signature = value::signature(&mut r, &algorithm)?;
        let timestamp = if version == SesVersion::V1 { None } else { value::timestamp(&mut r)? };
        r.finish("SES_Signature")?;
        let read = Self {
            version,
            version_number,
            seal,
            time_info,
            data_hash,
            property_info,
            extensions,
            signer_cert,
            algorithm,
            signature,
            timestamp,
            deviations: Vec::new(),
            trailing: 0,
            raw: node.raw.to_vec(),
            tbs: range_within(&node, &tbs_node),
        };
        Ok((read, seal_at))
    }

    /// The whole signature as received.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// TBS_Sign as received: what the signer's signature must cover.
    pub fn tbs_raw(&self) -> &[u8] {
        self.raw.get(self.tbs.clone()).unwrap_or_default()
    }

    /// The seal inside, as received.
    pub fn seal_raw(&self) -> &[u8] {
        self.seal.raw()
    }

    /// What signers were met to sign instead, each with the code of the deviation. A match is to be reported; it is not sound.
    pub fn signed_bytes_alternatives(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![("SIGNED_DATA_HASH", self.data_hash.clone())]
    }
}

/// What is signed (待签名数据), TBS_Sign of v4 and v5, before there is a signature: for whoever holds the key and wants to know what it
/// is asked to sign.
#[derive(Debug, Clone)]
pub struct ToSign {
    /// Layout.
    pub version: SesVersion,
    /// The seal inside.
    pub seal: Seal,
    /// When it says it is made.
    pub time_info: TimeInfo,
    /// Digest of the protected document.
    pub data_hash: Vec<u8>,
    /// What was digested: in an OFD the path of Signature.xml.
    pub property_info: String,
    /// Extension data.
    pub extensions: Vec<SesExtension>,
    /// What was odd, the seal inside included.
    pub deviations: Vec<Deviation>,
}

impl ToSign {
    /// Reads TBS_Sign of v4 or v5. Nothing may follow it.
    ///
    /// # Errors
    /// A [`ParseError`] with the position where the bytes stop being one, or where a limit is reached.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut outer = Reader::new(bytes, &ctx)?;
        let (_, mut tbs) = outer.sequence("TBS_Sign")?;
        outer.finish("TBS_Sign")?;
        let version_at = tbs.offset();
        let version = match tbs.small("version")? {
            4 => SesVersion::V4,
            5 => SesVersion::V5,
            other => {
                return Err(ParseError::new(ParseErrorKind::UnknownVersion(other), version_at, "version"));
            }
        };
        let (mut read, _) = Self::read(&mut tbs, version, version_at)?;
        tbs.finish("TBS_Sign")?;
        read.deviations = ctx.into_deviations();
        Ok(read)
    }

    /// The members behind the version, and where the seal stands in the input.
    fn read(
        tbs: &mut Reader<'_, '_>,
        version: SesVersion,
        version_at: usize,
    ) -> Result<(Self, Range<usize>), ParseError> {
        let ctx = tbs.ctx();
        let seal_node = tbs.expect(Tag::SEQUENCE, "eseal")?;
        let seal = Seal::read(&seal_node, ctx)?;
        if seal.version != version {
            let detail = format!("a signature of {version} holds a seal of {}", seal.version);
            ctx.deviate("SEAL_VERSION_DIFFERS", version_at, detail);
        }
        let read = Self {
            version,
            seal,
            time_info: time_info(tbs, version)?,
            data_hash: data_hash(tbs)?,
            property_info: property_info(tbs)?,
            extensions: match version {
                SesVersion::V1 => Vec::new(),
                SesVersion::V4 | SesVersion::V5 => extensions(tbs, Tagging::Explicit0)?,
            },
            deviations: Vec::new(),
        };
        Ok((read, seal_node.offset..seal_node.offset.saturating_add(seal_node.raw.len())))
    }
}

fn data_hash(tbs: &mut Reader<'_, '_>) -> Result<Vec<u8>, ParseError> {
    let at = tbs.offset();
    let hash = value::bits(tbs, "DATA_HASH_OCTET_STRING", "dataHash")?;
    if hash.len() != 32 {
        let detail = format!("dataHash has {} bytes; SM3 has 32", hash.len());
        tbs.ctx().deviate("DATA_HASH_LENGTH", at, detail);
    }
    Ok(hash)
}

fn property_info(tbs: &mut Reader<'_, '_>) -> Result<String, ParseError> {
    let at = tbs.offset();
    let info = text(tbs, Tag::IA5, "propertyInfo")?;
    if info.trim_start().starts_with('{') {
        tbs.ctx().deviate("PROPERTY_INFO_JSON", at, "propertyInfo holds JSON instead of a path");
    }
    Ok(info)
}

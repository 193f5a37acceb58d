//! Reading of a seal.

use std::ops::Range;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use crate::der::{Ctx, Deviation, Limits, Node, ParseError, ParseErrorKind, Reader, Tag, write};

use super::SesVersion;
use super::certs::{CertList, cert_list, certificate};
use super::extension::{SesExtension, Tagging, extensions};
use super::picture::{SealPicture, picture};
use super::text::text;
use super::time::time;
use super::value;

/// Header (头信息), SES_Header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealHeader {
    /// Always `ES`.
    pub id: String,
    /// Version number as written.
    pub version: u64,
    /// Vendor (厂商) identifier.
    pub vid: String,
}

/// Property (属性), SES_ESPropertyInfo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealProperty {
    /// Kind of seal; vendors disagree about the numbers, so that no right may follow from it.
    pub seal_type: u64,
    /// Name of the seal.
    pub name: String,
    /// Who may use the seal.
    pub certs: CertList,
    /// When the seal was made.
    pub create_date: Timestamp,
    /// First moment of validity.
    pub valid_start: Timestamp,
    /// Last moment of validity.
    pub valid_end: Timestamp,
}

/// An electronic seal (电子印章), SESeal, as received.
///
/// ```text
/// v1: SESeal ::= SEQUENCE { esealInfo SES_SealInfo, signInfo SEQUENCE { cert, signatureAlgorithm, signData } }
/// v4: SESeal ::= SEQUENCE { eSealInfo SES_SealInfo, cert OCTET STRING, signAlgID OID, signedValue BIT STRING }
/// v5: as v4, then timeStamp [0] EXPLICIT BIT STRING OPTIONAL
/// SES_SealInfo ::= SEQUENCE { header, esID IA5String, property, picture, extDatas OPTIONAL }
/// ```
#[derive(Debug, Clone)]
pub struct Seal {
    /// Layout.
    pub version: SesVersion,
    /// Header.
    pub header: SealHeader,
    /// Seal identifier (印章标识).
    pub es_id: String,
    /// Property.
    pub property: SealProperty,
    /// Picture.
    pub picture: SealPicture,
    /// Extension data.
    pub extensions: Vec<SesExtension>,
    /// Certificate of the seal maker (制章者), DER.
    pub maker_cert: Vec<u8>,
    /// Signature algorithm of the maker.
    pub algorithm: ObjectIdentifier,
    /// The maker's signature: bytes of the BIT STRING as received.
    pub signature: Vec<u8>,
    /// Timestamp token over the signature (v5).
    pub timestamp: Option<Vec<u8>>,
    /// What was odd. Positions count from the start of the input handed to the parser.
    pub deviations: Vec<Deviation>,
    /// Number of bytes that followed the seal in the input. Always 0 for a seal inside a signature.
    pub trailing: usize,
    raw: Vec<u8>,
    info: Range<usize>,
    cert: Range<usize>,
    alg: Range<usize>,
}

impl Seal {
    /// Reads a seal of any version.
    ///
    /// # Errors
    /// A [`ParseError`] with the position where the bytes stop being a seal, or where a limit is reached.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut outer = Reader::new(bytes, &ctx)?;
        let node = outer.expect(Tag::SEQUENCE, "SESeal")?;
        let mut seal = Self::read(&node, &ctx)?;
        seal.trailing = trailing(&outer, &ctx);
        seal.deviations = ctx.into_deviations();
        Ok(seal)
    }

    /// Reads a seal from its value; `deviations` stay with the state of the parse.
    pub(super) fn read(node: &Node<'_>, ctx: &Ctx) -> Result<Self, ParseError> {
        let members = count(node, ctx, "SESeal")?;
        let mut r = node.reader(ctx)?;
        let (info_node, mut info) = r.sequence("SES_SealInfo")?;
        let header_at = info.offset();
        let header = header(&mut info)?;
        let version = layout(members, header.version, header_at, node.offset, ctx)?;
        let es_id = text(&mut info, Tag::IA5, "esID")?;
        let property = property(&mut info, version)?;
        let picture = picture(&mut info)?;
        let extensions = extensions(&mut info, Tagging::Plain)?;
        info.finish("SES_SealInfo")?;

        let mut signed = r.clone();
        if version == SesVersion::V1 {
            signed = r.sequence("SES_SignInfo")?.1;
        }
        let (cert_node, maker_cert) = certificate(&mut signed, "maker certificate")?;
        let (alg_node, algorithm) = value::algorithm(&mut signed)?;
        let signature = value::signature(&mut signed, &algorithm)?;
        let timestamp = if version == SesVersion::V1 { None } else { value::timestamp(&mut signed)? };
        signed.finish("SESeal")?;
        let within = |n: &Node<'_>| range_within(node, n);
        Ok(Self {
            version,
            header,
            es_id,
            property,
            picture,
            extensions,
            maker_cert,
            algorithm,
            signature,
            timestamp,
            deviations: Vec::new(),
            trailing: 0,
            raw: node.raw.to_vec(),
            info: within(&info_node),
            cert: within(&cert_node),
            alg: within(&alg_node),
        })
    }

    /// The whole seal as received.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// SES_SealInfo as received.
    pub fn info_raw(&self) -> &[u8] {
        self.raw.get(self.info.clone()).unwrap_or_default()
    }

    /// What the maker's signature must cover: v4 and v5 SES_SealInfo as received; v1 SEQUENCE {info, cert, algorithm}.
    pub fn signed_bytes(&self) -> Vec<u8> {
        match self.version {
            SesVersion::V1 => self.signed_bytes_v1_style(),
            SesVersion::V4 | SesVersion::V5 => self.info_raw().to_vec(),
        }
    }

    /// DER of SEQUENCE {info, cert, algorithm}, each as received: the rule of v1.
    pub fn signed_bytes_v1_style(&self) -> Vec<u8> {
        let part = |r: &Range<usize>| self.raw.get(r.clone()).unwrap_or_default();
        write::sequence(&[part(&self.info), part(&self.cert), part(&self.alg)])
    }

    /// What makers were met to sign instead, each with the code of the deviation. A match is to be reported; it is not sound.
    pub fn signed_bytes_alternatives(&self) -> Vec<(&'static str, Vec<u8>)> {
        match self.version {
            SesVersion::V1 => vec![("SEAL_SIGNED_INFO_ONLY", self.info_raw().to_vec())],
            SesVersion::V4 | SesVersion::V5 => vec![("SEAL_SIGNED_V1_STYLE", self.signed_bytes_v1_style())],
        }
    }
}

/// Position of a member inside the bytes of its ancestor.
pub(super) fn range_within(outer: &Node<'_>, inner: &Node<'_>) -> Range<usize> {
    let start = inner.offset.saturating_sub(outer.offset);
    start..start.saturating_add(inner.raw.len())
}

/// Notes bytes after the outermost value.
pub(super) fn trailing(outer: &Reader<'_, '_>, ctx: &Ctx) -> usize {
    let n = outer.remaining().len();
    if n > 0 {
        ctx.deviate("TRAILING_BYTES", outer.offset(), format!("{n} bytes follow the structure"));
    }
    n
}

/// Number of members, at most one more than any layout has.
pub(super) fn count(node: &Node<'_>, ctx: &Ctx, what: &'static str) -> Result<usize, ParseError> {
    let mut r = node.reader(ctx)?;
    let mut n = 0;
    while n < 6 && !r.is_empty() {
        r.any(what)?;
        n += 1;
    }
    Ok(n)
}

/// Tells the layout from the number of members and the version number; `at` is where the number stands.
pub(super) fn layout(
    members: usize,
    number: u64,
    number_at: usize,
    at: usize,
    ctx: &Ctx,
) -> Result<SesVersion, ParseError> {
    let version = match (members, number) {
        (2 | 4 | 5, n) if !(1..=5).contains(&n) => {
            return Err(ParseError::new(ParseErrorKind::UnknownVersion(n), number_at, "version"));
        }
        (2, _) => SesVersion::V1,
        (4, 5) | (5, _) => SesVersion::V5,
        (4, _) => SesVersion::V4,
        _ => {
            let kind = ParseErrorKind::Value("2, 4 or 5 members were expected");
            return Err(ParseError::new(kind, at, "SES structure"));
        }
    };
    match (version, number) {
        (SesVersion::V1, 2) => ctx.deviate("V1_LAYOUT_HEADER_2", number_at, "layout of v1 with version 2"),
        (SesVersion::V1, 3) => ctx.deviate("V1_LAYOUT_HEADER_3", number_at, "layout of v1 with version 3"),
        (v, n) if n != v.number() => {
            ctx.deviate("HEADER_VERSION_MISMATCH", number_at, format!("layout of {v} with version {n}"));
        }
        _ => {}
    }
    Ok(version)
}

fn header(r: &mut Reader<'_, '_>) -> Result<SealHeader, ParseError> {
    let (_, mut h) = r.sequence("header")?;
    let at = h.offset();
    let id = text(&mut h, Tag::IA5, "header ID")?;
    if id != "ES" {
        r.ctx().deviate("HEADER_ID", at, format!("header ID is {id:?}, not \"ES\""));
    }
    let version = h.small("version")?;
    let vid = text(&mut h, Tag::IA5, "Vid")?;
    h.finish("header")?;
    Ok(SealHeader { id, version, vid })
}

fn property(r: &mut Reader<'_, '_>, version: SesVersion) -> Result<SealProperty, ParseError> {
    let ctx = r.ctx();
    let (node, mut p) = r.sequence("property")?;
    let seal_type = p.small("type")?;
    let name_at = p.offset();
    let name = text(&mut p, Tag::UTF8, "name")?;
    if name.trim().is_empty() {
        ctx.deviate("NAME_EMPTY", name_at, "the seal has no name");
    }
    let list_at = p.offset();
    let declared = match p.peek() {
        Some(Tag::INTEGER) => Some((p.small("certListType")?, list_at)),
        _ => None,
    };
    match (version, declared) {
        (SesVersion::V1, Some(_)) => {
            ctx.deviate("CERT_LIST_TYPE_IN_V1", list_at, "v1 knows no certListType");
        }
        (SesVersion::V4 | SesVersion::V5, None) => {
            ctx.deviate("CERT_LIST_TYPE_OMITTED", list_at, "certListType is missing");
        }
        _ => {}
    }
    let certs = cert_list(&mut p, declared)?;
    let create_date = time(&mut p, version, "createDate")?;
    let valid_start = time(&mut p, version, "validStart")?;
    let valid_end = time(&mut p, version, "validEnd")?;
    p.finish("property")?;
    if valid_end < valid_start {
        ctx.deviate("VALIDITY_REVERSED", node.offset, "validEnd lies before validStart");
    }
    Ok(SealProperty { seal_type, name, certs, create_date, valid_start, valid_end })
}

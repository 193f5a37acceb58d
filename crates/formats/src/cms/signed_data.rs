//! The outer structure.

use const_oid::ObjectIdentifier;

use super::signer_info::SignerInfo;
use crate::der::{Ctx, Deviation, Limits, Node, ParseError, ParseErrorKind, Reader, Tag};
use crate::oids;
use crate::x509::AlgorithmIdentifier;

/// Which object identifiers a SignedData uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// GB/T 35275 (GM/T 0010): 1.2.156.10197.6.1.4.2.*
    Gbt35275,
    /// RFC 5652 (PKCS#7, CMS): 1.2.840.113549.1.7.*
    Rfc5652,
}

impl Family {
    /// Content type of the outer structure.
    pub const fn signed_data(self) -> ObjectIdentifier {
        match self {
            Self::Gbt35275 => oids::GB_SIGNED_DATA,
            Self::Rfc5652 => oids::SIGNED_DATA,
        }
    }

    /// Content type of plain data.
    pub const fn data(self) -> ObjectIdentifier {
        match self {
            Self::Gbt35275 => oids::GB_DATA,
            Self::Rfc5652 => oids::DATA,
        }
    }
}

/// SignedData (签名数据) with its ContentInfo, GB/T 35275 §8 and RFC 5652 §5.1.
///
/// ```text
/// ContentInfo ::= SEQUENCE { contentType, [0] EXPLICIT SignedData }
/// SignedData  ::= SEQUENCE { version, digestAlgorithms SET, encapContentInfo { type, [0] EXPLICIT OPTIONAL },
///   certificates [0] OPTIONAL, crls [1] OPTIONAL, signerInfos SET }
/// ```
///
/// # What signatures of type `Sign` in an OFD cover
///
/// Seen in real files made with GB/T 35275 (both forms verify here, see the tests):
/// *attached, without attributes*: eContent is the 32-byte SM3 of Signature.xml and the SM2 signature covers those 32
/// bytes as its message; *detached, with attributes*: messageDigest is the SM3 of the bytes of Signature.xml, so the
/// content to hand in is Signature.xml itself.
#[derive(Debug, Clone)]
pub struct SignedData {
    raw: Vec<u8>,
    deviations: Vec<Deviation>,
    econtent_at: Option<usize>,
    /// Family of the outer content type.
    pub family: Family,
    /// Version as written.
    pub version: u64,
    /// Digest algorithms announced.
    pub digest_algorithms: Vec<ObjectIdentifier>,
    /// Type of the content.
    pub content_type: ObjectIdentifier,
    /// The content; `None` where it is detached.
    pub econtent: Option<Vec<u8>>,
    /// Certificates as received, each with header. Other certificate forms (`[0]`–`[3]`) are left out.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists as received.
    pub crls: Vec<Vec<u8>>,
    /// Signers. May be empty: such a structure is signed by nobody, and a verifier must say so.
    pub signer_infos: Vec<SignerInfo>,
}

impl SignedData {
    /// Reads a ContentInfo that holds SignedData; nothing may follow it.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut input = Reader::new(bytes, &ctx)?;
        let node = input.expect(Tag::SEQUENCE, "ContentInfo")?;
        input.finish("ContentInfo")?;
        Self::read(&node, ctx)
    }

    fn read(node: &Node<'_>, ctx: Ctx) -> Result<Self, ParseError> {
        let mut info = node.reader(&ctx)?;
        let at = info.offset();
        let family = match info.oid("contentType")? {
            oids::GB_SIGNED_DATA => Family::Gbt35275,
            oids::SIGNED_DATA => Family::Rfc5652,
            _ => return Err(ParseError::new(ParseErrorKind::Value("not SignedData"), at, "contentType")),
        };
        let content = info.expect(Tag::context(0), "content")?;
        info.finish("ContentInfo")?;
        let mut content = content.reader(&ctx)?;
        let (_, mut s) = content.sequence("SignedData")?;
        content.finish("content")?;

        let version = s.small("version")?;
        let (_, mut algorithms) = s.set("digestAlgorithms")?;
        let mut digest_algorithms = Vec::new();
        while !algorithms.is_empty() {
            digest_algorithms.push(AlgorithmIdentifier::read(&mut algorithms, "digestAlgorithm")?.oid);
        }
        let (_, mut encap) = s.sequence("encapContentInfo")?;
        let content_type = encap.oid("eContentType")?;
        let (econtent, econtent_at) = match encap.optional_explicit(0, "eContent")? {
            Some(mut inner) => read_content(&mut inner).map(|(content, at)| (Some(content), at))?,
            None => (None, None),
        };
        encap.finish("encapContentInfo")?;
        let certificates = read_certificates(&mut s)?;
        let mut crls = Vec::new();
        if let Some(mut list) = s.optional_explicit(1, "crls")? {
            while !list.is_empty() {
                let node = list.any("crl")?;
                if node.tag == Tag::SEQUENCE {
                    crls.push(node.raw.to_vec());
                } else {
                    ctx.deviate("CMS_OTHER_REVOCATION_INFO", node.offset, "revocation data of another form");
                }
            }
        }
        let (_, mut list) = s.set("signerInfos")?;
        let mut signer_infos = Vec::new();
        while !list.is_empty() {
            let node = list.expect(Tag::SEQUENCE, "SignerInfo")?;
            if signer_infos.len() >= MAX_SIGNERS {
                let kind = ParseErrorKind::Limit("number of signers");
                return Err(ParseError::new(kind, node.offset, "signerInfos"));
            }
            signer_infos.push(SignerInfo::read(&node, &ctx)?);
        }
        s.finish("SignedData")?;
        let raw = node.raw.to_vec();
        Ok(Self {
            raw,
            deviations: ctx.into_deviations(),
            econtent_at,
            family,
            version,
            digest_algorithms,
            content_type,
            econtent,
            certificates,
            crls,
            signer_infos,
        })
    }

    /// The bytes as received.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// What strict encoding or the standards forbid but was readable.
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// Position of the first content byte, where the content stands in the input in one piece.
    pub fn econtent_offset(&self) -> Option<usize> {
        self.econtent_at
    }

    /// The exact bytes that the signature of signer `i` covers: its attributes as received under the tag of SET, or
    /// without attributes the content (`detached`, where the structure holds none). `None` where there is no such
    /// signer or no content.
    pub fn signed_bytes<'a>(&'a self, i: usize, detached: Option<&'a [u8]>) -> Option<&'a [u8]> {
        match &self.signer_infos.get(i)?.signed_attrs {
            Some(attrs) => Some(attrs.signed_bytes()),
            None => self.econtent.as_deref().or(detached),
        }
    }
}

/// Bounds work per structure; documents with more signers than this at one place do not exist.
const MAX_SIGNERS: usize = 64;

/// The content: an OCTET STRING, or as old PKCS#7 allows any value, of which the signature covers what follows the
/// header.
fn read_content(inner: &mut Reader<'_, '_>) -> Result<(Vec<u8>, Option<usize>), ParseError> {
    let ctx = inner.ctx();
    let node = inner.any("eContent")?;
    inner.clone().finish("eContent")?;
    if node.tag == Tag::OCTET_STRING {
        return Ok((node.content.to_vec(), Some(node.content_offset)));
    }
    if node.tag.0 == Tag::OCTET_STRING.0 | 0x20 {
        return Ok((node.string_bytes(ctx)?.into_owned(), None));
    }
    let detail = format!("content has tag {:#04x} and is no OCTET STRING", node.tag.0);
    ctx.deviate("CMS_CONTENT_NOT_OCTETS", node.offset, detail);
    Ok((node.content.to_vec(), Some(node.content_offset)))
}

fn read_certificates(s: &mut Reader<'_, '_>) -> Result<Vec<Vec<u8>>, ParseError> {
    let ctx = s.ctx();
    let mut certificates = Vec::new();
    if let Some(mut list) = s.optional_explicit(0, "certificates")? {
        while !list.is_empty() {
            let node = list.any("certificate")?;
            if node.tag == Tag::SEQUENCE {
                certificates.push(node.raw.to_vec());
            } else {
                ctx.deviate("CMS_OTHER_CERTIFICATE", node.offset, "certificate of another form than X.509");
            }
        }
    }
    Ok(certificates)
}

//! The list of certificates a seal may be used with.

use crate::der::{Ctx, Node, ParseError, ParseErrorKind, Reader, Tag};

use super::bounds::MAX_CERTS;
use super::text;

/// Digest of a signer's certificate (证书杂凑), GB/T 38540-2020 §6.2: algorithm name and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertDigest {
    /// Algorithm as written: a name such as `SM3`, or an OID in dotted form.
    pub algorithm: String,
    /// The digest of the certificate's DER.
    pub value: Vec<u8>,
}

/// Signers' certificate list (签章者证书列表): whole certificates, or digests of them (v4, v5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertList {
    /// `certListType` 1: certificates, DER.
    Certificates(Vec<Vec<u8>>),
    /// `certListType` 2: digests.
    Digests(Vec<CertDigest>),
}

impl CertList {
    /// Number of entries.
    pub fn len(&self) -> usize {
        match self {
            Self::Certificates(c) => c.len(),
            Self::Digests(d) => d.len(),
        }
    }

    /// Whether no signer is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number written as `certListType`.
    pub fn type_number(&self) -> u64 {
        match self {
            Self::Certificates(_) => 1,
            Self::Digests(_) => 2,
        }
    }
}

/// A certificate in an OCTET STRING; one that stands there bare is named.
pub(super) fn certificate<'a>(
    r: &mut Reader<'a, '_>,
    what: &'static str,
) -> Result<(Node<'a>, Vec<u8>), ParseError> {
    if r.peek() == Some(Tag::SEQUENCE) {
        let node = r.any(what)?;
        r.ctx().deviate("CERT_NOT_WRAPPED", node.offset, "the certificate stands outside an OCTET STRING");
        return Ok((node, node.raw.to_vec()));
    }
    let node = r.expect(Tag::OCTET_STRING, what)?;
    let bytes = node.string_bytes(r.ctx())?.into_owned();
    Ok((node, bytes))
}

/// The SEQUENCE OF; `declared` is the type number that stood before it.
pub(super) fn cert_list(
    r: &mut Reader<'_, '_>,
    declared: Option<(u64, usize)>,
) -> Result<CertList, ParseError> {
    let ctx = r.ctx();
    let (node, mut inner) = r.sequence("certList")?;
    let list = if holds_digests(&inner) { digests(&mut inner)? } else { certificates(&mut inner)? };
    if list.is_empty() {
        ctx.deviate("CERT_LIST_EMPTY", node.offset, "no signer is listed");
    }
    check_type(&list, declared, ctx);
    // An empty list says nothing of its kind: believe the declared type.
    Ok(match declared {
        Some((2, _)) if list.is_empty() => CertList::Digests(Vec::new()),
        _ => list,
    })
}

fn check_type(list: &CertList, declared: Option<(u64, usize)>, ctx: &Ctx) {
    if let Some((n, at)) = declared {
        let fits = if list.is_empty() { n == 1 || n == 2 } else { n == list.type_number() };
        if !fits {
            ctx.deviate("CERT_LIST_TYPE_MISMATCH", at, format!("certListType {n} does not fit the list"));
        }
    }
}

/// Whether the first entry is SEQUENCE {string or OID, …}: a bare certificate begins with a SEQUENCE instead.
fn holds_digests(inner: &Reader<'_, '_>) -> bool {
    let mut probe = inner.clone();
    let first = probe.optional(Tag::SEQUENCE, "certList entry").ok().flatten();
    first
        .and_then(|n| n.reader(inner.ctx()).ok())
        .and_then(|r| r.peek())
        .is_some_and(|t| text::is_text(t) || t == Tag::OID)
}

fn bounded(n: usize, at: usize) -> Result<(), ParseError> {
    if n >= MAX_CERTS {
        return Err(ParseError::new(ParseErrorKind::Limit("entries of certList"), at, "certList"));
    }
    Ok(())
}

fn certificates(r: &mut Reader<'_, '_>) -> Result<CertList, ParseError> {
    let mut out = Vec::new();
    while !r.is_empty() {
        bounded(out.len(), r.offset())?;
        out.push(certificate(r, "certList entry")?.1);
    }
    Ok(CertList::Certificates(out))
}

fn digests(r: &mut Reader<'_, '_>) -> Result<CertList, ParseError> {
    let mut out = Vec::new();
    while !r.is_empty() {
        bounded(out.len(), r.offset())?;
        let (_, mut entry) = r.sequence("CertDigestObj")?;
        let algorithm = if entry.peek() == Some(Tag::OID) {
            let at = entry.offset();
            r.ctx().deviate("STRING_TYPE", at, "digest type is an OBJECT IDENTIFIER");
            entry.oid("digest type")?.to_string()
        } else {
            text::text(&mut entry, Tag::PRINTABLE, "digest type")?
        };
        let value = entry.octets("digest value")?.into_owned();
        entry.finish("CertDigestObj")?;
        out.push(CertDigest { algorithm, value });
    }
    Ok(CertList::Digests(out))
}

//! Which structure a value is, told from its outline.

use serde::Serialize;

use super::schema::Field;
use super::{schema_cms as cms, schema_ses as ses, schema_x509 as x509};
use crate::der::{Ctx, Node, Tag};
use crate::oids;

/// Structures that [`inspect`](super::inspect()) knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Electronic seal.
    Seal,
    /// Seal signature.
    SesSignature,
    /// X.509 certificate.
    Certificate,
    /// PKCS#10 certification request.
    CertificateRequest,
    /// Certificate revocation list.
    Crl,
    /// CMS ContentInfo: SignedData, timestamp token.
    SignedData,
    /// RFC 3161 response.
    TimestampResponse,
    /// RFC 3161 request.
    TimestampRequest,
    /// TSTInfo outside its token.
    TstInfo,
    /// OCSP response.
    OcspResponse,
    /// SubjectPublicKeyInfo.
    PublicKey,
    /// A private key that is not encrypted; its secret is not shown.
    PrivateKey,
    /// Any other DER.
    Der,
}

impl Kind {
    /// Name in Chinese and English.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Seal => ("电子印章", "electronic seal"),
            Self::SesSignature => ("电子签章", "seal signature"),
            Self::Certificate => ("数字证书", "certificate"),
            Self::CertificateRequest => ("证书请求", "certification request"),
            Self::Crl => ("证书撤销列表", "certificate revocation list"),
            Self::SignedData => {
                ("密码消息（签名数据或时间戳令牌）", "CMS message (signed data or timestamp token)")
            }
            Self::TimestampResponse => ("时间戳响应", "timestamp response"),
            Self::TimestampRequest => ("时间戳请求", "timestamp request"),
            Self::TstInfo => ("时间戳信息", "TSTInfo"),
            Self::OcspResponse => ("证书状态响应", "OCSP response"),
            Self::PublicKey => ("公钥", "public key"),
            Self::PrivateKey => ("私钥", "private key"),
            Self::Der => ("DER 数据", "DER data"),
        }
    }

    /// The table for a value of this kind.
    pub(super) fn field(self, node: &Node<'_>, ctx: &Ctx) -> Option<&'static Field> {
        Some(match self {
            Self::Seal => &ses::SEAL,
            Self::SesSignature => &ses::SIGNATURE,
            Self::Certificate => &x509::CERTIFICATE,
            Self::CertificateRequest => &x509::REQUEST,
            Self::Crl => &x509::CRL,
            Self::SignedData => &cms::CONTENT_INFO,
            Self::TimestampResponse => &cms::TIMESTAMP_RESPONSE,
            Self::TimestampRequest => &cms::TIMESTAMP_REQUEST,
            Self::TstInfo => &cms::TST_INFO,
            Self::OcspResponse => &cms::OCSP_RESPONSE,
            Self::PublicKey => &x509::PUBLIC_KEY,
            Self::PrivateKey => match outline(node, ctx).get(1).map(|m| m.tag) {
                Some(Tag::SEQUENCE) => &x509::PRIVATE_KEY,
                Some(Tag::OCTET_STRING) => &x509::EC_PRIVATE_KEY,
                _ => &x509::RSA_PRIVATE_KEY,
            },
            Self::Der => return None,
        })
    }

    /// The kind that the outline of a value shows.
    pub(super) fn detect(node: &Node<'_>, ctx: &Ctx) -> Self {
        let members = outline(node, ctx);
        let tags = tags(&members);
        let first = members.first().map(|n| outline(n, ctx)).unwrap_or_default();
        match tags.as_slice() {
            [0x06, 0xa0] if is_signed_data(members.first()) => Self::SignedData,
            [0x0a] | [0x0a, 0xa0] => Self::OcspResponse,
            [0x30, 0x03] if first.first().is_some_and(|n| n.tag == Tag::OID) => Self::PublicKey,
            [0x02, 0x30, 0x04] | [0x02, 0x30, 0x04, ..] => Self::PrivateKey,
            [0x02, 0x04, ..] if tags.len() <= 4 && tags.iter().skip(2).all(|t| *t >= 0xa0) => {
                Self::PrivateKey
            }
            t if t.len() >= 9 && t.iter().all(|t| *t == 0x02) => Self::PrivateKey,
            [0x02, 0x06, 0x30, 0x02, 0x18, ..] => Self::TstInfo,
            [0x02, 0x30, rest @ ..] if is_request(&members, rest, ctx) => Self::TimestampRequest,
            [0x30] | [0x30, 0x30] if is_response(&first, members.get(1), ctx) => Self::TimestampResponse,
            _ => among_signed(&members, &tags, &first, ctx),
        }
    }
}

fn is_signed_data(content_type: Option<&Node<'_>>) -> bool {
    let oid = content_type.and_then(|n| n.oid("contentType").ok());
    oid.is_some_and(|o| o == oids::SIGNED_DATA || o == oids::GB_SIGNED_DATA)
}

/// SEQUENCE {messageImprint: {algorithm, OCTET STRING}, …}.
fn is_request(members: &[Node<'_>], rest: &[u8], ctx: &Ctx) -> bool {
    let imprint = members.get(1).map(|n| tags(&outline(n, ctx))).unwrap_or_default();
    imprint == [0x30, 0x04] && rest.iter().all(|t| matches!(t, 0x06 | 0x02 | 0x01 | 0xa0))
}

/// PKIStatusInfo, then nothing or a ContentInfo.
fn is_response(status: &[Node<'_>], token: Option<&Node<'_>>, ctx: &Ctx) -> bool {
    let status = tags(status);
    let token = token.map(|n| tags(&outline(n, ctx)));
    matches!(status.as_slice(), [0x02] | [0x02, 0x30] | [0x02, 0x03] | [0x02, 0x30, 0x03])
        && token.is_none_or(|t| t == [0x06, 0xa0])
}

/// Structures whose first member is what somebody signed.
fn among_signed(members: &[Node<'_>], tags_seen: &[u8], first: &[Node<'_>], ctx: &Ctx) -> Kind {
    let inner = tags(first);
    if is_seal(members, ctx) {
        return Kind::Seal;
    }
    if inner.first() == Some(&0x02)
        && first.get(1).is_some_and(|n| is_seal(&outline(n, ctx), ctx))
        && tags_seen.len() >= 2
    {
        return Kind::SesSignature;
    }
    if tags_seen != [0x30, 0x30, 0x03] {
        return Kind::Der;
    }
    let from_serial = if inner.first() == Some(&0xa0) { inner.get(1..).unwrap_or_default() } else { &inner };
    let from_algorithm =
        if inner.first() == Some(&0x02) { inner.get(1..).unwrap_or_default() } else { &inner };
    match (from_serial, from_algorithm) {
        ([0x02, 0x30, 0x30, 0x30, 0x30, 0x30, ..], _) => Kind::Certificate,
        (_, [0x30, 0x30, 0x17 | 0x18, ..]) => Kind::Crl,
        ([0x02, 0x30, 0x30] | [0x02, 0x30, 0x30, 0xa0], _) => Kind::CertificateRequest,
        _ => Kind::Der,
    }
}

/// Whether the first member is SES_SealInfo: {header {ID, version, Vid}, esID, property, picture}.
fn is_seal(members: &[Node<'_>], ctx: &Ctx) -> bool {
    let Some(info) = members.first().map(|n| outline(n, ctx)) else { return false };
    let is_string = |n: Option<&Node<'_>>| {
        n.is_some_and(|n| matches!(n.tag.0 & !0x20, 0x0c | 0x13 | 0x14 | 0x16 | 0x1a | 0x1b | 0x1e))
    };
    let header = info.first().map(|n| outline(n, ctx)).unwrap_or_default();
    members.len() >= 2
        && header.len() == 3
        && is_string(header.first())
        && header.get(1).is_some_and(|n| n.tag == Tag::INTEGER)
        && is_string(info.get(1))
        && matches!(tags(&info).get(2..4), Some([0x30, 0x30]))
}

/// The members of a SEQUENCE, at most 12; none where the value is anything else or cannot be read.
fn outline<'a>(node: &Node<'a>, ctx: &Ctx) -> Vec<Node<'a>> {
    let mut out = Vec::new();
    if node.tag != Tag::SEQUENCE {
        return out;
    }
    let Ok(mut r) = node.reader(ctx) else { return out };
    while out.len() < 12 && !r.is_empty() {
        match r.any("outline") {
            Ok(member) => out.push(member),
            Err(_) => return Vec::new(),
        }
    }
    out
}

fn tags(members: &[Node<'_>]) -> Vec<u8> {
    members.iter().map(|n| n.tag.0).collect()
}

//! GeneralName, used by many extensions.

use const_oid::ObjectIdentifier;

use super::Name;
use crate::der::{Ctx, Node, ParseError, ParseErrorKind, Reader, write};

/// GeneralName (通用名称), RFC 5280 §4.2.1.6.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GeneralName {
    /// otherName `[0]`: type and value as received
    Other(ObjectIdentifier, Vec<u8>),
    /// rfc822Name `[1]`
    Rfc822(String),
    /// dNSName `[2]`
    Dns(String),
    /// x400Address `[3]` as received
    X400(Vec<u8>),
    /// directoryName `[4]`
    Directory(Name),
    /// ediPartyName `[5]` as received
    EdiParty(Vec<u8>),
    /// uniformResourceIdentifier `[6]`
    Uri(String),
    /// iPAddress `[7]`: 4 or 16 bytes, in constraints followed by a mask of the same length
    Ip(Vec<u8>),
    /// registeredID `[8]`
    RegisteredId(ObjectIdentifier),
}

impl GeneralName {
    pub(crate) fn read(node: &Node<'_>, ctx: &Ctx) -> Result<Self, ParseError> {
        let what = "GeneralName";
        Ok(match node.tag.0 {
            0xa0 => {
                let mut r = node.reader(ctx)?;
                let oid = r.oid("otherName type")?;
                Self::Other(oid, r.any("otherName value")?.raw.to_vec())
            }
            0x81 => Self::Rfc822(node.text("rfc822Name")?),
            0x82 => Self::Dns(node.text("dNSName")?),
            0xa3 => Self::X400(node.raw.to_vec()),
            0xa4 => {
                let mut r = node.reader(ctx)?;
                let name = Name::read(&r.sequence("directoryName")?.0, ctx)?;
                r.finish("directoryName")?;
                Self::Directory(name)
            }
            0xa5 => Self::EdiParty(node.raw.to_vec()),
            0x86 => Self::Uri(node.text("uniformResourceIdentifier")?),
            0x87 => Self::Ip(node.content.to_vec()),
            0x88 => Self::RegisteredId(node.oid("registeredID")?),
            found => {
                let kind = ParseErrorKind::UnexpectedTag { expected: "GeneralName [0]–[8]", found };
                return Err(ParseError::new(kind, node.offset, what));
            }
        })
    }

    pub(crate) fn read_all(r: &mut Reader<'_, '_>) -> Result<Vec<Self>, ParseError> {
        let ctx = r.ctx();
        let mut out = Vec::new();
        while !r.is_empty() {
            out.push(Self::read(&r.any("GeneralName")?, ctx)?);
        }
        Ok(out)
    }

    /// DER of this name.
    pub fn to_der(&self) -> Vec<u8> {
        use crate::der::Tag;
        let primitive = |n, bytes: &[u8]| write::tlv(Tag::context_primitive(n), bytes);
        match self {
            Self::Other(oid, value) => write::explicit(0, &[write::oid(oid), value.clone()].concat()),
            Self::Rfc822(s) => primitive(1, s.as_bytes()),
            Self::Dns(s) => primitive(2, s.as_bytes()),
            Self::Directory(name) => write::explicit(4, name.raw()),
            Self::Uri(s) => primitive(6, s.as_bytes()),
            Self::Ip(bytes) => primitive(7, bytes),
            Self::RegisteredId(oid) => primitive(8, oid.as_bytes()),
            Self::X400(raw) | Self::EdiParty(raw) => raw.clone(),
        }
    }
}

//! Extensions of certificates, lists, requests and responses.

use const_oid::ObjectIdentifier;

use crate::der::{Ctx, Limits, ParseError, ParseErrorKind, Reader, write};

/// Extension (扩展项), RFC 5280 §4.1.
///
/// ```text
/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// Type.
    pub oid: ObjectIdentifier,
    /// Whether a reader that does not know the type must refuse the structure.
    pub critical: bool,
    /// Content of the OCTET STRING.
    pub value: Vec<u8>,
    /// Position of that content in the structure.
    pub at: usize,
}

impl Extension {
    /// An extension to be written.
    pub fn new(oid: ObjectIdentifier, critical: bool, value: Vec<u8>) -> Self {
        Self { oid, critical, value, at: 0 }
    }

    /// DER; `critical` is written only where true.
    pub fn to_der(&self) -> Vec<u8> {
        let critical = if self.critical { write::boolean(true) } else { Vec::new() };
        write::sequence(&[&write::oid(&self.oid), &critical, &write::octets(&self.value)])
    }

    /// Reads the value with `f`, which must use all of it.
    pub(crate) fn decode<T>(
        &self,
        what: &'static str,
        f: impl FnOnce(&mut Reader<'_, '_>) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        let ctx = Ctx::new(&Limits::default());
        let mut r = Reader::at(&self.value, self.at, &ctx)?;
        let value = f(&mut r)?;
        r.finish(what)?;
        Ok(value)
    }
}

/// DER of `Extensions`.
pub(crate) fn encode_all(extensions: &[Extension]) -> Vec<u8> {
    let all: Vec<u8> = extensions.iter().flat_map(Extension::to_der).collect();
    write::sequence(&[&all])
}

/// Reads `SEQUENCE OF Extension`; a type that occurs twice is refused (RFC 5280 §4.2).
pub(crate) fn read_all(r: &mut Reader<'_, '_>) -> Result<Vec<Extension>, ParseError> {
    let (node, mut list) = r.sequence("extensions")?;
    read_entries(&mut list, node.offset)
}

/// As [`read_all`] for a reader inside the list, whose header stands at `at`.
pub(crate) fn read_entries(list: &mut Reader<'_, '_>, at: usize) -> Result<Vec<Extension>, ParseError> {
    let ctx = list.ctx();
    let mut out: Vec<Extension> = Vec::new();
    while !list.is_empty() {
        let (entry, mut e) = list.sequence("Extension")?;
        let oid = e.oid("extnID")?;
        let mut critical = false;
        if e.peek() == Some(crate::der::Tag::BOOLEAN) {
            let at = e.offset();
            critical = e.boolean("critical")?;
            if !critical {
                ctx.deviate(
                    "EXPLICIT_DEFAULT",
                    at,
                    "critical FALSE is written out although it is the default",
                );
            }
        }
        let node = e.expect(crate::der::Tag::OCTET_STRING, "extnValue")?;
        let value = node.string_bytes(ctx)?.into_owned();
        e.finish("Extension")?;
        if out.iter().any(|x| x.oid == oid) {
            let kind = ParseErrorKind::Value("an extension type occurs twice");
            return Err(ParseError::new(kind, entry.offset, "extensions"));
        }
        if out.len() >= MAX_EXTENSIONS {
            let kind = ParseErrorKind::Limit("number of extensions");
            return Err(ParseError::new(kind, entry.offset, "extensions"));
        }
        out.push(Extension { oid, critical, value, at: node.content_offset });
    }
    if out.is_empty() {
        ctx.deviate("EXTENSIONS_EMPTY", at, "a list of extensions is present and empty");
    }
    Ok(out)
}

/// Far more than any real structure carries; bounds the search for duplicates.
const MAX_EXTENSIONS: usize = 256;

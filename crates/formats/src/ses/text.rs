//! Text fields, tolerant of other string types and encodings than the standard names.

use crate::der::{Node, ParseError, ParseErrorKind, Reader, Tag};

use super::bounds::MAX_TEXT_BYTES;

/// VisibleString
const VISIBLE: Tag = Tag(0x1a);
/// GeneralString
const GENERAL: Tag = Tag(0x1b);

/// Whether the tag is one of the string types read as text.
pub(super) fn is_text(tag: Tag) -> bool {
    matches!(
        Tag(tag.0 & !0x20),
        Tag::UTF8 | Tag::PRINTABLE | Tag::IA5 | Tag::TELETEX | Tag::BMP | VISIBLE | GENERAL
    )
}

/// The next value as text. Another string type than `expected`, and bytes that do not fit the type, are named.
pub(super) fn text(r: &mut Reader<'_, '_>, expected: Tag, what: &'static str) -> Result<String, ParseError> {
    let ctx = r.ctx();
    let node = match r.peek() {
        Some(t) if is_text(t) => r.any(what)?,
        _ => r.expect(expected, what)?,
    };
    let tag = Tag(node.tag.0 & !0x20);
    if tag != expected {
        ctx.deviate("STRING_TYPE", node.offset, format!("{what} has string tag {:#04x}", tag.0));
    }
    let bytes = node.string_bytes(ctx)?;
    if bytes.len() > MAX_TEXT_BYTES {
        return Err(ParseError::new(ParseErrorKind::Limit("length of a text field"), node.offset, what));
    }
    Ok(decode(&bytes, tag, &node, what, ctx))
}

fn decode(bytes: &[u8], tag: Tag, node: &Node<'_>, what: &str, ctx: &crate::der::Ctx) -> String {
    let odd = |detail: &str| ctx.deviate("STRING_ENCODING", node.offset, format!("{what}: {detail}"));
    match tag {
        Tag::BMP => {
            let (units, rest) = bytes.as_chunks::<2>();
            let units: Vec<u16> = units.iter().map(|c| u16::from_be_bytes(*c)).collect();
            if !rest.is_empty() {
                odd("odd number of bytes in a BMPString");
            }
            String::from_utf16_lossy(&units)
        }
        Tag::TELETEX => bytes.iter().map(|b| char::from(*b)).collect(),
        _ => {
            if tag != Tag::UTF8 && !bytes.is_ascii() {
                odd("bytes above 7F in an ASCII string");
            }
            match std::str::from_utf8(bytes) {
                Ok(s) => s.to_owned(),
                Err(_) => {
                    odd("the bytes are no UTF-8");
                    String::from_utf8_lossy(bytes).into_owned()
                }
            }
        }
    }
}

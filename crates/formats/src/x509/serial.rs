//! Serial numbers of certificates.

use std::fmt;

use crate::der::{Ctx, Node, ParseError, ParseErrorKind, Tag, write};

/// Serial number of a certificate (证书序列号), RFC 5280 §4.1.2.2: an INTEGER of any sign, kept in its shortest
/// two's-complement form so that two serials compare by value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serial(Vec<u8>);

/// Serials longer than this are refused outright; the standard allows 20 bytes.
const MAX_SERIAL: usize = 128;

impl Serial {
    /// A serial from big-endian bytes of a non-negative number.
    pub fn from_unsigned(bytes: &[u8]) -> Self {
        let skip = bytes.iter().take_while(|b| **b == 0).count();
        let mut out = bytes.get(skip..).unwrap_or_default().to_vec();
        if out.first().is_none_or(|b| b & 0x80 != 0) {
            out.insert(0, 0);
        }
        Self(out)
    }

    /// Reads the INTEGER in `node` and notes what RFC 5280 does not allow.
    pub(crate) fn read(node: &Node<'_>, ctx: &Ctx) -> Result<Self, ParseError> {
        let what = "serialNumber";
        if node.tag != Tag::INTEGER {
            let found = node.tag.0;
            let kind = ParseErrorKind::UnexpectedTag { expected: "INTEGER", found };
            return Err(ParseError::new(kind, node.offset, what));
        }
        Self::read_implicit(node, ctx)
    }

    /// As [`Self::read`] under another tag.
    pub(crate) fn read_implicit(node: &Node<'_>, ctx: &Ctx) -> Result<Self, ParseError> {
        let what = "serialNumber";
        if node.content.is_empty() {
            return Err(ParseError::new(ParseErrorKind::Value("empty INTEGER"), node.offset, what));
        }
        if node.content.len() > MAX_SERIAL {
            return Err(ParseError::new(ParseErrorKind::Limit("length of the serial"), node.offset, what));
        }
        let shortest = shortest(node.content);
        if shortest.len() != node.content.len() {
            ctx.deviate("BER_INTEGER", node.offset, "INTEGER not in its shortest form");
        }
        if shortest == [0] {
            ctx.deviate("SERIAL_ZERO", node.offset, "the serial number is zero");
        } else if shortest.first().is_some_and(|b| b & 0x80 != 0) {
            ctx.deviate("SERIAL_NEGATIVE", node.offset, "the serial number is negative");
        }
        if shortest.len() > 20 {
            let detail = format!("{} bytes, 20 are allowed", shortest.len());
            ctx.deviate("SERIAL_TOO_LONG", node.offset, detail);
        }
        Ok(Self(shortest.to_vec()))
    }

    /// Reads a number that is no serial, of which zero and any sign are fine.
    pub(crate) fn read_any_number(node: &Node<'_>) -> Result<Self, ParseError> {
        if node.content.is_empty() || node.content.len() > MAX_SERIAL {
            let kind = ParseErrorKind::Value("INTEGER empty or too long");
            return Err(ParseError::new(kind, node.offset, "INTEGER"));
        }
        Ok(Self(shortest(node.content).to_vec()))
    }

    /// Content of the INTEGER (two's complement, shortest form).
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The INTEGER as DER.
    pub fn to_der(&self) -> Vec<u8> {
        write::tlv(Tag::INTEGER, &self.0)
    }

    /// Whether the content of an INTEGER, in whatever length, is this number.
    pub(crate) fn matches_content(&self, content: &[u8]) -> bool {
        shortest(content) == self.0
    }
}

/// Drops leading bytes that say nothing.
fn shortest(mut content: &[u8]) -> &[u8] {
    while let [first, second, ..] = content {
        if (*first == 0 && second & 0x80 == 0) || (*first == 0xff && second & 0x80 != 0) {
            content = content.get(1..).unwrap_or_default();
        } else {
            break;
        }
    }
    content
}

/// Hexadecimal with capital letters; a negative number as the bytes of its two's complement after `-`.
impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.0.as_slice();
        if bytes.first().is_some_and(|b| b & 0x80 != 0) {
            f.write_str("-")?;
        } else if let [0, rest @ ..] = bytes
            && !rest.is_empty()
        {
            bytes = rest;
        }
        bytes.iter().try_for_each(|b| write!(f, "{b:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::{Limits, Reader};

    fn read(der: &[u8]) -> (Result<Serial, ParseError>, Vec<&'static str>) {
        let ctx = Ctx::new(&Limits::default());
        let node = Reader::new(der, &ctx).unwrap().any("serial").unwrap();
        let result = Serial::read(&node, &ctx);
        (result, ctx.into_deviations().iter().map(|d| d.code).collect())
    }

    #[test]
    fn compares_by_value_whatever_the_padding() {
        let (a, codes) = read(&[2, 3, 0, 0, 0x91]);
        assert_eq!(a.unwrap(), Serial::from_unsigned(&[0x91]));
        assert_eq!(codes, ["BER_INTEGER"]);
        assert!(Serial::from_unsigned(&[5]).matches_content(&[0, 5]));
        assert!(!Serial::from_unsigned(&[0xff]).matches_content(&[0xff]));
    }

    #[test]
    fn names_zero_negative_and_oversized_serials() {
        assert_eq!(read(&[2, 1, 0]).1, ["SERIAL_ZERO"]);
        assert_eq!(read(&[2, 1, 0x80]).1, ["SERIAL_NEGATIVE"]);
        let mut long = vec![2, 21];
        long.extend([1; 21]);
        assert_eq!(read(&long).1, ["SERIAL_TOO_LONG"]);
    }

    #[test]
    fn rejects_an_empty_integer() {
        assert_eq!(read(&[2, 0]).0.unwrap_err().code(), "DER_VALUE");
    }

    #[test]
    fn prints_hexadecimal() {
        assert_eq!(Serial::from_unsigned(&[0xab, 1]).to_string(), "AB01");
        assert_eq!(read(&[2, 1, 0xfe]).0.unwrap().to_string(), "-FE");
    }
}

//! A tiny strict DER reader and writer for key material.
//!
//! `yinxin-formats` has the full reader with positions and tolerated deviations; key files need little, and this
//! crate may not depend on that one.

use const_oid::ObjectIdentifier;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const CONTEXT_0: u8 = 0xa0;

/// Where and why bytes are not the DER expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {what}")]
pub struct Asn1Error {
    /// Offset of the fault from the start of the structure handed in (inside an encrypted part: of its plaintext).
    pub at: usize,
    /// What was wrong or expected there.
    pub what: &'static str,
}

impl Asn1Error {
    /// Stable code for programs: `KEY_MALFORMED_DER`.
    pub fn code(&self) -> &'static str {
        "KEY_MALFORMED_DER"
    }
}

/// One tag-length-value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tlv<'a> {
    pub tag: u8,
    pub value: &'a [u8],
    /// Offset of `value`.
    pub value_at: usize,
}

impl<'a> Tlv<'a> {
    pub fn reader(&self) -> Reader<'a> {
        Reader { rest: self.value, at: self.value_at }
    }
}

/// Reads consecutive DER values from a slice.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0 }
    }

    pub fn error(&self, what: &'static str) -> Asn1Error {
        Asn1Error { at: self.at, what }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub fn next(&mut self) -> Result<Tlv<'a>, Asn1Error> {
        let whole = self.rest;
        let (header, length) = read_header(whole).map_err(|what| self.error(what))?;
        let end = header.checked_add(length).ok_or_else(|| self.error("length too large"))?;
        let (raw, rest) = whole.split_at_checked(end).ok_or_else(|| self.error("value is cut short"))?;
        let value = raw.get(header..).unwrap_or_default();
        let tag = whole.first().copied().unwrap_or_default();
        let tlv = Tlv { tag, value, value_at: self.at.saturating_add(header) };
        self.rest = rest;
        self.at = self.at.saturating_add(end);
        Ok(tlv)
    }

    /// The next value, which must have this tag.
    pub fn expect(&mut self, tag: u8, what: &'static str) -> Result<Tlv<'a>, Asn1Error> {
        if self.peek() != Some(tag) {
            return Err(self.error(what));
        }
        self.next()
    }

    /// The next value if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, Asn1Error> {
        if self.peek() == Some(tag) { self.next().map(Some) } else { Ok(None) }
    }

    pub fn sequence(&mut self, what: &'static str) -> Result<Reader<'a>, Asn1Error> {
        Ok(self.expect(SEQUENCE, what)?.reader())
    }

    /// Magnitude of a non-negative, minimally encoded INTEGER without its sign octet.
    pub fn unsigned(&mut self, what: &'static str) -> Result<&'a [u8], Asn1Error> {
        let here = self.error(what);
        let value = self.expect(INTEGER, what)?.value;
        match value {
            [] => Err(here),
            [first, ..] if *first >= 0x80 => Err(Asn1Error { what: "INTEGER is negative", ..here }),
            [0, second, ..] if *second < 0x80 => Err(Asn1Error { what: "INTEGER is not minimal", ..here }),
            [0, rest @ ..] if !rest.is_empty() => Ok(rest),
            all => Ok(all),
        }
    }

    pub fn small(&mut self, what: &'static str) -> Result<u32, Asn1Error> {
        let here = self.error(what);
        let bytes = self.unsigned(what)?;
        if bytes.len() > 4 {
            return Err(here);
        }
        Ok(bytes.iter().fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte)))
    }

    pub fn oid(&mut self, what: &'static str) -> Result<ObjectIdentifier, Asn1Error> {
        let here = self.error(what);
        let value = self.expect(OID, what)?.value;
        ObjectIdentifier::from_bytes(value).map_err(|_| here)
    }

    pub fn octets(&mut self, what: &'static str) -> Result<&'a [u8], Asn1Error> {
        Ok(self.expect(OCTET_STRING, what)?.value)
    }

    /// Content of a BIT STRING of whole octets.
    pub fn bits(&mut self, what: &'static str) -> Result<&'a [u8], Asn1Error> {
        let here = self.error(what);
        match self.expect(BIT_STRING, what)?.value {
            [0, bits @ ..] => Ok(bits),
            _ => Err(here),
        }
    }

    pub fn finish(&self, what: &'static str) -> Result<(), Asn1Error> {
        if self.is_empty() { Ok(()) } else { Err(self.error(what)) }
    }
}

/// Length of the header and of the content of the value at the front of `bytes`.
fn read_header(bytes: &[u8]) -> Result<(usize, usize), &'static str> {
    let (tag, rest) = bytes.split_first().ok_or("a value is missing")?;
    if tag & 0x1f == 0x1f {
        return Err("multi-octet tags do not occur in key files");
    }
    let (first, rest) = rest.split_first().ok_or("length is missing")?;
    if *first < 0x80 {
        return Ok((2, usize::from(*first)));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return Err("indefinite or oversized length");
    }
    let octets = rest.get(..count).ok_or("length is cut short")?;
    let length = octets.iter().fold(0u64, |sum, octet| (sum << 8) | u64::from(*octet));
    let minimal = length >= 0x80 && octets.first().is_some_and(|octet| *octet != 0);
    if !minimal {
        return Err("length is not minimal");
    }
    let length = usize::try_from(length).map_err(|_| "length too large")?;
    Ok((2usize.saturating_add(count), length))
}

/// One value of the tag with this content.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = Vec::with_capacity(length.saturating_add(6));
    out.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
            // At most eight octets, so the count always fits.
            out.push(0x80 | u8::try_from(octets.len()).unwrap_or_default());
            out.extend_from_slice(&octets);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A constructed value of the parts in order.
pub(crate) fn group(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    tlv(tag, &parts.concat())
}

/// A non-negative INTEGER from a big-endian magnitude of any padding.
pub(crate) fn unsigned(magnitude: &[u8]) -> Vec<u8> {
    let mut digits: &[u8] = magnitude;
    while let [0, rest @ ..] = digits {
        digits = rest;
    }
    let mut content = Vec::with_capacity(digits.len().saturating_add(1));
    if digits.first().is_none_or(|first| *first >= 0x80) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    tlv(INTEGER, &content)
}

pub(crate) fn oid(value: &ObjectIdentifier) -> Vec<u8> {
    tlv(OID, value.as_bytes())
}

pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    group(BIT_STRING, &[&[0], content])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_at_every_length_form() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let content = vec![0x11; length];
            let der = tlv(OCTET_STRING, &content);
            let mut reader = Reader::new(&der);
            assert_eq!(reader.octets("octets").unwrap(), content, "{length}");
            reader.finish("end").unwrap();
        }
    }

    #[test]
    fn unsigned_numbers_are_minimal_and_never_negative() {
        for (magnitude, expected) in [
            ("", "020100"),
            ("0000", "020100"),
            ("00007f", "02017f"),
            ("80", "02020080"),
            ("0100", "02020100"),
        ] {
            assert_eq!(hex::encode(unsigned(&hex::decode(magnitude).unwrap())), expected);
        }
    }

    #[test]
    fn errors_point_at_the_byte_inside_the_whole() {
        let der = hex::decode("30073005020101050a").unwrap();
        let mut inner = Reader::new(&der).sequence("a").unwrap().sequence("b").unwrap();
        inner.small("c").unwrap();
        assert_eq!(inner.next().unwrap_err(), Asn1Error { at: 7, what: "value is cut short" });
        assert_eq!(inner.oid("an OID").unwrap_err(), Asn1Error { at: 7, what: "an OID" });
    }
}

//! Writing of strict DER. Every function returns one complete value.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::reader::Tag;
use super::time;

/// A value from its tag and content.
pub fn tlv(tag: Tag, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag.0);
    let len = content.len();
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let bytes = len.to_be_bytes();
        let skip = bytes.iter().take_while(|b| **b == 0).count();
        out.push(0x80 | (bytes.len() - skip) as u8);
        out.extend_from_slice(bytes.get(skip..).unwrap_or_default());
    }
    out.extend_from_slice(content);
    out
}

/// SEQUENCE of complete values.
pub fn sequence(members: &[&[u8]]) -> Vec<u8> {
    tlv(Tag::SEQUENCE, &members.concat())
}

/// SET OF complete values, sorted as DER demands.
pub fn set_of(mut members: Vec<Vec<u8>>) -> Vec<u8> {
    members.sort();
    tlv(Tag::SET, &members.concat())
}

/// `[n]` EXPLICIT around complete values.
pub fn explicit(n: u8, content: &[u8]) -> Vec<u8> {
    tlv(Tag::context(n), content)
}

/// A small INTEGER.
pub fn small(n: u64) -> Vec<u8> {
    unsigned(&n.to_be_bytes())
}

/// A non-negative INTEGER from big-endian bytes.
pub fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let skip = bytes.iter().take_while(|b| **b == 0).count();
    let mut content = bytes.get(skip..).unwrap_or_default().to_vec();
    if content.first().is_none_or(|b| b & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(Tag::INTEGER, &content)
}

/// OBJECT IDENTIFIER.
pub fn oid(oid: &ObjectIdentifier) -> Vec<u8> {
    tlv(Tag::OID, oid.as_bytes())
}

/// OCTET STRING.
pub fn octets(bytes: &[u8]) -> Vec<u8> {
    tlv(Tag::OCTET_STRING, bytes)
}

/// BIT STRING of whole bytes.
pub fn bits(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::with_capacity(bytes.len() + 1);
    content.push(0);
    content.extend_from_slice(bytes);
    tlv(Tag::BIT_STRING, &content)
}

/// BIT STRING of named bits, trailing zero bits dropped. Bit 0 is the first.
pub fn named_bits(bits: &[bool]) -> Vec<u8> {
    let used = bits.iter().rposition(|b| *b).map_or(0, |i| i + 1);
    let mut bytes = vec![0u8; used.div_ceil(8)];
    for (byte, chunk) in bytes.iter_mut().zip(bits.chunks(8)) {
        for (i, bit) in chunk.iter().enumerate() {
            *byte |= u8::from(*bit) << (7 - i);
        }
    }
    let mut content = vec![((8 - used % 8) % 8) as u8];
    content.extend_from_slice(&bytes);
    tlv(Tag::BIT_STRING, &content)
}

/// UTF8String.
pub fn utf8(s: &str) -> Vec<u8> {
    tlv(Tag::UTF8, s.as_bytes())
}

/// IA5String; the caller has checked that the text is ASCII.
pub fn ia5(s: &str) -> Vec<u8> {
    tlv(Tag::IA5, s.as_bytes())
}

/// PrintableString; the caller has checked the alphabet.
pub fn printable(s: &str) -> Vec<u8> {
    tlv(Tag::PRINTABLE, s.as_bytes())
}

/// BOOLEAN.
pub fn boolean(b: bool) -> Vec<u8> {
    tlv(Tag::BOOLEAN, &[if b { 0xff } else { 0 }])
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(Tag::NULL, &[])
}

/// GeneralizedTime in UTC, whole seconds.
pub fn generalized_time(t: Timestamp) -> Vec<u8> {
    tlv(Tag::GENERALIZED_TIME, time::format_generalized(t).as_bytes())
}

/// UTCTime for 1950–2049, GeneralizedTime otherwise (RFC 5280 §4.1.2.5).
pub fn x509_time(t: Timestamp) -> Vec<u8> {
    match time::format_utc(t) {
        Some(s) => tlv(Tag::UTC_TIME, s.as_bytes()),
        None => generalized_time(t),
    }
}

//! BER to DER: some PKCS#12 writers (BouncyCastle among them) use indefinite lengths and chunked strings.

use crate::asn1::{self, Asn1Error};

const MAX_DEPTH: usize = 32;
/// OCTET STRING in constructed form.
const CONSTRUCTED_OCTET_STRING: u8 = 0x24;

/// Rewrites one BER value with definite, minimal lengths and joined octet strings; nothing may follow it.
pub(super) fn to_der(bytes: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    let mut input = Input { rest: bytes, total: bytes.len() };
    let out = input.value(0)?;
    if input.rest.is_empty() { Ok(out) } else { Err(input.error("bytes after the PKCS#12 structure")) }
}

struct Input<'a> {
    rest: &'a [u8],
    total: usize,
}

impl<'a> Input<'a> {
    fn error(&self, what: &'static str) -> Asn1Error {
        Asn1Error { at: self.total.saturating_sub(self.rest.len()), what }
    }

    fn byte(&mut self) -> Result<u8, Asn1Error> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| self.error("file is cut short"))?;
        self.rest = rest;
        Ok(*first)
    }

    /// Content length, `None` if indefinite.
    fn length(&mut self) -> Result<Option<usize>, Asn1Error> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(Some(usize::from(first)));
        }
        if first == 0x80 {
            return Ok(None);
        }
        if first > 0x84 {
            return Err(self.error("length is too large"));
        }
        let mut length = 0usize;
        for _ in 0x80..first {
            let octet = usize::from(self.byte()?);
            length = length.checked_mul(256).and_then(|sum| sum.checked_add(octet)).unwrap_or(usize::MAX);
        }
        Ok(Some(length))
    }

    fn value(&mut self, depth: usize) -> Result<Vec<u8>, Asn1Error> {
        if depth > MAX_DEPTH {
            return Err(self.error("nested too deeply"));
        }
        let tag = self.byte()?;
        if tag & 0x1f == 0x1f {
            return Err(self.error("multi-octet tags do not occur in PKCS#12"));
        }
        let constructed = tag & 0x20 != 0;
        let content = match self.length()? {
            None if constructed => {
                let mut parts = Vec::new();
                while !self.rest.starts_with(&[0, 0]) {
                    parts.push(self.value(depth.saturating_add(1))?);
                }
                self.rest = self.rest.get(2..).unwrap_or_default();
                parts
            }
            None => return Err(self.error("indefinite length of a primitive value")),
            Some(length) => {
                let (content, rest) =
                    self.rest.split_at_checked(length).ok_or_else(|| self.error("value is cut short"))?;
                let end = self.total.saturating_sub(rest.len());
                self.rest = rest;
                if !constructed {
                    return Ok(asn1::tlv(tag, content));
                }
                let mut inner = Input { rest: content, total: end };
                let mut parts = Vec::new();
                while !inner.rest.is_empty() {
                    parts.push(inner.value(depth.saturating_add(1))?);
                }
                parts
            }
        };
        if tag == CONSTRUCTED_OCTET_STRING {
            return join_octet_strings(&content).ok_or_else(|| self.error("chunk of another type"));
        }
        Ok(asn1::tlv(tag, &content.concat()))
    }
}

fn join_octet_strings(parts: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    for part in parts {
        joined.extend_from_slice(asn1::Reader::new(part).octets("chunk").ok()?);
    }
    Some(asn1::tlv(asn1::OCTET_STRING, &joined))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewrites_indefinite_lengths_and_chunks() {
        let ber = hex::decode("30800201032480040201020401030000a0030201050000").unwrap();
        assert_eq!(hex::encode(to_der(&ber).unwrap()), "300d0201030403010203a003020105");
    }

    #[test]
    fn leaves_der_as_it_is() {
        let der = hex::decode("300d0201030403010203a003020105").unwrap();
        assert_eq!(to_der(&der).unwrap(), der);
    }

    #[test]
    fn rejects_nesting_truncation_and_trailing_bytes() {
        assert_eq!(to_der(&[0x30, 0x80].repeat(10_000)).unwrap_err().what, "nested too deeply");
        assert_eq!(to_der(&[0x30, 0x80, 2, 1, 3]).unwrap_err().what, "file is cut short");
        assert_eq!(to_der(&[2, 1, 3, 0]).unwrap_err().at, 3);
        assert_eq!(to_der(&[0x04, 0x80, 0, 0]).unwrap_err().what, "indefinite length of a primitive value");
        assert_eq!(to_der(&[0x24, 3, 2, 1, 3]).unwrap_err().what, "chunk of another type");
    }
}

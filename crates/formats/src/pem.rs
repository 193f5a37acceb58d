//! PEM armor (RFC 7468) around DER.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::der::{Limits, ParseError, ParseErrorKind};

/// One block of a PEM file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What the armor says it is, such as `CERTIFICATE`; empty for bare DER.
    pub label: String,
    /// The DER inside.
    pub der: Vec<u8>,
    /// Position of the armor in the file.
    pub at: usize,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Reads every block of a PEM file, or bare DER as one block without label. Text between blocks is skipped.
///
/// Errors where the input is neither, a block does not end, or its content is no base64.
pub fn parse_pem_or_der(bytes: &[u8], limits: &Limits) -> Result<Vec<Block>, ParseError> {
    if bytes.len() > limits.max_bytes {
        return Err(ParseError::new(ParseErrorKind::Limit("size of the input"), 0, "input"));
    }
    if bytes.first() == Some(&0x30) {
        return Ok(vec![Block { label: String::new(), der: bytes.to_vec(), at: 0 }]);
    }
    let bad = |m, at| ParseError::new(ParseErrorKind::Value(m), at, "PEM");
    let neither = || bad("neither PEM nor DER", 0);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) if find(bytes, BEGIN).is_none() => return Err(bad("neither PEM nor DER", e.valid_up_to())),
        Err(e) => return Err(bad("text that is not UTF-8 in a PEM file", e.valid_up_to())),
    };
    let mut blocks = Vec::new();
    let mut pos = 0;
    while let Some(start) = text.get(pos..).and_then(|rest| rest.find(BEGIN)).map(|i| pos + i) {
        let (label, body_at) = opening(text, start).ok_or_else(|| bad("malformed BEGIN line", start))?;
        let end_line = format!("{END}{label}{DASHES}");
        let rest = text.get(body_at..).unwrap_or_default();
        let length =
            rest.find(&end_line).ok_or_else(|| bad("a block does not end with its END line", start))?;
        let body = rest.get(..length).unwrap_or_default();
        if body.contains(':') {
            return Err(bad("blocks with headers (old encrypted keys) are not supported", start));
        }
        let packed: String = body.split_ascii_whitespace().collect();
        let der = STANDARD.decode(packed).map_err(|_| bad("the content is no base64", body_at))?;
        blocks.push(Block { label: label.to_owned(), der, at: start });
        pos = body_at + length + end_line.len();
        if blocks.len() > limits.max_items {
            return Err(ParseError::new(ParseErrorKind::Limit("number of blocks"), start, "PEM"));
        }
    }
    if blocks.is_empty() { Err(neither()) } else { Ok(blocks) }
}

/// Label and the position after the BEGIN line.
fn opening(text: &str, start: usize) -> Option<(&str, usize)> {
    let after = text.get(start + BEGIN.len()..)?;
    let length = after.find(DASHES)?;
    let label = after.get(..length).filter(|l| !l.contains('\n'))?;
    Some((label, start + BEGIN.len() + length + DASHES.len()))
}

fn find(bytes: &[u8], needle: &str) -> Option<usize> {
    bytes.windows(needle.len()).position(|w| w == needle.as_bytes())
}

/// PEM text of one block, lines of 64 characters.
pub fn encode(label: &str, der: &[u8]) -> String {
    let packed = STANDARD.encode(der);
    let mut out = format!("{BEGIN}{label}{DASHES}\n");
    let mut rest = packed.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    out.push_str(&format!("{END}{label}{DASHES}\n"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Block>, ParseError> {
        parse_pem_or_der(text.as_bytes(), &Limits::default())
    }

    #[test]
    fn reads_several_blocks_with_text_between_and_crlf() {
        let (a, b) = (encode("CERTIFICATE", &[7; 100]), encode("X509 CRL", &[8; 3]));
        let file = format!("bag attributes: none\n{a}between\r\n{}", b.replace('\n', "\r\n"));
        let blocks = read(&file).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!((blocks[0].label.as_str(), blocks[0].der.as_slice()), ("CERTIFICATE", &[7u8; 100][..]));
        assert_eq!((blocks[1].label.as_str(), blocks[1].der.as_slice()), ("X509 CRL", &[8u8; 3][..]));
        assert_eq!(file.get(blocks[1].at..blocks[1].at + 10), Some("-----BEGIN"));
    }

    #[test]
    fn takes_bare_der_as_one_block() {
        assert_eq!(parse_pem_or_der(&[0x30, 0], &Limits::default()).unwrap()[0].label, "");
    }

    #[test]
    fn rejects_what_is_neither_or_broken() {
        assert!(read("hello").is_err());
        assert!(parse_pem_or_der(&[0xff, 0xfe], &Limits::default()).is_err());
        assert!(read("-----BEGIN X-----\nAAAA\n").is_err());
        assert!(read("-----BEGIN X-----\nA*AA\n-----END X-----\n").is_err());
        assert!(read("-----BEGIN X-----\nAAAA\n-----END Y-----\n").is_err());
    }
}

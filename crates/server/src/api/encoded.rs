//! Bytes in request bodies: Base64, and certificates in it.

use crate::http::{Code, FieldError, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;

/// Longest certificate, characters of Base64.
const LONGEST_CERTIFICATE: usize = 16384;

/// A certificate, DER in Base64.
///
/// # Errors
/// `VALIDATION` naming the field.
pub fn certificate(text: &str, pointer: &str) -> Result<Certificate, Problem> {
    let der = bytes(text, pointer, LONGEST_CERTIFICATE)?;
    Certificate::parse(&der, &Limits::default())
        .map_err(|_| bad(pointer, "不是 DER 编码的 X.509 证书", "not an X.509 certificate in DER"))
}

/// Bytes in Base64 of at most so many characters.
///
/// # Errors
/// `VALIDATION` naming the field.
pub fn bytes(text: &str, pointer: &str, longest: usize) -> Result<Vec<u8>, Problem> {
    let decoded = if text.len() > longest { None } else { STANDARD.decode(text).ok() };
    decoded.ok_or_else(|| bad(pointer, "不是 Base64，或者过长", "not Base64, or too long"))
}

/// `VALIDATION` for one field.
pub fn bad(pointer: &str, zh: &str, en: &str) -> Problem {
    Problem::new(Code::Validation).with_error(FieldError::body(pointer, "BAD_VALUE", zh, en))
}

//! Signature values by their content.

use yinxin_formats::cms::SignedData;
use yinxin_formats::ses::SesSignature;

use super::{VerifyOptions, signed_data};
use crate::report::{Check, Outcome, text};

/// What a signature value turned out to be.
pub(super) enum Value {
    Ses(Box<SesSignature>),
    Cms(Box<SignedData>),
}

/// Reads a signature value as what it is, whatever it is said to be.
pub(super) fn parse_value(
    bytes: Option<&[u8]>,
    options: &VerifyOptions,
    out: &mut Vec<Check>,
) -> Option<Value> {
    let fail = |t, at: Option<usize>| {
        let c = Check::new("FORMAT", Outcome::Fail, t);
        at.map_or(c.clone(), |a| c.with("byte", a.to_string()))
    };
    let Some(bytes) = bytes else {
        out.push(fail(
            text("签名值文件缺失或无法读取", "the signature value is missing or cannot be read"),
            None,
        ));
        return None;
    };
    let pass = |standard: &str| {
        Check::new(
            "FORMAT",
            Outcome::Pass,
            text(format!("签名值按 {standard} 的格式读出"), format!("the value was read as {standard} says")),
        )
    };
    if looks_like_cms(bytes) {
        return match SignedData::parse(bytes, &options.limits) {
            Ok(cms) => {
                out.push(pass(if signed_data::format_word(&cms) == "GBT35275" {
                    "GB/T 35275"
                } else {
                    "RFC 5652"
                }));
                Some(Value::Cms(Box::new(cms)))
            }
            Err(e) => {
                out.push(fail(
                    text(format!("签名数据无法解析：{e}"), format!("SignedData cannot be read: {e}")),
                    Some(e.at),
                ));
                None
            }
        };
    }
    match SesSignature::parse(bytes, &options.limits) {
        Ok(sig) => {
            out.push(pass(sig.version.standard()));
            Some(Value::Ses(Box::new(sig)))
        }
        Err(e) => {
            out.push(fail(
                text(format!("签章数据无法解析：{e}"), format!("the signature cannot be read: {e}")),
                Some(e.at),
            ));
            None
        }
    }
}

/// ContentInfo begins with an OBJECT IDENTIFIER, SES_Signature with a SEQUENCE.
fn looks_like_cms(bytes: &[u8]) -> bool {
    let header = match bytes.get(1) {
        Some(n) if n & 0x80 != 0 => 2 + usize::from(n & 0x7f),
        _ => 2,
    };
    bytes.get(header) == Some(&0x06)
}

/// Bytes after the signature: padding of zeros is a habit, anything else could be content for another reader.
pub(super) fn trailing(count: usize, length: usize, value: Option<&[u8]>, out: &mut Vec<Check>) {
    if count == 0 {
        return;
    }
    let rest = value.and_then(|v| v.get(length.min(v.len())..)).unwrap_or_default();
    if rest.len() == count && rest.iter().all(|b| *b == 0) {
        return;
    }
    let t = text(
        format!("签章数据之后还有 {count} 个字节，不属于签章"),
        format!("{count} bytes follow the signature that do not belong to it"),
    );
    out.push(Check::new("FORMAT", Outcome::Indeterminate, t));
}

//! Points in time of seals: UTCTime in v1, GeneralizedTime in v4 and v5, and what is met instead.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::der::{Ctx, Node, ParseError, ParseErrorKind, Reader, Tag, parse_generalized, parse_utc};

use super::SesVersion;
use super::text::is_text;

/// The next value as a time of a seal's property.
pub(super) fn time(
    r: &mut Reader<'_, '_>,
    version: SesVersion,
    what: &'static str,
) -> Result<Timestamp, ParseError> {
    let ctx = r.ctx();
    let node = r.any(what)?;
    if !matches!(node.tag, Tag::UTC_TIME | Tag::GENERALIZED_TIME) && !is_text(node.tag) {
        let expected = if version == SesVersion::V1 { "UTCTime" } else { "GeneralizedTime" };
        return Err(ParseError::new(
            ParseErrorKind::UnexpectedTag { expected, found: node.tag.0 },
            node.offset,
            what,
        ));
    }
    from_node(&node, version, what, ctx)
        .ok_or_else(|| ParseError::new(ParseErrorKind::Value("malformed time"), node.offset, what))
}

/// The time in a UTCTime, GeneralizedTime or string value, its deviations noted.
pub(super) fn from_node(node: &Node<'_>, version: SesVersion, what: &str, ctx: &Ctx) -> Option<Timestamp> {
    match node.tag {
        Tag::UTC_TIME if version != SesVersion::V1 => {
            ctx.deviate("TIME_UTC_IN_V4", node.offset, format!("{what} is a UTCTime"));
        }
        Tag::GENERALIZED_TIME if version == SesVersion::V1 => {
            ctx.deviate("TIME_GENERALIZED_IN_V1", node.offset, format!("{what} is a GeneralizedTime"));
        }
        tag if is_text(tag) => {
            ctx.deviate("TIME_AS_STRING", node.offset, format!("{what} is a character string"));
        }
        _ => {}
    }
    let bytes = node.string_bytes(ctx).ok()?;
    let utc = node.tag == Tag::UTC_TIME;
    let strict = if utc { 13 } else { 15 };
    let zulu = bytes.len() == strict && bytes.last() == Some(&b'Z');
    let parsed = if utc { parse_utc(&bytes) } else { parse_generalized(&bytes) };
    if let Some(t) = parsed {
        if !zulu {
            let seen = String::from_utf8_lossy(&bytes).into_owned();
            ctx.deviate("TIME_FORM", node.offset, format!("{what} is written {seen}"));
        }
        return Some(t);
    }
    let t = local(&bytes)?;
    note_local(&bytes, node.offset, what, ctx);
    Some(t)
}

/// Names a local time.
pub(super) fn note_local(bytes: &[u8], at: usize, what: &str, ctx: &Ctx) {
    let seen = String::from_utf8_lossy(bytes).into_owned();
    ctx.deviate("TIME_LOCAL_TEXT", at, format!("{what} {seen} names no zone; +08:00 assumed"));
}

/// `yyyy-MM-dd HH:mm:ss` (also with `/`, `T`, or no separators), taken as +08:00.
pub(super) fn local(bytes: &[u8]) -> Option<Timestamp> {
    let digits: Vec<u8> = match bytes.len() {
        14 => bytes.to_vec(),
        19 => {
            let separated = bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => matches!(b, b'-' | b'/'),
                10 => matches!(b, b' ' | b'T'),
                13 | 16 => *b == b':',
                _ => true,
            });
            let keep = |i: &usize| !matches!(i, 4 | 7 | 10 | 13 | 16);
            if !separated {
                return None;
            }
            bytes.iter().enumerate().filter(|(i, _)| keep(i)).map(|(_, b)| *b).collect()
        }
        _ => return None,
    };
    let number = |from: usize, to: usize| -> Option<i16> {
        let part = digits.get(from..to)?;
        part.iter().try_fold(0i16, |n, b| b.is_ascii_digit().then(|| n * 10 + i16::from(b - b'0')))
    };
    let small = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let d = DateTime::new(number(0, 4)?, small(4)?, small(6)?, small(8)?, small(10)?, small(12)?, 0).ok()?;
    Offset::constant(8).to_timestamp(d).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_local_text_as_china_standard_time() {
        let t = parse_generalized(b"20200305032131Z");
        for s in ["2020-03-05 11:21:31", "2020/03/05T11:21:31", "20200305112131"] {
            assert_eq!(local(s.as_bytes()), t, "{s}");
        }
    }

    #[test]
    fn refuses_text_that_is_no_time() {
        for s in ["", "2020-03-05", "2020-13-05 11:21:31", "2020-03-05x11:21:31", "aaaaaaaaaaaaaa"] {
            assert_eq!(local(s.as_bytes()), None, "{s}");
        }
    }
}

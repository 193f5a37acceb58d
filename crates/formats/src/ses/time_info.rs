//! When a signature says it was made.

use jiff::Timestamp;

use crate::der::{Ctx, Node, ParseError, ParseErrorKind, Reader, Tag, parse_generalized, parse_utc};

use super::SesVersion;
use super::text::is_text;
use super::time;

/// Encoding of a signature's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeForm {
    /// GeneralizedTime, as v4 and v5 demand.
    Generalized,
    /// UTCTime.
    Utc,
    /// BIT STRING with the text of a UTCTime or GeneralizedTime.
    BitStringText,
    /// BIT STRING with a DER UTCTime or GeneralizedTime.
    BitStringDer,
    /// Local time as text, in a BIT STRING or a string type.
    LocalText,
    /// BIT STRING with a timestamp token (SignedData).
    Token,
    /// None of these: the time is not known.
    Unreadable,
}

/// Time (时间信息) of a signature, timeInfo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeInfo {
    /// The moment, where it could be read. Of a token, its genTime: the token is not verified here.
    pub at: Option<Timestamp>,
    /// The content as received: of a BIT STRING without its first byte.
    pub raw: Vec<u8>,
    /// How it was written.
    pub form: TimeForm,
}

pub(super) fn time_info(r: &mut Reader<'_, '_>, version: SesVersion) -> Result<TimeInfo, ParseError> {
    const WHAT: &str = "timeInfo";
    let ctx = r.ctx();
    let (node, raw) = match r.peek() {
        Some(Tag::BIT_STRING) => {
            let (node, bytes) = r.bits(WHAT)?;
            if version != SesVersion::V1 {
                ctx.deviate("TIME_BIT_STRING_IN_V4", node.offset, "timeInfo is a BIT STRING");
            }
            (node, bytes)
        }
        Some(t) if matches!(t, Tag::GENERALIZED_TIME | Tag::UTC_TIME) || is_text(t) => {
            let node = r.any(WHAT)?;
            if version == SesVersion::V1 {
                ctx.deviate("TIME_NOT_BIT_STRING", node.offset, "timeInfo is no BIT STRING");
            }
            return Ok(direct(&node, version, ctx));
        }
        None => return Err(ParseError::new(ParseErrorKind::Missing, r.offset(), WHAT)),
        Some(t) => {
            let kind =
                ParseErrorKind::UnexpectedTag { expected: "GeneralizedTime or BIT STRING", found: t.0 };
            return Err(ParseError::new(kind, r.offset(), WHAT));
        }
    };
    let (at, form) = in_bits(&node, raw, version, ctx);
    Ok(TimeInfo { at, raw: raw.to_vec(), form })
}

fn direct(node: &Node<'_>, version: SesVersion, ctx: &Ctx) -> TimeInfo {
    let at = time::from_node(node, version, "timeInfo", ctx);
    let form = match node.tag {
        _ if at.is_none() => TimeForm::Unreadable,
        Tag::GENERALIZED_TIME => TimeForm::Generalized,
        Tag::UTC_TIME => TimeForm::Utc,
        _ => TimeForm::LocalText,
    };
    if at.is_none() {
        ctx.deviate("TIME_UNREADABLE", node.offset, "timeInfo holds no time");
    }
    TimeInfo { at, raw: node.content.to_vec(), form }
}

fn in_bits(node: &Node<'_>, raw: &[u8], version: SesVersion, ctx: &Ctx) -> (Option<Timestamp>, TimeForm) {
    if let Some(t) = parse_generalized(raw).or_else(|| parse_utc(raw)) {
        return (Some(t), TimeForm::BitStringText);
    }
    if let Some(t) = time::local(raw) {
        time::note_local(raw, node.offset, "timeInfo", ctx);
        return (Some(t), TimeForm::LocalText);
    }
    if let Ok(mut inner) = node.reader_after(1, ctx)
        && let Some(tag) = inner.peek()
    {
        if matches!(tag, Tag::GENERALIZED_TIME | Tag::UTC_TIME) {
            let found = inner.any("timeInfo").ok().filter(|_| inner.is_empty());
            if let Some(t) = found.and_then(|n| time::from_node(&n, version, "timeInfo", ctx)) {
                return (Some(t), TimeForm::BitStringDer);
            }
        } else if tag == Tag::SEQUENCE
            && let Ok(token) = inner.any("timeInfo")
        {
            let at = token_time(&token, ctx);
            if at.is_some() {
                return (at, TimeForm::Token);
            }
        }
    }
    ctx.deviate("TIME_UNREADABLE", node.offset, "timeInfo holds no time");
    (None, TimeForm::Unreadable)
}

/// genTime of a timestamp token, GB/T 20520 and RFC 3161 §2.4.2; the signature of the token is not looked at.
fn token_time(token: &Node<'_>, ctx: &Ctx) -> Option<Timestamp> {
    const WHAT: &str = "timestamp token";
    let mut info = token.reader(ctx).ok()?;
    info.oid(WHAT).ok()?;
    let mut wrapped = info.optional_explicit(0, WHAT).ok()??;
    let (_, mut signed) = wrapped.sequence(WHAT).ok()?;
    signed.small(WHAT).ok()?;
    signed.any(WHAT).ok()?;
    let (_, mut content) = signed.sequence(WHAT).ok()?;
    content.oid(WHAT).ok()?;
    let mut octets = content.optional_explicit(0, WHAT).ok()??;
    let octets = octets.expect(Tag::OCTET_STRING, WHAT).ok()?;
    let (_, mut tst) = octets.reader(ctx).ok()?.sequence(WHAT).ok()?;
    tst.small(WHAT).ok()?;
    tst.oid(WHAT).ok()?;
    tst.sequence(WHAT).ok()?;
    tst.any(WHAT).ok()?;
    tst.expect(Tag::GENERALIZED_TIME, WHAT).ok()?.time(WHAT).ok()
}

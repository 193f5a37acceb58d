//! A cursor over BER/DER values that keeps positions.

use std::borrow::Cow;

use const_oid::ObjectIdentifier;
use jiff::Timestamp;

use super::limits::{Ctx, ParseError, ParseErrorKind};
use super::time;

/// First identifier byte of a value. Tag numbers above 30 do not occur in the formats read here and are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag(pub u8);

impl Tag {
    /// BOOLEAN
    pub const BOOLEAN: Self = Self(0x01);
    /// INTEGER
    pub const INTEGER: Self = Self(0x02);
    /// BIT STRING
    pub const BIT_STRING: Self = Self(0x03);
    /// OCTET STRING
    pub const OCTET_STRING: Self = Self(0x04);
    /// NULL
    pub const NULL: Self = Self(0x05);
    /// OBJECT IDENTIFIER
    pub const OID: Self = Self(0x06);
    /// ENUMERATED
    pub const ENUMERATED: Self = Self(0x0a);
    /// UTF8String
    pub const UTF8: Self = Self(0x0c);
    /// PrintableString
    pub const PRINTABLE: Self = Self(0x13);
    /// TeletexString
    pub const TELETEX: Self = Self(0x14);
    /// IA5String
    pub const IA5: Self = Self(0x16);
    /// UTCTime
    pub const UTC_TIME: Self = Self(0x17);
    /// GeneralizedTime
    pub const GENERALIZED_TIME: Self = Self(0x18);
    /// BMPString
    pub const BMP: Self = Self(0x1e);
    /// SEQUENCE
    pub const SEQUENCE: Self = Self(0x30);
    /// SET
    pub const SET: Self = Self(0x31);

    /// Constructed context tag `[n]`, n below 31.
    pub const fn context(n: u8) -> Self {
        Self(0xa0 | (n & 0x1f))
    }

    /// Primitive context tag `[n]`, n below 31.
    pub const fn context_primitive(n: u8) -> Self {
        Self(0x80 | (n & 0x1f))
    }

    /// Whether the value holds other values.
    pub const fn is_constructed(self) -> bool {
        self.0 & 0x20 != 0
    }
}

/// One value as received.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    /// Identifier byte.
    pub tag: Tag,
    /// Absolute position of the identifier byte.
    pub offset: usize,
    /// Position of the content in the input.
    pub content_offset: usize,
    /// The content without header (and without the end marker of an indefinite length).
    pub content: &'a [u8],
    /// The whole value with header.
    pub raw: &'a [u8],
    /// Depth of nesting at which the value stands.
    depth: usize,
}

impl<'a> Node<'a> {
    /// A reader over the content of this constructed value.
    pub fn reader<'c>(&self, ctx: &'c Ctx) -> Result<Reader<'a, 'c>, ParseError> {
        if self.depth >= ctx.limits.max_depth {
            return Err(ParseError::new(ParseErrorKind::Limit("nesting depth"), self.offset, "structure"));
        }
        Ok(Reader { data: self.content, pos: 0, base: self.content_offset, depth: self.depth + 1, ctx })
    }

    /// A reader over DER that stands inside a primitive string, after its first `skip` bytes (1 for a BIT STRING).
    pub fn reader_after<'c>(&self, skip: usize, ctx: &'c Ctx) -> Result<Reader<'a, 'c>, ParseError> {
        let reader = self.reader(ctx)?;
        let data = self.content.get(skip..).unwrap_or_default();
        Ok(Reader { data, base: self.content_offset + skip, ..reader })
    }

    /// The bytes of a string value, joined where it is constructed (BER).
    pub fn string_bytes(&self, ctx: &Ctx) -> Result<Cow<'a, [u8]>, ParseError> {
        if !self.tag.is_constructed() {
            return Ok(Cow::Borrowed(self.content));
        }
        ctx.deviate("BER_CONSTRUCTED_STRING", self.offset, "a string is split into parts");
        let mut out = Vec::new();
        let mut inner = self.reader(ctx)?;
        while !inner.is_empty() {
            let part = inner.any("string part")?;
            out.extend_from_slice(&part.string_bytes(ctx)?);
        }
        Ok(Cow::Owned(out))
    }

    /// The non-negative big-endian content of an INTEGER without leading zeros; a negative one is an error.
    pub fn unsigned(&self, what: &'static str) -> Result<&'a [u8], ParseError> {
        let bad = |m| ParseError::new(ParseErrorKind::Value(m), self.offset, what);
        let first = *self.content.first().ok_or_else(|| bad("empty INTEGER"))?;
        if first & 0x80 != 0 {
            return Err(bad("negative INTEGER"));
        }
        let skip = self.content.iter().take_while(|b| **b == 0).count().min(self.content.len() - 1);
        Ok(self.content.get(skip..).unwrap_or_default())
    }

    /// A small non-negative INTEGER.
    pub fn small(&self, what: &'static str) -> Result<u64, ParseError> {
        let bytes = self.unsigned(what)?;
        if bytes.len() > 8 {
            return Err(ParseError::new(ParseErrorKind::Value("INTEGER too large"), self.offset, what));
        }
        Ok(bytes.iter().fold(0, |n, b| (n << 8) | u64::from(*b)))
    }

    /// The OBJECT IDENTIFIER in this value.
    pub fn oid(&self, what: &'static str) -> Result<ObjectIdentifier, ParseError> {
        ObjectIdentifier::from_bytes(self.content).map_err(|_| {
            ParseError::new(ParseErrorKind::Value("malformed OBJECT IDENTIFIER"), self.offset, what)
        })
    }

    /// A UTCTime or GeneralizedTime.
    pub fn time(&self, what: &'static str) -> Result<Timestamp, ParseError> {
        let t = match self.tag {
            Tag::UTC_TIME => time::parse_utc(self.content),
            Tag::GENERALIZED_TIME => time::parse_generalized(self.content),
            _ => None,
        };
        t.ok_or_else(|| ParseError::new(ParseErrorKind::Value("malformed time"), self.offset, what))
    }

    /// Text of any of the string types of X.520 (BMPString and Teletex decoded, bad UTF-8 refused).
    pub fn text(&self, what: &'static str) -> Result<String, ParseError> {
        let bad = || ParseError::new(ParseErrorKind::Value("malformed text"), self.offset, what);
        match self.tag {
            Tag::BMP => {
                if !self.content.len().is_multiple_of(2) {
                    return Err(bad());
                }
                let units = self.content.as_chunks::<2>().0.iter().map(|c| u16::from_be_bytes(*c));
                char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| bad())
            }
            Tag::TELETEX => Ok(self.content.iter().map(|b| char::from(*b)).collect()),
            _ => std::str::from_utf8(self.content).map(str::to_owned).map_err(|_| bad()),
        }
    }
}

/// A cursor over a run of values.
#[derive(Debug, Clone)]
pub struct Reader<'a, 'c> {
    data: &'a [u8],
    pos: usize,
    base: usize,
    depth: usize,
    ctx: &'c Ctx,
}

impl<'a, 'c> Reader<'a, 'c> {
    /// A reader over a whole input. Refuses inputs above the limit.
    pub fn new(data: &'a [u8], ctx: &'c Ctx) -> Result<Self, ParseError> {
        if data.len() > ctx.limits.max_bytes {
            return Err(ParseError::new(ParseErrorKind::Limit("size of the input"), 0, "input"));
        }
        Ok(Self { data, pos: 0, base: 0, depth: 0, ctx })
    }

    /// A reader over bytes cut out of a larger input at position `base`, so that positions stay those of that input.
    pub fn at(data: &'a [u8], base: usize, ctx: &'c Ctx) -> Result<Self, ParseError> {
        let reader = Self::new(data, ctx)?;
        Ok(Self { base, ..reader })
    }

    /// The state of the parse.
    pub fn ctx(&self) -> &'c Ctx {
        self.ctx
    }

    /// Absolute position of the next value.
    pub fn offset(&self) -> usize {
        self.base + self.pos
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.pos >= self.data.len()
    }

    /// Bytes not read yet.
    pub fn remaining(&self) -> &'a [u8] {
        self.data.get(self.pos..).unwrap_or_default()
    }

    /// Tag of the next value.
    pub fn peek(&self) -> Option<Tag> {
        self.data.get(self.pos).map(|b| Tag(*b))
    }

    /// The next value, whatever it is.
    pub fn any(&mut self, what: &'static str) -> Result<Node<'a>, ParseError> {
        let at = self.offset();
        self.ctx.count_item(at)?;
        if self.is_empty() {
            return Err(ParseError::new(ParseErrorKind::Missing, at, what));
        }
        let rest = self.remaining();
        let (tag, header, content, total) = split(rest, at, what, self.ctx, self.depth)?;
        self.pos += total;
        Ok(Node {
            tag,
            offset: at,
            content_offset: at + header,
            content,
            raw: rest.get(..total).unwrap_or_default(),
            depth: self.depth,
        })
    }

    /// The next value, which must have this tag.
    pub fn expect(&mut self, tag: Tag, what: &'static str) -> Result<Node<'a>, ParseError> {
        let at = self.offset();
        match self.peek() {
            None => Err(ParseError::new(ParseErrorKind::Missing, at, what)),
            Some(t) if t == tag || t.0 == tag.0 | 0x20 && is_string(tag) => self.any(what),
            Some(t) => Err(ParseError::new(
                ParseErrorKind::UnexpectedTag { expected: name_of(tag), found: t.0 },
                at,
                what,
            )),
        }
    }

    /// The next value if it has this tag.
    pub fn optional(&mut self, tag: Tag, what: &'static str) -> Result<Option<Node<'a>>, ParseError> {
        if self.peek() == Some(tag) { self.any(what).map(Some) } else { Ok(None) }
    }

    /// A SEQUENCE and a reader over its members.
    pub fn sequence(&mut self, what: &'static str) -> Result<(Node<'a>, Reader<'a, 'c>), ParseError> {
        let node = self.expect(Tag::SEQUENCE, what)?;
        let inner = node.reader(self.ctx)?;
        Ok((node, inner))
    }

    /// A SET and a reader over its members.
    pub fn set(&mut self, what: &'static str) -> Result<(Node<'a>, Reader<'a, 'c>), ParseError> {
        let node = self.expect(Tag::SET, what)?;
        let inner = node.reader(self.ctx)?;
        Ok((node, inner))
    }

    /// A reader over the content of `[n]` constructed, if it is next.
    pub fn optional_explicit(
        &mut self,
        n: u8,
        what: &'static str,
    ) -> Result<Option<Reader<'a, 'c>>, ParseError> {
        match self.optional(Tag::context(n), what)? {
            Some(node) => node.reader(self.ctx).map(Some),
            None => Ok(None),
        }
    }

    /// A small non-negative INTEGER.
    pub fn small(&mut self, what: &'static str) -> Result<u64, ParseError> {
        let node = self.expect(Tag::INTEGER, what)?;
        if matches!(node.content, [0, b, ..] if b & 0x80 == 0) {
            self.ctx.deviate("BER_INTEGER", node.offset, "an INTEGER has needless leading zero bytes");
        }
        node.small(what)
    }

    /// An OBJECT IDENTIFIER.
    pub fn oid(&mut self, what: &'static str) -> Result<ObjectIdentifier, ParseError> {
        self.expect(Tag::OID, what)?.oid(what)
    }

    /// Content of an OCTET STRING (joined where BER split it).
    pub fn octets(&mut self, what: &'static str) -> Result<Cow<'a, [u8]>, ParseError> {
        let ctx = self.ctx;
        self.expect(Tag::OCTET_STRING, what)?.string_bytes(ctx)
    }

    /// Content of a BIT STRING of whole bytes, with its node.
    pub fn bits(&mut self, what: &'static str) -> Result<(Node<'a>, &'a [u8]), ParseError> {
        let node = self.expect(Tag::BIT_STRING, what)?;
        match node.content.split_first() {
            Some((0, bytes)) if !node.tag.is_constructed() => Ok((node, bytes)),
            _ => Err(ParseError::new(
                ParseErrorKind::Value("BIT STRING must hold whole bytes"),
                node.offset,
                what,
            )),
        }
    }

    /// BOOLEAN; other true values than 0xFF are noted.
    pub fn boolean(&mut self, what: &'static str) -> Result<bool, ParseError> {
        let node = self.expect(Tag::BOOLEAN, what)?;
        match node.content {
            [0] => Ok(false),
            [0xff] => Ok(true),
            [_] => {
                self.ctx.deviate("BER_BOOLEAN", node.offset, "TRUE is not written as FF");
                Ok(true)
            }
            _ => Err(ParseError::new(ParseErrorKind::Value("malformed BOOLEAN"), node.offset, what)),
        }
    }

    /// Asserts that nothing is left.
    pub fn finish(self, what: &'static str) -> Result<(), ParseError> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(ParseError::new(ParseErrorKind::Trailing, self.offset(), what))
        }
    }
}

/// Splits one value off the front: tag, header length, content, total length.
fn split<'a>(
    data: &'a [u8],
    at: usize,
    what: &'static str,
    ctx: &Ctx,
    depth: usize,
) -> Result<(Tag, usize, &'a [u8], usize), ParseError> {
    let err = |kind, off: usize| ParseError::new(kind, at + off, what);
    let tag = *data.first().ok_or_else(|| err(ParseErrorKind::Truncated, 0))?;
    if tag & 0x1f == 0x1f {
        return Err(err(ParseErrorKind::Value("tag numbers above 30 do not occur here"), 0));
    }
    let first = *data.get(1).ok_or_else(|| err(ParseErrorKind::Truncated, 1))?;
    if first == 0x80 {
        return indefinite(data, at, what, ctx, depth);
    }
    let (header, length) = if first & 0x80 == 0 {
        (2, usize::from(first))
    } else {
        let n = usize::from(first & 0x7f);
        if n > 8 {
            return Err(err(ParseErrorKind::Length, 1));
        }
        let bytes = data.get(2..2 + n).ok_or_else(|| err(ParseErrorKind::Truncated, 2))?;
        let length = bytes.iter().fold(0u64, |l, b| (l << 8) | u64::from(*b));
        let length = usize::try_from(length).map_err(|_| err(ParseErrorKind::Length, 1))?;
        if bytes.first() == Some(&0) || length < 0x80 {
            ctx.deviate("BER_LENGTH", at, "length not in its shortest form");
        }
        (2 + n, length)
    };
    let end = header.checked_add(length).ok_or_else(|| err(ParseErrorKind::Length, 1))?;
    let content = data.get(header..end).ok_or_else(|| err(ParseErrorKind::Truncated, 0))?;
    Ok((Tag(tag), header, content, end))
}

/// A value of indefinite length (BER): runs until its end-of-contents marker.
fn indefinite<'a>(
    data: &'a [u8],
    at: usize,
    what: &'static str,
    ctx: &Ctx,
    depth: usize,
) -> Result<(Tag, usize, &'a [u8], usize), ParseError> {
    let err = |kind, off: usize| ParseError::new(kind, at + off, what);
    let tag = Tag(data.first().copied().unwrap_or_default());
    if !tag.is_constructed() {
        return Err(err(ParseErrorKind::Length, 1));
    }
    if depth >= ctx.limits.max_depth {
        return Err(err(ParseErrorKind::Limit("nesting depth"), 0));
    }
    ctx.deviate("BER_INDEFINITE_LENGTH", at, "indefinite length");
    let mut pos = 2;
    loop {
        let rest = data.get(pos..).unwrap_or_default();
        match rest {
            [0, 0, ..] => {
                let content = data.get(2..pos).unwrap_or_default();
                return Ok((tag, 2, content, pos + 2));
            }
            [] => return Err(err(ParseErrorKind::Truncated, pos)),
            _ => {
                ctx.count_item(at + pos)?;
                let (_, _, _, total) = split(rest, at + pos, what, ctx, depth + 1)?;
                pos += total;
            }
        }
    }
}

fn is_string(tag: Tag) -> bool {
    matches!(tag, Tag::OCTET_STRING | Tag::UTF8 | Tag::IA5 | Tag::PRINTABLE)
}

fn name_of(tag: Tag) -> &'static str {
    match tag {
        Tag::BOOLEAN => "BOOLEAN",
        Tag::INTEGER => "INTEGER",
        Tag::BIT_STRING => "BIT STRING",
        Tag::OCTET_STRING => "OCTET STRING",
        Tag::NULL => "NULL",
        Tag::OID => "OBJECT IDENTIFIER",
        Tag::UTF8 => "UTF8String",
        Tag::PRINTABLE => "PrintableString",
        Tag::IA5 => "IA5String",
        Tag::UTC_TIME => "UTCTime",
        Tag::GENERALIZED_TIME => "GeneralizedTime",
        Tag::SEQUENCE => "SEQUENCE",
        Tag::SET => "SET",
        _ => "another tag",
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;

    #[test]
    fn reads_definite_and_indefinite_lengths_and_names_the_deviation() {
        let ctx = Ctx::new(&Limits::default());
        let data = [0x30, 0x80, 0x02, 0x81, 0x01, 0x05, 0x00, 0x00];
        let mut r = Reader::new(&data, &ctx).unwrap();
        let (_, mut inner) = r.sequence("outer").unwrap();
        assert_eq!(inner.small("n").unwrap(), 5);
        inner.finish("outer").unwrap();
        r.finish("input").unwrap();
        let codes: Vec<_> = ctx.into_deviations().iter().map(|d| d.code).collect();
        assert!(codes.contains(&"BER_INDEFINITE_LENGTH") && codes.contains(&"BER_LENGTH"));
    }

    #[test]
    fn refuses_truncation_with_the_position() {
        let ctx = Ctx::new(&Limits::default());
        let data = [0x30, 0x03, 0x02, 0x02, 0x01];
        let mut r = Reader::new(&data, &ctx).unwrap();
        let (_, mut inner) = r.sequence("outer").unwrap();
        let e = inner.small("n").unwrap_err();
        assert_eq!((e.at, e.kind), (2, ParseErrorKind::Truncated));
    }

    #[test]
    fn refuses_nesting_beyond_the_limit() {
        let ctx = Ctx::new(&Limits::default());
        let mut data = Vec::new();
        for _ in 0..5000 {
            data.extend_from_slice(&[0x30, 0x80]);
        }
        let mut r = Reader::new(&data, &ctx).unwrap();
        assert_eq!(r.any("x").unwrap_err().code(), "DER_LIMIT");
    }
}

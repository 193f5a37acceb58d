//! From bytes to the tree.

use super::kind::Kind;
use super::schema::{Field, Shape, name_members, selector};
use super::schema_oid::announced;
use super::tree::{FieldName, TreeNode};
use super::value::preview;
use crate::der::{Ctx, Limits, Node, ParseError, ParseErrorKind, Reader, Tag};

/// Counts values over nested openings, each of which has a state of its own.
pub(super) struct Builder<'l> {
    limits: &'l Limits,
    count: usize,
}

impl<'l> Builder<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, count: 0 }
    }

    /// The tree of one value. `field` names it; `beside` is what an identifier beside it announced.
    pub(super) fn node(
        &mut self,
        node: &Node<'_>,
        ctx: &Ctx,
        field: Option<&'static Field>,
        beside: Option<&'static Field>,
    ) -> Result<TreeNode, ParseError> {
        self.count += 1;
        if self.count > self.limits.max_items {
            return Err(ParseError::new(ParseErrorKind::Limit("number of values"), node.offset, "structure"));
        }
        let field = field.or_else(|| self.secret(node));
        let shape = field.map_or(Shape::Plain, |f| f.shape);
        let header_length = node.content_offset.saturating_sub(node.offset);
        let mut out = TreeNode {
            offset: node.offset,
            header_length,
            length: node.raw.len().saturating_sub(header_length),
            tag: tag_name(node.tag),
            field: field.map(|f| FieldName { zh: f.zh, en: f.en }),
            value: None,
            deviations: Vec::new(),
            children: Vec::new(),
        };
        if matches!(shape, Shape::Secret) {
            out.value = Some(preview(node, shape));
        } else if node.tag.is_constructed() {
            let members = all(node.reader(ctx)?)?;
            out.children = self.members(&members, ctx, shape, beside)?;
        } else if let Some(children) = self.opened(node, shape, beside)? {
            out.children = children;
        } else {
            out.value = Some(preview(node, shape)).filter(|v| !v.is_empty());
        }
        Ok(out)
    }

    /// A private key inside a structure without names, such as PKCS#12: its secret must not be shown either.
    fn secret(&self, node: &Node<'_>) -> Option<&'static Field> {
        if node.tag != Tag::SEQUENCE {
            return None;
        }
        let ctx = Ctx::new(self.limits);
        match Kind::detect(node, &ctx) {
            Kind::PrivateKey => Kind::PrivateKey.field(node, &ctx),
            _ => None,
        }
    }

    fn members(
        &mut self,
        members: &[Node<'_>],
        ctx: &Ctx,
        shape: Shape,
        beside: Option<&'static Field>,
    ) -> Result<Vec<TreeNode>, ParseError> {
        let names = name_members(shape, members);
        let announces = selector(members).and_then(|oid| announced(&oid));
        let mut out = Vec::with_capacity(members.len());
        for (member, name) in members.iter().zip(names) {
            let by_oid = name.is_some_and(|f| matches!(f.shape, Shape::ByOid));
            // Inside `[0]` or SET that stands beside an identifier, the announced value itself stands.
            let (field, beside) = match (shape, beside) {
                (Shape::ByOid, Some(b)) if b.accepts(member.tag) => (Some(b), None),
                (Shape::ByOid, b) => (None, b),
                _ => (name, if by_oid { announces } else { None }),
            };
            out.push(self.node(member, ctx, field, beside)?);
        }
        Ok(out)
    }

    /// The values encoded inside a string, where the table or the identifier beside it says so, or where it is plain
    /// that the string holds nothing else.
    fn opened(
        &mut self,
        node: &Node<'_>,
        shape: Shape,
        beside: Option<&'static Field>,
    ) -> Result<Option<Vec<TreeNode>>, ParseError> {
        let skip = match (node.tag, node.content.first()) {
            (Tag::BIT_STRING, Some(0)) => 1,
            (Tag::OCTET_STRING, Some(_)) => 0,
            (t, Some(_)) if t.0 & 0xc0 == 0x80 => 0,
            _ => return Ok(None),
        };
        if matches!(shape, Shape::Bits(_)) {
            return Ok(None);
        }
        let ctx = Ctx::new(self.limits);
        let Some(inner) = sole_value(node, skip, &ctx) else { return Ok(None) };
        let expected = match shape {
            Shape::Holds(f) => Some(f),
            _ => beside,
        };
        let field = match expected {
            Some(f) if f.accepts(inner.tag) => Some(f),
            // Only constructed values are worth opening unasked, and only flawless ones are surely meant as such.
            _ if inner.tag == Tag::SEQUENCE || inner.tag == Tag::SET => {
                if !is_flawless(&inner, &ctx) {
                    return Ok(None);
                }
                Kind::detect(&inner, &ctx).field(&inner, &ctx)
            }
            _ => return Ok(None),
        };
        let count = self.count;
        match self.node(&inner, &ctx, field, None) {
            Ok(mut child) => {
                for d in ctx.into_deviations() {
                    attach(std::slice::from_mut(&mut child), d.into());
                }
                Ok(Some(vec![child]))
            }
            Err(e) if matches!(e.kind, ParseErrorKind::Limit(_)) => Err(e),
            Err(_) => {
                self.count = count;
                Ok(None)
            }
        }
    }
}

/// The value that fills a string to its end.
fn sole_value<'a>(node: &Node<'a>, skip: usize, ctx: &Ctx) -> Option<Node<'a>> {
    let mut r = node.reader_after(skip, ctx).ok()?;
    let inner = r.any("content").ok()?;
    r.is_empty().then_some(inner)
}

/// Whether a value is well formed down to its leaves and without a deviation so far.
fn is_flawless(node: &Node<'_>, ctx: &Ctx) -> bool {
    fn walk(node: &Node<'_>, ctx: &Ctx) -> bool {
        if !node.tag.is_constructed() {
            return true;
        }
        let Ok(mut r) = node.reader(ctx) else { return false };
        while !r.is_empty() {
            if !r.any("content").is_ok_and(|n| walk(&n, ctx)) {
                return false;
            }
        }
        true
    }
    !node.content.is_empty() && walk(node, ctx)
}

fn all<'a>(mut r: Reader<'a, '_>) -> Result<Vec<Node<'a>>, ParseError> {
    let mut out = Vec::new();
    while !r.is_empty() {
        out.push(r.any("structure")?);
    }
    Ok(out)
}

/// Hangs a deviation on the innermost value at its position; gives it back where there is none.
pub(super) fn attach(
    nodes: &mut [TreeNode],
    deviation: super::tree::NamedDeviation,
) -> Option<super::tree::NamedDeviation> {
    let Some(node) = nodes.iter_mut().find(|n| (n.offset..n.end()).contains(&deviation.at)) else {
        return Some(deviation);
    };
    let inside = node.children.iter().any(|c| (c.offset..c.end()).contains(&deviation.at));
    if node.offset != deviation.at && inside {
        return attach(&mut node.children, deviation);
    }
    if !node.deviations.contains(&deviation) {
        node.deviations.push(deviation);
    }
    None
}

fn tag_name(tag: Tag) -> String {
    let name = match tag.0 & !0x20 {
        0x01 => "BOOLEAN",
        0x02 => "INTEGER",
        0x03 => "BIT STRING",
        0x04 => "OCTET STRING",
        0x05 => "NULL",
        0x06 => "OBJECT IDENTIFIER",
        0x0a => "ENUMERATED",
        0x0c => "UTF8String",
        0x10 => "SEQUENCE",
        0x11 => "SET",
        0x12 => "NumericString",
        0x13 => "PrintableString",
        0x14 => "TeletexString",
        0x16 => "IA5String",
        0x17 => "UTCTime",
        0x18 => "GeneralizedTime",
        0x1a => "VisibleString",
        0x1b => "GeneralString",
        0x1e => "BMPString",
        n if n & 0xc0 == 0x80 => return format!("[{}]", n & 0x1f),
        n if n & 0xc0 == 0x40 => return format!("[APPLICATION {}]", n & 0x1f),
        n if n & 0xc0 == 0xc0 => return format!("[PRIVATE {}]", n & 0x1f),
        n => return format!("[UNIVERSAL {n}]"),
    };
    name.to_owned()
}

//! Extension data of seals and signatures.

use const_oid::ObjectIdentifier;

use crate::der::{Ctx, Node, ParseError, ParseErrorKind, Reader, Tag};

use super::bounds::MAX_EXTENSIONS;

/// One entry of extension data (自定义数据), ExtData in GB/T 38540-2020 §6.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SesExtension {
    /// Identifier.
    pub oid: ObjectIdentifier,
    /// Whether a reader that does not know it must refuse. DEFAULT FALSE.
    pub critical: bool,
    /// Content of the OCTET STRING.
    pub value: Vec<u8>,
}

/// How the standard writes the list in this place.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Tagging {
    /// SES_SealInfo: a plain SEQUENCE OF.
    Plain,
    /// TBS_Sign: `[0]` EXPLICIT.
    Explicit0,
}

/// The optional list, whichever way it is tagged.
pub(super) fn extensions(r: &mut Reader<'_, '_>, expected: Tagging) -> Result<Vec<SesExtension>, ParseError> {
    let ctx = r.ctx();
    match r.peek() {
        Some(Tag::SEQUENCE) => {
            let (node, inner) = r.sequence("extDatas")?;
            if expected == Tagging::Explicit0 {
                ctx.deviate("EXT_UNTAGGED", node.offset, "extDatas without its tag [0]");
            }
            list(inner)
        }
        Some(t) if t == Tag::context(0) => tagged(&r.any("extDatas")?, expected, ctx),
        _ => Ok(Vec::new()),
    }
}

fn tagged(node: &Node<'_>, expected: Tagging, ctx: &Ctx) -> Result<Vec<SesExtension>, ParseError> {
    let mut inner = node.reader(ctx)?;
    if expected == Tagging::Plain {
        ctx.deviate("EXT_TAGGED", node.offset, "extDatas carries a tag [0]");
    }
    if is_implicit(&inner) {
        ctx.deviate("EXT_IMPLICIT", node.offset, "the tag [0] of extDatas replaces the SEQUENCE tag");
        return list(inner);
    }
    let (_, seq) = inner.sequence("extDatas")?;
    inner.finish("extDatas")?;
    list(seq)
}

/// Under an IMPLICIT tag stand the entries themselves, so that the first SEQUENCE begins with an OID.
fn is_implicit(inner: &Reader<'_, '_>) -> bool {
    let mut probe = inner.clone();
    match probe.any("extDatas") {
        Ok(first) => {
            first.reader(inner.ctx()).ok().and_then(|r| r.peek()) == Some(Tag::OID) || !probe.is_empty()
        }
        Err(_) => true,
    }
}

fn list(mut r: Reader<'_, '_>) -> Result<Vec<SesExtension>, ParseError> {
    let ctx = r.ctx();
    let mut out: Vec<SesExtension> = Vec::new();
    while !r.is_empty() {
        let at = r.offset();
        if out.len() >= MAX_EXTENSIONS {
            return Err(ParseError::new(ParseErrorKind::Limit("entries of extDatas"), at, "extDatas"));
        }
        let (_, mut e) = r.sequence("ExtData")?;
        let oid = e.oid("extnID")?;
        // An omitted value means FALSE; signatures are checked over received bytes, so nothing is re-encoded.
        let critical = if e.peek() == Some(Tag::BOOLEAN) {
            let at = e.offset();
            let critical = e.boolean("critical")?;
            if !critical {
                ctx.deviate("EXT_CRITICAL_FALSE_WRITTEN", at, "a DEFAULT value is written out");
            }
            critical
        } else {
            false
        };
        let value = e.octets("extnValue")?.into_owned();
        e.finish("ExtData")?;
        if out.iter().any(|x| x.oid == oid) {
            ctx.deviate("EXT_DUPLICATE", at, format!("extension {oid} stands twice"));
        }
        out.push(SesExtension { oid, critical, value });
    }
    Ok(out)
}

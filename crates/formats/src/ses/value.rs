//! Fields that seals and signatures share: algorithm, signature value, timestamp.

use const_oid::ObjectIdentifier;

use crate::der::{Ctx, Node, ParseError, ParseErrorKind, Reader, Tag};

use super::sm2_value;

/// SM2 with SM3, GB/T 33560.
pub(super) const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");

/// The signature algorithm's OID; an AlgorithmIdentifier in its place is named.
pub(super) fn algorithm<'a>(r: &mut Reader<'a, '_>) -> Result<(Node<'a>, ObjectIdentifier), ParseError> {
    const WHAT: &str = "signatureAlgorithm";
    if r.peek() == Some(Tag::SEQUENCE) {
        let (node, mut inner) = r.sequence(WHAT)?;
        let oid = inner.oid(WHAT)?;
        r.ctx().deviate("ALGORITHM_IDENTIFIER", node.offset, "an AlgorithmIdentifier stands for the OID");
        return Ok((node, oid));
    }
    let node = r.expect(Tag::OID, WHAT)?;
    Ok((node, node.oid(WHAT)?))
}

/// Bytes of a BIT STRING; an OCTET STRING in its place is named with `code`.
pub(super) fn bits(
    r: &mut Reader<'_, '_>,
    code: &'static str,
    what: &'static str,
) -> Result<Vec<u8>, ParseError> {
    if r.peek() == Some(Tag::OCTET_STRING) {
        r.ctx().deviate(code, r.offset(), format!("{what} is an OCTET STRING"));
        return Ok(r.octets(what)?.into_owned());
    }
    Ok(r.bits(what)?.1.to_vec())
}

/// The signature value; the shape of an SM2 value is looked at.
pub(super) fn signature(r: &mut Reader<'_, '_>, alg: &ObjectIdentifier) -> Result<Vec<u8>, ParseError> {
    let at = r.offset();
    let value = bits(r, "SIGNATURE_OCTET_STRING", "signature value")?;
    if *alg == SM2_WITH_SM3 {
        match sm2_value::split(&value) {
            Ok((_, _, Some(d))) => r.ctx().deviate(d.code, at, d.detail),
            Ok(_) => {}
            Err(e) => r.ctx().deviate("SIGNATURE_MALFORMED", at, e.to_string()),
        }
    }
    Ok(value)
}

/// `timeStamp [0] EXPLICIT BIT STRING OPTIONAL`, and what may stand instead.
pub(super) fn timestamp(r: &mut Reader<'_, '_>) -> Result<Option<Vec<u8>>, ParseError> {
    const WHAT: &str = "timeStamp";
    let ctx = r.ctx();
    let at = r.offset();
    match r.peek() {
        None => Ok(None),
        Some(t) if t == Tag::context(0) => explicit(&r.any(WHAT)?, ctx).map(Some),
        Some(t) if t == Tag::context_primitive(0) => {
            let node = r.any(WHAT)?;
            ctx.deviate("TIMESTAMP_IMPLICIT", at, "the tag [0] of timeStamp replaces the BIT STRING tag");
            match node.content.split_first() {
                Some((0, token)) => Ok(Some(token.to_vec())),
                _ => {
                    Err(ParseError::new(ParseErrorKind::Value("BIT STRING must hold whole bytes"), at, WHAT))
                }
            }
        }
        Some(Tag::BIT_STRING) => {
            ctx.deviate("TIMESTAMP_UNTAGGED", at, "timeStamp without its tag [0]");
            Ok(Some(r.bits(WHAT)?.1.to_vec()))
        }
        Some(t) => Err(ParseError::new(
            ParseErrorKind::UnexpectedTag { expected: "[0] timeStamp", found: t.0 },
            at,
            WHAT,
        )),
    }
}

fn explicit(node: &Node<'_>, ctx: &Ctx) -> Result<Vec<u8>, ParseError> {
    const WHAT: &str = "timeStamp";
    let mut inner = node.reader(ctx)?;
    let token = match inner.peek() {
        Some(Tag::SEQUENCE) => {
            ctx.deviate("TIMESTAMP_NOT_BIT_STRING", inner.offset(), "the token stands outside a BIT STRING");
            inner.any(WHAT)?.raw.to_vec()
        }
        _ => bits(&mut inner, "TIMESTAMP_NOT_BIT_STRING", WHAT)?,
    };
    inner.finish(WHAT)?;
    Ok(token)
}

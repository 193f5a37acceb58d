//! Annotated trees of seals, signatures, certificates, lists, tokens and any other DER.
//!
//! Every value is shown with its position, its name in the standard, a readable content and what deviates. Private
//! keys are recognized and their secret parts are never shown.

mod build;
mod kind;
mod oid_name;
mod render;
mod schema;
mod schema_cms;
mod schema_extension;
mod schema_oid;
mod schema_ses;
mod schema_x509;
mod tree;
mod value;

pub use kind::Kind;
pub use render::Lang;
pub use tree::{FieldName, NamedDeviation, Part, Problem, Tree, TreeNode};

use crate::der::{Ctx, Deviation, Limits, Node, ParseError, Reader, Tag};
use crate::{cms, crl, ocsp, pem, ses, x509};

use build::{Builder, attach};

/// Most PEM blocks shown.
const MAX_PARTS: usize = 256;
/// Most bytes of text before the first armor.
const MAX_PREAMBLE: usize = 64 << 10;

/// Reads DER or PEM and names what is in it. `hint` says what it should be; without it the outline tells.
///
/// # Errors
/// A [`ParseError`] where the bytes are no DER, or where a limit is reached. Bytes that are DER but not the structure
/// they should be give a tree with a [`Problem`].
pub fn inspect(bytes: &[u8], hint: Option<Kind>, limits: &Limits) -> Result<Tree, ParseError> {
    // DER of any kind is shown here; a PEM file begins with text.
    let armored = bytes.windows(11).take(MAX_PREAMBLE).any(|w| w == b"-----BEGIN ");
    if bytes.first() == Some(&Tag::SEQUENCE.0) || !armored {
        return Ok(Tree { parts: vec![part(bytes, None, hint, limits)?] });
    }
    let mut parts = Vec::new();
    for block in pem::parse_pem_or_der(bytes, limits)?.into_iter().take(MAX_PARTS) {
        parts.push(part(&block.der, Some(block.label), hint, limits)?);
    }
    Ok(Tree { parts })
}

fn part(der: &[u8], label: Option<String>, hint: Option<Kind>, limits: &Limits) -> Result<Part, ParseError> {
    let ctx = Ctx::new(limits);
    let mut outer = Reader::new(der, &ctx)?;
    let first = outer.any("input")?;
    let kind = hint.unwrap_or_else(|| Kind::detect(&first, &ctx));
    let hidden = label.as_deref().is_some_and(|l| l.ends_with("PRIVATE KEY") && !l.contains("ENCRYPTED"));
    let kind = if hidden { Kind::PrivateKey } else { kind };
    let mut builder = Builder::new(limits);
    let mut nodes = vec![builder.node(&first, &ctx, kind.field(&first, &ctx), None)?];
    let mut rest = Vec::new();
    while !outer.is_empty() {
        let (at, left) = (outer.offset(), outer.remaining().len());
        let next = Some(kind).filter(|k| *k == Kind::Der).and_then(|_| outer.any("input").ok());
        match next.and_then(|n| builder.node(&n, &ctx, None, None).ok()) {
            Some(node) => nodes.push(node),
            None => {
                let detail = format!("{left} bytes follow the structure");
                rest.push(Deviation { code: "TRAILING_BYTES", at, detail });
                break;
            }
        }
    }
    let (of_structure, problem) = structure(kind, der, &first, limits);
    let mut deviations: Vec<NamedDeviation> = Vec::new();
    for d in ctx.into_deviations().into_iter().chain(of_structure).chain(rest) {
        if let Some(left) = attach(&mut nodes, d.into())
            && !deviations.contains(&left)
        {
            deviations.push(left);
        }
    }
    Ok(Part { label, kind, length: der.len(), nodes, deviations, problem })
}

/// What the reader of the structure itself says of it.
fn structure(kind: Kind, der: &[u8], first: &Node<'_>, limits: &Limits) -> (Vec<Deviation>, Option<Problem>) {
    let result = match kind {
        Kind::Seal => ses::Seal::parse(der, limits).map(|s| s.deviations),
        Kind::SesSignature => ses::SesSignature::parse(der, limits).map(|s| s.deviations),
        Kind::Certificate => x509::Certificate::parse(first.raw, limits).map(|c| c.deviations().to_vec()),
        Kind::Crl => crl::Crl::parse(first.raw, limits).map(|c| c.deviations().to_vec()),
        Kind::SignedData => cms::SignedData::parse(first.raw, limits).map(|c| c.deviations().to_vec()),
        Kind::OcspResponse => ocsp::OcspResponse::parse(first.raw, limits).map(|c| c.deviations().to_vec()),
        _ => Ok(Vec::new()),
    };
    match result {
        Ok(deviations) => (deviations, None),
        Err(e) => (Vec::new(), Some(e.into())),
    }
}

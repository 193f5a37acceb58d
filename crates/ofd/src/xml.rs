//! XML parts under limits: no document type, bounded depth, attributes, namespaces and nodes.

use memchr::{memchr, memchr3, memmem};
use roxmltree::{Document, Node, ParsingOptions};

use crate::anomaly::{Findings, Severity};
use crate::error::OfdError;
use crate::limits::Limits;

/// The namespace of GB/T 33190-2016.
pub const NAMESPACE: &str = "http://www.ofdspec.org/2016";

/// Parses one part within limits; the tree borrows from `bytes`.
///
/// # Errors
/// [`OfdError::Xml`], [`OfdError::Dtd`], [`OfdError::Limit`].
pub fn parse<'a>(path: &str, bytes: &'a [u8], limits: &Limits) -> Result<Document<'a>, OfdError> {
    let fail = |detail: String| OfdError::Xml { path: path.to_owned(), detail };
    let text = std::str::from_utf8(bytes)
        .map_err(|error| fail(format!("not UTF-8 from byte {} on", error.valid_up_to())))?;
    prescan(path, bytes, limits)?;
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: limits.max_xml_nodes, ..ParsingOptions::default() };
    Document::parse_with_options(text, options)
        .map_err(|error| fail(format!("XML cannot be parsed: {error}")))
}

/// One pass over the bytes that bounds what the tree builder may be made to do; it judges no well-formedness.
pub(crate) fn prescan(path: &str, bytes: &[u8], limits: &Limits) -> Result<(), OfdError> {
    let too_much = |what: &'static str, found: usize, limit: usize| OfdError::Limit {
        what,
        found: found as u64,
        limit: limit as u64,
    };
    let mut namespaces_at: Vec<usize> = Vec::new();
    let mut namespaces = 0usize;
    let mut at = 0usize;
    while let Some(open) = find(bytes, at, b"<") {
        let rest = bytes.get(open..).unwrap_or(&[]);
        let after = |needle: &[u8]| find(bytes, open, needle).map(|end| end.saturating_add(needle.len()));
        let skipped = match rest {
            [b'<', b'!', b'-', b'-', ..] => after(b"-->"),
            [b'<', b'!', b'[', ..] => after(b"]]>"),
            [b'<', b'!', ..] => return Err(OfdError::Dtd { path: path.to_owned(), at: open as u64 }),
            [b'<', b'?', ..] => after(b"?>"),
            [b'<', b'/', ..] => {
                namespaces = namespaces.saturating_sub(namespaces_at.pop().unwrap_or(0));
                after(b">")
            }
            _ => {
                let tag = tag(bytes, open);
                if tag.attributes > limits.max_xml_attributes {
                    return Err(too_much(
                        "the number of attributes of one element",
                        tag.attributes,
                        limits.max_xml_attributes,
                    ));
                }
                let in_scope = namespaces.saturating_add(tag.namespaces);
                if in_scope > limits.max_xml_namespaces {
                    return Err(too_much(
                        "the number of namespaces in scope",
                        in_scope,
                        limits.max_xml_namespaces,
                    ));
                }
                if !tag.empty {
                    namespaces = in_scope;
                    namespaces_at.push(tag.namespaces);
                    if namespaces_at.len() > limits.max_xml_depth {
                        return Err(too_much(
                            "the depth of XML nesting",
                            namespaces_at.len(),
                            limits.max_xml_depth,
                        ));
                    }
                }
                Some(tag.end)
            }
        };
        match skipped {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(())
}

struct Tag {
    end: usize,
    empty: bool,
    attributes: usize,
    namespaces: usize,
}

/// Scans one start tag from its `<`.
fn tag(bytes: &[u8], open: usize) -> Tag {
    let mut tag = Tag { end: bytes.len(), empty: false, attributes: 0, namespaces: 0 };
    let mut at = open;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr3(b'"', b'\'', b'>', rest)) {
        let mark = at.saturating_add(found);
        let before = bytes.get(at..mark).unwrap_or(&[]);
        match bytes.get(mark) {
            Some(b'>') => {
                tag.end = mark.saturating_add(1);
                tag.empty = before.ends_with(b"/");
                return tag;
            }
            Some(quote) => {
                tag.attributes = tag.attributes.saturating_add(1);
                // Of the first attribute, the element's name stands before it.
                let word = before.rsplit(|byte| byte.is_ascii_whitespace()).find(|word| word.len() > 1);
                if word.is_some_and(|word| word.starts_with(b"xmlns")) {
                    tag.namespaces = tag.namespaces.saturating_add(1);
                }
                let inside = mark.saturating_add(1);
                match bytes.get(inside..).and_then(|rest| memchr(*quote, rest)) {
                    Some(len) => at = inside.saturating_add(len).saturating_add(1),
                    None => return tag,
                }
            }
            None => return tag,
        }
    }
    tag
}

fn find(bytes: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    let hay = bytes.get(from..)?;
    let found = match needle {
        [one] => memchr(*one, hay),
        _ => memmem::find(hay, needle),
    };
    found.map(|at| from.saturating_add(at))
}

/// Child elements of this local name, whatever their namespace.
pub(crate) fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The first child element of this local name.
pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// All character data directly inside an element, trimmed; comments do not split it.
pub(crate) fn text(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    for part in node.children().filter(|child| child.is_text()) {
        out.push_str(part.text().unwrap_or(""));
    }
    let trimmed = out.trim();
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

/// Character data of the first child of this name, where not empty.
pub(crate) fn child_text(node: Node<'_, '_>, name: &'static str) -> Option<String> {
    child(node, name).map(text).filter(|text| !text.is_empty())
}

/// An attribute without namespace.
pub(crate) fn attribute(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.attribute(name).map(str::to_owned)
}

/// The position of a node in its part.
pub(crate) fn position(node: Node<'_, '_>) -> u64 {
    node.range().start as u64
}

/// Checks the root element's name and notes a foreign namespace.
pub(crate) fn root<'a, 'i>(
    tree: &'a Document<'i>,
    name: &'static str,
    path: &str,
    findings: &mut Findings,
) -> Result<Node<'a, 'i>, OfdError> {
    let root = tree.root_element();
    if root.tag_name().name() != name {
        return Err(OfdError::Structure {
            path: path.to_owned(),
            detail: format!(
                "the root element is {:?}, {name} is expected",
                crate::path::shorten(root.tag_name().name())
            ),
        });
    }
    if root.tag_name().namespace() != Some(NAMESPACE) {
        findings.push(
            Severity::Note,
            "XML_NAMESPACE",
            Some(path),
            position(root),
            format!("the namespace is {:?}, not {NAMESPACE}", root.tag_name().namespace().unwrap_or("")),
        );
    }
    Ok(root)
}

/// Reports a second element where the standard allows one.
pub(crate) fn single(
    node: Node<'_, '_>,
    name: &'static str,
    severity: Severity,
    code: &'static str,
    path: &str,
    findings: &mut Findings,
) {
    if let Some(second) = children(node, name).nth(1) {
        let detail = format!("{name} stands more than once in {}", node.tag_name().name());
        findings.push(severity, code, Some(path), position(second), detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(xml: &str) -> &'static str {
        match parse("/x.xml", xml.as_bytes(), &Limits::default()) {
            Ok(_) => "ok",
            Err(error) => error.code(),
        }
    }

    #[test]
    fn rejects_document_types_and_entities() {
        assert_eq!(code("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "XML_DTD");
        assert_eq!(code("<!-- x --><!doctype a><a/>"), "XML_DTD");
        assert_eq!(code("<a>&b;</a>"), "XML_MALFORMED");
    }

    #[test]
    fn rejects_deep_wide_and_namespace_heavy_trees() {
        let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
        assert_eq!(code(&deep), "PACKAGE_LIMIT");
        let wide: String = (0..300).map(|n| format!(" a{n}='1'")).collect();
        assert_eq!(code(&format!("<a{wide}/>")), "PACKAGE_LIMIT");
        let spaces: String = (0..70).map(|n| format!("<a xmlns:n{n}='u{n}'>")).collect();
        assert_eq!(code(&spaces), "PACKAGE_LIMIT");
    }

    #[test]
    fn accepts_many_siblings_that_each_declare_a_namespace() {
        let many: String = (0..1000).map(|n| format!("<b xmlns='u{}'><c/></b>", n % 7)).collect();
        assert_eq!(code(&format!("<a>{many}</a>")), "ok");
    }

    #[test]
    fn angle_brackets_in_attributes_comments_and_cdata_do_not_mislead_the_scan() {
        assert_eq!(code("<a b='>' c=\"/>\"><!-- <d> --><![CDATA[<e>]]></a>"), "ok");
    }

    #[test]
    fn text_joins_what_a_comment_splits() {
        let tree = Document::parse("<a> 1.2<!-- x -->.3 </a>").unwrap();
        assert_eq!(text(tree.root_element()), "1.2.3");
    }
}

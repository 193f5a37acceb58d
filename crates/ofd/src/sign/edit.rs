//! Minimal edits of XML text: what is not concerned keeps every byte.

use quick_xml::escape::escape;
use roxmltree::Node;

use super::error::SignError;
use crate::document::{DocBody, ENTRY_POINT};
use crate::limits::Limits;
use crate::signature_list::{SignatureKind, SignatureList};
use crate::xml;

/// Replaces the bytes of a range by text.
struct Edit {
    range: std::ops::Range<usize>,
    text: String,
}

fn apply(raw: &[u8], mut edits: Vec<Edit>) -> Vec<u8> {
    // An insertion right before a replaced element comes first.
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let added: usize = edits.iter().map(|edit| edit.text.len()).sum();
    let mut out = Vec::with_capacity(raw.len().saturating_add(added));
    let mut at = 0usize;
    for edit in edits {
        out.extend_from_slice(raw.get(at..edit.range.start).unwrap_or(&[]));
        out.extend_from_slice(edit.text.as_bytes());
        at = edit.range.end;
    }
    out.extend_from_slice(raw.get(at..).unwrap_or(&[]));
    out
}

/// The prefix an element is written with, colon included: what is in scope for its children too.
fn prefix(raw: &[u8], node: Node<'_, '_>) -> String {
    let start = node.range().start.saturating_add(1);
    let name: Vec<u8> = raw
        .get(start..)
        .unwrap_or(&[])
        .iter()
        .copied()
        .take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/'))
        .collect();
    match name.iter().position(|byte| *byte == b':') {
        Some(at) => String::from_utf8_lossy(name.get(..=at).unwrap_or(&[])).into_owned(),
        None => String::new(),
    }
}

/// `OFD.xml` with `Signatures` named in the document of this index.
pub(crate) fn name_signatures(
    raw: &[u8],
    body: &DocBody,
    list_path: &str,
    limits: &Limits,
) -> Result<Vec<u8>, SignError> {
    let tree = xml::parse(ENTRY_POINT, raw, limits)?;
    let fail = |detail: &str| SignError::Edit { path: ENTRY_POINT.into(), detail: detail.to_owned() };
    let node = xml::children(tree.root_element(), "DocBody")
        .nth(body.index)
        .ok_or_else(|| fail("the document entry is gone"))?;
    let prefix = prefix(raw, node);
    let element = format!("<{prefix}Signatures>{}</{prefix}Signatures>", escape(list_path));
    // An empty element of that name is filled; otherwise the schema's order is kept: DocRoot, Versions, Signatures.
    let range = match xml::child(node, "Signatures") {
        Some(empty) => empty.range(),
        None => {
            let before = xml::child(node, "Versions")
                .or_else(|| xml::child(node, "DocRoot"))
                .ok_or_else(|| fail("no DocRoot"))?;
            before.range().end..before.range().end
        }
    };
    Ok(apply(raw, vec![Edit { range, text: element }]))
}

/// A record to add to the signature list.
pub(crate) struct NewRecord<'a> {
    pub id: &'a str,
    pub kind: SignatureKind,
    pub path: &'a str,
    pub relative: Option<&'a str>,
    pub max_sign_id: &'a str,
}

impl NewRecord<'_> {
    fn element(&self, prefix: &str) -> String {
        let relative = match self.relative {
            Some(id) => format!(" Relative=\"{}\"", escape(id)),
            None => String::new(),
        };
        format!(
            "<{prefix}Signature ID=\"{}\" Type=\"{}\" BaseLoc=\"{}\"{relative}/>",
            escape(self.id),
            self.kind.as_str(),
            escape(self.path),
        )
    }
}

/// A signature list with one record.
pub(crate) fn first_list(record: &NewRecord<'_>) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:Signatures xmlns:ofd=\"{}\"><ofd:MaxSignId>{}</ofd:MaxSignId>{}</ofd:Signatures>",
        xml::NAMESPACE,
        escape(record.max_sign_id),
        record.element("ofd:"),
    )
    .into_bytes()
}

/// The signature list with one record more and the highest ID raised.
pub(crate) fn extend_list(
    list: &SignatureList,
    record: &NewRecord<'_>,
    limits: &Limits,
) -> Result<Vec<u8>, SignError> {
    let raw = &list.raw;
    let tree = xml::parse(&list.path, raw, limits)?;
    let root = tree.root_element();
    let prefix = prefix(raw, root);
    let mut edits = Vec::new();
    let maximum = format!("<{prefix}MaxSignId>{}</{prefix}MaxSignId>", escape(record.max_sign_id));
    let mut text = record.element(&prefix);
    let mut after = None;
    for node in xml::children(root, "MaxSignId") {
        edits.push(Edit { range: node.range(), text: maximum.clone() });
    }
    if edits.is_empty() {
        text.push_str(&maximum);
    }
    for node in root.children().filter(Node::is_element) {
        after = Some(node.range().end);
    }
    // Behind the last record, or behind whatever stands in the list.
    if let Some(last) = xml::children(root, "Signature").last() {
        after = Some(last.range().end);
    }
    let edit = match after {
        Some(at) => Edit { range: at..at, text },
        None => empty_root(raw, root, &prefix, &text),
    };
    edits.push(edit);
    Ok(apply(raw, edits))
}

/// For a list without any element: `<p:Signatures/>` is opened, `<p:Signatures></p:Signatures>` is filled.
fn empty_root(raw: &[u8], root: Node<'_, '_>, prefix: &str, text: &str) -> Edit {
    let end = root.range().end;
    let start = root.range().start;
    let source = raw.get(start..end).unwrap_or(&[]);
    if source.ends_with(b"/>") {
        let range = end.saturating_sub(2)..end;
        return Edit { range, text: format!(">{text}</{prefix}Signatures>") };
    }
    let close = source.iter().rposition(|byte| *byte == b'<').unwrap_or(0);
    let at = start.saturating_add(close);
    Edit { range: at..at, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn ofd(xml: &str) -> Result<String, SignError> {
        let limits = Limits::default();
        let document = Document::parse(xml.as_bytes().to_vec(), &limits, &|_| true).unwrap();
        let body = document.bodies.last().unwrap();
        name_signatures(&document.raw, body, "/D/Signs/Signatures.xml", &limits)
            .map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn names_the_list_behind_doc_root_with_the_prefix_of_the_file() {
        let out =
            ofd("<o:OFD xmlns:o='u'>\n <o:DocBody><o:DocRoot>D/D.xml</o:DocRoot>\n</o:DocBody></o:OFD>")
                .unwrap();
        assert!(out.contains(
            "D/D.xml</o:DocRoot><o:Signatures>/D/Signs/Signatures.xml</o:Signatures>\n</o:DocBody>"
        ));
        let out =
            ofd("<OFD xmlns='u'><DocBody><DocRoot>D/D.xml</DocRoot><Versions/></DocBody></OFD>").unwrap();
        assert!(out.contains("<Versions/><Signatures>"));
    }

    #[test]
    fn fills_an_empty_element_and_the_right_document() {
        let out = ofd("<OFD><DocBody><DocRoot>a</DocRoot><Signatures/></DocBody></OFD>").unwrap();
        assert_eq!(out.matches("<Signatures").count(), 1);
        let out =
            ofd("<OFD><DocBody><DocRoot>a</DocRoot></DocBody><DocBody><DocRoot>b</DocRoot></DocBody></OFD>")
                .unwrap();
        assert!(out.contains("<DocRoot>b</DocRoot><Signatures>"));
        assert!(!out.contains("<DocRoot>a</DocRoot><Signatures>"));
    }

    fn extended(xml: &str) -> SignatureList {
        let limits = Limits::default();
        let list = SignatureList::parse("/S.xml", xml.as_bytes().to_vec(), &limits, &|_| true).unwrap();
        let record = NewRecord {
            id: "s003",
            kind: SignatureKind::Sign,
            path: "/D/Signs/Sign_1/Signature.xml",
            relative: Some("s001"),
            max_sign_id: "s004",
        };
        let raw = extend_list(&list, &record, &limits).unwrap();
        SignatureList::parse("/S.xml", raw, &limits, &|_| true).unwrap()
    }

    #[test]
    fn extends_lists_of_every_shape() {
        let shapes = [
            "<o:Signatures xmlns:o='u'/>",
            "<o:Signatures xmlns:o='u'></o:Signatures>",
            "<o:Signatures xmlns:o='u'><!-- none --> </o:Signatures >",
            "<Signatures><MaxSignId>s001</MaxSignId></Signatures>",
            "<Signatures>\n<Signature ID='s001' BaseLoc='a'/>\n<MaxSignId>s001</MaxSignId>\n</Signatures>",
            "<Signatures><MaxSignId/><Signature ID='s001' BaseLoc='a'></Signature><MaxSignId>s009</MaxSignId></Signatures>",
        ];
        for shape in shapes {
            let list = extended(shape);
            let last = list.records.last().unwrap();
            assert_eq!((last.id.as_str(), last.relative.as_deref()), ("s003", Some("s001")), "{shape}");
            assert_eq!(last.kind, SignatureKind::Sign);
            assert_eq!(list.max_sign_id.as_deref(), Some("s004"), "{shape}");
        }
    }

    #[test]
    fn keeps_every_other_byte_of_the_list() {
        let before = "<Signatures>\n  <MaxSignId>s002</MaxSignId>\n  <Signature ID='s001'   BaseLoc='a'/>\n</Signatures>\n";
        let after = String::from_utf8(extended(before).raw).unwrap();
        let expected = before
            .replace("s002", "s004")
            .replace("BaseLoc='a'/>", "BaseLoc='a'/><Signature ID=\"s003\" Type=\"Sign\" BaseLoc=\"/D/Signs/Sign_1/Signature.xml\" Relative=\"s001\"/>");
        assert_eq!(after, expected);
    }
}

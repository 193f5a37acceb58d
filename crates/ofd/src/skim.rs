//! What matters here of a page's content, without building a tree of its thousands of glyph runs.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::error::OfdError;
use crate::geometry::Rect;
use crate::limits::Limits;

/// What a page or template content part names.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct PageSkim {
    pub physical_box: Option<Rect>,
    /// IDs of templates used.
    pub templates: Vec<String>,
    /// Locations of page resources, as written.
    pub resources: Vec<String>,
}

pub(crate) fn page(path: &str, content: &[u8], limits: &Limits) -> Result<PageSkim, OfdError> {
    let text = std::str::from_utf8(content).map_err(|error| OfdError::Xml {
        path: path.to_owned(),
        detail: format!("not UTF-8 from byte {} on", error.valid_up_to()),
    })?;
    let mut reader = Reader::from_str(text);
    let fail = |error: &dyn std::fmt::Display, at: u64| OfdError::Xml {
        path: path.to_owned(),
        detail: format!("XML cannot be parsed near byte {at}: {error}"),
    };
    let mut skim = PageSkim::default();
    // Local names of the open elements; content below `Content` is skipped as one.
    let mut open: Vec<String> = Vec::new();
    let mut words = String::new();
    loop {
        let event = reader.read_event().map_err(|error| fail(&error, reader.error_position()))?;
        match event {
            Event::Eof => break,
            Event::DocType(_) => {
                return Err(OfdError::Dtd { path: path.to_owned(), at: reader.buffer_position() });
            }
            Event::Start(start) => {
                let name = local(&start);
                if open.len() == 1 && name == "Content" {
                    reader
                        .read_to_end(start.name())
                        .map_err(|error| fail(&error, reader.error_position()))?;
                    continue;
                }
                template(&start, &open, &name, &mut skim);
                open.push(name);
                if open.len() > limits.max_xml_depth {
                    return Err(OfdError::Limit {
                        what: "the depth of XML nesting",
                        found: open.len() as u64,
                        limit: limits.max_xml_depth as u64,
                    });
                }
                words.clear();
            }
            Event::Empty(start) => template(&start, &open, &local(&start), &mut skim),
            Event::End(_) => {
                let names: Vec<&str> = open.iter().skip(1).map(String::as_str).collect();
                match names.as_slice() {
                    ["Area", "PhysicalBox"] => skim.physical_box = Rect::parse(&words),
                    ["PageRes"] if !words.trim().is_empty() => skim.resources.push(words.trim().to_owned()),
                    _ => {}
                }
                words.clear();
                open.pop();
            }
            Event::Text(part) => words.push_str(&part),
            Event::CData(part) => words.push_str(&part),
            Event::GeneralRef(name) => words.push(character(&name).ok_or_else(|| {
                fail(&"a reference to an entity nobody declared", reader.buffer_position())
            })?),
            _ => {}
        }
    }
    if !open.is_empty() {
        return Err(fail(&"an element is never closed", content.len() as u64));
    }
    Ok(skim)
}

fn template(start: &BytesStart<'_>, open: &[String], name: &str, skim: &mut PageSkim) {
    if open.len() == 1 && name == "Template" {
        // Without the check for duplicates, which is quadratic in the number of attributes.
        for attribute in start.attributes().with_checks(false).flatten() {
            if attribute.key.local_name().as_ref() == "TemplateID" {
                skim.templates.push(attribute.value.into_owned());
            }
        }
    }
}

/// A character reference or one of the five entities of XML itself; others cannot be declared without a document type.
fn character(name: &BytesRef<'_>) -> Option<char> {
    match &**name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.resolve_char_ref().ok().flatten(),
    }
}

fn local(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_area_templates_and_resources_in_any_order() {
        let xml = r#"<o:Page xmlns:o="u"><o:Content><o:Layer><o:Area><o:PhysicalBox>9 9 9 9</o:PhysicalBox></o:Area></o:Layer>
            </o:Content><o:Template TemplateID="7"/><o:PageRes>Res.xml</o:PageRes>
            <o:Area><o:PhysicalBox>0 0 100 50</o:PhysicalBox></o:Area></o:Page>"#;
        let skim = page("/p.xml", xml.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(skim.physical_box, Some(Rect::new(0.0, 0.0, 100.0, 50.0)));
        assert_eq!(skim.templates, ["7"]);
        assert_eq!(skim.resources, ["Res.xml"]);
    }

    #[test]
    fn rejects_pages_that_are_no_xml() {
        for bytes in [&b"<a><b></a>"[..], b"<a", b"<!DOCTYPE a><a/>", b"<a>\xff</a>", b"<a><b>"] {
            assert!(page("/p.xml", bytes, &Limits::default()).is_err(), "{bytes:?}");
        }
    }
}

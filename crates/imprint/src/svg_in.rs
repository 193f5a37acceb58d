//! SVG from outside, taken only where it is plain shapes.
//!
//! Looked at as XML before `usvg` sees it: elements that draw anything but shapes (text, pictures, masks, patterns) are refused
//! by name, and so is `use`, whose copies of copies grow without bound.

use roxmltree::{Document, Node as XmlNode, ParsingOptions};
use usvg::{ImageHrefResolver, Options, Tree};

/// Largest document, in bytes.
pub(crate) const MAX_SVG: usize = 1 << 20;
const MAX_NODES: u32 = 50_000;
const MAX_DEPTH: usize = 64;
/// Elements that are shapes, groups of them, or say something about them.
const KNOWN: [&str; 12] = [
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc",
    "metadata",
];

/// Reads `text`, or says why not.
pub(crate) fn read(text: &str) -> Result<Tree, String> {
    if text.len() > MAX_SVG {
        return Err(format!("the SVG is larger than {MAX_SVG} bytes"));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..Default::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| error.to_string())?;
    document.root().descendants().try_for_each(|node| vet(&node))?;
    let nothing =
        ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
    let options = Options { image_href_resolver: nothing, ..Options::default() };
    Tree::from_xmltree(&document, &options).map_err(|error| error.to_string())
}

fn vet(node: &XmlNode<'_, '_>) -> Result<(), String> {
    // What reads the shapes later follows nesting by calling itself.
    if node.ancestors().take(MAX_DEPTH.saturating_add(2)).count() > MAX_DEPTH {
        return Err(format!("elements are nested deeper than {MAX_DEPTH}"));
    }
    let name = node.tag_name();
    // Other programs keep notes of their own in other namespaces; nobody draws those.
    if !node.is_element() || name.namespace() != Some("http://www.w3.org/2000/svg") {
        return Ok(());
    }
    let empty_defs = name.name() == "defs" && !node.children().any(|n| n.is_element());
    if !empty_defs && !KNOWN.contains(&name.name()) {
        let shown: String = name.name().chars().take(40).collect();
        return Err(format!("the SVG holds <{shown}>: only shapes are taken, turn it into paths"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>"#)
    }

    #[test]
    fn takes_shapes_and_notes_of_other_programs() {
        let text = svg(r#"<title>t</title><defs/><g><circle r="3"/></g><x:note xmlns:x="urn:x"/>"#);
        assert!(read(&text).is_ok());
    }

    #[test]
    fn refuses_by_name_what_is_no_shape() {
        for element in ["use", "image", "text", "mask", "style", "script", "foreignObject", "filter"] {
            let error = read(&svg(&format!("<{element}/>"))).unwrap_err();
            assert!(error.contains(&format!("<{element}>")), "{error}");
        }
    }

    #[test]
    fn refuses_bombs_before_they_are_read() {
        let deep = [r#"<g a="/>">"#.repeat(20_000), "</g>".repeat(20_000)].concat();
        assert!(read(&svg(&deep)).unwrap_err().contains("nested"));
        assert!(read(&svg(&"<g/>".repeat(60_000))).is_err());
        assert!(read(&" ".repeat(MAX_SVG + 1)).unwrap_err().contains("larger"));
        let bomb = "<!DOCTYPE s [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><svg xmlns='http://www.w3.org/2000/svg'>&b;</svg>";
        assert!(read(bomb).is_err());
    }
}

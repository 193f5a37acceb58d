//! XML parts as a tree of their own, so that resources can be kept and used on several pages.

use roxmltree::Node;
use yinxin_ofd::{Limits, OfdError, parse_xml};

/// An element by its local name: vendors differ in prefixes, and some forget the namespace.
#[derive(Debug, Default, Clone)]
pub(crate) struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// Character data directly inside, as written.
    pub text: String,
}

impl Element {
    pub fn parse(path: &str, bytes: &[u8], limits: &Limits) -> Result<Self, OfdError> {
        let tree = parse_xml(path, bytes, limits)?;
        Ok(Self::from_node(tree.root_element()))
    }

    // As deep as the XML, which the limits bound.
    fn from_node(node: Node<'_, '_>) -> Self {
        let mut element = Self {
            name: node.tag_name().name().to_owned(),
            attributes: node.attributes().map(|a| (a.name().to_owned(), a.value().to_owned())).collect(),
            ..Self::default()
        };
        for child in node.children() {
            if child.is_element() {
                element.children.push(Self::from_node(child));
            } else if child.is_text() {
                element.text.push_str(child.text().unwrap_or(""));
            }
        }
        element
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn all<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }

    /// A finite number.
    pub fn number(&self, name: &str) -> Option<f32> {
        number(self.attribute(name)?)
    }

    /// `true`, `false`, `1`, `0`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.attribute(name)?.trim() {
            "true" | "1" | "True" | "TRUE" => Some(true),
            "false" | "0" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }
}

/// A finite number.
pub(crate) fn number(text: &str) -> Option<f32> {
    text.trim().parse::<f32>().ok().filter(|value| value.is_finite())
}

/// Finite numbers between white space or commas; anything else is left out.
pub(crate) fn numbers(text: &str) -> Vec<f32> {
    words(text).filter_map(number).collect()
}

/// Words between white space or commas.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii_whitespace() || c == ',').filter(|word| !word.is_empty())
}

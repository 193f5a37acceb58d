//! Distinguished names and their comparison.

use std::fmt;

use const_oid::ObjectIdentifier;

use crate::der::{Ctx, Limits, Node, ParseError, ParseErrorKind, Reader, Tag, write};
use crate::oids;

/// One attribute of a name: type and value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAttribute {
    /// Attribute type.
    pub oid: ObjectIdentifier,
    /// Text of the value; `None` where it is no string type or cannot be decoded.
    pub text: Option<String>,
    /// The value as received, with header.
    pub raw: Vec<u8>,
}

/// Distinguished name (甄别名), RFC 5280 §4.1.2.4.
///
/// ```text
/// Name ::= SEQUENCE OF SET OF SEQUENCE { type OBJECT IDENTIFIER, value ANY }
/// ```
#[derive(Debug, Clone)]
pub struct Name {
    raw: Vec<u8>,
    rdns: Vec<Vec<NameAttribute>>,
}

/// Far more than any real name has; comparing takes the square of it.
const MAX_PARTS: usize = 64;

impl Name {
    /// Reads a name that stands alone.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let ctx = Ctx::new(limits);
        let mut r = Reader::new(bytes, &ctx)?;
        let node = r.expect(Tag::SEQUENCE, "Name")?;
        r.finish("Name")?;
        Self::read(&node, &ctx)
    }

    pub(crate) fn read(node: &Node<'_>, ctx: &Ctx) -> Result<Self, ParseError> {
        let mut rdns = Vec::new();
        let mut outer = node.reader(ctx)?;
        while !outer.is_empty() {
            let (at, mut set) = outer.set("RelativeDistinguishedName")?;
            if rdns.len() >= MAX_PARTS {
                let kind = ParseErrorKind::Limit("parts of a name");
                return Err(ParseError::new(kind, at.offset, "Name"));
            }
            let mut rdn = Vec::new();
            while !set.is_empty() {
                let (at, mut pair) = set.sequence("AttributeTypeAndValue")?;
                if rdn.len() >= MAX_PARTS {
                    let kind = ParseErrorKind::Limit("attributes of one part of a name");
                    return Err(ParseError::new(kind, at.offset, "Name"));
                }
                let oid = pair.oid("attribute type")?;
                let value = pair.any("attribute value")?;
                pair.finish("AttributeTypeAndValue")?;
                let text = text_of(&value);
                if text.is_none() {
                    ctx.deviate("NAME_NOT_TEXT", value.offset, format!("value of {oid} is no readable text"));
                }
                rdn.push(NameAttribute { oid, text, raw: value.raw.to_vec() });
            }
            rdns.push(rdn);
        }
        Ok(Self { raw: node.raw.to_vec(), rdns })
    }

    /// A name of single attributes in the order given (country first, common name last, as usual).
    ///
    /// Country, serial number and qualifier become PrintableString where the alphabet allows, e-mail and domain
    /// components IA5String, everything else UTF8String (RFC 5280 §4.1.2.4).
    pub fn build(attributes: &[(ObjectIdentifier, &str)]) -> Self {
        let mut raw = Vec::new();
        let mut rdns = Vec::new();
        for (oid, text) in attributes {
            let value = encode_value(oid, text);
            let pair = write::sequence(&[&write::oid(oid), &value]);
            raw.extend_from_slice(&write::set_of(vec![pair]));
            rdns.push(vec![NameAttribute { oid: *oid, text: Some((*text).to_owned()), raw: value }]);
        }
        Self { raw: write::tlv(Tag::SEQUENCE, &raw), rdns }
    }

    /// DER as received.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Whether the name holds no attribute.
    pub fn is_empty(&self) -> bool {
        self.rdns.iter().all(Vec::is_empty)
    }

    /// The relative names in encoded order.
    pub fn rdns(&self) -> &[Vec<NameAttribute>] {
        &self.rdns
    }

    /// Text of the last attribute of this type.
    pub fn get(&self, oid: &ObjectIdentifier) -> Option<&str> {
        self.rdns.iter().flatten().rev().find(|a| a.oid == *oid).and_then(|a| a.text.as_deref())
    }

    /// Common name, the most specific one.
    pub fn common_name(&self) -> Option<&str> {
        self.get(&oids::AT_COMMON_NAME)
    }

    /// Whether both are the same name: equal bytes, or equal after folding case and white space and ignoring the
    /// string type (RFC 5280 §7.1).
    pub fn matches(&self, other: &Self) -> bool {
        self.raw == other.raw || (self.rdns.len() == other.rdns.len() && other.is_within(self))
    }

    /// Whether this name lies in the subtree of `base`: its first relative names are those of `base`
    /// (RFC 5280 §4.2.1.10, directoryName constraints).
    pub fn is_within(&self, base: &Self) -> bool {
        self.rdns.len() >= base.rdns.len() && self.rdns.iter().zip(&base.rdns).all(|(a, b)| rdn_matches(a, b))
    }
}

/// Same set of attributes in any order.
fn rdn_matches(a: &[NameAttribute], b: &[NameAttribute]) -> bool {
    let mut left: Vec<_> = b.iter().collect();
    a.len() == b.len()
        && a.iter().all(|x| match left.iter().position(|y| attribute_matches(x, y)) {
            Some(i) => {
                left.swap_remove(i);
                true
            }
            None => false,
        })
}

fn attribute_matches(a: &NameAttribute, b: &NameAttribute) -> bool {
    a.oid == b.oid
        && (a.raw == b.raw
            || match (&a.text, &b.text) {
                (Some(x), Some(y)) => fold(x) == fold(y),
                _ => false,
            })
}

/// Case and white space folded.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

fn text_of(value: &Node<'_>) -> Option<String> {
    let string = matches!(
        value.tag,
        Tag::UTF8 | Tag::PRINTABLE | Tag::TELETEX | Tag::IA5 | Tag::BMP | Tag(0x12 | 0x1a | 0x1c)
    );
    if !string {
        return None;
    }
    if value.tag == Tag(0x1c) {
        // UniversalString: four bytes a character.
        let (chunks, rest) = value.content.as_chunks::<4>();
        let text = chunks.iter().map(|c| char::from_u32(u32::from_be_bytes(*c))).collect::<Option<_>>();
        return text.filter(|_| rest.is_empty());
    }
    value.text("attribute value").ok()
}

fn encode_value(oid: &ObjectIdentifier, text: &str) -> Vec<u8> {
    let printable = |b: u8| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b);
    let wants_printable = [oids::AT_COUNTRY, oids::AT_SERIAL_NUMBER, oids::AT_DN_QUALIFIER].contains(oid);
    if wants_printable && !text.is_empty() && text.bytes().all(printable) {
        write::printable(text)
    } else if [oids::AT_EMAIL, oids::AT_DOMAIN_COMPONENT].contains(oid) && text.is_ascii() {
        write::ia5(text)
    } else {
        write::utf8(text)
    }
}

fn short(oid: &ObjectIdentifier) -> Option<&'static str> {
    Some(match *oid {
        oids::AT_COMMON_NAME => "CN",
        oids::AT_SURNAME => "SN",
        oids::AT_SERIAL_NUMBER => "serialNumber",
        oids::AT_COUNTRY => "C",
        oids::AT_LOCALITY => "L",
        oids::AT_STATE => "ST",
        oids::AT_STREET => "STREET",
        oids::AT_ORGANIZATION => "O",
        oids::AT_ORGANIZATIONAL_UNIT => "OU",
        oids::AT_TITLE => "title",
        oids::AT_GIVEN_NAME => "GN",
        oids::AT_DN_QUALIFIER => "dnQualifier",
        oids::AT_DOMAIN_COMPONENT => "DC",
        oids::AT_USER_ID => "UID",
        oids::AT_EMAIL => "emailAddress",
        _ => return None,
    })
}

/// As RFC 4514: the most specific part (encoded last) first, `CN=…, O=…, C=…`; what could deceive a reader escaped.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, rdn) in self.rdns.iter().rev().enumerate() {
            for (j, attribute) in rdn.iter().enumerate() {
                f.write_str(match (i, j) {
                    (0, 0) => "",
                    (_, 0) => ", ",
                    _ => "+",
                })?;
                match short(&attribute.oid) {
                    Some(name) => f.write_str(name)?,
                    None => write!(f, "{}", attribute.oid)?,
                }
                f.write_str("=")?;
                match &attribute.text {
                    Some(text) => escape(f, text)?,
                    None => {
                        f.write_str("#")?;
                        attribute.raw.iter().try_for_each(|b| write!(f, "{b:02x}"))?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (i, c) in text.chars().enumerate() {
        let edge = (c == ' ' && (i == 0 || i == last)) || (c == '#' && i == 0);
        if edge || ",+\"\\<>;".contains(c) {
            write!(f, "\\{c}")?;
        } else if c.is_control() || is_direction_mark(c) {
            let mut utf8 = [0; 4];
            c.encode_utf8(&mut utf8).bytes().try_for_each(|b| write!(f, "\\{b:02X}"))?;
        } else {
            write!(f, "{c}")?;
        }
    }
    Ok(())
}

/// Marks that reorder or hide text on screen.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl PartialEq for Name {
    /// Equal bytes; see [`Name::matches`] for the comparison of the standard.
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Name {}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(cn_tag: Tag, cn: &[u8]) -> Name {
        let o = write::sequence(&[&write::oid(&oids::AT_ORGANIZATION), &write::utf8("示例 单位")]);
        let cn = write::sequence(&[&write::oid(&oids::AT_COMMON_NAME), &write::tlv(cn_tag, cn)]);
        let raw = write::sequence(&[&write::set_of(vec![o]), &write::set_of(vec![cn])]);
        Name::parse(&raw, &Limits::default()).unwrap()
    }

    #[test]
    fn matches_across_string_types_case_and_white_space() {
        let a = name(Tag::UTF8, b"Test  CA");
        assert!(a.matches(&name(Tag::PRINTABLE, b"test ca ")));
        assert!(a.matches(&name(Tag::BMP, b"\0T\0E\0S\0T\0 \0C\0A")));
        assert!(!a.matches(&name(Tag::UTF8, b"TestCA")));
        assert!(!a.matches(&Name::build(&[(oids::AT_COMMON_NAME, "Test CA")])));
    }

    #[test]
    fn a_name_lies_within_its_leading_part_only() {
        let whole = Name::build(&[(oids::AT_COUNTRY, "CN"), (oids::AT_COMMON_NAME, "甲")]);
        let base = Name::build(&[(oids::AT_COUNTRY, "cn")]);
        assert!(whole.is_within(&base) && !base.is_within(&whole));
        assert!(!whole.is_within(&Name::build(&[(oids::AT_COMMON_NAME, "甲")])));
    }

    #[test]
    fn built_names_read_back_the_same() {
        let built = Name::build(&[
            (oids::AT_COUNTRY, "CN"),
            (oids::AT_EMAIL, "a@b.cn"),
            (oids::AT_COMMON_NAME, "甲"),
        ]);
        let read = Name::parse(built.raw(), &Limits::default()).unwrap();
        assert_eq!(read.to_string(), "CN=甲, emailAddress=a@b.cn, C=CN");
        assert_eq!(read.rdns(), built.rdns());
        assert_eq!(read.common_name(), Some("甲"));
    }

    #[test]
    fn escapes_what_could_deceive_a_reader() {
        let n = Name::build(&[(oids::AT_COMMON_NAME, " a,O=b\u{202e}\n")]);
        assert_eq!(n.to_string(), "CN=\\ a\\,O=b\\E2\\80\\AE\\0A");
    }

    #[test]
    fn rejects_names_of_absurd_size() {
        let many = [(oids::AT_COMMON_NAME, "x"); 65];
        let e = Name::parse(Name::build(&many).raw(), &Limits::default()).unwrap_err();
        assert_eq!(e.code(), "DER_LIMIT");
        let pair = write::sequence(&[&write::oid(&oids::AT_COMMON_NAME), &write::utf8("x")]);
        let wide = write::sequence(&[&write::set_of(vec![pair; 65])]);
        assert_eq!(Name::parse(&wide, &Limits::default()).unwrap_err().code(), "DER_LIMIT");
    }

    #[test]
    fn keeps_values_that_are_no_text_and_compares_their_bytes() {
        let a = name(Tag::UTF8, &[0xff]);
        assert!(a.matches(&name(Tag::UTF8, &[0xff])) && !a.matches(&name(Tag::UTF8, &[0xfe])));
        assert!(a.to_string().starts_with("CN=#0c01ff"));
    }
}

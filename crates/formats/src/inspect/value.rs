//! Contents in readable form.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::oid_name;
use super::schema::Shape;
use crate::der::{Node, Tag};

/// Most bytes shown in hexadecimal.
const MAX_HEX: usize = 32;
/// Most characters of text shown.
const MAX_TEXT: usize = 200;

/// The content of a primitive value; empty where there is nothing to show.
pub(super) fn preview(node: &Node<'_>, shape: Shape) -> String {
    if matches!(shape, Shape::Secret) {
        return format!("(secret, {} bytes, not shown)", node.content.len());
    }
    match node.tag {
        Tag::BOOLEAN => match node.content {
            [0] => "FALSE".to_owned(),
            [_] => "TRUE".to_owned(),
            other => hex(other),
        },
        Tag::INTEGER | Tag::ENUMERATED => integer(node.content),
        Tag::NULL if node.content.is_empty() => String::new(),
        Tag::OID => oid(node),
        Tag::UTC_TIME | Tag::GENERALIZED_TIME => match node.time("time") {
            // A year 9999 beyond the clock type's range is read as its last moment: show what stands there.
            Ok(t) if t != Timestamp::MAX => t.to_string(),
            _ => text(&String::from_utf8_lossy(node.content)),
        },
        Tag::BIT_STRING => bits(node.content, shape),
        Tag::OCTET_STRING => bytes(node.content),
        _ if is_text(node.tag) => match node.text("text") {
            Ok(s) => text(&s),
            Err(_) => hex(node.content),
        },
        _ => bytes(node.content),
    }
}

fn is_text(tag: Tag) -> bool {
    matches!(tag.0, 0x0c | 0x12..=0x14 | 0x16 | 0x1a | 0x1b | 0x1e)
}

/// Decimal up to 64 bits, hexadecimal above.
fn integer(content: &[u8]) -> String {
    let Some(first) = content.first() else { return String::new() };
    match content {
        // The zero byte before 256-bit numbers would only push their end out of sight.
        [0, digits @ ..] if digits.len() > 8 => return hex(digits),
        _ if content.len() > 8 => return hex(content),
        _ => {}
    }
    let start = if first & 0x80 == 0 { 0 } else { -1i64 };
    content.iter().fold(start, |n, b| (n << 8) | i64::from(*b)).to_string()
}

fn oid(node: &Node<'_>) -> String {
    match node.oid("identifier") {
        Ok(oid) => match oid_name::name(&oid) {
            Some(name) => format!("{oid} ({name})"),
            None => oid.to_string(),
        },
        Err(_) => hex(node.content),
    }
}

fn bits(content: &[u8], shape: Shape) -> String {
    match (content.split_first(), shape) {
        (Some((_, flags)), Shape::Bits(names)) => {
            let set = |i: usize| flags.get(i / 8).is_some_and(|b| b & (0x80 >> (i % 8)) != 0);
            let named: Vec<&str> =
                names.iter().enumerate().filter(|(i, _)| set(*i)).map(|(_, n)| *n).collect();
            named.join(", ")
        }
        (Some((0, rest)), _) => bytes(rest),
        (Some((unused, rest)), _) => format!("{} ({unused} unused bits)", hex(rest)),
        (None, _) => String::new(),
    }
}

/// Text where all bytes are printing ASCII, hexadecimal otherwise.
fn bytes(content: &[u8]) -> String {
    let printing = |b: &u8| b.is_ascii_graphic() || *b == b' ';
    if content.len() >= 4 && content.iter().all(printing) {
        return text(&String::from_utf8_lossy(content));
    }
    hex(content)
}

fn hex(content: &[u8]) -> String {
    let mut out = String::new();
    for b in content.iter().take(MAX_HEX) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{b:02x}");
    }
    if content.len() > MAX_HEX {
        let _ = write!(out, "… ({} bytes)", content.len());
    }
    out
}

/// Quoted and cut to a length.
fn text(s: &str) -> String {
    let cut: String = s.chars().take(MAX_TEXT).collect();
    let more = if cut.len() < s.len() { "…" } else { "" };
    format!("\"{}{more}\"", cut.replace('\\', "\\\\").replace('"', "\\\"")).chars().map(visible).collect()
}

/// The text with everything escaped that could steer a terminal or turn the reading direction.
pub(super) fn harmless(s: &str) -> String {
    s.chars().map(visible).collect()
}

fn visible(c: char) -> String {
    let turns =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    if c.is_control() || turns { c.escape_default().to_string() } else { c.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_integers_as_decimal_or_hexadecimal() {
        assert_eq!(integer(&[0x7f]), "127");
        assert_eq!(integer(&[0x80]), "-128");
        assert_eq!(integer(&[0x80, 0, 0, 0, 0, 0, 0, 0]), i64::MIN.to_string());
        assert_eq!(integer(&[0xff; 8]), "-1");
        assert_eq!(integer(&[0, 0xff, 1, 1, 1, 1, 1, 1, 1]), "00ff01010101010101");
        assert_eq!(integer(&[0, 0xff, 1, 1, 1, 1, 1, 1, 1, 1]), "ff0101010101010101");
    }

    #[test]
    fn escapes_what_could_steer_a_terminal() {
        assert_eq!(text("a\u{1b}[2Jb\u{202e}c\"\\"), "\"a\\u{1b}[2Jb\\u{202e}c\\\"\\\\\"");
        assert_eq!(text("印章"), "\"印章\"");
        assert_eq!(text(&"x".repeat(300)).chars().count(), MAX_TEXT + 3);
    }

    #[test]
    fn cuts_long_bytes_and_says_how_many_there_are() {
        assert_eq!(hex(&[0xab; 33]), format!("{}… (33 bytes)", "ab".repeat(32)));
        assert_eq!(bytes(b"SM3 name"), "\"SM3 name\"");
    }
}

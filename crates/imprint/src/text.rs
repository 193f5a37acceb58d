//! The characters of a seal, checked.

use crate::error::ImprintError;
use crate::font::Font;
use crate::path::Path;

/// A character and its outline in font units, y up.
#[derive(Debug, Clone)]
pub(crate) struct Inked {
    pub character: char,
    pub outline: Path,
}

/// The characters of `text`, or why they cannot stand on a seal.
pub(crate) fn characters(
    field: &'static str,
    text: &str,
    min: usize,
    max: usize,
) -> Result<Vec<char>, ImprintError> {
    // Counting stops early: a text of a gigabyte is not walked to its end.
    let limit = max.saturating_mul(4).saturating_add(64);
    let found: Vec<char> = text.chars().take(limit).collect();
    if found.is_empty() {
        return Err(ImprintError::EmptyText { field });
    }
    if let Some((index, character)) = found.iter().enumerate().find(|(_, c)| is_invisible(**c)) {
        let position = index.saturating_add(1);
        return Err(ImprintError::InvisibleCharacter { field, character: *character as u32, position });
    }
    let length = found.len();
    if length > max {
        return Err(ImprintError::TextTooLong { field, length, max });
    }
    if length < min {
        return Err(ImprintError::TextTooShort { field, length, min });
    }
    Ok(found)
}

/// The outlines of several texts; every character without one is named, over all texts together.
pub(crate) fn outlines<const N: usize>(
    font: &Font,
    texts: [&[char]; N],
) -> Result<[Vec<Inked>; N], ImprintError> {
    let mut missing: Vec<char> = Vec::new();
    let mut inked: [Vec<Inked>; N] = std::array::from_fn(|_| Vec::new());
    for (text, out) in texts.into_iter().zip(&mut inked) {
        for &character in text {
            match font.outline(character)? {
                Some(outline) => out.push(Inked { character, outline }),
                None if missing.contains(&character) => {}
                None => missing.push(character),
            }
        }
    }
    if missing.is_empty() { Ok(inked) } else { Err(ImprintError::MissingCharacters { missing }) }
}

/// Controls, spaces, and what a reader of the screen would not see: joiners, direction marks, variation selectors,
/// fillers and tags.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}'
            | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(text: &str) -> &'static str {
        characters("name", text, 2, 4).unwrap_err().code()
    }

    #[test]
    fn rejects_empty_short_and_long_texts() {
        assert_eq!(code_of(""), "IMPRINT_TEXT_EMPTY");
        assert_eq!(code_of("王"), "IMPRINT_TEXT_TOO_SHORT");
        assert_eq!(code_of("王小明明明"), "IMPRINT_TEXT_TOO_LONG");
        assert_eq!(code_of(&"王".repeat(100_000)), "IMPRINT_TEXT_TOO_LONG");
    }

    #[test]
    fn rejects_what_no_reader_sees_and_tells_where() {
        for bad in ['\n', '\0', ' ', '\u{3000}', '\u{200B}', '\u{202E}', '\u{FE0F}', '\u{E000}', '\u{E0100}']
        {
            let text = format!("王{bad}明");
            let error = characters("name", &text, 2, 4).unwrap_err();
            assert_eq!(
                error,
                ImprintError::InvisibleCharacter { field: "name", character: bad as u32, position: 2 }
            );
        }
    }

    #[test]
    fn names_every_missing_character_of_all_texts_once() {
        let texts: [&[char]; 2] = [&['龘', '王', '龘'], &['\u{20BB7}']];
        let error = outlines(&Font::builtin(), texts).unwrap_err();
        assert_eq!(error, ImprintError::MissingCharacters { missing: vec!['龘', '\u{20BB7}'] });
    }

    #[test]
    fn rejects_scripts_the_font_lacks() {
        for text in ["བོད་ཡིག", "ئۇيغۇرچە", "ꆈꌠꉙ"] {
            let all: Vec<char> = text.chars().collect();
            let error = outlines(&Font::builtin(), [&all]).unwrap_err();
            assert_eq!(error.code(), "IMPRINT_MISSING_CHARACTERS", "{text}");
        }
    }
}

//! Codes that people read off paper and type (验证码): each stands for a sealed document, or for a registered copy of one.

use rand_core::CryptoRng;

/// Letters and digits without those that look alike: no 0 and O, no 1 and I.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Characters of a code: a hundred bits, which nobody guesses.
pub const LENGTH: usize = 20;

/// Characters that stand together where a code is shown to people.
const GROUP: usize = 5;

/// A new one.
pub fn new(rng: &mut dyn CryptoRng) -> String {
    let mut bytes = [0; LENGTH];
    rng.fill_bytes(&mut bytes);
    bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
        .map(|letter| char::from(*letter))
        .collect()
}

/// The code that somebody typed: in small letters too, with spaces and hyphens of any kind, and in the wide forms that an input method for
/// Chinese leaves. `None` for what is no code.
pub fn read(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(LENGTH);
    for typed in typed.chars().map(narrow).filter(|c| !c.is_whitespace() && !is_hyphen(*c)) {
        let letter = typed.to_ascii_uppercase();
        if code.len() == LENGTH || !LETTERS.iter().any(|known| char::from(*known) == letter) {
            return None;
        }
        code.push(letter);
    }
    (code.len() == LENGTH).then_some(code)
}

/// The code in groups, as it is easiest to read: `ABCDE-FGHJK-LMNPQ-RSTUV`.
pub fn grouped(code: &str) -> String {
    let mut text = String::with_capacity(code.len() + code.len() / GROUP);
    for (place, letter) in code.chars().enumerate() {
        if place > 0 && place.is_multiple_of(GROUP) {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

/// Wide forms (全角) of ASCII in their usual ones.
fn narrow(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = "ABCDEFGHJK2345678934";
        assert_eq!(grouped(code), "ABCDE-FGHJK-23456-78934");
        let typed = [
            code,
            "abcdefghjk2345678934",
            "ABCDE-FGHJK-23456-78934",
            " abcde fghjk 23456 78934 ",
            "ABCDE—FGHJK–23456－78934",
            "ＡＢＣＤＥ　fghjk　２３４５６　78934",
        ];
        for typed in typed {
            assert_eq!(read(typed).as_deref(), Some(code), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_none() {
        let long = "A".repeat(21);
        let wrong = [
            "",
            "----",
            "ABCDE",
            &long,
            "ABCDEFGHJK234567893O",
            "ABCDEFGHJK234567893I",
            "印章印章印章印章印章印章印章印章印章印章",
        ];
        for wrong in wrong {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&"-".repeat(1_000_000)), None);
    }
}

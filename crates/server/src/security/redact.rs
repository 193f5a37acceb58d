//! Masking of personal data (脱敏) for output: XA-33, NM-29. What slips into log lines is the concern of [`telemetry`](crate::telemetry).
//!
//! A mask shows what a person needs to recognize a record and no more. Lengths of names are hidden as well.

/// How a kind of data is masked, and whether it can be looked up by equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mask {
    /// Telephone number (电话): `138****5678`. Can be looked up.
    Phone,
    /// Number of an identity document (身份证件号码): `110***********1234`. Can be looked up.
    IdNumber,
    /// Name of a person (姓名): `张**`.
    Name,
    /// E-mail address: `z***@example.com`.
    Email,
    /// Nothing is shown: addresses, keys, anything else.
    Hidden,
}

const STARS: &str = "***";

impl Mask {
    /// The form to show.
    pub fn apply(self, plain: &str) -> String {
        match self {
            Self::Phone => mask_phone(plain),
            Self::IdNumber => mask_id_number(plain),
            Self::Name => mask_name(plain),
            Self::Email => mask_email(plain),
            Self::Hidden => STARS.to_owned(),
        }
    }

    /// Whether values of this kind get a blind index.
    pub fn is_indexed(self) -> bool {
        matches!(self, Self::Phone | Self::IdNumber)
    }

    /// The one form of a value under which equal values are found, whatever spaces, dashes, full-width digits, country code or
    /// case they were typed with.
    pub fn normalize(self, plain: &str) -> String {
        let folded = plain.chars().map(half_width).filter(|c| !c.is_whitespace());
        match self {
            Self::Phone => {
                let digits: String = folded.filter(char::is_ascii_digit).collect();
                match digits.strip_prefix("0086").or(digits.strip_prefix("86")) {
                    Some(rest) if is_mobile(rest) => rest.to_owned(),
                    _ => digits,
                }
            }
            Self::IdNumber => folded.filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect(),
            Self::Name | Self::Email | Self::Hidden => folded.map(|c| c.to_ascii_lowercase()).collect(),
        }
    }
}

/// Telephone number: the first three and the last four of 11 characters or more, the last two of fewer.
pub fn mask_phone(phone: &str) -> String {
    let phone = phone.trim();
    if phone.chars().count() >= 11 { ends(phone, 3, 4) } else { ends(phone, 0, 2) }
}

/// Number of an identity document: the first three and the last four of 15 characters or more, the last two of fewer. The date of
/// birth is hidden.
pub fn mask_id_number(number: &str) -> String {
    let number = number.trim();
    if number.chars().count() >= 15 { ends(number, 3, 4) } else { ends(number, 0, 2) }
}

/// Name of a person: its first character and two stars, whatever its length.
pub fn mask_name(name: &str) -> String {
    name.trim().chars().next().map(|first| format!("{first}**")).unwrap_or_default()
}

/// E-mail address: the first character and the domain.
pub fn mask_email(address: &str) -> String {
    match address.trim().rsplit_once('@') {
        Some((local, domain)) => {
            let first = local.chars().next().map(String::from).unwrap_or_default();
            format!("{first}{STARS}@{domain}")
        }
        None => STARS.to_owned(),
    }
}

/// The first and last characters with one star for each between them; stars only where fewer than three would be hidden.
fn ends(text: &str, first: usize, last: usize) -> String {
    let count = text.chars().count();
    if count < first + last + 3 {
        return "*".repeat(count.max(STARS.len()));
    }
    let shown = |i: usize| i < first || i >= count - last;
    text.chars().enumerate().map(|(i, c)| if shown(i) { c } else { '*' }).collect()
}

fn is_mobile(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 11 && bytes.iter().all(u8::is_ascii_digit) && matches!(bytes, [b'1', b'3'..=b'9', ..])
}

/// Full-width forms (全角) of ASCII characters as ASCII.
fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

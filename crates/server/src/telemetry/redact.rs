//! What never appears in a log line: secrets by the name of their field, and by how they look inside text.

use std::borrow::Cow;

use jiff::civil::Date;
use yinxin_registry::resident_id::ResidentId;

/// What stands in place of a secret.
pub const MASK: &str = "***";

/// Parts of names that mark a secret or personal datum wherever they occur.
const MARKS: [&str; 18] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "authorization",
    "cookie",
    "credential",
    "private_key",
    "privatekey",
    "api_key",
    "apikey",
    "master_key",
    "id_number",
    "resident_id",
    "phone",
    "mobile",
    "one_time",
];

/// Words that mark a secret when they are a whole part of a name.
const WORDS: [&str; 5] = ["otp", "totp", "pin", "pwd", "csrf"];

/// Whether a field of this name holds a secret or personal datum.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    MARKS.iter().any(|mark| name.contains(mark)) || name.split(['_', '.']).any(|part| WORDS.contains(&part))
}

/// The text with what looks like a secret masked: private keys in PEM, passwords in addresses, authorization headers,
/// `name=value` and `"name":"value"` with a secret's name, resident ids, mobile numbers.
pub fn text(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for rule in [private_keys, user_info, schemes, pairs, numbers] {
        if let Some(masked) = rule(&out) {
            out = Cow::Owned(masked);
        }
    }
    out
}

/// Everything after the head line of a private key.
fn private_keys(text: &str) -> Option<String> {
    let end = text.find("PRIVATE KEY-----")?;
    let start = text.get(..end)?.rfind("-----BEGIN")?;
    Some(format!("{}{MASK}", text.get(..start)?))
}

/// `scheme://user:password@`.
fn user_info(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let end = after.find(|c: char| c.is_whitespace() || "/?#\"'".contains(c)).unwrap_or(after.len());
        let (authority, tail) = after.split_at_checked(end).unwrap_or((after, ""));
        match authority.rsplit_once('@').map(|(info, host)| (info.split_once(':'), host)) {
            Some((Some((user, _)), host)) => out.push_str(&format!("{user}:{MASK}@{host}")),
            _ => out.push_str(authority),
        }
        rest = tail;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

/// What follows `Bearer` and `Basic`.
fn schemes(text: &str) -> Option<String> {
    let mut out = text.to_owned();
    for scheme in ["Bearer ", "bearer ", "Basic ", "basic "] {
        let mut from = 0;
        while let Some(at) = out.get(from..).and_then(|rest| rest.find(scheme)) {
            let start = from + at + scheme.len();
            let word = out.get(start..).unwrap_or_default();
            let len = word.find(|c: char| c.is_whitespace() || "\",;'".contains(c)).unwrap_or(word.len());
            // Short words are prose, not credentials.
            if len >= 8 {
                out.replace_range(start..start + len, MASK);
            }
            from = start;
        }
    }
    (out != text).then_some(out)
}

/// `name=value`, `name: value`, `"name":"value"` where the name is a secret's.
fn pairs(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['=', ':']) {
        let (before, after) = rest.split_at_checked(at)?;
        let name = before.trim_end_matches(['"', '\'', ' ']);
        let from = name
            .rfind(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))
            .map_or(0, |i| i + name.get(i..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
        let name = name.get(from..).unwrap_or_default();
        out.push_str(before);
        let (sign, value) = after.split_at_checked(1)?;
        out.push_str(sign);
        rest = value;
        if name.is_empty() || !is_secret(name) || value.starts_with("//") {
            continue;
        }
        let blank = value.len() - value.trim_start_matches(' ').len();
        out.push_str(value.get(..blank)?);
        let value = value.get(blank..)?;
        let len = match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => value.get(1..)?.find(quote).map_or(value.len(), |end| end + 2),
            None => value.find(|c: char| c.is_whitespace() || ",;&)}]".contains(c)).unwrap_or(value.len()),
        };
        if len > 0 {
            out.push_str(MASK);
        }
        rest = value.get(len..)?;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

/// Resident ids (eighteen characters with a right check character) and mobile numbers (eleven digits).
fn numbers(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at_checked(at)?;
        out.push_str(before);
        let glued = before.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        let len = from.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(from.len());
        let (word, after) = from.split_at_checked(len)?;
        let mobile = word.len() == 11 && word.starts_with('1') && word.bytes().all(|b| b.is_ascii_digit());
        if !glued && (mobile || ResidentId::parse(word, Date::MAX).is_ok()) {
            out.push_str(MASK);
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    out.push_str(rest);
    (out != text).then_some(out)
}

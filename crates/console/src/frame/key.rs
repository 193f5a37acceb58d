//! Identifiers in paths: only what looks like one goes on to the API.

use super::Fault;
use std::fmt;

/// Identifier of a thing: `app_01k…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Reads one.
    ///
    /// # Errors
    /// [`Fault::NotFound`]: there is no thing with another identifier.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let fits = text.split_once('_').is_some_and(|(prefix, body)| {
            (1..=8).contains(&prefix.len())
                && prefix.bytes().all(|b| b.is_ascii_lowercase())
                && body.len() == 26
                && body.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        if fits { Ok(Self(text.to_owned())) } else { Err(Fault::NotFound) }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text may be a code in a path: letters, digits, `-` and `_`.
pub fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// A new name for an operation or a thing nobody may guess: 128 bits in hex.
///
/// # Errors
/// The system has no randomness.
pub fn once() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| Fault::Internal)?;
    Ok(hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_leads_elsewhere_is_an_identifier() {
        assert!(Key::parse("app_01k0000000000000000000000a").is_ok());
        for bad in [
            "",
            "app_",
            "app_../../sessions/aaaaaaaaaaaaa",
            "APP_01k0000000000000000000000a",
            "app_01k000000000000000000000?a",
        ] {
            assert!(Key::parse(bad).is_err(), "{bad}");
        }
        assert!(
            is_code("6101000000018")
                && !is_code("a/b")
                && !is_code("")
                && !is_code("a?b")
                && !is_code("a%2fb")
        );
    }
}

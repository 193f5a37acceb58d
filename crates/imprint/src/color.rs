//! The ink.

use crate::error::ImprintError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An opaque sRGB color, written `#RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    /// The red of seal ink (印泥红).
    pub const SEAL_RED: Self = Self { red: 0xE6, green: 0x00, blue: 0x12 };
}

impl Default for Color {
    fn default() -> Self {
        Self::SEAL_RED
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02X}{:02X}{:02X}", self.red, self.green, self.blue)
    }
}

impl FromStr for Color {
    type Err = ImprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || ImprintError::BadColor { given: text.chars().take(32).collect() };
        let digits = text.strip_prefix('#').ok_or_else(bad)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(bad());
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| bad())?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl TryFrom<String> for Color {
    type Error = ImprintError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads() {
        assert_eq!("#e60012".parse::<Color>().unwrap(), Color::SEAL_RED);
        assert_eq!(Color::SEAL_RED.to_string(), "#E60012");
    }

    #[test]
    fn rejects_anything_but_six_hex_digits() {
        for text in ["", "#", "E60012", "#E6001", "#E600123", "#+60012", "#红红", "red"] {
            assert_eq!(text.parse::<Color>().unwrap_err().code(), "IMPRINT_BAD_COLOR", "{text}");
        }
    }
}

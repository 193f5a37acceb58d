//! Unified social credit code (统一社会信用代码), GB 32100-2015.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The 31 characters of the code in the order of their values; I, O, S, V and Z are left out (GB 32100 §4).
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Weights of the first 17 characters: powers of 3 modulo 31 (GB 32100 annex A).
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Length of a code in characters.
const LENGTH: usize = 18;

/// Positions, from 1, of the division code of the registering authority, which are digits (GB 32100 §4).
const DIVISION: std::ops::RangeInclusive<usize> = 3..=8;

/// A unified social credit code (统一社会信用代码): 18 characters whose check character is right.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CreditCode(String);

/// Why a text is not a unified social credit code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeError {
    /// Not 18 characters.
    #[error(
        "统一社会信用代码应为 18 位，实为 {found} 位 / a credit code has 18 characters, this has {found}"
    )]
    Length {
        /// Characters found.
        found: usize,
    },
    /// A character that may not stand at its place.
    #[error(
        "统一社会信用代码第 {position} 位“{found}”不允许（仅数字与除 I、O、S、V、Z 外的大写字母，第 3 至 8 位仅数字） / character {position} of the credit code, {found:?}, is not allowed there (digits and capital letters other than I, O, S, V, Z; characters 3 to 8 are digits)"
    )]
    Character {
        /// Place, from 1.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// The check character does not fit the others.
    #[error(
        "统一社会信用代码校验位应为“{expected}”，实为“{found}”，请核对各位 / the check character of the credit code should be {expected:?} and is {found:?}; compare every character"
    )]
    Check {
        /// What the first 17 characters ask for.
        expected: char,
        /// What stands there.
        found: char,
    },
}

impl CreditCodeError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "CREDIT_CODE_LENGTH",
            Self::Character { .. } => "CREDIT_CODE_CHARACTER",
            Self::Check { .. } => "CREDIT_CODE_CHECK",
        }
    }
}

impl CreditCode {
    /// Reads a code exactly as it is registered: no blanks, no small letters, no hyphens.
    ///
    /// # Errors
    /// The first of: length, a character out of place, the check character.
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let found = text.chars().count();
        if found != LENGTH {
            return Err(CreditCodeError::Length { found });
        }
        let mut sum = 0;
        for (place, found) in text.chars().enumerate() {
            let position = place + 1;
            let value = value_of(found)
                .filter(|_| !DIVISION.contains(&position) || found.is_ascii_digit())
                .ok_or(CreditCodeError::Character { position, found })?;
            // The check character itself has no weight.
            sum += value * WEIGHTS.get(place).copied().unwrap_or(0);
        }
        let expected = check_character(sum);
        match text.chars().last() {
            Some(found) if found != expected => Err(CreditCodeError::Check { expected, found }),
            _ => Ok(Self(text.to_owned())),
        }
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Division code (行政区划码) of the authority that registered the unit: 6 digits.
    pub fn division(&self) -> &str {
        self.0.get(2..8).unwrap_or_default()
    }
}

fn value_of(character: char) -> Option<usize> {
    ALPHABET.chars().position(|c| c == character)
}

/// 31 minus the remainder; a remainder of 0 gives `0`.
fn check_character(sum: usize) -> char {
    ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0')
}

impl Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CreditCode {
    type Err = CreditCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for CreditCode {
    type Error = CreditCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CreditCode> for String {
    fn from(code: CreditCode) -> Self {
        code.0
    }
}

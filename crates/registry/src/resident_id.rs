//! Resident identity number (居民身份证号), GB 11643-1999.
//!
//! The number is sensitive: it is wiped on drop, its debug form is masked, it is never serialized, and errors tell
//! places, not characters.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

/// Weights of the first 17 digits: powers of 2 modulo 11 (GB 11643 §4, ISO 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// Check character by the weighted sum modulo 11.
const CHECK: &str = "10X98765432";

/// Length in characters.
const LENGTH: usize = 18;

/// Earliest year of birth taken for true: nobody born before it is alive.
const FIRST_YEAR: i16 = 1900;

/// First two digits in use (GB/T 2260 and later notices); numbers that start with 9 belong to foreign permanent residents.
const PROVINCES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42",
    "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82",
    "83",
];

/// A resident identity number (居民身份证号) whose division, birth date and check character hold.
///
/// Wiped on drop; `Debug` shows the masked form only. Call [`ResidentId::reveal`] to read it.
#[derive(Clone, PartialEq, Eq)]
pub struct ResidentId(Zeroizing<String>);

/// Why a text is not a resident identity number. Tells no part of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResidentIdError {
    /// Not 18 characters.
    #[error("居民身份证号应为 18 位，实为 {found} 位 / a resident id has 18 characters, this has {found}")]
    Length {
        /// Characters found.
        found: usize,
    },
    /// Something else than a digit; only the last place may be X.
    #[error(
        "居民身份证号第 {position} 位不是数字（仅末位可为 X） / character {position} of the resident id is not a digit (only the last may be X)"
    )]
    Character {
        /// Place, from 1.
        position: usize,
    },
    /// The first digits name no province.
    #[error("居民身份证号的行政区划码不存在 / the resident id names no province")]
    Division,
    /// No such day, before 1900 or in the future.
    #[error("居民身份证号中的出生日期不成立 / the birth date in the resident id cannot be")]
    BirthDate,
    /// The check character does not fit the others.
    #[error(
        "居民身份证号校验位不符，请核对各位 / the check character of the resident id does not fit; compare every character"
    )]
    Check,
}

impl ResidentIdError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "RESIDENT_ID_LENGTH",
            Self::Character { .. } => "RESIDENT_ID_CHARACTER",
            Self::Division => "RESIDENT_ID_DIVISION",
            Self::BirthDate => "RESIDENT_ID_BIRTH_DATE",
            Self::Check => "RESIDENT_ID_CHECK",
        }
    }
}

impl ResidentId {
    /// Reads a number; a small `x` at the end is taken as `X`, so that equal numbers are equal texts.
    ///
    /// `today` is the day by which a birth date would lie in the future.
    ///
    /// # Errors
    /// The first of: length, characters, division, birth date, check character.
    pub fn parse(text: &str, today: Date) -> Result<Self, ResidentIdError> {
        let found = text.chars().count();
        if found != LENGTH {
            return Err(ResidentIdError::Length { found });
        }
        let mut sum = 0;
        for (place, c) in text.chars().enumerate() {
            let last = place + 1 == LENGTH;
            match c.to_digit(10) {
                Some(digit) => sum += digit * WEIGHTS.get(place).copied().unwrap_or(0),
                None if last && matches!(c, 'x' | 'X') => {}
                None => return Err(ResidentIdError::Character { position: place + 1 }),
            }
        }
        let number = Zeroizing::new(text.to_ascii_uppercase());
        if !known_division(&number) {
            return Err(ResidentIdError::Division);
        }
        let born = birth_date(&number).ok_or(ResidentIdError::BirthDate)?;
        if born.year() < FIRST_YEAR || born > today {
            return Err(ResidentIdError::BirthDate);
        }
        if CHECK.chars().nth((sum % 11) as usize) != number.chars().last() {
            return Err(ResidentIdError::Check);
        }
        Ok(Self(number))
    }

    /// The number in clear: for encryption and blind indexes only.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The number as shown to people: first three and last four characters, `110***********1234`.
    pub fn masked(&self) -> String {
        let head = self.0.get(..3).unwrap_or_default();
        let tail = self.0.get(14..).unwrap_or_default();
        format!("{head}***********{tail}")
    }

    /// Date of birth.
    pub fn birth_date(&self) -> Date {
        birth_date(&self.0).unwrap_or_default()
    }
}

fn known_division(number: &str) -> bool {
    number.starts_with('9') || number.get(..2).is_some_and(|two| PROVINCES.contains(&two))
}

fn birth_date(number: &str) -> Option<Date> {
    let year = number.get(6..10)?.parse().ok()?;
    let month = number.get(10..12)?.parse().ok()?;
    let day = number.get(12..14)?.parse().ok()?;
    Date::new(year, month, day).ok()
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}

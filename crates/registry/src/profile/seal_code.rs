//! Seal codes (印章编码): 3 to 19 digits, made by an area's pattern and never taken apart again.

use serde::{Deserialize, Serialize};

/// Fewest and most digits of a seal code.
pub(super) const DIGITS: std::ops::RangeInclusive<usize> = 3..=19;

/// Digits of the area code, then a serial number: 6 + 7 by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealCodePattern {
    /// Digits that begin every code here; often none.
    pub lead: String,
    /// How many digits of the area code follow, from its first, 0 to 12.
    pub area_digits: usize,
    /// Digits of the serial number, padded with zeros, 1 to 12.
    pub serial_digits: usize,
}

/// Why a code cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealCodeFault {
    /// The area code is shorter than the pattern asks or has other characters than digits.
    #[error("区划代码少于 {needed} 位数字 / the area code has fewer than {needed} digits")]
    Area {
        /// Digits needed.
        needed: usize,
    },
    /// The serial number is 0 or has more digits than the pattern gives it.
    #[error(
        "印章序号 {serial} 超出 1 至 {digits} 位数字的范围 / the serial number {serial} does not fit {digits} digits from 1"
    )]
    Serial {
        /// The number.
        serial: u64,
        /// Digits there are.
        digits: usize,
    },
}

impl SealCodeFault {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Area { .. } => "SEAL_CODE_AREA",
            Self::Serial { .. } => "SEAL_CODE_SERIAL",
        }
    }
}

impl SealCodePattern {
    /// Digits of every code made.
    pub fn len(&self) -> usize {
        self.lead.len().saturating_add(self.area_digits).saturating_add(self.serial_digits)
    }

    /// Whether codes would be empty, which no valid profile allows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The digits before the serial number, the same for all seals of an area: serial numbers count within it.
    ///
    /// # Errors
    /// [`SealCodeFault::Area`].
    pub fn prefix(&self, area_code: &str) -> Result<String, SealCodeFault> {
        let area = area_code
            .get(..self.area_digits)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
            .ok_or(SealCodeFault::Area { needed: self.area_digits })?;
        Ok(format!("{}{area}", self.lead))
    }

    /// The code of the seal with this serial number, from 1.
    ///
    /// # Errors
    /// [`SealCodeFault`].
    pub fn code(&self, area_code: &str, serial: u64) -> Result<String, SealCodeFault> {
        let digits = self.serial_digits;
        let number = format!("{serial:0digits$}");
        if serial == 0 || number.len() > digits {
            return Err(SealCodeFault::Serial { serial, digits });
        }
        Ok(self.prefix(area_code)? + &number)
    }
}

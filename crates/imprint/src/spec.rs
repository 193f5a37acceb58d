//! What is to be drawn.

use crate::color::Color;
use crate::drawing::Drawing;
use crate::error::ImprintError;
use crate::font::Font;
use crate::{round, square};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use std::str::FromStr;

/// What the seal is for; it decides form, default size and allowed sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// The round seal with the legal name (法定名称章): up to 45 mm for enterprises, institutions and societies by
    /// 国发〔1999〕25号, 40 mm unless said otherwise.
    Official,
    /// The round seal for accounts (财务专用章), 38 mm.
    Finance,
    /// The round seal for contracts (合同专用章), 38 mm.
    Contract,
    /// The square seal of a person (个人名章), 18 mm.
    Personal,
}

impl Kind {
    /// The word used in files and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Finance => "finance",
            Self::Contract => "contract",
            Self::Personal => "personal",
        }
    }

    /// Diameter or side used when none is given, in mm.
    pub const fn default_size_mm(self) -> f64 {
        match self {
            Self::Official => 40.0,
            Self::Finance | Self::Contract => 38.0,
            Self::Personal => 18.0,
        }
    }

    /// Diameters or sides that are drawn, in mm. Which of them a unit may have is a matter of rules, not of drawing.
    pub const fn sizes_mm(self) -> RangeInclusive<f64> {
        match self {
            Self::Official | Self::Finance | Self::Contract => 30.0..=45.0,
            Self::Personal => 14.0..=22.0,
        }
    }

    /// The purpose line (用途) this kind carries when none is given.
    pub const fn default_purpose(self) -> Option<&'static str> {
        match self {
            Self::Official | Self::Personal => None,
            Self::Finance => Some("财务专用章"),
            Self::Contract => Some("合同专用章"),
        }
    }
}

impl FromStr for Kind {
    type Err = ImprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let kinds = [Self::Official, Self::Finance, Self::Contract, Self::Personal];
        kinds
            .into_iter()
            .find(|kind| kind.code() == text)
            .ok_or_else(|| unknown("kind", text, "official, finance, contract, personal"))
    }
}

/// How a personal seal is carved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Red characters inside a border (阳文).
    #[default]
    Raised,
    /// Clear characters in a red ground (阴文).
    Cut,
}

impl FromStr for Style {
    type Err = ImprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "raised" => Ok(Self::Raised),
            "cut" => Ok(Self::Cut),
            _ => Err(unknown("style", text, "raised, cut")),
        }
    }
}

/// What follows the name on a personal seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suffix {
    /// Only the name.
    #[default]
    None,
    /// Fills four cells: two characters take 之印, three take 印, four take nothing.
    Fill,
}

impl FromStr for Suffix {
    type Err = ImprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self::None),
            "fill" => Ok(Self::Fill),
            _ => Err(unknown("suffix", text, "none, fill")),
        }
    }
}

fn unknown(what: &'static str, given: &str, known: &'static str) -> ImprintError {
    ImprintError::UnknownWord { what, given: given.chars().take(32).collect(), known }
}

/// The imprint (印模) to draw. Lengths are millimeters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImprintSpec {
    /// What the seal is for.
    pub kind: Kind,
    /// Round: the name along the upper arc, 1 to 40 characters. Square: the person's name, 2 to 4 characters.
    pub name: String,
    /// Round only: the horizontal line below the star, up to 12 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Round only: the code along the lower arc, up to 20 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Diameter or side; the kind's default if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<f64>,
    /// Width of rim or border; in proportion to the size if absent (1.2 mm at 42 mm).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub border_mm: Option<f64>,
    /// The ink.
    #[serde(default)]
    pub color: Color,
    /// Round only: whether the five-pointed star (五角星) stands in the center.
    #[serde(default = "yes")]
    pub star: bool,
    /// Square only: raised or cut.
    #[serde(default)]
    pub style: Style,
    /// Square only: what follows the name.
    #[serde(default)]
    pub suffix: Suffix,
}

fn yes() -> bool {
    true
}

impl ImprintSpec {
    /// A seal of `kind` with the kind's defaults.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            purpose: kind.default_purpose().map(str::to_owned),
            code: None,
            size_mm: None,
            border_mm: None,
            color: Color::SEAL_RED,
            star: true,
            style: Style::Raised,
            suffix: Suffix::None,
        }
    }

    /// A round seal with the legal name.
    pub fn official(name: impl Into<String>) -> Self {
        Self::new(Kind::Official, name)
    }

    /// A square seal of a person.
    pub fn personal(name: impl Into<String>) -> Self {
        Self::new(Kind::Personal, name)
    }

    /// Sets the purpose line.
    pub fn with_purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Sets the code on the lower arc.
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets diameter or side in mm.
    pub fn with_size_mm(mut self, size_mm: f64) -> Self {
        self.size_mm = Some(size_mm);
        self
    }

    /// Sets raised or cut.
    pub fn with_style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// Sets what follows a person's name.
    pub fn with_suffix(mut self, suffix: Suffix) -> Self {
        self.suffix = suffix;
        self
    }

    /// The size in mm after checking it against the kind's range.
    pub(crate) fn checked_size(&self) -> Result<f64, ImprintError> {
        let size_mm = self.size_mm.unwrap_or(self.kind.default_size_mm());
        let sizes = self.kind.sizes_mm();
        // A NaN is in no range.
        if sizes.contains(&size_mm) {
            Ok(size_mm)
        } else {
            Err(ImprintError::SizeOutOfRange { size_mm, min_mm: *sizes.start(), max_mm: *sizes.end() })
        }
    }

    /// The border in mm after checking it against `allowed`.
    pub(crate) fn checked_border(
        &self,
        default: f64,
        allowed: RangeInclusive<f64>,
    ) -> Result<f64, ImprintError> {
        let border_mm = self.border_mm.unwrap_or(default);
        if allowed.contains(&border_mm) {
            Ok(border_mm)
        } else {
            let (min_mm, max_mm) = (*allowed.start(), *allowed.end());
            Err(ImprintError::BorderOutOfRange { border_mm, min_mm, max_mm })
        }
    }
}

/// Draws `spec` with the outlines of `font`.
///
/// Refuses with a code of [`ImprintError`] what cannot be drawn legibly: nothing is left out in silence.
pub fn draw(spec: &ImprintSpec, font: &Font) -> Result<Drawing, ImprintError> {
    match spec.kind {
        Kind::Official | Kind::Finance | Kind::Contract => round::draw(spec, font),
        Kind::Personal => square::draw(spec, font),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_code_and_default_size_is_allowed() {
        for kind in [Kind::Official, Kind::Finance, Kind::Contract, Kind::Personal] {
            assert_eq!(kind.code().parse::<Kind>().unwrap(), kind);
            assert!(kind.sizes_mm().contains(&kind.default_size_mm()));
        }
    }

    #[test]
    fn rejects_unknown_words_and_tells_the_known_ones() {
        let error = "offical".parse::<Kind>().unwrap_err();
        assert_eq!(error.code(), "IMPRINT_UNKNOWN_WORD");
        assert!(error.to_string().contains("official, finance"));
        assert!("Cut".parse::<Style>().is_err() && "".parse::<Suffix>().is_err());
    }

    #[test]
    fn rejects_sizes_that_are_out_of_range_or_no_number() {
        for size in [29.9, 45.1, 0.0, -40.0, f64::NAN, f64::INFINITY] {
            let error = ImprintSpec::official("示例公司").with_size_mm(size).checked_size().unwrap_err();
            assert_eq!(error.code(), "IMPRINT_SIZE_OUT_OF_RANGE");
        }
    }

    #[test]
    fn special_kinds_carry_their_purpose() {
        assert_eq!(ImprintSpec::new(Kind::Finance, "示例").purpose.as_deref(), Some("财务专用章"));
        assert_eq!(ImprintSpec::new(Kind::Contract, "示例").purpose.as_deref(), Some("合同专用章"));
    }
}

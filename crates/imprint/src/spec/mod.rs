//! What is to be drawn.

mod words;

pub use words::{Center, Kind, Rank, Style, Suffix};

use crate::color::Color;
use crate::drawing::Drawing;
use crate::error::ImprintError;
use crate::font::Font;
use crate::rules::{Outline, Rule, Rules, Span};
use crate::{oval, round, square};
use serde::{Deserialize, Serialize};

/// The imprint (印模) to draw. Lengths are millimeters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImprintSpec {
    /// What the seal is for.
    pub kind: Kind,
    /// The rank of the unit, by which the rules choose the size.
    #[serde(default)]
    pub rank: Rank,
    /// Round and oval: the name along the upper arc, 1 to 40 characters. Personal: the person's name, 2 to 4 characters.
    pub name: String,
    /// Not on personal seals: the level line below the center, up to 12 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Not on personal seals: a second line below the purpose, up to 12 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// Not on personal seals: the number (编号) that tells several seals of one kind apart, written (1) as the lowest line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Round only: the code along the lower arc, up to 20 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Oval only: the taxpayer's number (纳税人识别号) in the middle, up to 20 characters; an invoice seal must have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<String>,
    /// Diameter, long axis or width; what the rules call usual if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<f64>,
    /// Short axis or height; by the rules if absent, and then the width on personal seals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_mm: Option<f64>,
    /// Width of rim or border; by the rules, in proportion to the size, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub border_mm: Option<f64>,
    /// The ink.
    #[serde(default)]
    pub color: Color,
    /// Round only: what stands in the center; by the rules if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub center: Option<Center>,
    /// Round only: the emblem as an SVG document, see [`Emblem`](crate::Emblem).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emblem: Option<String>,
    /// Not on personal seals: a thin second ring inside the rim (双环).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inner_ring: bool,
    /// Personal only: raised or cut.
    #[serde(default)]
    pub style: Style,
    /// Personal only: what follows the name.
    #[serde(default)]
    pub suffix: Suffix,
}

impl ImprintSpec {
    /// A seal of `kind` with the kind's defaults.
    pub fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            rank: Rank::Unit,
            name: name.into(),
            purpose: kind.default_purpose().map(str::to_owned),
            second: None,
            number: None,
            code: None,
            tax_number: None,
            size_mm: None,
            height_mm: None,
            border_mm: None,
            color: Color::SEAL_RED,
            center: None,
            emblem: None,
            inner_ring: false,
            style: Style::Raised,
            suffix: Suffix::None,
        }
    }

    /// A round seal with the legal name.
    pub fn official(name: impl Into<String>) -> Self {
        Self::new(Kind::Official, name)
    }

    /// An invoice seal.
    pub fn invoice(name: impl Into<String>, tax_number: impl Into<String>) -> Self {
        Self { tax_number: Some(tax_number.into()), ..Self::new(Kind::Invoice, name) }
    }

    /// A square seal of a person.
    pub fn personal(name: impl Into<String>) -> Self {
        Self::new(Kind::Personal, name)
    }

    /// Sets the rank of the unit.
    pub fn with_rank(mut self, rank: Rank) -> Self {
        self.rank = rank;
        self
    }

    /// Sets the purpose line.
    pub fn with_purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = Some(purpose.into());
        self
    }

    /// Sets the line below the purpose.
    pub fn with_second(mut self, second: impl Into<String>) -> Self {
        self.second = Some(second.into());
        self
    }

    /// Sets the number among several seals of one kind.
    pub fn with_number(mut self, number: u32) -> Self {
        self.number = Some(number);
        self
    }

    /// Sets the code on the lower arc.
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Sets diameter, long axis or side in mm.
    pub fn with_size_mm(mut self, size_mm: f64) -> Self {
        self.size_mm = Some(size_mm);
        self
    }

    /// Sets short axis or height in mm.
    pub fn with_height_mm(mut self, height_mm: f64) -> Self {
        self.height_mm = Some(height_mm);
        self
    }

    /// Sets what stands in the center.
    pub fn with_center(mut self, center: Center) -> Self {
        self.center = Some(center);
        self
    }

    /// Puts an emblem (SVG) into the center.
    pub fn with_emblem(mut self, svg: impl Into<String>) -> Self {
        self.center = Some(Center::Emblem);
        self.emblem = Some(svg.into());
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

    /// Width and height in mm after checking them against the rule.
    pub(crate) fn checked_size(&self, rule: &Rule) -> Result<(f64, f64), ImprintError> {
        let width = within(self.size_mm.unwrap_or(rule.width_mm.usual), rule.width_mm)?;
        let height = match (rule.height_mm, self.height_mm) {
            (None, None) => width,
            (None, Some(_)) => return Err(self.refuse("height of its own")),
            (Some(span), Some(height)) => within(height, span)?,
            (Some(_), None) if rule.shape == Outline::Rectangle => width,
            (Some(span), None) => span.usual,
        };
        Ok((width, height))
    }

    /// The border in mm after checking it against the rule.
    pub(crate) fn checked_border(&self, rule: &Rule, width_mm: f64) -> Result<f64, ImprintError> {
        let Span { min, usual, max } = rule.rim_mm;
        let scaled = (usual * width_mm / rule.width_mm.usual).clamp(min, max);
        let border_mm = self.border_mm.unwrap_or(scaled);
        if rule.rim_mm.holds(border_mm, 0.0) {
            return Ok(border_mm);
        }
        Err(ImprintError::BorderOutOfRange { border_mm, min_mm: min, max_mm: max })
    }

    /// Every option that is set, of those a shape may lack, by its name in errors.
    pub(crate) fn refuse_set(&self, options: &[(&'static str, bool)]) -> Result<(), ImprintError> {
        match options.iter().find(|(_, set)| *set) {
            Some((option, _)) => Err(self.refuse(option)),
            None => Ok(()),
        }
    }

    fn refuse(&self, option: &'static str) -> ImprintError {
        ImprintError::OptionNotForKind { kind: self.kind.code(), option }
    }
}

fn within(size_mm: f64, span: Span) -> Result<f64, ImprintError> {
    // A NaN is in no range.
    if span.holds(size_mm, 0.0) {
        return Ok(size_mm);
    }
    Err(ImprintError::SizeOutOfRange { size_mm, min_mm: span.min, max_mm: span.max })
}

/// Draws `spec` by the national rules with the outlines of `font`.
///
/// Refuses with a code of [`ImprintError`] what cannot be drawn legibly: nothing is left out in silence.
pub fn draw(spec: &ImprintSpec, font: &Font) -> Result<Drawing, ImprintError> {
    draw_by(Rules::national(), spec, font)
}

/// As [`draw`], by the rules of an area.
pub fn draw_by(rules: &Rules, spec: &ImprintSpec, font: &Font) -> Result<Drawing, ImprintError> {
    let rule = rules.of(spec.kind, spec.rank)?;
    match rule.shape {
        Outline::Round => round::draw(spec, rule, font),
        Outline::Ellipse => oval::draw(spec, rule, font),
        Outline::Rectangle => square::draw(spec, rule, font),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_sizes_that_are_out_of_range_or_no_number() {
        for size in [29.9, 45.1, 0.0, -40.0, f64::NAN, f64::INFINITY] {
            let error =
                draw(&ImprintSpec::official("示例公司").with_size_mm(size), &Font::builtin()).unwrap_err();
            assert_eq!(error.code(), "IMPRINT_SIZE_OUT_OF_RANGE");
        }
    }

    #[test]
    fn special_kinds_carry_their_purpose() {
        assert_eq!(ImprintSpec::new(Kind::Finance, "示例").purpose.as_deref(), Some("财务专用章"));
        assert_eq!(ImprintSpec::new(Kind::Contract, "示例").purpose.as_deref(), Some("合同专用章"));
    }

    #[test]
    fn the_rank_decides_the_size() {
        let emblem = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>"#;
        for (rank, size) in [(Rank::StateCouncil, 60.0), (Rank::ProvinceMinistry, 50.0)] {
            let spec = ImprintSpec::official("示例省人民政府").with_rank(rank).with_emblem(emblem);
            assert_eq!(draw(&spec, &Font::builtin()).unwrap().size_mm(), (size, size));
            let star = spec.with_center(Center::Star);
            assert_eq!(draw(&star, &Font::builtin()).unwrap_err().code(), "IMPRINT_CENTER_NOT_ALLOWED");
        }
    }
}

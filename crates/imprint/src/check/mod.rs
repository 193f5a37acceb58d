//! Checks the picture of an imprint against the rules of its kind: every rule with what was measured and what is allowed.
//!
//! Measured is the picture's ink, not how it was made: the rim by rays from outside inward, the star by its outline, texts by
//! their pieces. What the rules say of the wording is not measured: reading characters is left to people.

mod frame;
mod measure;
mod rim;
mod star;
mod words;

use crate::bitmap::Bitmap;
use crate::error::ImprintError;
use crate::ink::Ink;
use crate::rules::{Outline, Rule, Rules, Span};
use crate::spec::{Center, Kind, Rank};
use frame::Frame;
use measure::Measured;
use serde::Serialize;

/// Pixels and millimeters may differ in proportion by this share.
const RATIO_SLACK: f64 = 0.02;
/// Scans and prints vary by this much, in mm: sizes, and the rim's width.
const SIZE_SLACK: f64 = 0.3;
const RIM_SLACK: f64 = 0.15;
/// The outline may stray from circle, ellipse or rectangle by this much, in mm.
const OUTLINE_SLACK: f64 = 0.35;
/// The rim must be seen in this share of all directions; above the second nothing is remarked.
const RIM_WHOLE: (f64, f64) = (0.9, 0.985);
/// Between rim or star and the texts, in mm.
const CLEARANCE: f64 = 0.2;
/// The center's size may differ from the rule's share by this much.
const SHARE_SLACK: f64 = 0.02;
/// A star or name may be turned by this many degrees.
const LEVEL: f64 = 3.0;
/// Pieces of ink between rim and center: fewer are no name.
const LEAST_PIECES: usize = 2;

/// How a rule came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Kept.
    Pass,
    /// Not as it should be; may be accepted.
    Warn,
    /// Broken.
    Fail,
}

/// One rule applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Stable, language-free code of the rule.
    pub code: &'static str,
    /// What was measured, with its unit.
    pub measured: String,
    /// What is allowed, with its unit.
    pub allowed: String,
    /// How it came out.
    pub outcome: Outcome,
}

impl Finding {
    /// What the rule is about, in Chinese and English.
    pub fn about(&self) -> (&'static str, &'static str) {
        words::about(self.code)
    }

    /// What was measured and what is allowed, in Chinese: figures as they are, figures of the drawing by name.
    pub fn values_zh(&self) -> (String, String) {
        (words::value_zh(self.code, &self.measured), words::value_zh(self.code, &self.allowed))
    }
}

/// A picture checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// The rule's own source.
    pub source: String,
    /// Every rule applied, in a fixed order.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// The worst outcome.
    pub fn outcome(&self) -> Outcome {
        let has = |wanted| self.findings.iter().any(|finding| finding.outcome == wanted);
        if has(Outcome::Fail) {
            Outcome::Fail
        } else if has(Outcome::Warn) {
            Outcome::Warn
        } else {
            Outcome::Pass
        }
    }
}

/// Checks a picture as an imprint of `kind`. The size in mm is what the picture states, or `mm` (width, height) where it is given.
///
/// # Errors
/// [`ImprintError::SizeUnknown`], [`ImprintError::NothingFound`] where no ink is, [`ImprintError::NoRule`].
pub fn check(
    bitmap: &Bitmap,
    mm: Option<(f64, f64)>,
    kind: Kind,
    rank: Rank,
    rules: &Rules,
) -> Result<Checked, ImprintError> {
    let rule = rules.of(kind, rank)?;
    let (width_mm, height_mm) = mm.or_else(|| bitmap.size_mm()).ok_or(ImprintError::SizeUnknown)?;
    if ![width_mm, height_mm].iter().all(|v| (1.0..=1000.0).contains(v)) {
        return Err(ImprintError::SizeOutOfRange {
            size_mm: width_mm.min(height_mm),
            min_mm: 1.0,
            max_mm: 1000.0,
        });
    }
    let per_mm = (f64::from(bitmap.width) / width_mm, f64::from(bitmap.height) / height_mm);
    let (ink, _) = Ink::of(bitmap);
    let frame = Frame::of(&ink, per_mm, rule.shape)?;
    let measured = Measured::of(&ink, &frame, rule.shape);
    let mut findings = picture(bitmap, per_mm, rules);
    findings.extend(sizes(&frame, rule));
    findings.extend(rim_findings(&measured, &frame, rule));
    if rule.shape != Outline::Rectangle {
        findings.extend(center(&measured, &frame, rule));
    }
    findings.push(text(&measured));
    Ok(Checked { source: rule.source.clone(), findings })
}

fn finding(code: &'static str, measured: String, allowed: String, outcome: Outcome) -> Finding {
    Finding { code, measured, allowed, outcome }
}

fn pass_if(good: bool) -> Outcome {
    if good { Outcome::Pass } else { Outcome::Fail }
}

/// The picture itself: proportions, resolution, background, color.
fn picture(bitmap: &Bitmap, per_mm: (f64, f64), rules: &Rules) -> Vec<Finding> {
    let ratio = per_mm.0 / per_mm.1;
    let dpi = per_mm.0.min(per_mm.1) * 25.4;
    let wanted = rules.picture();
    // Rounding to whole pixels and pixels per meter.
    let enough = |least: u32| dpi >= f64::from(least) * 0.995;
    let resolution = match (enough(wanted.dpi_refuse), enough(wanted.dpi_warn)) {
        (false, _) => Outcome::Fail,
        (true, false) => Outcome::Warn,
        (true, true) => Outcome::Pass,
    };
    let colors = measure::colors(bitmap);
    let clear = if colors.clear >= 0.98 { Outcome::Pass } else { Outcome::Warn };
    let red = match colors.red {
        share if share >= 0.9 => Outcome::Pass,
        share if share >= 0.5 => Outcome::Warn,
        _ => Outcome::Fail,
    };
    vec![
        finding(
            "IMPRINT_CHECK_RATIO",
            format!("{ratio:.3}"),
            format!("1 ± {RATIO_SLACK}"),
            pass_if((ratio - 1.0).abs() <= RATIO_SLACK),
        ),
        finding(
            "IMPRINT_CHECK_RESOLUTION",
            format!("{dpi:.0} dpi"),
            format!("≥ {} dpi", wanted.dpi_warn),
            resolution,
        ),
        finding("IMPRINT_CHECK_BACKGROUND", percent(colors.clear), "≥ 98 %".to_owned(), clear),
        finding("IMPRINT_CHECK_COLOR", percent(colors.red), "≥ 90 %".to_owned(), red),
    ]
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn range(span: Span, unit: &str) -> String {
    if span.min == span.max {
        format!("{} {unit}", span.min)
    } else {
        format!("{}–{} {unit}", span.min, span.max)
    }
}

fn sizes(frame: &Frame, rule: &Rule) -> Vec<Finding> {
    let (width, height) = frame.size_mm();
    let one = |code, measured: f64, span: Span| {
        let allowed = range(span, "mm");
        finding(code, format!("{measured:.2} mm"), allowed, pass_if(span.holds(measured, SIZE_SLACK)))
    };
    let height_span = rule.height_mm.unwrap_or(rule.width_mm);
    vec![one("IMPRINT_CHECK_WIDTH", width, rule.width_mm), one("IMPRINT_CHECK_HEIGHT", height, height_span)]
}

fn rim_findings(measured: &Measured, frame: &Frame, rule: &Rule) -> Vec<Finding> {
    let rim = &measured.rim;
    let whole = match rim.seen {
        share if share >= RIM_WHOLE.1 => Outcome::Pass,
        share if share >= RIM_WHOLE.0 => Outcome::Warn,
        _ => Outcome::Fail,
    };
    let strays = rim.strays_mm.max(if rule.shape == Outline::Round { frame.out_of_round_mm() } else { 0.0 });
    let mut findings = vec![
        finding(
            "IMPRINT_CHECK_OUTLINE",
            format!("{strays:.2} mm"),
            format!("≤ {OUTLINE_SLACK} mm"),
            pass_if(strays <= OUTLINE_SLACK),
        ),
        finding("IMPRINT_CHECK_RIM_WHOLE", percent(rim.seen), format!("≥ {}", percent(RIM_WHOLE.1)), whole),
    ];
    // A cut seal (阴文) is ground all over: it has no border whose width could be measured.
    if !measured.is_ground {
        let holds = rule.rim_mm.holds(rim.width_mm, RIM_SLACK);
        findings.push(finding(
            "IMPRINT_CHECK_RIM_WIDTH",
            format!("{:.2} mm", rim.width_mm),
            range(rule.rim_mm, "mm"),
            pass_if(holds),
        ));
        findings.push(finding(
            "IMPRINT_CHECK_RIM_CLEAR",
            format!("{:.2} mm", measured.beside_rim_mm),
            format!("≥ {CLEARANCE} mm"),
            pass_if(measured.beside_rim_mm >= CLEARANCE),
        ));
    }
    findings
}

fn center(measured: &Measured, frame: &Frame, rule: &Rule) -> Vec<Finding> {
    let allowed: Vec<&str> = rule.center.allowed.iter().map(|c| c.code()).collect();
    let may = |center| rule.center.allowed.contains(&center);
    let Some(star) = &measured.star else {
        // Ink that is no star is an emblem only where one is wanted; elsewhere it is a line of text.
        let (found, good) = match measured.center_inked {
            true if may(Center::Emblem) => (Center::Emblem, true),
            _ => (Center::None, may(Center::None)),
        };
        return vec![finding(
            "IMPRINT_CHECK_CENTER",
            found.code().to_owned(),
            allowed.join(", "),
            pass_if(good),
        )];
    };
    let width = frame.size_mm().0;
    let share = star.diameter_mm / width;
    let size = pass_if(rule.center_share.holds(share, SHARE_SLACK));
    let level = if star.turned_degrees.abs() <= LEVEL { Outcome::Pass } else { Outcome::Fail };
    vec![
        finding("IMPRINT_CHECK_CENTER", "star".to_owned(), allowed.join(", "), pass_if(may(Center::Star))),
        finding(
            "IMPRINT_CHECK_CENTER_SIZE",
            format!("{:.2} mm", star.diameter_mm),
            format!("{:.2}–{:.2} mm", rule.center_share.min * width, rule.center_share.max * width),
            size,
        ),
        finding(
            "IMPRINT_CHECK_LEVEL",
            format!("{:.1}°", star.turned_degrees),
            format!("0° ± {LEVEL}°"),
            level,
        ),
        finding(
            "IMPRINT_CHECK_CENTER_CLEAR",
            format!("{:.2} mm", measured.beside_star_mm),
            format!("≥ {CLEARANCE} mm"),
            pass_if(measured.beside_star_mm >= CLEARANCE),
        ),
    ]
}

fn text(measured: &Measured) -> Finding {
    let good = measured.pieces >= LEAST_PIECES || measured.is_ground;
    let allowed = format!("≥ {LEAST_PIECES}");
    finding("IMPRINT_CHECK_TEXT", measured.pieces.to_string(), allowed, pass_if(good))
}

/// By how much a star in the middle of a square picture of a seal is turned clockwise, in radians, if there is one. The
/// seal fills the picture, which has `half` pixels to each side of the center.
pub(crate) fn star_turn(ink: &Ink, half: f64) -> Option<f64> {
    /// Strokes of print that the seal was stamped on, in mm.
    const BRIDGED: f64 = 0.7;
    // As if the seal were 40 mm wide.
    let frame = Frame::filling(half / 20.0);
    star::Star::of(ink, &frame, BRIDGED).map(|star| star.turned_degrees.to_radians())
}

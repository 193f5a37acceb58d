//! What can keep an imprint from being drawn.

use thiserror::Error;

/// Why an imprint was refused. The specification is at fault, except where a variant says otherwise.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ImprintError {
    /// A text that must not be empty is empty.
    #[error("the {field} is empty: give the text that stands on the seal")]
    EmptyText {
        /// `name`, `purpose`, `second`, `number`, `tax number` or `code`.
        field: &'static str,
    },
    /// A text has more characters than this seal can carry.
    #[error("the {field} has {length} characters, this seal takes at most {max}")]
    TextTooLong {
        /// `name`, `purpose`, `second`, `number`, `tax number` or `code`.
        field: &'static str,
        /// Characters given.
        length: usize,
        /// Characters allowed.
        max: usize,
    },
    /// A text has fewer characters than this seal needs.
    #[error("the {field} has {length} characters, this seal needs at least {min}")]
    TextTooShort {
        /// `name`.
        field: &'static str,
        /// Characters given.
        length: usize,
        /// Characters needed.
        min: usize,
    },
    /// A control, space or invisible character stands in a text.
    #[error(
        "the {field} holds U+{character:04X} as character {position}: control characters, spaces and invisible \
         characters cannot stand on a seal, remove it"
    )]
    InvisibleCharacter {
        /// `name`, `purpose`, `second`, `number`, `tax number` or `code`.
        field: &'static str,
        /// The code point.
        character: u32,
        /// Counted from 1.
        position: usize,
    },
    /// The font has no outline for these characters.
    #[error("the font has no glyph for {}: configure a font that has", list(missing))]
    MissingCharacters {
        /// Each missing character once, in the order met.
        missing: Vec<char>,
    },
    /// The text cannot be made to fit legibly by the layout rule.
    #[error(
        "the {field} does not fit a seal of {size_mm} mm at a legible size: shorten it or choose a larger seal"
    )]
    DoesNotFit {
        /// `name`, `purpose`, `second`, `number`, `tax number` or `code`.
        field: &'static str,
        /// Diameter or side.
        size_mm: f64,
    },
    /// Diameter or side is outside what this kind of seal allows.
    #[error("the size {size_mm} mm is outside {min_mm} to {max_mm} mm, the range of this kind of seal")]
    SizeOutOfRange {
        /// Size asked for.
        size_mm: f64,
        /// Smallest size allowed.
        min_mm: f64,
        /// Largest size allowed.
        max_mm: f64,
    },
    /// The border is thinner or thicker than can be drawn well.
    #[error("the border {border_mm} mm is outside {min_mm} to {max_mm} mm at this size")]
    BorderOutOfRange {
        /// Width asked for.
        border_mm: f64,
        /// Smallest width allowed.
        min_mm: f64,
        /// Largest width allowed.
        max_mm: f64,
    },
    /// An option was given that this kind of seal does not have.
    #[error("the kind of seal `{kind}` takes no {option}: leave it out")]
    OptionNotForKind {
        /// The kind's code.
        kind: &'static str,
        /// The option.
        option: &'static str,
    },
    /// The rules do not let this stand in the center.
    #[error("a {kind} seal of this rank has no {center} in its center: the rules allow {allowed}")]
    CenterNotAllowed {
        /// The kind's code.
        kind: &'static str,
        /// What was asked for.
        center: &'static str,
        /// What the rules allow.
        allowed: String,
    },
    /// An option without which this seal cannot be drawn is missing.
    #[error("a {kind} seal needs its {option}: give it")]
    OptionMissing {
        /// The kind's code.
        kind: &'static str,
        /// The option.
        option: &'static str,
    },
    /// The rules hold no entry for this kind.
    #[error("the rules have no entry for kind {kind} and rank {rank}")]
    NoRule {
        /// The kind's code.
        kind: &'static str,
        /// The rank's code.
        rank: &'static str,
    },
    /// The SVG of the emblem cannot be turned into outlines of one color.
    #[error("the emblem cannot be used: {detail}")]
    BadEmblem {
        /// What was wrong.
        detail: String,
    },
    /// A picture is none of the formats that are read.
    #[error("the picture is {found}, not PNG, JPEG, BMP or SVG")]
    PictureFormat {
        /// What its first bytes say.
        found: &'static str,
    },
    /// A picture is larger than what is read.
    #[error("the picture is too large: {what}")]
    PictureTooLarge {
        /// Its size.
        what: String,
    },
    /// A picture cannot be decoded to its end.
    #[error("the picture is broken or cut: {detail}")]
    PictureBroken {
        /// What the decoder said.
        detail: String,
    },
    /// A picture shows nothing that could be an imprint.
    #[error("no imprint was found in the picture: {detail}")]
    NothingFound {
        /// What was looked for.
        detail: String,
    },
    /// A picture states no physical size and none was given.
    #[error("the picture states no resolution: give its size in mm")]
    SizeUnknown,
    /// A picture holds more of other strong colors than of red.
    #[error(
        "{other_percent} % of the picture's colors are not red: the imprint cannot be told from its ground"
    )]
    TooManyColors {
        /// Share of other colors.
        other_percent: u32,
    },
    /// The rim is cut off or broken.
    #[error("the rim is cut off or broken: only {seen_percent} % of it is there")]
    CutRim {
        /// Share of the rim that was found.
        seen_percent: u32,
    },
    /// The imprint's sides stand in another ratio than asked for.
    #[error("the imprint is {found:.3} times as wide as high, {wanted:.3} was expected: scan it flat")]
    RatioDiffers {
        /// Width to height in the picture.
        found: f64,
        /// Width to height asked for.
        wanted: f64,
    },
    /// The picture's own resolution makes another size than asked for.
    #[error("by its resolution the imprint is {found_mm:.1} mm wide, {wanted_mm} mm was expected")]
    SizeDiffers {
        /// Size by the resolution stated.
        found_mm: f64,
        /// Size asked for.
        wanted_mm: f64,
    },
    /// The imprint has too few pixels in the picture.
    #[error("the imprint has only {dpi} dpi in the picture, at least {least} are needed")]
    DpiTooLow {
        /// Resolution found.
        dpi: u32,
        /// Resolution needed.
        least: u32,
    },
    /// The resolution is outside the allowed range.
    #[error("{dpi} dpi is outside {min} to {max} dpi")]
    DpiOutOfRange {
        /// Resolution asked for.
        dpi: u32,
        /// Smallest allowed.
        min: u32,
        /// Largest allowed.
        max: u32,
    },
    /// The bytes are not a font that can be read, or the collection has no such face.
    #[error("the font cannot be used: {detail}")]
    BadFont {
        /// What was wrong.
        detail: String,
    },
    /// A color is not written `#RRGGBB`.
    #[error("the color {given:?} is not written #RRGGBB")]
    BadColor {
        /// The text given, cut to 32 characters.
        given: String,
    },
    /// A name of a kind, style or suffix is not known.
    #[error("{given:?} is not a known {what}: use one of {known}")]
    UnknownWord {
        /// `kind`, `style` or `suffix`.
        what: &'static str,
        /// The text given, cut to 32 characters.
        given: String,
        /// The words known.
        known: &'static str,
    },
    /// The picture could not be encoded. Not the caller's fault.
    #[error("the picture could not be encoded: {detail}")]
    Encoding {
        /// What the encoder said.
        detail: String,
    },
}

impl ImprintError {
    /// A stable code for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyText { .. } => "IMPRINT_TEXT_EMPTY",
            Self::TextTooLong { .. } => "IMPRINT_TEXT_TOO_LONG",
            Self::TextTooShort { .. } => "IMPRINT_TEXT_TOO_SHORT",
            Self::InvisibleCharacter { .. } => "IMPRINT_INVISIBLE_CHARACTER",
            Self::MissingCharacters { .. } => "IMPRINT_MISSING_CHARACTERS",
            Self::DoesNotFit { .. } => "IMPRINT_TEXT_DOES_NOT_FIT",
            Self::SizeOutOfRange { .. } => "IMPRINT_SIZE_OUT_OF_RANGE",
            Self::BorderOutOfRange { .. } => "IMPRINT_BORDER_OUT_OF_RANGE",
            Self::OptionNotForKind { .. } => "IMPRINT_OPTION_NOT_FOR_KIND",
            Self::CenterNotAllowed { .. } => "IMPRINT_CENTER_NOT_ALLOWED",
            Self::OptionMissing { .. } => "IMPRINT_OPTION_MISSING",
            Self::NoRule { .. } => "IMPRINT_NO_RULE",
            Self::BadEmblem { .. } => "IMPRINT_BAD_EMBLEM",
            Self::PictureFormat { .. } => "IMPRINT_PICTURE_FORMAT",
            Self::PictureTooLarge { .. } => "IMPRINT_PICTURE_TOO_LARGE",
            Self::PictureBroken { .. } => "IMPRINT_PICTURE_BROKEN",
            Self::NothingFound { .. } => "IMPRINT_NOTHING_FOUND",
            Self::SizeUnknown => "IMPRINT_SIZE_UNKNOWN",
            Self::TooManyColors { .. } => "IMPRINT_TOO_MANY_COLORS",
            Self::CutRim { .. } => "IMPRINT_CUT_RIM",
            Self::RatioDiffers { .. } => "IMPRINT_RATIO_DIFFERS",
            Self::SizeDiffers { .. } => "IMPRINT_SIZE_DIFFERS",
            Self::DpiTooLow { .. } => "IMPRINT_DPI_TOO_LOW",
            Self::DpiOutOfRange { .. } => "IMPRINT_DPI_OUT_OF_RANGE",
            Self::BadFont { .. } => "IMPRINT_BAD_FONT",
            Self::BadColor { .. } => "IMPRINT_BAD_COLOR",
            Self::UnknownWord { .. } => "IMPRINT_UNKNOWN_WORD",
            Self::Encoding { .. } => "IMPRINT_ENCODING",
        }
    }
}

fn list(missing: &[char]) -> String {
    let shown: Vec<String> = missing.iter().take(10).map(|c| format!("{c} (U+{:04X})", *c as u32)).collect();
    let more = missing.len().saturating_sub(10);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_missing_characters_with_their_code_points() {
        let error = ImprintError::MissingCharacters { missing: vec!['龘', '𠮷'] };
        assert_eq!(
            error.to_string(),
            "the font has no glyph for 龘 (U+9F98), 𠮷 (U+20BB7): configure a font that has"
        );
        assert_eq!(error.code(), "IMPRINT_MISSING_CHARACTERS");
    }

    #[test]
    fn a_long_list_of_missing_characters_is_cut() {
        let error = ImprintError::MissingCharacters { missing: vec!['龘'; 12] };
        assert!(error.to_string().contains("and 2 more"));
    }
}

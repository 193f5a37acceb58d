//! The choices a specification is made of, and their words in files and on the command line.

use crate::error::ImprintError;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// An enumeration whose values are one word each, the same in JSON, in rules and on the command line.
macro_rules! words {
    ($(#[$about:meta])* $name:ident ($what:literal) { $($(#[$doc:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $value,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$value),+];

            /// The word used in files and on the command line.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$value => $word,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = ImprintError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.into_iter().find(|value| value.code() == text).ok_or_else(|| ImprintError::UnknownWord {
                    what: $what,
                    given: text.chars().take(32).collect(),
                    known: concat!($($word, " "),+).trim_ascii_end(),
                })
            }
        }
    };
}

words! {
    /// What the seal is for. Form, size and proportions follow from it by the [`Rules`](crate::Rules).
    Kind ("kind") {
        /// With the legal name (法定名称章): round, star or emblem.
        Official = "official",
        /// For other business (业务专用章): round, with a purpose line of its own.
        Business = "business",
        /// For accounts (财务专用章).
        Finance = "finance",
        /// For contracts (合同专用章).
        Contract = "contract",
        /// For invoices (发票专用章): an ellipse with the tax number in the middle.
        Invoice = "invoice",
        /// For customs declarations (报关专用章).
        Customs = "customs",
        /// For verification and writing-off (核销专用章).
        Cancellation = "cancellation",
        /// Of a person (个人名章): square or rectangular.
        Personal = "personal",
    }
}

words! {
    /// The rank of the unit (单位级别), by which the size of its seal is prescribed.
    #[derive(Default)]
    Rank ("rank") {
        /// 国务院.
        StateCouncil = "state-council",
        /// Provinces and ministries (省部级).
        ProvinceMinistry = "province-ministry",
        /// Units of vice-minister's rank, governments of prefectures, counties and districts (副部级单位、地县级人民政府).
        PrefectureCounty = "prefecture-county",
        /// Bureaus of ministries (国务院部门的司局).
        MinistryBureau = "ministry-bureau",
        /// Some units whose name begins with 国家.
        NationalName = "national-name",
        /// 乡镇人民政府.
        Township = "township",
        /// 国有企业.
        StateFirm = "state-firm",
        /// Enterprises, institutions, societies (企业事业单位、社会团体).
        #[default]
        Unit = "unit",
    }
}

words! {
    /// What stands in the center of a round seal.
    Center ("center") {
        /// The five-pointed star (五角星).
        Star = "star",
        /// An emblem (国徽 or other) handed in as SVG.
        Emblem = "emblem",
        /// Nothing.
        None = "none",
    }
}

words! {
    /// How a personal seal is carved.
    #[derive(Default)]
    Style ("style") {
        /// Red characters inside a border (阳文).
        #[default]
        Raised = "raised",
        /// Clear characters in a red ground (阴文).
        Cut = "cut",
    }
}

words! {
    /// What follows the name on a personal seal.
    #[derive(Default)]
    Suffix ("suffix") {
        /// Only the name.
        #[default]
        None = "none",
        /// Fills four cells: two characters take 之印, three take 印, four take nothing.
        Fill = "fill",
        /// Always 印.
        Yin = "yin",
        /// Always 之印.
        ZhiYin = "zhi-yin",
    }
}

impl Kind {
    /// The purpose line (用途) this kind carries when none is given.
    pub const fn default_purpose(self) -> Option<&'static str> {
        match self {
            Self::Official | Self::Business | Self::Personal => None,
            Self::Finance => Some("财务专用章"),
            Self::Contract => Some("合同专用章"),
            Self::Invoice => Some("发票专用章"),
            Self::Customs => Some("报关专用章"),
            Self::Cancellation => Some("核销专用章"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_and_is_the_one_in_json() {
        for kind in Kind::ALL {
            assert_eq!(kind.code().parse::<Kind>().unwrap(), kind);
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.code()));
        }
        for rank in Rank::ALL {
            assert_eq!(rank.code().parse::<Rank>().unwrap(), rank);
            assert_eq!(serde_json::to_string(&rank).unwrap(), format!("\"{}\"", rank.code()));
        }
        for suffix in Suffix::ALL {
            assert_eq!(serde_json::to_string(&suffix).unwrap(), format!("\"{}\"", suffix.code()));
        }
    }

    #[test]
    fn rejects_unknown_words_and_tells_the_known_ones() {
        let error = "offical".parse::<Kind>().unwrap_err();
        assert_eq!(error.code(), "IMPRINT_UNKNOWN_WORD");
        assert!(error.to_string().contains("official business finance"));
        assert!("Cut".parse::<Style>().is_err() && "".parse::<Suffix>().is_err());
    }
}

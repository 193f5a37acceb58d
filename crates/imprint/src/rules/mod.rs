//! The rules an imprint follows: sizes, rim and proportions by kind of seal and rank of the unit.
//!
//! They are data, not code: `data/rules.toml` holds the national ones, each with its source, and an area's own file is laid over
//! them by [`Rules::with_area`]. Such a file has the same form; an entry of it names a kind, perhaps a rank, and only the
//! values that differ:
//!
//! ```
//! use yinxin_imprint::{Kind, Rank, Rules};
//!
//! let area = "
//!     area = '示例市'
//!     [[rule]]
//!     kind = 'contract'
//!     width_mm = { min = 40, usual = 40, max = 42 }
//!     source = '示例市印章管理办法第九条'
//! ";
//! let rules = Rules::national().with_area(area)?;
//! assert_eq!(rules.find(Kind::Contract, Rank::Unit).unwrap().width_mm.usual, 40.0);
//! assert_eq!(rules.find(Kind::Finance, Rank::Unit).unwrap().width_mm.usual, 38.0);
//! # Ok::<(), yinxin_imprint::RulesError>(())
//! ```

mod read;

pub use read::{MAX_ENTRIES, MAX_RULES_BYTES, RulesError};

use crate::error::ImprintError;
use crate::spec::{Center, Kind, Rank};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// The form of a seal's rim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outline {
    /// 圆形.
    Round,
    /// 椭圆形, the long axis level.
    Ellipse,
    /// 方形 or 矩形.
    Rectangle,
}

/// A range in mm, or of a share, and the value taken when none is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Smallest value allowed.
    pub min: f64,
    /// Value if nothing else is said.
    pub usual: f64,
    /// Largest value allowed.
    pub max: f64,
}

impl Span {
    /// Whether `value` lies in the range, give or take `slack`. A NaN does not.
    pub fn holds(&self, value: f64, slack: f64) -> bool {
        (self.min - slack..=self.max + slack).contains(&value)
    }
}

/// What may stand in the center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centers {
    /// What stands there if nothing else is said.
    pub usual: Center,
    /// All that may.
    pub allowed: Vec<Center>,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The source prescribes it.
    Law,
    /// It is commonly done, unconfirmed.
    Practice,
}

/// The rule of one kind of seal and one rank.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// The kind.
    pub kind: Kind,
    /// The rank, or `None` for all that have no entry of their own.
    pub rank: Option<Rank>,
    /// The rim's form.
    pub shape: Outline,
    /// Diameter, long axis or width, in mm.
    pub width_mm: Span,
    /// Short axis or height, in mm; `None` where it equals the width.
    pub height_mm: Option<Span>,
    /// The rim's width in mm at the usual width; a smaller seal's is thinner in proportion.
    pub rim_mm: Span,
    /// What stands in the center.
    pub center: Centers,
    /// Diameter of star or emblem as a share of the seal's width.
    pub center_share: Span,
    /// Prescribed or practice.
    pub basis: Basis,
    /// The document that says so.
    pub source: String,
    /// The area whose file says so.
    pub area: String,
}

/// What a picture of an imprint must be, in dots per inch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureRule {
    /// What one should have.
    pub dpi_advised: u32,
    /// Below this a picture prints visibly coarse.
    pub dpi_warn: u32,
    /// Below this strokes are lost.
    pub dpi_refuse: u32,
}

/// All rules of an area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rules {
    area: String,
    picture: PictureRule,
    all: Vec<Rule>,
}

static NATIONAL: LazyLock<Rules> = LazyLock::new(|| {
    // Sound by a test. Were it not, no kind would have a rule and everything would be refused.
    read::whole(include_str!("../../data/rules.toml")).unwrap_or(Rules {
        area: String::new(),
        picture: PictureRule { dpi_advised: 600, dpi_warn: 300, dpi_refuse: 150 },
        all: Vec::new(),
    })
});

impl Rules {
    /// The rules that come with the crate.
    pub fn national() -> &'static Self {
        &NATIONAL
    }

    /// These rules with those of an area (`text` is TOML of at most [`MAX_RULES_BYTES`]) laid over them: an entry changes the values it gives of
    /// the rule that would have held, and names its source.
    ///
    /// # Errors
    /// [`RulesError`] tells what is wrong and where: no TOML, a kind, rank or field that is not known, a value out of bounds.
    pub fn with_area(&self, text: &str) -> Result<Self, RulesError> {
        read::laid_over(self, text)
    }

    /// The area whose rules these are.
    pub fn area(&self) -> &str {
        &self.area
    }

    /// What pictures must be.
    pub fn picture(&self) -> PictureRule {
        self.picture
    }

    /// Every rule, in the order of the files.
    pub fn all(&self) -> &[Rule] {
        &self.all
    }

    /// The rule that holds for a kind and rank: the rank's own, or else the kind's.
    pub fn find(&self, kind: Kind, rank: Rank) -> Option<&Rule> {
        let of = |wanted: Option<Rank>| self.all.iter().find(|r| r.kind == kind && r.rank == wanted);
        of(Some(rank)).or_else(|| of(None))
    }

    /// As [`Self::find`]; a kind without a rule cannot be drawn or checked.
    pub(crate) fn of(&self, kind: Kind, rank: Rank) -> Result<&Rule, ImprintError> {
        self.find(kind, rank).ok_or(ImprintError::NoRule { kind: kind.code(), rank: rank.code() })
    }
}
